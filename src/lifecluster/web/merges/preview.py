"""What a merge, a split or an undo would change, and what it did."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lifecluster.reference.properties import vocabulary
from lifecluster.web.directory.loading.compare import name_of
from lifecluster.web.directory.models import Organisation, Package, Site, Tie
from lifecluster.web.directory.show import words

if TYPE_CHECKING:
    from lifecluster.web.directory.loading.regroup.plan import Plan

ASIDE = frozenset({"easting", "northing", "lad"})
"""Properties whose value the build works out."""
SHOWN_TOO = ("sites", "live")
OTHERS = 20


@dataclass(frozen=True, slots=True)
class Side:
    """An organisation before or after: its id, name, row, number of records, sites and things held."""

    uid: str
    name: str
    row: Mapping[str, Any]
    records: tuple[str, ...]
    sites: int
    held: int


@dataclass(frozen=True, slots=True)
class Value:
    """A property whose value is another, or is in question: texts before and after, in the order of the sides."""

    prop: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change. `ids` id -> where it will lead (itself, another, or nowhere: ""); `others` names of further
    organisations that have to do with these; `people` members of the organisations; `digest` stands for all of it."""

    before: tuple[Side, ...]
    after: tuple[Side, ...]
    ids: Mapping[str, str]
    values: tuple[Value, ...]
    total: tuple[int, int]
    others: tuple[str, ...]
    people: int
    digest: str


def preview(package: Package, was: Plan, planned: Plan, heads: set[str]) -> Preview:
    """Compare what is with what would be.

    Parameters: `was` the plan of the log as it is, `planned` of the log with the act; `heads` the organisations asked
    about, as they are now.
    """
    records = _records(was, heads)
    now = _ids_of(planned, records)
    before = tuple(_side(was, uid) for uid in sorted(heads | _ids_of(was, records)))
    after = tuple(_side(planned, uid) for uid in sorted(now))
    ids = {uid: str(planned.identities.get(uid, {}).get("target", "")) for uid in sorted({s.uid for s in before} | now)}
    change = len(planned.prepared.register.kinds["organisation"]) - len(was.prepared.register.kinds["organisation"])
    total = Organisation.objects.filter(package=package).count()
    told = [[(s.uid, s.row, s.records) for s in sides] for sides in (before, after)]
    text = json.dumps([package.name, told, ids], sort_keys=True, default=str)
    return Preview(before, after, ids, _values(before, after), (total, total + change), _others(package, heads),
                   _people(heads), hashlib.sha256(text.encode()).hexdigest()[:32])  # fmt: skip


def _records(was: Plan, heads: set[str]) -> set[str]:
    return {record for record in was.records["record_id"] if was.assigned.now[record] in heads}


def _ids_of(planned: Plan, records: set[str]) -> set[str]:
    return {planned.assigned.now[record] for record in records if record in planned.assigned.now}


def _side(plan: Plan, uid: str) -> Side:
    register = plan.prepared.register
    row = register.kinds["organisation"].get(uid, {"id": uid})
    mine = tuple(sorted(r for r in plan.records["record_id"] if plan.assigned.now[r] == uid))
    held = sum(uid in thing.get("holder", ()) for kind, rows in register.kinds.items()
               if kind not in {"organisation", "site", "group"} for thing in rows.values())  # fmt: skip
    sites = sum(site.get("organisation") == uid for site in register.kinds["site"].values())
    return Side(uid, name_of(row) or uid, row, mine, sites, held)


def _values(before: tuple[Side, ...], after: tuple[Side, ...]) -> tuple[Value, ...]:
    """Properties of which not all of these say the same."""
    found = []
    for prop in [*vocabulary().of("organisation"), *SHOWN_TOO]:
        if prop in ASIDE:
            continue
        sides = [tuple(_text(side.row.get(prop)) for side in some) for some in (before, after)]
        if len({*sides[0], *sides[1]}) > 1:
            found.append(Value(prop, words.label(prop), *sides))
    return tuple(found)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _others(package: Package, heads: set[str]) -> tuple[str, ...]:
    """Organisations that share something with these: partners, holders, buyers."""
    sites = Site.objects.filter(package=package, organisation__in=heads).values_list("uid", flat=True)
    parties = heads | set(sites)
    things = Tie.objects.filter(package=package, party__in=parties).values("thing")
    with_them = Tie.objects.filter(package=package, thing__in=things).exclude(party__in=parties).values("party")
    rows = Organisation.objects.filter(package=package, uid__in=with_them, level=0).order_by("name")
    return tuple(rows.values_list("name", flat=True)[:OTHERS])


def _people(heads: set[str]) -> int:
    """How many people belong to these."""
    from lifecluster.web.accounts.models import Membership

    return Membership.objects.filter(organisation__in=heads).values("person").distinct().count()
