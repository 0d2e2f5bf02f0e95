"""Tables of the pages of claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from lifecluster.places.spoken import listed
from lifecluster.web.directory.show import addresses
from lifecluster.web.directory.show.evidence import safe_url
from lifecluster.web.figures.show import words
from lifecluster.web.figures.show.words import Plain
from lifecluster.web.kit import formats
from lifecluster.web.kit.states import Badge
from lifecluster.web.kit.tables import Column, Row, Table

SOURCES = {
    "bres": "Business Register and Employment Survey", "uk-business-counts": "UK business counts",
    "sector-figures": "Published sector statistics", "workforce": "Annual Population Survey",
    "register": "This register", "medical-schools": "List of medical schools",
}  # fmt: skip
GROUPS = {"this": "", "now": "later", "before": "earlier"}


def source(basis: Plain) -> str:
    """A source by its name."""
    return SOURCES.get(str(basis["source"]), str(basis["source"]))


def definition(basis: Plain) -> str:
    """What a basis rests on: its definition, else its source."""
    return str(basis["definition_title"] or source(basis))


def invented(result: Plain, basis: Plain) -> bool:
    """Whether the figure of a basis rests on sample data: it counts a register that does; published ones never."""
    return basis["source"] == "register" and any(one["sample"] for one in result["inputs"])


def claims(bodies: Iterable[tuple[str, Plain]], caption: str) -> Table:
    """Claims with figure, drawing and verdict; `bodies`: name and body."""
    rows = [_claim(name, body) for name, body in bodies]
    columns = (
        Column("said", "What is said", head=True, wide="l"), Column("found", "What we find", "figure", wide="s"),
        Column("plot", "Found against said", "plot", wide="m"), Column("verdict", "Verdict, and why", "state"),
    )  # fmt: skip
    return Table(caption, columns, rows, name="roomy")


def figures(bodies: Iterable[tuple[str, Plain]], caption: str) -> Table:
    """Figures that nobody stated: each with what is counted, the interval, and what the numbers are."""
    rows = [_claim(name, body, judged=False) for name, body in bodies]
    columns = (
        Column("said", "Figure", head=True, wide="l"), Column("found", "What we find", "figure", wide="s"),
        Column("plot", "Drawn", "plot", wide="m"), Column("reading", "What the numbers are"),
    )  # fmt: skip
    return Table(caption, columns, rows, name="roomy")


def _claim(name: str, body: Plain, *, judged: bool = True) -> Row:
    result, recipe = body["result"], body["recipe"]
    kind, basis = recipe["claim"]["kind"], words.deciding(result)
    link = format_html('<a href="{}">{}</a>', reverse("figures:claim", args=[name]), words.sentence(result))
    cells: dict[str, Any] = {"said": link, "found": words.NOT_COMPUTED}
    sub: dict[str, Any] = {}
    why = words.because(result, body.get("about"))
    if judged:
        cells["verdict"] = words.verdict(result["verdict"])
        sub["verdict"] = " ".join(filter(None, (why, words.refuted(result, recipe))))
    else:
        cells["reading"] = why
    first = basis or (result["bases"][0] if result["bases"] else None)
    if first is not None:
        rests = dict.fromkeys([definition(first), source(first), str(first["vintage"] or "")])
        mark = Badge("sample", "Sample figure") if invented(result, first) else ""
        sub["said"] = format_html("{} {}", ", ".join(filter(None, rests)), mark)
    if basis is not None:
        cells |= {"found": words.figure(kind, basis), "plot": words.plot(kind, basis, recipe)}
        sub["found"] = words.around(kind, basis, words.places_of(basis, recipe))
    return Row(cells, sub=sub)


def bases(result: Plain, recipe: Plain) -> Table:
    """Every definition side by side; without verdicts where nobody stated the figure."""
    kind, judged = recipe["claim"]["kind"], words.NONE not in {basis["verdict"] for basis in result["bases"]}
    rows = [
        Row(
            {
                "basis": definition(basis), "figure": words.figure(kind, basis),
                "span": words.around(kind, basis, words.places_of(basis, recipe)) or "none",
                "plot": words.plot(kind, basis, recipe),
                "verdict": "" if basis["verdict"] == words.NONE else words.verdict(basis["verdict"]),
            },
            sub={
                "basis": _rests(basis), "figure": str(basis["unit"]) if kind == "total" else "",
                "span": "of " + listed(basis["interval_of"]) if basis.get("interval_of") else "",
                "verdict": _why(basis),
            },
        )
        for basis in result["bases"]
    ]  # fmt: skip
    columns = (
        Column("basis", "Definition, source, vintage", head=True, wide="l"), Column("figure", "Figure", "figure"),
        Column("span", "95 % interval", wide="l"), Column("plot", "Drawn", "plot"),
        Column("verdict", "Verdict" if judged else "What is missing", "state", wide="l"),
    )  # fmt: skip
    return Table("The figure under every definition", columns, rows, name="roomy")


def _rests(basis: Plain) -> str:
    parts = [source(basis) if basis["definition_title"] else "", basis["segment"], basis["vintage"], basis["geography"]]
    return ", ".join(str(part) for part in parts if part)


def _why(basis: Plain) -> str:
    if basis["refused"] or basis["missing"]:
        return words.shortly(str(basis["refused"] or basis["missing"][0]))
    return words.chances(basis["probability"])


def league(basis: Plain, region: str, kind: str) -> Table:
    """Every region with its figure and the probabilities of its rank, and the region in question beside them."""
    own = {line["region"] for line in basis["beside"]} | {region}
    listed = {line["region"] for line in basis["league"]}
    rows = [_line(line, "hi" if line["region"] in own else "") for line in basis["league"]]
    rows += [_line(line, "hi", "together") for line in basis["beside"] if line["region"] not in listed]
    columns = (
        Column("region", "Region", head=True), Column("value", str(basis["unit"]).capitalize(), "number"),
        Column("span", "95 % interval", "number"), Column("first", "P(first)", "number"),
        Column("second", "P(first or second)", "number"), Column("holds", "P(the sentence holds)", "number"),
    )  # fmt: skip
    return Table(f"Regions by {basis['unit']}", columns, rows, narrow="scroll")


def _line(line: Plain, mark: str, note: str = "") -> Row:
    n = words.digits("", line["value"])
    inside = line["low"] is None or line["high"] is None or line["low"] <= line["value"] <= line["high"]
    cells = {
        "region": str(line["region"]), "value": formats.number(line["value"], n),
        "span": formats.dashed(line["low"], line["high"], n), "first": words.probability(line["first"]),
        "second": words.probability(line["first_or_second"]), "holds": words.probability(line["probability"]),
    }  # fmt: skip
    sub = {"region": note} if note else {}
    sub |= {} if inside else {"value": f"{formats.number(line['expected'], n)} expected"}
    return Row(cells, sub=sub, mark=mark)


def segments(basis: Plain) -> Table:
    """A total by segment of its definition; of a register with the number expected beside the count."""
    weighed = basis["source"] == "register" and all("expected" in part for part in basis["segments"])
    rows = [
        Row(
            {"segment": str(part["label"]), "value": formats.number(part["value"]),
             **({"expected": formats.number(part["expected"])} if weighed else {}),
             "span": formats.dashed(part["low"], part["high"])},
            mark="in" if part["above"] else "",
        )
        for part in basis["segments"]
    ]  # fmt: skip
    unit = str(basis["unit"]).capitalize()
    columns = (
        Column("segment", "Segment", head=True), Column("value", f"{unit} counted" if weighed else unit, "number"),
        *((Column("expected", "Expected", "number"),) if weighed else ()),
        Column("span", "95 % interval, of classification" if weighed else "By rounding", "number"),
    )  # fmt: skip
    return Table(f"{str(basis['unit']).capitalize()} by segment", columns, rows)


def cells(basis: Plain, found: Plain) -> Table:
    """The cells of an official table that a figure is made of."""
    rows = [
        Row({"key": str(row["key"]), "label": str(row["label"]), "vintage": str(row["vintage"]),
             "value": _exact(row["value"]), "span": _between(row)})
        for row in found["rows"]
    ]  # fmt: skip
    columns = (
        Column("key", "Cell", head=True), Column("label", "Class"), Column("vintage", "Of"),
        Column("value", "As published", "number"), Column("span", "Stands for", "number"),
    )  # fmt: skip
    caption = f"{definition(basis)}: {formats.plural(len(rows), 'row')} of {formats.number(found['of'])}"
    return Table(caption, columns, rows, narrow="scroll")


def _exact(text: str | None) -> str:
    if text is None:
        return "withheld"
    value = float(Fraction(text))
    return formats.number(value, 0 if value == round(value) else 1)


def _between(row: Plain) -> str:
    if row["high"] is None:
        return f"{_exact(row['low'])} or more"
    return formats.EN_DASH.join(dict.fromkeys((_exact(row["low"]), _exact(row["high"]))))


def changes(change: Mapping[str, Any], kind: str) -> Table:
    """Why a figure differs from the one before."""
    per_cent = kind in {"share", "growth"}
    n = 2 if per_cent else 0

    def written(value: float | None) -> str:
        return f"{'+' if (value or 0) > 0 else ''}{formats.number(words.scaled(kind, value), n)}"

    rows = [Row({"reason": str(r["words"]).capitalize(), "part": written(r["difference"]),
                 "rows": formats.number(r["rows"])}) for r in change["reasons"]]  # fmt: skip
    part = "Its part, %" if per_cent else "Its part"
    columns = (Column("reason", "Reason", head=True), Column("part", part, "number"),
               Column("rows", "Rows", "number"))  # fmt: skip
    return Table("What changed, by reason", columns, rows, narrow="as it is", empty="Nothing changed.")


def inputs(result: Plain) -> Table:
    """The sources with their licences."""
    rows = [
        Row(
            {"publisher": addresses.link(safe_url(str(one["url"])), str(one["publisher"])), "file": str(one["file"]),
             "vintage": str(one["vintage"]), "licence": str(one["licence"]),
             "hash": format_html('<span class="mono hash">{}</span>', str(one["sha256"])[:16])},
            sub={"publisher": Badge("sample")} if one["sample"] else {},
        )
        for one in result["inputs"]
    ]  # fmt: skip
    columns = (
        Column("publisher", "Published by", head=True), Column("file", "File"), Column("vintage", "Of"),
        Column("licence", "Licence"), Column("hash", "SHA-256, first 16"),
    )  # fmt: skip
    return Table("Sources", columns, rows, empty="None: nothing could be computed.")
