"""Who is looking: the one object that decides what a reader sees and may do.

A user object joins in by having an attribute `viewer`; that of a person is in `lifecluster.web.accounts`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from lifecluster.errors import LifeclusterError
from lifecluster.policy import roles
from lifecluster.policy.visibility import Visibility


class PermissionDeniedError(LifeclusterError, PermissionDenied):
    """Somebody may not do this; pages answer 403, the command line prints it."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader: `roles` held, `organisations` (uids) the person belongs to, `actor` the opaque name in the log.

    `limits`: of a token, the permissions that its owner chose for it, and no more is it ever allowed; None: of a
    person. `token`: its public prefix. `administers`: those of `organisations` that the person speaks for.
    """

    roles: frozenset[str] = frozenset({"visitor"})
    organisations: frozenset[str] = frozenset()
    actor: str = "role:visitor"
    limits: frozenset[str] | None = None
    token: str = ""
    administers: frozenset[str] = frozenset()

    @property
    def permissions(self) -> frozenset[str]:
        """All that the reader holds now."""
        held = roles.permissions(self.roles)
        return held if self.limits is None else held & (self.limits | roles.permissions(["visitor"]))

    @property
    def clearance(self) -> Visibility:
        """The most restricted level seen. What is the owner's alone is never seen by a role; a token sees what the
        least trusted holder of its permissions sees."""
        held = min(roles.clearance(self.roles), Visibility.BROKER)
        return held if self.limits is None else min(held, roles.sees(self.permissions))

    @property
    def owned(self) -> frozenset[str]:
        """Organisations whose own rows are seen: all of the person's; none by a token for public things alone."""
        shown = self.limits is None or self.clearance > Visibility.PUBLIC
        return self.organisations if shown else frozenset()

    @property
    def sees(self) -> tuple[int, frozenset[str]]:
        """All that what is seen depends on: readers for whom it is the same see the same rows."""
        return int(self.clearance), self.owned

    def within(self, scope: str) -> bool:
        """Whether this is a person, or a token for whose owner's own account `scope` (of OF_A_PERSON) was chosen."""
        return self.limits is None or scope in self.limits

    def may(self, permission: str, organisation: str | None = None) -> bool:
        """Whether the reader holds `permission`, or holds it as `:own` and belongs to `organisation` (uid), or, for
        what only administrators may, administers it.

        Raises ValueError for a permission that does not exist: a typing error must not look like a refusal.
        """
        if permission not in roles.PERMISSIONS and f"{permission}:own" not in roles.PERMISSIONS:
            raise ValueError(f"there is no permission {permission!r}")
        held = self.permissions
        mine = self.administers if f"{permission}:own" in roles.OF_ADMINISTRATORS else self.organisations
        own = organisation is not None and organisation in mine and f"{permission}:own" in held
        return own or permission in held

    def require(self, permission: str, organisation: str | None = None) -> None:
        """Raise PermissionDeniedError unless `may`."""
        if not self.may(permission, organisation):
            words = roles.PERMISSIONS.get(permission) or roles.PERMISSIONS[f"{permission}:own"]
            raise PermissionDeniedError(f"you may not {words}")


ANYBODY = Viewer()
OPERATOR = Viewer(frozenset({"steward"}), actor="role:operator")
"""Who runs the command line on the machine itself: holds what a steward holds."""


def reader_of(level: int) -> Viewer:
    """Somebody who sees up to a level, by the first role that does, and belongs to no organisation."""
    return Viewer(frozenset({next(name for name in roles.ROLES if int(roles.clearance({name})) == level)}))


def viewer_of(user: object) -> Viewer:
    """The viewer that `user` is: a Viewer, something with an attribute `viewer`, else (nobody signed in) ANYBODY."""
    if isinstance(user, Viewer):
        return user
    found = getattr(user, "viewer", None)
    return found if isinstance(found, Viewer) else ANYBODY
