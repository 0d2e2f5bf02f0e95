"""From what a person was given to what a session of theirs may do. Roles and what they hold are the library's.

Roles that ask for a second step (desk, broker, steward) take effect in a session that was begun with one. In any other
session they are as if they had not been given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from lifecluster import clock
from lifecluster.policy.roles import ROLES
from lifecluster.web.directory.viewer import Viewer

if TYPE_CHECKING:
    from lifecluster.web.accounts.models import Person

MEMBER, ADMINISTRATOR = "member", "member_administrator"
GIVEN = tuple(name for name in ROLES if name not in {"visitor", ADMINISTRATOR})
"""Roles that are given to a person; that of an administrator comes with an organisation."""

SAMPLE_DOMAIN = "sample.example"
"""A domain that nobody can have (RFC 2606): people of the sample region have their addresses there."""


def moment() -> datetime:
    """Now, by the clock of commands."""
    return datetime.fromisoformat(clock.now())


def held(person: Person, at: datetime) -> frozenset[str]:
    """All roles given to a person that hold at a moment, those waiting for a second step included."""
    return _roles(person, at)[0]


def held_by(people: Iterable[Person], at: datetime) -> dict[int, frozenset[str]]:
    """As `held`, for many people with two questions; by their keys."""
    from lifecluster.web.accounts.models import Grant, Membership

    found: dict[int, set[str]] = {person.pk: set() for person in people}
    for key, role in Grant.objects.at(at).filter(person__in=found).values_list("person", "role"):
        found[key].add(role)
    for key, administrator in Membership.objects.at(at).filter(person__in=found).values_list("person", "administrator"):
        found[key].add(ADMINISTRATOR if administrator else MEMBER)
    return {key: frozenset(names & ROLES.keys()) for key, names in found.items()}


def waiting(person: Person, at: datetime, *, second_step: bool) -> frozenset[str]:
    """Roles that a person holds and that need a second step which the session lacks."""
    return frozenset() if second_step else frozenset(name for name in held(person, at) if ROLES[name].second_step)


def viewer(person: Person, at: datetime, *, second_step: bool) -> Viewer:
    """The reader that a person is in a session, begun with a second step or not."""
    if not person.is_active:
        return Viewer(actor=person.actor)
    roles, organisations, administers = _roles(person, at)
    works = frozenset(name for name in roles if second_step or not ROLES[name].second_step)
    return Viewer(works | {"visitor"}, organisations, person.actor, administers=administers)


def _roles(person: Person, at: datetime) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Names of the roles of a person, ids of their organisations, and those of them that they administer. A role that
    no longer exists is none.

    People of the sample, whose passwords were printed, have none from the moment on that another region is shown.
    """
    if person.email.endswith(f"@{SAMPLE_DOMAIN}") and not _sample_is_shown():
        return frozenset(), frozenset(), frozenset()
    given = set(person.grants.at(at).values_list("role", flat=True))
    belongs = dict(person.memberships.at(at).order_by("administrator").values_list("organisation", "administrator"))
    for administrator in belongs.values():
        given.add(ADMINISTRATOR if administrator else MEMBER)
    spoken = {uid for uid, administrator in belongs.items() if administrator}
    led = _today(belongs)
    return (frozenset(given & ROLES.keys()), frozenset(belongs) | frozenset(led.values()),
            frozenset(spoken) | {target for uid, target in led.items() if uid in spoken})  # fmt: skip


def _today(organisations: Collection[str]) -> dict[str, str]:
    """Where ids of organisations lead that were merged into others; who belongs to one then belongs to the other."""
    from lifecluster.web.directory.models import Identity, State

    if not organisations:
        return {}
    led = Identity.objects.filter(package__state=State.CURRENT, status="redirected", uid__in=organisations)
    return dict(led.values_list("uid", "target"))


def _sample_is_shown() -> bool:
    from lifecluster.web.directory.models import Package, State

    return Package.objects.filter(state=State.CURRENT, sample=True).exists()
