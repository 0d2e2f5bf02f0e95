"""Values with their evidence, as one reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.freshness import Freshness
from lifecluster.reference.properties import Property, vocabulary
from lifecluster.register.shown import Line, leading
from lifecluster.register.shown import shown as chosen_of
from lifecluster.web.directory import packages, prepared
from lifecluster.web.directory.freshness import freshness, today
from lifecluster.web.directory.models import Package, SourceFile, Statement
from lifecluster.web.directory.viewer import Viewer, viewer_of

Raw = Sequence[Any]
"""A statement as the database gives it."""
Grouped = dict[str, dict[str, list[Raw]]]
"""Statements by subject and property."""
NOTHING: Mapping[str, list[Raw]] = MappingProxyType({})
RANKS = {
    "member": "what the organisation says of itself",
    "official": "an official register",
    "other": "another source",
}


@dataclass(slots=True)  # not frozen, here and below: a page has a hundred, and a frozen one takes four times as long
class Said:
    """One statement: what a source says, where, when. `shown`: whether this reader is shown it as the value."""

    id: str
    subject: str
    property: str
    value: str
    original: str | None
    source: SourceFile
    record: str
    locator: str
    observed_on: date | None
    verified_on: date | None
    valid_from: date | None
    valid_to: date | None
    visibility: str
    owner: str
    sample: bool
    edit: bool
    shown: bool
    freshness: Freshness


class _Shown:
    """What follows from the statements of a property."""

    __slots__ = ()
    many: bool
    shown: tuple[Said, ...]
    others: tuple[Said, ...]

    @property
    def text(self) -> str:
        """The shown value, or values; empty where it is stated to be unknown."""
        return "; ".join(dict.fromkeys(said.value for said in self.shown if said.value))

    @property
    def why(self) -> str:
        """Why this one is shown, in words."""
        if not self.others:
            return "All values that sources give are shown." if self.many else "No other source says anything on it."
        if not self.shown:
            return "The place is shown as one source has it, and that source says nothing on this."
        first, next_ = self.shown[0], self.others[0]
        best = RANKS[first.source.rank]
        if first.source.rank != next_.source.rank:
            return f"Shown first because it is {best}."
        if first.freshness.since != next_.freshness.since:
            return f"Of several sources of the same standing ({best}) this is the newest."
        return f"Of several sources of the same standing ({best}) and date, the first by name."


@dataclass(slots=True)
class Stated(_Shown):
    """A property of a subject: the statements shown, and the others in the order of precedence."""

    subject: str
    property: str
    type: str
    many: bool
    shown: tuple[Said, ...]
    others: tuple[Said, ...]


class Values:
    """Values of some subjects. Each is made of its statements when it is asked for: a page shows half of them."""

    def __init__(self, rows: Grouped, make: Callable[[str, str, list[Raw]], Stated]) -> None:
        self._rows, self._make = rows, make
        self._made: dict[tuple[str, str], Stated] = {}

    def of(self, subject: str, prop: str) -> Stated | None:
        """The property of a subject, None where nothing is stated that this reader may know."""
        rows = self._rows.get(subject, NOTHING).get(prop)
        if rows is None:
            return None
        made = self._made.get((subject, prop))
        if made is None:
            made = self._made[subject, prop] = self._make(subject, prop, rows)
        return made

    def subject(self, subject: str) -> list[Stated]:
        """All properties of a subject, in the order of the vocabulary."""
        names = sorted(self._rows.get(subject, NOTHING), key=_places().__getitem__)
        return [stated for name in names if (stated := self.of(subject, name))]

    def shared(self) -> dict[str, set[tuple[str, str]]]:
        """Owner -> subjects and properties of its values that are not public, of all that this reader may know."""
        found: dict[str, set[tuple[str, str]]] = {}
        for subject, props in self._rows.items():
            for prop, rows in props.items():
                for row in rows:
                    if row[LEVEL] and row[OWNER]:
                        found.setdefault(str(row[OWNER]), set()).add((subject, prop))
        return found

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))


@cache
def _places() -> dict[str, int]:
    """Properties by their place in the vocabulary."""
    return {name: place for place, name in enumerate(vocabulary().properties)}


def values(subjects: Iterable[str], user: object, *, package: Package | None = None,
           files: dict[int, SourceFile] | None = None, property: str | None = None) -> Values:  # noqa: A002 - the register's word  # fmt: skip
    """What `user` may know of `subjects` (uids), with evidence. Two queries for any number of subjects.

    Where the first statement is not for this reader, the next one is shown: the order of precedence does not depend on
    the statements that are left out. `property` restricts to one.
    """
    shown = package or packages.current()
    viewer = viewer_of(user)

    def make(given: Sequence[str]) -> QuerySet[Statement, tuple[Any, ...]]:
        rows = stated_of(viewer, shown).filter(subject__in=given)
        return rows if property is None else rows.filter(property__in=vocabulary().group_of(property))

    wanted = sorted(set(subjects))
    rows, converted = (
        prepared.raw(("statements", viewer.sees, shown.pk, property), make, wanted) if wanted else ([], tuple)
    )
    return made_of(rows, converted, shown, files=files, property=property)


def stated_of(viewer: Viewer, package: Package) -> QuerySet[Statement, tuple[Any, ...]]:
    """Statements of a package that a reader may see, in the columns that `made_of` takes."""
    return Statement.objects.visible_to(viewer, package).values_list(*_Line._fields)


def made_of(rows: Iterable[Raw], converted: Callable[[Any], Iterable[Any]], package: Package, *,
            files: dict[int, SourceFile] | None = None, property: str | None = None) -> Values:  # noqa: A002 - as above  # fmt: skip
    """Values out of the rows of `stated_of`; `converted` makes Python's values of those of a row."""
    sources = files or files_of(package)
    grouped: Grouped = {}
    for row in sorted(rows, key=itemgetter(PLACE)):
        grouped.setdefault(row[SUBJECT], {}).setdefault(row[PROPERTY], []).append(row)
    at = today()
    known = vocabulary()

    def read(subject: str, prop: str) -> list[_Line]:
        return [_Line._make(converted(row)) for row in grouped[subject].get(prop, ())]

    def stated(subject: str, prop: str, rows: list[Raw]) -> Stated:
        group = _together(prop)
        told = {name: read(subject, name) for name in group or (prop,)}
        lines = {name: [_line(row, name, sources, package.at) for row in found] for name, found in told.items()}
        lead = leading(group, lines) if group else None
        chosen = chosen_of(known.properties[prop], lines[prop], lead=lead)
        return _stated(prop, known.properties[prop], told[prop], sources, chosen, at=at)

    if property is not None:
        return Values({one: {property: found[property]} for one, found in grouped.items() if property in found}, stated)
    return Values(grouped, stated)


