"""The page of an organisation, part by part; each part is None or empty where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from lifecluster.places.spoken import listed
from lifecluster.register.answer import Answer as Answered
from lifecluster.register.answer import answer, certainty
from lifecluster.web.directory import codes
from lifecluster.web.directory.show import addresses, ground, words
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit import formats
from lifecluster.web.kit.maps import Frame, Pin
from lifecluster.web.kit.rendering import EMPTY, format_html
from lifecluster.web.kit.states import Answer, State, Unrecorded
from lifecluster.web.kit.tables import Column, Fact, Row, Table

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Segment, Site
    from lifecluster.web.directory.reads import OrganisationView, Values

FIRST = (
    "description",
    "employees",
    "turnover",
    "incorporated_on",
    "opened_on",
    "dissolved_on",
    "closed_on",
    "ownership",
    "parent",
    "capability",
    "mission",
    "member_of",
    "activity",
    "website",
)
"""What a reader asks first."""
LEFT_OUT = frozenset({"easting", "northing", "lad", "holder"})
EXPECTED = ("description", "employees", "website")
"""Facts whose absence is said."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHORT = 150
"""Characters of a description that open a page."""


def facts(view: OrganisationView, words_of: Reader) -> tuple[list[Fact], list[Fact]]:
    """What one asks first, and what registers say."""
    uid = view.organisation.uid
    stated = {s.property: s for s in view.values.subject(uid) if s.property not in LEFT_OUT and s.shown}
    first: list[Fact] = []
    for prop in FIRST:
        if prop in stated:
            first.append(words_of.fact(stated[prop]))
        elif prop in EXPECTED:
            first.append(Fact(words.label(prop), Unrecorded()))
    return first, [words_of.fact(s) for prop, s in stated.items() if prop not in FIRST]


def told(view: OrganisationView, prop: str) -> str:
    """What this reader is shown of a property of one value; empty where nothing is."""
    stated = view.values.of(view.organisation.uid, prop)
    return stated.text if stated else ""


def lead(view: OrganisationView) -> str:
    """The sentence under the name: what it does, in its own words; else where it is."""
    o = view.organisation
    text = told(view, "description").strip()
    where = _where(view.sites, o.town)
    if not text:
        return f"{where}." if where else ""
    return f"{opening(text)} {where}." if where else opening(text)


def opening(text: str) -> str:
    """The first sentences of a text, as many as make a line or two; a long first one is cut at a word."""
    sentences = text.replace("\n", " ").split(". ")
    found = sentences[0]
    for sentence in sentences[1:]:
        if len(found) + len(sentence) > SHORT:
            break
        found = f"{found}. {sentence}"
    if len(found) > 2 * SHORT:
        found = found[: 2 * SHORT].rsplit(" ", 1)[0][: 2 * SHORT] + " …"
    return found if found.endswith((".", "…", "!", "?")) else f"{found}."


def _where(sites: list[Site], town: str) -> str:
    live = [site for site in sites if site.live]
    towns = list(dict.fromkeys(site.town for site in live if site.town))
    if not live:
        return f"In {town}" if town else ""
    count = {1: "One site", 2: "Two sites", 3: "Three sites"}.get(len(live), f"{len(live)} sites")
    if not towns:
        return count
    if len(towns) > 3:
        return f"{count}, in {', '.join(towns[:3])} and elsewhere"
    return f"{count}, in {listed(towns)}"


@dataclass(frozen=True, slots=True)
class Sites:
    """The table of sites, the map that names them by the same letters, what lies under it, how many are past."""

    table: Table
    map: Any
    ground: str
    past: int


OF_SITES = (
    Column("site", "Site", head=True),
    Column("does", "Activity"),
    Column("jobs", "Jobs", "number"),
)


