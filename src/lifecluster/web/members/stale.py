"""Organisations whose shown values are past their date, the most important first.

Important is one that holds a licence in force; among those that do, and among those that do not, the larger one. Only
values count that the organisation itself could confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from lifecluster.errors import LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.register.edits import counts
from lifecluster.web.accounts import audit, telling
from lifecluster.web.accounts.models import Membership
from lifecluster.web.directory import packages
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.memo import kept
from lifecluster.web.directory.models import Organisation, Package, Statement, Thing, Tie
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members.actions import names_of
from lifecluster.web.members.models import Asking

STALE = telling.Kind("values.stale", 11, "Values of your organisation are past their date")
RANKS = ("member", "official", "other")
REST = timedelta(days=30)
"""How long an organisation is left in peace after it was asked."""


@dataclass(frozen=True, slots=True)
class Stale:
    """An organisation with stale values; `properties` their names."""

    uid: str
    name: str
    properties: tuple[str, ...]
    licensed: bool
    employees: int | None

    @property
    def weight(self) -> tuple[bool, int]:
        """The larger, the more important."""
        return self.licensed, self.employees or 0


def organisations(package: Package, at: date) -> list[Stale]:
    """All of a package on a day, by what everybody is shown; the most important first. Kept until the package, an edit
    or the day changes."""
    return kept("stale organisations", package, lambda: _find(package, at), key=at)


def waiting(at: datetime) -> list[Stale]:
    """Those that were not asked lately."""
    try:
        found = organisations(packages.current(), today())
    except packages.NoPackageError:
        return []
    asked = set(Asking.objects.filter(asked_at__gt=at - REST).values_list("organisation", flat=True))
    return [one for one in found if one.uid not in asked]


def ask(*, organisation: str, viewer: Viewer, at: datetime, home: str = "") -> int:
    """Ask an organisation's people by mail to look at its stale values; returns how many were asked.

    Raises PermissionDeniedError (`edit.review`), LifeclusterError if nothing is stale, if nobody of it is here, or if
    it was asked within thirty days.
    """
    viewer.require("edit.review")
    found = next((one for one in organisations(packages.current(), today()) if one.uid == organisation), None)
    if found is None:
        raise LifeclusterError("nothing that it could confirm is stale")
    with transaction.atomic():
        if Asking.objects.select_for_update().filter(organisation=organisation, asked_at__gt=at - REST).exists():
            raise LifeclusterError(f"it was asked within {REST.days} days")
        rows = Membership.objects.at(at).filter(organisation=organisation).select_related("person")
        people = [row.person for row in rows if row.person.is_active]
        if not people:
            raise LifeclusterError("nobody of it has an account here")
        Asking.objects.create(organisation=organisation, asked_at=at, asked_by=viewer.actor, people=len(people))
        audit.write("organisation.ask", actor=viewer.actor, subject=organisation, at=at, after={"people": len(people)})
        name = names_of([organisation], None).get(organisation, "your organisation")
        text = (f"Some of what the register says of {name} is past its date. Is it still right? One click a value "
                f"says so; what has changed you can change.\n\n{home}/my/{organisation}\n")  # fmt: skip
        for person in people:
            telling.tell(
                person, kind=STALE.name, subject=f"Is this still right? {name} in the register", text=text, at=at
            )
    return len(people)


def _find(package: Package, at: date) -> list[Stale]:
    rows = Statement.objects.filter(
        _past(at), package=package, kind="organisation", level=0, place=0, aggregate_only=False
    )
    found: dict[str, list[str]] = {}
    for subject, prop in rows.exclude(value="").order_by("subject", "property").values_list("subject", "property"):
        found.setdefault(subject, []).append(prop)
    licences = Thing.objects.filter(package=package, kind="licence", live=True, level=0).values("uid")
    ties = Tie.objects.filter(package=package, role="holder", kind="licence", level=0, thing__in=licences)
    licensed = set(ties.values_list("party", flat=True))
    known = Organisation.objects.filter(package=package, live=True, level=0).values_list("uid", "name", "employees")
    stale = [Stale(uid, name, tuple(found[uid]), uid in licensed, size) for uid, name, size in known if uid in found]
    return sorted(stale, key=lambda one: (not one.licensed, -(one.employees or 0), one.name, one.uid))


def _past(at: date) -> Q:
    """Statements past their date, of properties on which an organisation's word would count."""
    found = Q(pk__in=[])
    for name, known in vocabulary().of("organisation").items():
        ranks = [rank for rank in RANKS if counts(name, rank)]
        if known.stale_after is None or not ranks:
            continue
        before = at - timedelta(days=known.stale_after)
        seen = Q(observed_on__lt=before) & (Q(verified_on=None) | Q(verified_on__lt=before))
        found |= Q(property=name, file__rank__in=ranks) & (seen | Q(observed_on=None, verified_on__lt=before))
    return found