@cache
def _together(prop: str) -> tuple[str, ...]:
    """The properties that one is shown together with, itself among them; empty for one that stands alone."""
    group = vocabulary().group_of(prop)
    return group if len(group) > 1 else ()


class _Line(NamedTuple):
    """The columns of a statement that are read: plain values are many times quicker than objects of the model."""

    sid: str
    subject: str
    property: str
    value: str
    original: str | None
    file_id: int
    record: str
    locator: str
    observed_on: date | None
    verified_on: date | None
    valid_from: date | None
    valid_to: date | None
    level: int
    owner: str
    sample: bool
    edit: bool
    place: int


SUBJECT, PROPERTY, PLACE, LEVEL, OWNER = map(_Line._fields.index, ("subject", "property", "place", "level", "owner"))


def _line(row: _Line, prop: str, sources: dict[int, SourceFile], at: date) -> Line:
    """A statement as the rule of what is shown looks at it, on the day `at` of the package."""
    over = (row.valid_to is not None and row.valid_to < at) or (row.valid_from is not None and row.valid_from > at)
    return Line(row.value, row.record, row.edit, over, sources[row.file_id].rank in vocabulary().properties[prop].order)


class _Files:
    """The sources of the package read last: every page needs all of them, and they change with the package alone."""

    key: tuple[object, ...] = ()
    files: ClassVar[dict[int, SourceFile]] = {}


def files_of(package: Package) -> dict[int, SourceFile]:
    """The sources of a package by key; read once and kept until another package is asked for."""
    key = (connection.settings_dict["NAME"], package.pk, package.name, package.revision, package.loaded_at)
    if _Files.key != key:
        found = {file.pk: file for file in SourceFile.objects.filter(package=package)}
        _Files.files, _Files.key = found, key
        return found
    return _Files.files


def _stated(
    name: str, prop: Property, rows: list[_Line], sources: dict[int, SourceFile], chosen: list[bool], *, at: date
) -> Stated:
    """The statements of one property in their order, divided into shown and others."""
    first = rows[0]
    said = [_said(row, sources[row.file_id], shown, at) for row, shown in zip(rows, chosen, strict=True)]
    shown_ = tuple([one for one in said if one.shown])
    others = tuple([one for one in said if not one.shown])
    return Stated(first.subject, name, prop.type, prop.many, shown_, others)


def _said(row: _Line, source: SourceFile, shown: bool, at: date) -> Said:
    age = freshness(row.property, observed_on=row.observed_on, verified_on=row.verified_on, at=at)
    return Said(
        row.sid,
        row.subject,
        row.property,
        row.value,
        row.original,
        source,
        row.record,
        row.locator,
        row.observed_on,
        row.verified_on,
        row.valid_from,
        row.valid_to,
        LABELS[row.level],
        row.owner,
        row.sample,
        row.edit,
        shown,
        age,
    )


LABELS = {int(level): level.label for level in Visibility}


def statement(sid: str, user: object) -> Said | None:
    """One statement of the shown package by its content hash, None where there is none that `user` may know."""
    row = Statement.objects.visible_to(user).filter(sid=sid).first()
    if row is None:
        return None
    stated = values([row.subject], viewer_of(user), property=row.property).of(row.subject, row.property)
    return next((said for said in (*stated.shown, *stated.others) if said.id == sid), None) if stated else None
