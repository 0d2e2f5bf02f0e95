"""Tables of the desk: what is between the cluster team and firms. Only the desk reads them; none is a statement."""

from lifecluster.web.desk.models.base import ChangedError
from lifecluster.web.desk.models.bulk import BulkEdit
from lifecluster.web.desk.models.cases import Case, Interaction, Note, Task
from lifecluster.web.desk.models.contacts import Consent, Contact
from lifecluster.web.desk.models.enquiries import Enquiry
from lifecluster.web.desk.models.imports import FailedImport
from lifecluster.web.desk.models.memberships import ClusterMembership
from lifecluster.web.desk.models.referrals import Referral

__all__ = [
    "BulkEdit",
    "Case",
    "ChangedError",
    "ClusterMembership",
    "Consent",
    "Contact",
    "Enquiry",
    "FailedImport",
    "Interaction",
    "Note",
    "Referral",
    "Task",
]
