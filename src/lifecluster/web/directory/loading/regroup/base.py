"""What a package says of some organisations, whatever merges and splits its rows show: read, and kept for the undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import Q

from lifecluster.reference.properties import vocabulary
from lifecluster.register.statement import SCHEMA
from lifecluster.web.directory.loading import overlay
from lifecluster.web.directory.loading.register import PARTIES, Register, Row
from lifecluster.web.directory.models import (
    Identity,
    Kept,
    Organisation,
    Package,
    Regrouped,
    Segment,
    Site,
    Statement,
    Thing,
    Tie,
)

IDENTITY = "identity"
SAID = ("kind", "status", "target", "others", "name", "sample", "level", "known")
CLASS = ("definition", "segment", "role", "probability", "state", "vintage", "evidence")
_DATES = [name for name, dtype in SCHEMA.items() if dtype == pl.Date]


@dataclass(slots=True)
class Base:
    """Rows as the package has them: (kind, uid) -> body (see `Kept`). `known`: those that are kept already."""

    bodies: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    known: set[tuple[str, str]] = field(default_factory=set)

    @property
    def heads(self) -> set[str]:
        """The organisations."""
        return {uid for kind, uid in self.bodies if kind == "organisation"}

    def rows(self, kind: str) -> dict[str, Row]:
        """The rows of a kind by uid."""
        return {uid: body["data"] for (one, uid), body in self.bodies.items() if one == kind}

    def identities(self) -> dict[str, dict[str, Any]]:
        """What is kept of ids."""
        return {uid: body for (kind, uid), body in self.bodies.items() if kind == IDENTITY}

    def belonging(self, heads: set[str]) -> set[tuple[str, str]]:
        """What of all this is of some of the organisations, or leads to them."""
        sites = {uid for uid, row in self.rows("site").items() if row.get("organisation") in heads}
        mine = {("organisation", uid) for uid in heads} | {("site", uid) for uid in sites}
        for kind, uid in self.bodies:
            if kind in {"organisation", "site", IDENTITY}:
                continue
            if set(_parties(self.bodies[kind, uid])) & (heads | sites):
                mine.add((kind, uid))
        led = {(IDENTITY, uid) for uid, body in self.identities().items() if body["target"] in heads | sites}
        return (mine | led) & self.bodies.keys()

    def register(self, at: str) -> Register:
        """All of it as a register."""
        kinds: dict[str, dict[str, Row]] = {kind: dict(self.rows(kind)) for kind in vocabulary().kinds}
        levels = {uid: body["level"] for (kind, uid), body in self.bodies.items() if kind != IDENTITY and body["level"]}
        said = [row for body in self.bodies.values() for row in body.get("statements", ())]
        segments = {uid: [dict(row) for row in self.bodies["organisation", uid]["segments"]] for uid in self.heads}
        closed = {uid: self.bodies["organisation", uid]["segment_level"] for uid in self.heads}
        return Register(kinds, {u: s for u, s in segments.items() if s}, _frame(said), levels,
                        {u: level for u, level in closed.items() if level}, at, dict(levels), settled=True)  # fmt: skip


def _parties(body: Mapping[str, Any]) -> Iterable[str]:
    """Organisations and sites that a row leads to, at whatever level."""
    at, value = SCHEMA_AT["property"], SCHEMA_AT["value"]
    return [row[value] for row in body.get("statements", ()) if row[at] in PARTIES]


SCHEMA_AT = {name: at for at, name in enumerate(SCHEMA)}


def _frame(rows: list[list[Any]]) -> pl.DataFrame:
    plain = {name: (pl.String() if name in _DATES else dtype) for name, dtype in SCHEMA.items()}
    frame = pl.DataFrame(rows, schema=plain, orient="row")
    return frame.with_columns(pl.col(_DATES).str.to_date("%Y-%m-%d")).select(list(SCHEMA))


def read(package: Package, heads: set[str]) -> Base:
    """What the package says of organisations, of their sites, of what has to do with either, and of their ids; with
    everything that is kept. Nothing is written."""
    base = Base()
    for row in Kept.objects.filter(package=package).order_by("pk"):
        base.bodies[row.kind, row.uid] = row.body
    base.known = set(base.bodies)
    state = Regrouped.objects.filter(package=package).first()
    here = base.heads | set(state.written.get("organisation", ()) if state else ())  # made of what is kept
    wanted = heads - here
    wanted |= _children(package, wanted) - here
    _read_new(package, base, wanted)
    return base


def _children(package: Package, heads: set[str]) -> set[str]:
    """Organisations that are said to belong to one of these."""
    said = Statement.objects.filter(package=package, property="parent", value__in=heads, kind="organisation")
    return set(said.values_list("subject", flat=True))


def _read_new(package: Package, base: Base, heads: set[str]) -> None:
    """Add what is not kept yet: its rows in the database are those of the package, approved edits aside."""
    here = {"package": package}
    taken = {uid for _, uid in base.bodies}
    organisations = list(Organisation.objects.filter(**here, uid__in=heads))
    sites = [s for s in Site.objects.filter(**here, organisation__in=heads) if s.uid not in taken]
    parties = heads | {site.uid for site in sites}
    tied = set(Tie.objects.filter(**here, party__in=parties).values_list("thing", flat=True)) - taken
    things = list(Thing.objects.filter(**here, uid__in=tied))
    subjects = [o.uid for o in organisations] + [s.uid for s in sites] + [t.uid for t in things]
    said = _said(package, subjects)
    classes = _classes(package, heads)
    for one in organisations:
        rows, level = classes.get(one.uid, ([], 0))
        base.bodies["organisation", one.uid] = {
            "level": one.level, "number": one.number, "data": one.data, "segments": rows, "segment_level": level,
            "statements": said.get(one.uid, []),
        }  # fmt: skip
    for kind, row in [("site", s) for s in sites] + [(t.kind, t) for t in things]:
        base.bodies[kind, row.uid] = {"level": row.level, "data": row.data, "statements": said.get(row.uid, [])}
    led = Identity.objects.filter(Q(target__in=parties) | Q(uid__in=parties), **here)
    for issued in led.values("uid", *SAID):
        if (IDENTITY, issued["uid"]) not in base.bodies:
            base.bodies[IDENTITY, issued.pop("uid")] = issued


def _said(package: Package, subjects: list[str]) -> dict[str, list[list[Any]]]:
    frame = overlay.statements_of(package, subjects).with_columns(pl.col(pl.Date).cast(pl.String))
    found: dict[str, list[list[Any]]] = {}
    for row in frame.iter_rows():
        found.setdefault(row[SCHEMA_AT["subject"]], []).append(list(row))
    return found


def _classes(package: Package, heads: set[str]) -> dict[str, tuple[list[Row], int]]:
    found: dict[str, tuple[list[Row], int]] = {}
    for row in Segment.objects.filter(package=package, organisation__in=heads).order_by("pk"):
        rows, _ = found.setdefault(row.organisation, ([], row.level))
        plain = {name: getattr(row, name) for name in CLASS}
        rows.append({k: v for k, v in plain.items() if v != "" and v is not None})
    return found


def write(package: Package, base: Base, wanted: set[tuple[str, str]]) -> None:
    """Keep the bodies of `wanted`, and no others."""
    for kind, uid in base.known - wanted:
        Kept.objects.filter(package=package, kind=kind, uid=uid).delete()
    new = sorted(wanted - base.known)
    Kept.objects.bulk_create(Kept(package=package, kind=k, uid=u, body=base.bodies[k, u]) for k, u in new)
