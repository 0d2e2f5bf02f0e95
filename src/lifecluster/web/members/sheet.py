"""What an organisation's own people see of it: every value with its evidence, and what they may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lifecluster.reference.properties import Property, vocabulary
from lifecluster.register import edits
from lifecluster.register.edits import Edit
from lifecluster.register.entry import Json
from lifecluster.web.directory import reads, still
from lifecluster.web.directory.models import FacetLabel
from lifecluster.web.directory.reads import OrganisationView, Stated
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.evidence import Reader, age, since
from lifecluster.web.directory.show.organisation import EXPECTED, FIRST
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit.states import Badge
from lifecluster.web.members import proposals
from lifecluster.web.members.forms import WORDS

WORKED_OUT = frozenset({"easting", "northing", "lad", "segment"})
"""What follows from other values: places from postcodes, segments from definitions."""
LATELY = 3
"""Decisions shown beside a value."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A proposal or confirmation in words: `mine` whether the reader made it."""

    entry: str
    text: str
    state: str
    level: str
    on: date
    mine: bool
    why: str = ""
    amended: str = ""


@dataclass(slots=True)
class Line:
    """A property of the organisation or of a site of it."""

    subject: str
    prop: str
    label: str
    mark: Any = None
    age: str = ""
    stale: Any = ""
    texts: tuple[str, ...] = ()
    confirmable: bool = False
    pending: list[Spoken] = field(default_factory=list)
    past: list[Spoken] = field(default_factory=list)
    confirmed: Spoken | None = None

    @property
    def anchor(self) -> str:
        """The id of the line on the page."""
        return f"{self.subject}-{self.prop}"


@dataclass(frozen=True, slots=True)
class Part:
    """The organisation itself, or one of its sites: `lines` that its people may change, `empty` those of them on which
    nothing is recorded and nobody asks first, `decided` by registers."""

    uid: str
    title: str
    lines: list[Line]
    empty: list[Line]
    decided: list[Line]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the page; `waits` proposals without a decision, `stale` lines that could be confirmed."""

    view: OrganisationView
    parts: list[Part]
    waits: int
    stale: int


def sheet(uid: str, user: object, *, actor: str, at: date) -> Sheet:
    """The page of an organisation for its people. Raises NotHereError where the reader may not know of it."""
    view = reads.organisation(uid, user)
    reader = Reader(view.names, at)
    spoken = _by_value(proposals.of([uid, *(site.uid for site in view.sites)]), reader, actor, view)
    sites = [(s.uid, proper(s.name) or s.town or s.uid) for s in view.sites if s.live]
    parts = [_part(one, title, view, reader, spoken) for one, title in [(uid, ""), *sites]]
    lines = [line for part in parts for line in part.lines]
    return Sheet(view, parts, sum(len(line.pending) for line in lines),
                 sum(bool(line.stale) and line.confirmable for line in lines))  # fmt: skip


def editable(subject: str, prop: str, kind: str, stated: Stated | None) -> bool:
    """Whether what the organisation says on this would be shown: no register stands before it."""
    known = vocabulary().properties.get(prop)
    if known is None or kind not in known.levels or known.type == "ref" or prop in WORKED_OUT:
        return False
    first = stated.shown[0].source.rank if stated and stated.shown else ""
    return edits.counts(prop, first)


OWNERSHIP = ("employee-owned", "family-owned", "investor-backed", "non-commercial", "private-independent",
             "university-spin-out")  # fmt: skip
"""What there is to choose from, though nobody in the register may be so yet."""


def choices(prop: str, known: Property, user: object, also: Json = None) -> Mapping[str, str]:
    """Codes of a property that the register has, with their words, of those that the reader may know; and `also` those
    that the form begins with."""
    if known.type != "code":
        return {}
    facet = {"organisation_type": "type"}.get(prop, prop)
    rows = FacetLabel.objects.visible_to(user, reads.current()).filter(facet=facet).order_by("position", "label")
    found = {value: label for value, label in rows.values_list("value", "label") if value != "unknown"}
    more = [str(one) for one in (also if isinstance(also, list | tuple) else [also]) if one]
    more += OWNERSHIP if prop == "ownership" else ()
    return {code: words.in_words(code) for code in more} | found


def _part(uid: str, title: str, view: OrganisationView, reader: Reader,
          spoken: Mapping[tuple[str, str], list[Spoken]]) -> Part:  # fmt: skip
    kind = "site" if title else "organisation"
    names = list(vocabulary().of(kind))
    order = {name: place for place, name in enumerate(FIRST)}
    names.sort(key=lambda name: order.get(name, len(order)))
    lines, decided = [], []
    for prop in names:
        stated = view.values.of(uid, prop)
        line = _line(uid, prop, stated, reader, spoken.get((uid, prop), []))
        if editable(uid, prop, kind, stated):
            lines.append(line)
        elif stated is not None and stated.shown and prop not in WORKED_OUT and prop != "holder":
            decided.append(line)
    said = [line for line in lines if line.mark or line.pending or line.past or line.prop in EXPECTED]
    return Part(uid, title, said, [line for line in lines if line not in said], decided)


def _line(uid: str, prop: str, stated: Stated | None, reader: Reader, spoken: list[Spoken]) -> Line:
    line = Line(uid, prop, words.label(prop))
    line.pending = [one for one in spoken if one.state == "pending"]
    line.past = [one for one in spoken if one.state in {"refused", "retracted"}][:LATELY]
    if stated is None or not stated.shown:
        return line
    first = stated.shown[0]
    line.mark, line.age, line.texts = reader.mark(stated), age(first), tuple(still.texts(stated))
    line.stale = Badge("stale", since(first)) if first.freshness.state == "stale" else ""
    line.confirmable = not still.cannot(stated)
    mine = (one for one in spoken if one.state == "confirmed" and one.mine)
    line.confirmed = next(mine, None) if first.edit else None
    return line


def _by_value(found: Iterable[Edit], reader: Reader, actor: str, view: OrganisationView
              ) -> dict[tuple[str, str], list[Spoken]]:  # fmt: skip
    ids = {view.organisation.uid, *(site.uid for site in view.sites)}
    rows: dict[tuple[str, str], list[Spoken]] = {}
    for edit in found:
        subject = edit.proposed.subject or ""
        key = (subject if subject in ids else view.organisation.uid, edit.proposed.property or "")
        rows.setdefault(key, []).append(spoken(edit, reader, actor))
    return rows


def spoken(edit: Edit, reader: Reader, actor: str = "") -> Spoken:
    """A proposal in words."""
    state = "confirmed" if edit.confirms and edit.state == "approved" else edit.state
    ended = edit.ended or edit.decided
    amended = worded(edit.proposed.property or "", edit.value, reader) if edit.value != edit.proposed.value else ""
    why = (ended.why or "") if ended and not edit.confirms else ""
    return Spoken(
        edit.proposed.id, worded(edit.proposed.property or "", edit.proposed.value, reader), state,
        WORDS.get(edit.proposed.visibility, ""), proposals.day(edit), edit.proposed.actor == actor, why, amended,
    )  # fmt: skip


def worded(prop: str, value: Any, reader: Reader) -> str:
    """A value of an entry as pages write it."""
    known = vocabulary().properties.get(prop)
    values = value if isinstance(value, list | tuple) else [value]
    if known is None or not values or values == [None]:
        return "not known"
    return "; ".join(reader.word(prop, known.type, edits.text_of(one)) for one in values)
