"""Rows of a list as they will be understood, beside what the register has: new, the same, changed, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lifecluster.reference import facilities
from lifecluster.reference.properties import vocabulary
from lifecluster.register import added, edits
from lifecluster.register.edits import text_of
from lifecluster.register.entry import Json
from lifecluster.web.directory import packages
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import FacetLabel, Organisation, Package, Site, Thing, Tie
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.values import Values, values
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads.cells import CellError, slug, value_of
from lifecluster.web.uploads.models import Upload, UploadRow
from lifecluster.web.uploads.purposes import ORGANISATION, PURPOSES, Purpose

STATES = {"wrong": "to mend", "new": "new", "changes": "changes", "same": "the same", "left": "left out",
          "sent": "taken"}  # fmt: skip
SHOWN_AS_TEXT = 160
WORDS = ("activity", "capability")
"""Properties whose values are codes that words stand for; a list may bring new ones."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell: the property ("" for the row), its column, what stood there, and how to mend it."""

    name: str
    column: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Differs:
    """A value that would change: the column, what the register shows now, what the list says."""

    name: str
    column: str
    now: str
    then: str


@dataclass(slots=True)
class Understood:
    """A row: `state` of STATES, whose it is, what it is called, the `subject` it is about ("" where it is new), its
    `values`, what is `wrong`, what `differs`;
    `news` words that nobody in the register has yet, with their columns."""

    row: UploadRow
    state: str = "new"
    organisation: str = ""
    whose: str = ""
    title: str = ""
    subject: str = ""
    values: dict[str, Json] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    differs: list[Differs] = field(default_factory=list)
    news: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether it can be taken."""
        return self.state in {"new", "changes"}

    @property
    def word(self) -> str:
        """The state in words."""
        return STATES[self.state]


def shown_text(prop: str, value: Json) -> str:
    """A value as a page writes it."""
    many = value if isinstance(value, list | tuple) else [value]
    if prop in facilities.CODED:
        return ", ".join(facilities.title(prop, str(one)) for one in many)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if prop in WORDS:
        return ", ".join(words.in_words(str(one)) for one in many)
    return ", ".join(text_of(one) for one in many)[:SHOWN_AS_TEXT]


class Beside:
    """What the register has of the organisations of a list, read once."""

    def __init__(self, upload: Upload, rows: Sequence[UploadRow], viewer: Viewer) -> None:
        self.package: Package = packages.current()
        self.viewer, self.purpose = viewer, PURPOSES[upload.purpose]
        self.found = self._organisations(upload, rows)
        uids = {uid for uid, _ in self.found.values()}
        self.sites = list(Site.objects.visible_to(viewer, self.package).filter(organisation__in=uids))
        self.things: list[tuple[str, Thing]] = []
        if self.purpose.kind not in {"", "site"}:
            self.things = self._things(uids)
        subjects = [*uids, *(s.uid for s in self.sites), *(t.uid for _, t in self.things)]
        self.known = self._known() if any(self.purpose.column(prop) for prop in WORDS) else {}
        self.values: Values = values(subjects, viewer, package=self.package)

    def _organisations(self, upload: Upload, rows: Sequence[UploadRow]) -> dict[str, tuple[str, str]]:
        """Text of a row -> the organisation that it names: id and name; "" is the one that the whole list is of."""
        visible = Organisation.objects.visible_to(self.viewer, self.package)
        if upload.organisation:
            uid = leads()(upload.organisation)  # it may have been merged since
            name = visible.filter(uid=uid).values_list("name", flat=True).first()
            return {"": (uid, proper(name or uid))}
        wanted = {str(row.cells.get(ORGANISATION, "")).strip() for row in rows} - {""}
        by: dict[str, list[tuple[str, str]]] = {}
        for uid, name, number in visible.values_list("uid", "name", "company_number"):
            for key in {uid, name.casefold(), number} - {""}:
                by.setdefault(key, []).append((uid, proper(name)))
        found = {}
        for text in wanted:
            keys = (text, text.casefold(), text.upper(), text.upper().removeprefix("GB-COH-").zfill(8))
            hits = next((by[key] for key in keys if key in by), [])
            if len(hits) == 1:
                found[text] = hits[0]
        return found

    def _known(self) -> dict[str, dict[str, str]]:
        """Of each of WORDS the code of each word that the reader may know, as it is written in either way."""
        rows = FacetLabel.objects.visible_to(self.viewer, self.package).filter(facet__in=WORDS)
        found: dict[str, dict[str, str]] = {prop: {} for prop in WORDS}
        for prop, code, label in rows.values_list("facet", "value", "label"):
            found[prop] |= {code: code, slug(label): code, slug(words.in_words(code)): code}
        return found

    def _things(self, uids: set[str]) -> list[tuple[str, Thing]]:
        ties = Tie.objects.visible_to(self.viewer, self.package).filter(
            party__in=uids, role="holder", kind=self.purpose.kind
        )
        holder = dict(ties.values_list("thing", "party"))
        things = Thing.objects.visible_to(self.viewer, self.package).filter(uid__in=holder)
        return [(holder[thing.uid], thing) for thing in things]

    def site_at(self, organisation: str, postcode: Json) -> Site | None:
        """The site of an organisation at a postcode."""
        mine = (s for s in self.sites if s.organisation == organisation and s.postcode == postcode)
        return next(mine, None) if postcode else None

    def texts(self, subject: str, prop: str) -> list[str]:
        """What is shown of a property today."""
        stated = self.values.of(subject, prop)
        return [said.value for said in stated.shown if said.value] if stated else []


def understand(upload: Upload, rows: Iterable[UploadRow], viewer: Viewer, *, at: date) -> list[Understood]:
    """Every row of a list as it is understood now."""
    given = list(rows)
    beside = Beside(upload, given, viewer)
    seen: dict[tuple[str, str], int] = {}
    return [_one(row, beside, seen, at=at) for row in given]


def _one(row: UploadRow, beside: Beside, seen: dict[tuple[str, str], int], *, at: date) -> Understood:
    made = Understood(row)
    purpose = beside.purpose
    text = str(row.cells.get(ORGANISATION, "")).strip()
    made.organisation, made.whose = beside.found.get("" if "" in beside.found else text, ("", text))
    if not made.organisation:
        why = (
            "say whose this is: a name, company number or identifier"
            if not text
            else (
                f"“{text[:60]}” is no organisation of the register, or several: write its company number or identifier"
            )
        )
        made.wrong.append(Wrong(ORGANISATION, purpose.titles[ORGANISATION], text, why))
    for prop, cell in row.cells.items():
        if prop != ORGANISATION and purpose.column(prop) is not None:
            _cell(made, purpose, prop, str(cell))
    for prop in beside.known.keys() & made.values.keys():
        _meant(made, purpose, prop, beside.known[prop])
    if made.organisation:
        _compare(made, beside, seen, at)
    made.title = made.title or added_title(made.values) or f"Row {row.number}"
    made.state = _state(made)
    return made


def _cell(made: Understood, purpose: Purpose, prop: str, text: str) -> None:
    try:
        value = value_of(prop, text)
    except CellError as error:
        shown = "" if text == "\x00" else text[:SHOWN_AS_TEXT]
        made.wrong.append(Wrong(prop, purpose.titles[prop], shown, str(error)))
        return
    if value is not None:
        made.values[prop] = value


def _meant(made: Understood, purpose: Purpose, prop: str, known: Mapping[str, str]) -> None:
    """Words that are known become their codes; those that are not are told."""
    given = made.values[prop]
    many = [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)]
    made.values[prop] = list(dict.fromkeys(known.get(one, one) for one in many))
    made.news += [(purpose.titles[prop], words.in_words(one)) for one in many if one not in known]


def added_title(found: Mapping[str, Json]) -> str:
    """What a row is called."""
    from lifecluster.web.directory.adding import title_of

    coded = found.get("facility_type")
    return title_of({k: v for k, v in found.items() if k != "postcode" or not coded}) or (
        shown_text("facility_type", coded) if coded else ""
    )


def _state(made: Understood) -> str:
    if made.row.entries:
        return "sent"
    if made.row.left:
        return "left"
    if made.wrong:
        return "wrong"
    if not made.subject:
        return "new"
    return "changes" if made.differs else "same"


def _compare(made: Understood, beside: Beside, seen: dict[tuple[str, str], int], at: date) -> None:
    """Find what a row is about, and how it differs from what is shown."""
    purpose, found = beside.purpose, made.values
    site = beside.site_at(made.organisation, found.get("postcode"))
    if purpose.kind == "":
        _capabilities(made, beside, site)
        return
    if purpose.kind == "site":
        made.subject = site.uid if site is not None else ""
        key = str(found.get("postcode") or found.get("name") or "")
    else:
        _premises(made, beside, site)
        key = str(found.get("title", "")).casefold()
    _once(made, seen, key)
    if made.subject:
        for prop, value in found.items():
            _differs(made, beside, prop, value)
        return
    wrong = added.check(purpose.kind, found, at=at)
    for prop, why in wrong.items():
        if prop not in {one.name for one in made.wrong}:
            made.wrong.append(Wrong(prop, purpose.titles.get(prop, ""), text_of(found.get(prop)), why))


def _once(made: Understood, seen: dict[tuple[str, str], int], key: str) -> None:
    if not key or made.row.left:
        return
    first = seen.setdefault((made.organisation, key), made.row.number)
    if first != made.row.number:
        made.wrong.append(Wrong("", "", "", f"row {first} is of the same: leave one of them out"))


def _premises(made: Understood, beside: Beside, site: Site | None) -> None:
    """A facility: found by its name; its postcode says at which site of the organisation it is."""
    title = str(made.values.get("title", "")).casefold()
    for holder, thing in beside.things:
        if title and holder == made.organisation and thing.title.casefold() == title:
            made.subject = thing.uid
    _at_site(made, beside.purpose, site)


def _at_site(made: Understood, purpose: Purpose, site: Site | None) -> None:
    postcode = made.values.pop("postcode", None)
    if postcode and site is None:
        why = "the organisation has no site at this postcode: add the site first, or leave the cell empty"
        made.wrong.append(Wrong("postcode", purpose.titles["postcode"], str(postcode), why))
    elif site is not None:
        made.values["held_at"] = [site.uid]


def _capabilities(made: Understood, beside: Beside, site: Site | None) -> None:
    wanted = made.values.get("capability")
    if not isinstance(wanted, list) and not any(one.name == "capability" for one in made.wrong):
        made.wrong.append(Wrong("capability", beside.purpose.titles["capability"], "", "say at least one capability"))
    _at_site(made, beside.purpose, site)
    made.values.pop("held_at", None)
    made.subject = site.uid if site is not None else made.organisation
    made.title = f"{made.whose}, {site.town or site.postcode}" if site is not None else made.whose
    if isinstance(wanted, list):
        _differs(made, beside, "capability", wanted)


def _differs(made: Understood, beside: Beside, prop: str, value: Json) -> None:
    now = beside.texts(made.subject, prop)
    then = [text_of(one) for one in value] if isinstance(value, list | tuple) else [text_of(value)]
    if set(then) <= set(now) if vocabulary().properties[prop].many else now[:1] == then:
        return
    column = beside.purpose.titles.get(prop) or {"held_at": "Site"}.get(prop, prop)
    new = sorted(set(now) | set(then)) if vocabulary().properties[prop].many else then
    shown = [shown_text(prop, list(one)) for one in (now, new)]
    made.differs.append(Differs(prop, column, shown[0] or "not recorded", shown[1]))


def _standing() -> dict[tuple[str, str], Json]:
    """What people stated before: (subject, property) -> the value."""
    today = leads()
    return {edit.key(today): edit.value for edit in edits.standing(log.entries(), where=today)}


def widened(entries: Iterable[str]) -> dict[str, Json]:
    """Of proposals (entries) of lists of words, those that lack words accepted since: with these before their own."""
    today, standing, known = leads(), _standing(), edits.fold(log.entries())
    found: dict[str, Json] = {}
    for edit in (known[one] for one in entries if one in known):
        before, own = standing.get(edit.key(today)), edit.value
        if isinstance(before, list | tuple) and isinstance(own, list | tuple) and set(before) - set(own):
            found[edit.proposed.id] = list(dict.fromkeys([*before, *own]))
    return found


def proposals(made: Iterable[Understood]) -> dict[tuple[str, str], tuple[Json, list[Understood]]]:
    """What rows about things that are there propose: (subject, property) -> the value, and the rows that say it.

    A list of words gets what rows add to those that people stated before: an edit takes the place of the one before.
    """
    standing = _standing()
    found: dict[tuple[str, str], tuple[Json, list[Understood]]] = {}
    for one in made:
        for differs in one.differs:
            key = (one.subject, differs.name)
            value = one.values[differs.name]
            if vocabulary().properties[differs.name].many:
                before: Any = found[key][0] if key in found else standing.get(key) or []
                said: Any = value
                value = list(dict.fromkeys([*before, *said]))
            found[key] = (value, [*(found[key][1] if key in found else []), one])
    return found
