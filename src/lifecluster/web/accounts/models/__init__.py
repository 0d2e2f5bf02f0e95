"""Tables of people, of what they may do, of what was done, and of mail on its way."""

from lifecluster.web.accounts.models.audit import AuditRow
from lifecluster.web.accounts.models.mail import Mail
from lifecluster.web.accounts.models.person import Person
from lifecluster.web.accounts.models.rights import Grant, Membership

__all__ = ["AuditRow", "Grant", "Mail", "Membership", "Person"]