def sites(view: OrganisationView, words_of: Reader, codes: frozenset[str]) -> Sites | None:
    """Sites with letters, jobs and what happens there."""
    if not view.sites:
        return None
    pins, rows = [], []
    for i, site in enumerate(view.sites):
        letter = LETTERS[i] if i < len(LETTERS) else str(i + 1)
        if site.easting is not None and site.northing is not None:
            pins.append(Pin(letter, site.easting, site.northing))
        rows.append(_site_row(letter, site, view.values, words_of))
    table = Table("Sites", OF_SITES, rows)
    around = [(pin.easting, pin.northing) for pin in pins]
    drawn, under = None, ""
    if around:
        base = ground.ground(codes)
        frame = Frame.around(around, margin=0.25, least=60_000, width=420, step=10_000)
        names = "; ".join(f"{pin.letter}: {s.town or s.name}" for pin, s in zip(pins, view.sites, strict=False))
        under = base.constant(frame)
        drawn = base.drawing(f"Map of its sites, listed beside it. {names}", pins=tuple(pins), frame=frame)
    return Sites(table, drawn, under, sum(not site.live for site in view.sites))


def _site_row(letter: str, site: Site, values: Values, words_of: Reader) -> Row:
    activity = values.of(site.uid, "activity")
    ended = f" · closed {formats.day(site.ended_on)}" if site.ended_on else "" if site.live else " · closed"
    place = ", ".join(part for part in (str(site.data.get("address", "")), site.town, site.postcode) if part)
    jobs = values.of(site.uid, "jobs")
    shown = formats.number(round(site.jobs)) if site.jobs is not None else "not known"
    name = format_html(
        "{}. {}",
        letter,
        addresses.link(addresses.address(site.uid, "site"), proper(site.name) or site.town or site.uid),
    )
    return Row(
        {
            "site": name,
            "does": words_of.mark(activity) if activity else Unrecorded(),
            "jobs": words_of.mark(jobs, shown) if jobs else shown,
        },
        sub={"site": f"{place}{ended}", "jobs": _range(site)},
        mark="" if site.live else "in",
    )


def _range(site: Site) -> str:
    if site.jobs is None:
        return ""
    if site.jobs_low is not None and site.jobs_high is not None and site.jobs_low != site.jobs_high:
        return formats.span(site.jobs_low, site.jobs_high)
    return {"remainder": "worked out", "equal share": "an equal share"}.get(site.jobs_method, "")


COUNTING = frozenset({"yes", "likely"})
COUNTS = {
    "yes": State(Answer.YES, "In", pill=True),
    "likely": State(Answer.UNKNOWN, "Likely in", pill=True),
    "unlikely": State(Answer.UNKNOWN, "Likely out", pill=True),
    "unknown": State(Answer.UNKNOWN, pill=True),
    "no": State(Answer.NO, "Out", pill=True),
}


OF_SEGMENTS = (
    Column("definition", "Definition", head=True, wide="l"),
    Column("counts", "Counts?", "state"),
    Column("segment", "Segments"),
    Column("p", "Probability", "number"),
    Column("because", "Because"),
)


def segments(rows: list[Segment], definitions: Mapping[str, Mapping[str, Any]],
             codes_: Sequence[str] | None, *, closed: bool = False) -> Table | None:  # fmt: skip
    """The organisation under each definition: in, out or unknown, with the reasons.

    Parameters: `codes_` its SIC codes; `closed` whether its classes are not for this reader, who is then told nothing.
    """
    whole = {row.definition: row for row in rows if not row.segment}
    lines = []
    for name, definition in definitions.items():
        row = whole.get(name)
        inside = [r for r in rows if r.definition == name and r.segment
                  and certainty(r.state, r.probability) in COUNTING]  # fmt: skip
        labels = _labels(definition) if inside else {}
        found = answer((row.state, row.probability) if row else None, None if closed else codes_)
        named = [labels.get(r.segment, r.segment) for r in inside]
        lines.append(
            Row(
                {
                    "definition": addresses.link(f"/definitions#{name}", str(definition["title"])),
                    "counts": COUNTS[found.certainty],
                    "segment": "; ".join(named) if named else ("None" if found.state == "no" else "Not decided"),
                    "p": "not scored" if found.probability is None else f"{found.probability:.2f}",
                    "because": reasons(row, found),
                },
            )
        )
    return Table("Segments under each definition", OF_SEGMENTS, lines) if lines else None


