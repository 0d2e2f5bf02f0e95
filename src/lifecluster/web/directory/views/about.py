"""What the register is made of: definitions, sources, the package; and the short pages about this web app."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from lifecluster.policy.visibility import Visibility
from lifecluster.web.directory import memo, reads
from lifecluster.web.directory.models import Package, Segment
from lifecluster.web.directory.panels.figures import Facts
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.search import Query
from lifecluster.web.directory.show import addresses, ground, listing, words
from lifecluster.web.directory.show.evidence import safe_url
from lifecluster.web.directory.viewer import ANYBODY, viewer_of
from lifecluster.web.directory.views.common import answer, loaded, reader
from lifecluster.web.kit import formats
from lifecluster.web.kit.states import Badge
from lifecluster.web.kit.tables import Column, Fact, Row, Table

CONTENT = frozenset({
    "awards", "collaborations", "contracts", "groups", "licences", "needs", "offers", "organisations", "products",
    "sites", "statements", "trials", "vacancies",
})  # fmt: skip
"""Tables of a package that pages show. The others say how it was made: their rows are of every level, and how many
there are is for the desk, which has the whole package."""
COUNTED = Q(state="yes") | Q(state="unknown", probability__gte=0.5)
"""What a definition counts: what is certain, and what is more likely in than out."""


@require_safe
@loaded
@remembered
def definitions(request: HttpRequest) -> HttpResponse:
    """Each definition with its count, and pair by pair why the counts differ."""
    figures = reads.figures()
    package = figures.package
    known = memo.definitions(package)
    facts = Facts(figures)
    counted = {d.name: d for d in figures.definitions}
    entries = [
        {
            "name": name,
            "definition": d,
            "figure": facts.definition(counted[name]) if name in counted else None,
            "facts": _definition_facts(d),
            "rows": listing.url(Query(definition=name)),
            "segments": _segments(d, package),
            "unit_note": words.unit_note(d),
        }
        for name, d in known.items()
    ]
    context = {"entries": entries, "pairs": _pairs(package, known), "said": _how_many(list(known), list(counted))}
    return answer(request, "directory/definitions.html", context)


def _how_many(known: list[str], counted: list[str]) -> str:
    """How many definitions count this region, as the home page has it, and why the others do not."""
    others = len(known) - len(counted)
    said = f"{formats.word(len(counted)).capitalize()} definitions count this region."
    if others:
        more = "definition is" if others == 1 else "definitions are"
        said += (
            f" {formats.word(others).capitalize()} more {more} in the package but not among those that the profile "
            "of the region names, so no count is shown."
        )
    return said


def _definition_facts(d: Any) -> list[Fact]:
    source = d.get("source") or {}
    url = safe_url(str(source.get("url") or ""))
    return [
        Fact("Published by", str(d["publisher"])),
        Fact("Unit", words.UNITS.get(str(d["unit"]), str(d["unit"])).capitalize()),
        Fact("Place", words.LOCATIONS.get(str(d["location"]), str(d["location"])).capitalize()),
        Fact("Method", words.METHODS.get(str(d["method"]), str(d["method"])).capitalize()),
        Fact("Source", addresses.link(url, str(source.get("title") or "not stated"))),
        Fact("Of", str(source.get("vintage") or "not known")),
        Fact("Last checked", _checked(source)),
        *([Fact("Note", str(source["note"]))] if source.get("note") else []),
    ]


def _checked(source: Any) -> str:
    if not source.get("checked_on"):
        return f"not checked by a person; {source.get('confidence', 'recalled')}"
    return formats.day(date.fromisoformat(str(source["checked_on"])), long=True)


def _segments(d: Any, package: Package) -> Table | None:
    counts = package.counts.get("definitions", {}).get(d["name"], {}).get("segments", {})
    rows: list[Row] = []
    stack = [(segment, 0) for segment in reversed(d.get("segments", ()))]
    while stack:
        segment, depth = stack.pop()
        label = format_html(
            '<a href="{}">{}</a>', listing.url(Query(definition=d["name"], segment=(segment["id"],))), segment["label"]
        )
        rows.append(
            Row({"segment": label, "n": formats.number(counts.get(segment["id"], 0))}, mark="in" if depth else "")
        )
        stack += [(below, depth + 1) for below in reversed(segment.get("segments", ()))]
    columns = (Column("segment", "Segment", head=True), Column("n", "Organisations", "number"))
    return Table(f"Segments of {d['title']}", columns, rows, narrow="as it is") if rows else None


def _pairs(package: Package, known: Any) -> Table:
    """How many organisations two definitions share, and how many only one of them has."""

    def make() -> dict[str, frozenset[str]]:
        rows = (
            Segment.objects.visible_to(ANYBODY, package)
            .filter(COUNTED, segment="")
            .values_list("definition", "organisation")
        )
        sets: dict[str, set[str]] = {name: set() for name in known}
        for name, uid in rows:
            sets.setdefault(name, set()).add(uid)
        return {name: frozenset(found) for name, found in sets.items()}

    sets = memo.kept("definition-sets", package, make)
    rows = []
    for one, other in combinations([name for name in known if sets.get(name)], 2):
        a, b = sets[one], sets[other]
        rows.append(
            Row(
                {
                    "pair": str(known[one]["title"]),
                    "other": str(known[other]["title"]),
                    "both": formats.number(len(a & b)),
                    "first": formats.number(len(a - b)),
                    "second": formats.number(len(b - a)),
                }
            )
        )
    columns = (
        Column("pair", "First", head=True, wide="l"),
        Column("other", "Second", wide="l"),
        Column("both", "Both count", "number"),
        Column("first", "Only the first", "number"),
        Column("second", "Only the second", "number"),
    )
    return Table("Organisations that two definitions share", columns, rows)


@require_safe
@loaded
@remembered
def sources(request: HttpRequest) -> HttpResponse:
    """Where everything comes from: publisher, licence, rows read and refused."""
    files = reads.sources(reader(request))
    rows = [
        Row(
            {
                "source": format_html('<span id="{}">{}</span>', f.source, addresses.link(safe_url(f.url), f.title)),
                "licence": addresses.link(safe_url(f.licence_url), f.licence_title or f.licence),
                "observed": formats.day(f.observed_on),
                "read": _n(f.read),
                "accepted": _n(f.accepted),
                "rejected": _n(f.rejected),
                "problems": _n(f.problems),
            },
            sub={"source": f"{f.publisher}{'; refreshed ' + f.refresh if f.refresh else ''}", "licence": f.attribution},
        )
        for f in files
    ]
    columns = (
        Column("source", "Source", head=True, wide="l"),
        Column("licence", "Licence"),
        Column("observed", "As of", "date"),
        Column("read", "Rows read", "number"),
        Column("accepted", "Used", "number"),
        Column("rejected", "Refused", "number"),
        Column("problems", "Problem cells", "number"),
    )
    table = Table("Sources of this package", columns, rows)
    used, refused = (sum(getattr(f, name) or 0 for f in files) for name in ("accepted", "rejected"))
    return answer(
        request,
        "directory/sources.html",
        {
            "table": table,
            "count": len(files),
            "used": used,
            "refused": refused,
            "credit": ground.CREDIT,
        },
    )


def _iso(text: str | None) -> str:
    return formats.day(date.fromisoformat(text)) if text else "not known"


def _n(value: int | None) -> str:
    return formats.number(value) if value is not None else "not counted"


@require_safe
@loaded
@remembered
def package(request: HttpRequest) -> HttpResponse:
    """What was loaded: name, inputs with their hashes, rows of each table, what was refused."""
    shown = reads.current()
    manifest, viewer = memo.manifest(shown), viewer_of(reader(request))
    inputs = [
        Row(
            {
                "file": i.get("file") or "not named",
                "source": i.get("source", ""),
                "observed": _iso(i.get("observed_on")),
                "bytes": _n(i.get("bytes")),
                "hash": format_html('<span class="mono hash">{}</span>', i["sha256"]),
            }
        )
        for i in reads.inputs(viewer)
    ]
    columns = (
        Column("file", "File", head=True),
        Column("source", "Source"),
        Column("observed", "As of", "date"),
        Column("bytes", "Bytes", "number"),
        Column("hash", "SHA-256"),
    )
    counts, whole = dict(manifest["counts"].get("tables", {})), viewer.clearance >= Visibility.DESK
    if "statements" in counts and not whole:
        counts["statements"] = shown.counts["statements"]
    rows = {name: Row({"table": words.in_words(name), "rows": formats.number(n)}) for name, n in counts.items()}
    first = [row for name, row in rows.items() if name in CONTENT]
    rest = [row for name, row in rows.items() if name not in CONTENT] if whole else []
    refused = {file.source: file.rejected or 0 for file in reads.sources(viewer)}
    context = {
        "p": shown,
        "facts": [
            Fact(
                "Name",
                format_html('<span class="mono">{}</span>', shown.name),
                badge=Badge("sample") if shown.sample else "",
            ),
            Fact("Region", str(shown.region.get("title", ""))),
            Fact("As of", formats.day(shown.at, long=True)),
            Fact("Loaded here", formats.day(shown.loaded_at.date(), long=True) if shown.loaded_at else "not known"),
            Fact("Made with", str(manifest.get("software", ""))),
            Fact("Namespace of its ids", str(manifest.get("namespace", ""))),
            Fact("Built after", str(manifest.get("previous") or "no earlier package")),
            Fact("Rows refused", formats.number(sum(refused.values()))),
        ],
        "inputs": Table("Inputs", columns, inputs),
        "tables": _rows_table("Tables that pages show", first),
        "others": _rows_table("Tables that say how it was made", rest) if rest else None,
    }
    return answer(request, "directory/package.html", context)


def _rows_table(caption: str, rows: list[Row]) -> Table:
    columns = (Column("table", "Table", head=True), Column("rows", "Rows", "number"))
    return Table(caption, columns, rows, narrow="as it is", name="short")


@require_safe
def words_page(request: HttpRequest, page: str) -> HttpResponse:
    """A short page of words; needs no package."""
    return render(request, f"directory/{page}.html")
