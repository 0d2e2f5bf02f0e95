"""Who saw what an organisation shared below the public level: roles and organisations by day, never people."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta

from lifecluster.policy.roles import ROLES
from lifecluster.policy.roles import clearance as cleared
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.show import words
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.directory.witness import Shared
from lifecluster.web.members.actions import names_of
from lifecluster.web.members.models import Sighting

KEPT = timedelta(days=366)
"""How far back the page tells."""


def write(viewer: Viewer, shared: Shared) -> None:
    """One row for each reader's role and organisation, set of values and day; a day's second reading adds nothing."""
    role, day = role_of(viewer), today()
    readers = sorted(viewer.organisations) if role in {"member", "member_administrator"} else [""]
    rows = [
        Sighting(organisation=owner, role=role, reader=reader, day=day, values=values,
                 digest=_digest(owner, role, reader, day, values))
        for owner, seen in shared.items()
        for values in [[f"{subject} {prop}" for subject, prop in sorted(seen)]]
        for reader in readers or [""]
    ]  # fmt: skip
    known = set(Sighting.objects.filter(digest__in=[row.digest for row in rows]).values_list("digest", flat=True))
    Sighting.objects.bulk_create([row for row in rows if row.digest not in known], ignore_conflicts=True)


def role_of(viewer: Viewer) -> str:
    """The role by which a reader sees most."""
    order = list(ROLES)
    return max(viewer.roles & ROLES.keys(), key=lambda name: (cleared([name]), order.index(name)), default="visitor")


@dataclass(frozen=True, slots=True)
class Seen:
    """Readers of a role, of an organisation if of any, saw some values on a day."""

    day: date
    who: str
    what: str


def of(organisation: str, viewer: Viewer, *, at: date) -> list[Seen]:
    """Who saw what of an organisation within a year, the latest first. Who else is a member is told as far as the
    reader may know of that organisation."""
    rows = list(Sighting.objects.filter(organisation=organisation, day__gt=at - KEPT).order_by("-day", "-pk")[:500])
    subjects = {line.partition(" ")[0] for row in rows for line in row.values}
    names = names_of({row.reader for row in rows if row.reader}, viewer)
    called = reads.named(subjects - {organisation}, viewer, reads.current())
    return [Seen(row.day, _who(row, names), _what(row, organisation, called)) for row in rows]


def _who(row: Sighting, names: dict[str, str]) -> str:
    title = ROLES[row.role].title if row.role in ROLES else row.role
    if not row.reader:
        return f"{title}, of the cluster team" if row.role in {"desk", "broker", "steward"} else title
    return f"A member, of {names.get(row.reader, 'an organisation that is not public')}"


def _what(row: Sighting, organisation: str, called: dict[str, reads.Named]) -> str:
    found = []
    for line in row.values:
        subject, _, prop = line.partition(" ")
        of_part = f" of {called[subject].name}" if subject in called and called[subject].name else ""
        found.append(words.label(prop) + ("" if subject == organisation else of_part or " of a site"))
    return ", ".join(found)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