def _labels(definition: Mapping[str, Any]) -> dict[str, str]:
    found, stack = {}, list(definition.get("segments", ()))
    while stack:
        segment = stack.pop()
        found[segment["id"]] = segment["label"]
        stack += segment.get("segments", ())
    return found


def reasons(row: Segment | None, found: Answered, most: int = 3) -> str:
    """What speaks for and against, heaviest first, in words."""
    if row is None or not row.evidence:
        why = found.why or "nothing speaks for it"
        return f"{why[:1].upper()}{why[1:]}."
    known = sorted(row.evidence, key=lambda e: -abs(e.get("weight") or 99))
    said = list(dict.fromkeys(_reason(e) for e in known))
    more = f"; and {len(said) - most} more" if len(said) > most else ""
    text = "; ".join(said[:most]) + more
    return text[:1].upper() + text[1:]


def _reason(evidence: Mapping[str, Any]) -> str:
    kind, value, detail = (str(evidence.get(key) or "") for key in ("kind", "value", "detail"))
    if kind in {"exclude", "include"}:
        if detail == "status":
            return f"its status is {value}"
        return f"{words.in_words(value)}: {detail.replace('`', '')}" if detail else words.in_words(value)
    text = {
        "sic": f"industry code {codes.explained('sic', value)}",
        "words": f"“{value.replace('*', '…')}” in its {detail or 'texts'}",
        "register": f"a register has it as {words.in_words(value)}",
        "licence": f"it holds {value}",
        "stated": f"a source states the segment {codes.explained('segment', value)}",
    }.get(kind, f"{kind} {value}")
    return f"{text} speaks against it" if (evidence.get("weight") or 0) < 0 else text


@dataclass(frozen=True, slots=True)
class Standing:
    """Dates of the whole page: verified is not edited; `ended` says that it is no more, and since when."""

    verified: date | None
    observed: date | None
    ended: str


def standing(view: OrganisationView) -> Standing:
    """The dates."""
    o = view.organisation
    ended = ""
    if not o.live:
        ended = f"Closed {formats.day(o.ended_on, long=True)}" if o.ended_on else "Closed; the date is not recorded"
    return Standing(o.verified_on, o.observed_on, ended)


OF_RECORDS = (
    Column("source", "Source", head=True),
    Column("record", "Its id there"),
    Column("row", "File and row"),
    Column("observed", "Observed", "date"),
    Column("n", "Values", "number"),
)


def records(view: OrganisationView) -> Table | None:
    """The records of sources that were found to be this organisation."""
    counts: dict[str, int] = {}
    said_by: dict[str, Any] = {}
    for stated in view.values.subject(view.organisation.uid):
        for said in (*stated.shown, *stated.others):
            counts[said.record] = counts.get(said.record, 0) + 1
            said_by.setdefault(said.record, said)
    rows = []
    for record, said in sorted(said_by.items()):
        name = record.partition("/")[2].partition(":")[2] or record
        cells = {
            "source": said.source.title or said.source.source,
            "record": name,
            "row": said.locator or "",
            "n": formats.number(counts[record]),
            "observed": formats.day(said.observed_on),
        }
        rows.append(Row(cells))
    return Table("Records it is made of", OF_RECORDS, rows) if rows else None


def sources_line(view: OrganisationView) -> SafeString:
    """Why it stands in the register at all."""
    by = words.REGION_BY.get(str(view.organisation.data.get("region_by", "")), "")
    return format_html("It stands in this register because {}.", by) if by else EMPTY
