"""Tables of people, of what they may do, of what was done, of how they are told, and of mail on its way."""

from lifecluster.web.accounts.models.audit import AuditRow
from lifecluster.web.accounts.models.mail import Mail
from lifecluster.web.accounts.models.person import Person
from lifecluster.web.accounts.models.rights import Grant, Membership
from lifecluster.web.accounts.models.telling import Choice, How, Told
from lifecluster.web.accounts.models.token import Token

__all__ = ["AuditRow", "Choice", "Grant", "How", "Mail", "Membership", "Person", "Token", "Told"]
