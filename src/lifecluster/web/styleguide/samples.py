"""Invented values for the style guide. No organisation, figure or reply here is real."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict

from lifecluster.web.kit.evidence import Evidence, Link, RemoteEvidence, Value
from lifecluster.web.kit.formats import dashed, number
from lifecluster.web.kit.freshness import Freshness
from lifecluster.web.kit.paging import Paging
from lifecluster.web.kit.states import Answer, Badge, State, Unrecorded, Withheld
from lifecluster.web.kit.tables import Column, Fact, Row, Table

AT = date(2026, 11, 20)
REGISTER = "Sample register, package 2026.11"
LINKS = (Link("Permanent link", "/style#e-n"), Link("Rows", "/style"), Link("Report an error", "/style/form"))


def evidence(key: str, title: str = "Working sites", value: str = "1,871", **more: Any) -> Evidence:
    """Evidence with everything filled in that `more` does not."""
    standing: dict[str, Any] = {
        "source": REGISTER, "locator": "recipe 14, rows 1 to 1,871", "snapshot": "9f2c…41", "licence": "Open, per row",
        "observed": AT, "verified": AT, "at": AT, "stale_after": date(2027, 5, 20), "links": LINKS,
        "definition": "Places where an organisation works; registered offices do not count until something says so",
    }  # fmt: skip
    return Evidence(key=key, title=title, value=value, **{**standing, **more})


def figures() -> dict[str, Evidence]:
    """The three figures of the opening sentence."""
    others = (
        Value("1,262", REGISTER, "Open, per row", AT, AT, shown=True),
        Value("1,107", "BaHTSS style definition", "OGL v3", "2025", date(2026, 2, 3)),
        Value("934", "SIC proxy", "OGL v3", "2024", date(2025, 2, 3), stale=True),
    )
    definition = "Register definition 3: active organisations with a working site in the region"
    return {
        "organisations": evidence(
            "n", "Life-science businesses", "1,262", interval="1,214 to 1,331", others=others, definition=definition,
            why="Shown because definition 3 is the one this region has agreed on.", sample=True,
        ),
        "jobs": evidence("j", "Jobs at life-science sites", "33,400", interval="31,600 to 35,400"),
        "sites": evidence("s", interval="1,790 to 1,968"),
    }  # fmt: skip


def remote() -> RemoteEvidence:
    """A value whose panel is fetched."""
    return RemoteEvidence("431", "/style/evidence/remote-sites", "Sites in the north-east")


def facts() -> list[Fact]:
    """Facts of an organisation."""
    values = (
        Value("142", "Organisation, finance role", "Public by member’s choice", date(2026, 3, 31), date(2026, 11, 17),
              shown=True),
        Value("137", "Annual accounts, note 6", "Free reuse", date(2025, 9, 30), date(2026, 1, 4)),
        Value("100–249", "Trade directory, size band", "OGL v3", "2024", date(2024, 6, 1), stale=True),
    )  # fmt: skip
    employees = evidence(
        "employees", "Employees", "142", interval="likely 138 to 146", others=values, source=values[0].source,
        locator="member confirmation 0388, field 7", definition="Employees at all sites, head count",
        observed=date(2026, 3, 31), verified=date(2026, 11, 17), stale_after=date(2027, 3, 31),
        why="Shown because the organisation confirmed it and it is newer than the official value.",
    )  # fmt: skip
    exports = evidence(
        "exports", "Export share", "61 %", source="Member survey 2025", verified=date(2025, 6, 12),
        observed=date(2025, 6, 12), stale_after=date(2026, 6, 12),
    )  # fmt: skip
    return [
        Fact("What it does", evidence("what", "What it does", "Immunoassays and readers for near-patient testing"),
             "verified 17 Nov 2026"),
        Fact("Employees", employees, "verified 17 Nov 2026"),
        Fact("Export share", exports, "verified 12 Jun 2025", Badge("stale", "Stale since June 2026")),
        Fact("Owner", Unrecorded("No group recorded")),
        Fact("Quality lead", Unrecorded("Not recorded", "/style/form", "Add it")),
    ]  # fmt: skip


def segments() -> Table:
    """Segments under several definitions."""
    data = [
        ("Register definition 3", State(Answer.YES, "In", pill=True), "In vitro diagnostics, core", "0.97"),
        ("SIC proxy 211, 212, 266, 325", State(Answer.NO, "Out", pill=True), "", "1.00"),
        ("R&D-active firm", State(Answer.UNKNOWN, pill=True), "", None),
        ("Member list", State(Answer.YES, pill=True, stale=True), "In vitro diagnostics", "0.91"),
    ]
    rows = [
        Row({"by": by, "in": state, "segment": evidence(f"seg-{i}", "Segment", s) if s else "None", "p": p})
        for i, (by, state, s, p) in enumerate(data)
    ]
    columns = (
        Column("by", "Definition", head=True), Column("in", "Counts?", "state"), Column("segment", "Segment"),
        Column("p", "Probability", "number"),
    )  # fmt: skip
    return Table("Segments under four definitions", columns, rows)


def counts() -> Table:
    """A table of numbers with withheld cells, which scrolls when narrow."""
    areas = {
        "Derbyshire and Nottinghamshire": (62, 118, 41, 57, 431), "Lincolnshire": (None, 34, 9, None, 103),
        "Shropshire and Staffordshire": (24, 92, 0, 31, 287),
    }  # fmt: skip
    names = ("Biopharma", "Medtech core", "Diagnostics", "Digital health", "All")
    columns = [Column("area", "Area (ITL2)", head=True), *(Column(n, n, "number") for n in names)]
    rows = [
        Row({"area": area, **{n: Withheld() if v is None else number(v) for n, v in zip(names, values, strict=True)}},
            mark="hi" if area.startswith("Derby") else "")
        for area, values in areas.items()
    ]  # fmt: skip
    total = Row({"area": "Midlands", "All": evidence("s", interval="1,790 to 1,968")})
    return Table("Sites by area and segment", columns, rows, total, narrow="scroll")


def places() -> Table:
    """The list that stands beside the map."""
    data = [("Northern vale", 431, 398, 468), ("Middle towns", 443, 411, 480), ("Southern hills", 398, 366, 436)]
    rows = [Row({"area": n, "sites": number(v), "span": dashed(lo, hi)}, sub={"area": "East"}) for n, v, lo, hi in data]
    columns = (
        Column("area", "Area", head=True),
        Column("sites", "Sites", "number"),
        Column("span", "95 % interval", "number"),
    )
    note = "Working sites, not registered offices"
    return Table("Sites by area", columns, rows, narrow="as it is", show_caption=True, note=note)


def hostile() -> Table:
    """Values that try to break a page."""
    values = {
        "Markup": "<script>alert(1)</script><b>bold</b>",
        "Right to left": "\u202eevil\u202c שלום Pharma مختبر",
        "Five hundred characters": "Extraordinarily" * 33,
        "Emoji": "🧬🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Labs",
        "Attribute": '" onmouseover="alert(1)',
    }
    rows = [
        Row({"what": k, "text": v, "mark": evidence(f'h {k} <&">', k, v[:40], interval=v)}) for k, v in values.items()
    ]
    columns = (Column("what", "Kind", head=True), Column("text", "As text"), Column("mark", "As a marked value"))
    return Table("Hostile values", columns, rows)


def badges() -> list[Badge]:
    """All badges."""
    return [Badge(kind) for kind in ("stale", "sample", "chatham", "indicative", "proposed", "locked")]


def freshness() -> list[Freshness]:
    """Lines of dates in the cases that crowd their labels."""
    return [
        Freshness(AT, date(2026, 3, 31), date(2026, 11, 17), date(2027, 3, 31)),
        Freshness(AT, date(2025, 6, 12), date(2025, 6, 12), date(2026, 6, 12)),
        Freshness(AT, AT, AT, date(2026, 11, 25)),
        Freshness(AT, None, date(2026, 11, 1), None),
    ]


def paging(query: QueryDict) -> Paging:
    """Page 7 of many, unless the address says otherwise."""
    page = query.get("page", "7")
    return Paging(int(page) if page.isdecimal() else 1, 1262, query, what="organisations")
