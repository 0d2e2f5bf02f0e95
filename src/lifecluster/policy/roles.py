"""Roles: what a person may do, as plain classes that list permissions with a description for people.

A person may hold several roles; permissions add up, and the widest clearance counts. A permission with the ending
`:own` holds only for the person's own organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from lifecluster.policy.visibility import Visibility

PERMISSIONS: dict[str, str] = {
    "register.read": "read the public register",
    "register.export": "download the public register",
    "member.read": "read what members share with each other",
    "organisation.claim": "ask to speak for an organisation",
    "organisation.edit:own": "propose values for one's own organisation",
    "organisation.confirm:own": "confirm that one's organisation's values still hold",
    "organisation.invite:own": "invite colleagues of one's own organisation",
    "offer.edit:own": "offer courses, facilities or services",
    "adopter.respond": "answer as a body that adopts products (NHS)",
    "ask.reply": "reply to an ask as its addressee",
    "analysis.run": "run analyses over everything that may be counted",
    "package.build": "build a package",
    "link.judge": "judge whether two records are the same organisation",
    "edit.review": "approve, amend or refuse proposed values",
    "organisation.admit": "decide who belongs to an organisation",
    "case.edit": "keep contacts, cases and referrals",
    "broker.read": "read confidential capacity and supplier answers",
    "broker.introduce": "introduce two parties that both agreed",
    "claim.publish": "publish a claim under an address of its own",
    "package.load": "accept or roll back a package",
    "role.grant": "give and take roles",
    "setting.edit": "change settings of the platform",
    "log.read": "read the whole log",
}
"""Every permission there is, in words; a role that names another fails at import."""
OF_A_PERSON: dict[str, str] = {
    "account.read": "read one's own account, its sessions and all that is kept about oneself",
    "account.edit": "change one's own name and how one is told, end one's sessions, join or leave an organisation",
}
"""What everybody who has an account may do with it; a token may only where this was chosen."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role: what it is for, the most restricted level it sees, its own permissions, and roles that it includes.

    `second_step`: holders must sign in with a second factor.
    """

    name: str
    title: str
    description: str
    clearance: Visibility
    grants: frozenset[str]
    includes: tuple[str, ...] = ()
    second_step: bool = False


_DECLARED = (
    Role(
        name="visitor",
        title="Visitor",
        description="Anybody, without an account.",
        clearance=Visibility.PUBLIC,
        grants=frozenset({"register.read", "register.export"}),
    ),
    Role(
        name="member",
        title="Member",
        description="Works for an organisation in the cluster.",
        clearance=Visibility.MEMBERS,
        grants=frozenset({"member.read", "organisation.claim", "organisation.edit:own", "organisation.confirm:own"}),
        includes=("visitor",),
    ),
    Role(
        name="member_administrator",
        title="Member administrator",
        description="Speaks for one organisation and invites its people.",
        clearance=Visibility.MEMBERS,
        grants=frozenset({"organisation.invite:own"}),
        includes=("member",),
    ),
    Role(
        name="provider",
        title="Provider",
        description="Offers skills, training or facilities to members.",
        clearance=Visibility.MEMBERS,
        grants=frozenset({"offer.edit:own"}),
        includes=("member",),
    ),
    Role(
        name="adopter",
        title="Adopter",
        description="Speaks for an NHS body that tries and buys products.",
        clearance=Visibility.MEMBERS,
        grants=frozenset({"adopter.respond"}),
        includes=("member",),
    ),
    Role(
        name="policy_reader",
        title="Policy reader",
        description="Works in government; reads what is public and replies to asks addressed to it.",
        clearance=Visibility.PUBLIC,
        grants=frozenset({"ask.reply"}),
        includes=("visitor",),
    ),
    Role(
        name="analyst",
        title="Analyst",
        description="Builds packages and computes figures; confidential answers are counted, never shown.",
        clearance=Visibility.MEMBERS,
        grants=frozenset({"analysis.run", "package.build", "member.read"}),
        includes=("visitor",),
    ),
    Role(
        name="desk",
        title="Desk",
        description="The cluster team: reviews links and edits, keeps cases.",
        clearance=Visibility.DESK,
        grants=frozenset(
            {"link.judge", "edit.review", "organisation.admit", "case.edit", "member.read", "package.build"}
        ),
        includes=("visitor",),
        second_step=True,
    ),
    Role(
        name="broker",
        title="Broker",
        description="Trusted with confidential capacity and supplier answers, apart from the desk's daily work.",
        clearance=Visibility.BROKER,
        grants=frozenset({"broker.read", "broker.introduce"}),
        includes=("desk",),
        second_step=True,
    ),
    Role(
        name="steward",
        title="Steward",
        description="Answers for the platform: packages, roles, settings. Sees no broker answers.",
        clearance=Visibility.DESK,
        grants=frozenset({"claim.publish", "package.load", "role.grant", "setting.edit", "log.read"}),
        includes=("desk", "analyst"),
        second_step=True,
    ),
)


def _checked(declared: Iterable[Role]) -> Mapping[str, Role]:
    """Roles by name; refuses repeated names, unknown permissions, and includes that do not come earlier (no cycles)."""
    roles: dict[str, Role] = {}
    for role in declared:
        unknown = (role.grants - PERMISSIONS.keys()) | (set(role.includes) - roles.keys())
        if unknown or role.name in roles:
            raise ValueError(f"role {role.name!r}: declared twice, or names what does not exist: {sorted(unknown)}")
        roles[role.name] = role
    return MappingProxyType(roles)


ROLES: Mapping[str, Role] = _checked(_DECLARED)
"""The roles, by name."""
OF_ADMINISTRATORS = ROLES["member_administrator"].grants
"""Permissions that hold only for an organisation that one administers, not for others that one belongs to."""


def permissions(names: Iterable[str]) -> frozenset[str]:
    """All permissions of the roles called `names`, included roles followed."""
    found: set[str] = set()
    for name in names:
        role = ROLES[name]
        found |= role.grants | permissions(role.includes)
    return frozenset(found)


def clearance(names: Iterable[str]) -> Visibility:
    """The most restricted level that the roles called `names` may see; public without any role."""
    return max((ROLES[name].clearance for name in names), default=Visibility.PUBLIC)


def sees(granted: Iterable[str]) -> Visibility:
    """The most restricted level that holders of these permissions alone may see: of each permission, the clearance of
    the least trusted role that holds it. Names of OF_A_PERSON show nothing of the register."""
    return max((_least(one) for one in granted if one in PERMISSIONS), default=Visibility.PUBLIC)


@cache
def _least(permission: str) -> Visibility:
    holders = [role.clearance for role in ROLES.values() if permission in permissions([role.name])]
    return min(holders, default=Visibility.PUBLIC)
