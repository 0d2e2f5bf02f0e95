"""Tables of the atlas: each is equal to the picture it stands beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lifecluster.web.atlas.show import words
from lifecluster.web.atlas.show.words import Plain
from lifecluster.web.kit import formats
from lifecluster.web.kit.plots import Interval, Ranks
from lifecluster.web.kit.states import Unrecorded, Withheld
from lifecluster.web.kit.tables import Column, Row, Table


def link(url: str, text: str) -> SafeString:
    """A link."""
    return format_html('<a href="{}">{}</a>', url, text)


def organisation(uid: str, names: Mapping[str, str]) -> object:
    """An organisation by its name with a link; one that may not be named has neither."""
    if uid not in names:
        return "an organisation that is not shown"
    return link(reverse("directory:organisation", args=[uid]), names[uid])


def clusters(rows: Sequence[Plain]) -> Table:
    """The list equal to the map of clusters."""
    lines = [
        Row(
            {"name": link(reverse("atlas:cluster", args=[row["key"]]), f"{row['key']}. {row['place']}"),
             "found": formats.number(row["observed"]), "expected": formats.number(row["expected"], 1),
             "within": words.kilometres(row["radius"]), "p": words.p_value(row["p"]),
             "again": words.percent(row["stability"])},
            sub={"name": words.kind(row)},
        )
        for row in rows
    ]  # fmt: skip
    columns = (
        Column("name", "Cluster", head=True, wide="l"), Column("found", "Companies", "number"),
        Column("expected", "By chance", "number"), Column("within", "Within", "number"), Column("p", "p", "number"),
        Column("again", "Found again", "number"),
    )  # fmt: skip
    return Table(
        "Clusters, the clearest first", columns, lines, empty="No circle holds more than chance may put there."
    )


def _chances(found: Plain | None) -> str:
    return f"p {words.p_value(found['p'])}, q {words.p_value(found.get('q'))}" if found else ""


def segments(rows: Sequence[Plain]) -> Table:
    """Every segment with its verdicts."""
    lines = []
    for row in rows:
        kd, m, top = row["curves"]["kd"], row["curves"]["m"], row["top"]
        lines.append(Row(
            {"segment": link(reverse("atlas:segment", args=[row["key"]]), row["title"]), "n": formats.number(row["n"]),
             "kd": words.verdict(kd), "m": words.verdict(m), "top": top["area"] if top else Unrecorded("none"),
             "lq": formats.number(top["value"], 1) if top else ""},
            sub={"kd": _chances(kd), "m": _chances(m)},
            mark="in" if row["depth"] > 1 else "",
        ))  # fmt: skip
    columns = (
        Column("segment", "Segment", head=True, wide="l"), Column("n", "Companies", "number"),
        Column("kd", "Distances (K-density)", "state"), Column("m", "Neighbours (M)", "state"),
        Column("top", "Most specialised district"), Column("lq", "Location quotient", "number"),
    )  # fmt: skip
    return Table("Segments: do their companies cluster, and where", columns, lines)


def within(rows: Sequence[Plain]) -> Table:
    """Each large part of the region with its buffer."""
    lines = [Row({"area": row["area"], "n": formats.number(row["inside"]), "beyond": formats.number(row["beyond"]),
                  "m": words.verdict(row), "p": words.p_value(row["p"]), "q": words.p_value(row.get("q"))})
             for row in rows]  # fmt: skip
    columns = (Column("area", "Part of the region", head=True), Column("n", "Companies", "number"),
               Column("beyond", "Neighbours in the buffer", "number"), Column("m", "Neighbours (M)", "state"),
               Column("p", "p", "number"), Column("q", "q over parts", "number"))  # fmt: skip
    return Table("Parts of the region, with a buffer beyond each", columns, lines)


def curve(found: Plain, title: str) -> Table:
    """The numbers of a curve: every fifth distance; all of them are in the download."""
    kd = found["statistic"].startswith("K")
    by, n = (1000.0, 4) if kd else (1.0, 2)
    some = [row for i, row in enumerate(found["curve"]) if i == 0 or (i + 1) % 5 == 0]
    lines = []
    for row in some:
        if row["value"] is None:
            lines.append(Row({"r": f"{row['radius'] / 1000:g}", "value": "below the positional error"}))
            continue
        low, high = ((row[k] if row[k] is None else row[k] * by) for k in ("lower", "upper"))
        where = "above" if high is not None and row["value"] * by > high else (
            "below" if low is not None and row["value"] * by < low else "within")  # fmt: skip
        lines.append(Row({
            "r": f"{row['radius'] / 1000:g}", "value": formats.number(row["value"] * by, n),
            "mean": formats.number(row["mean"] * by, n), "band": formats.dashed(low, high, n), "where": where,
        }, mark="hi" if where != "within" else ""))  # fmt: skip
    columns = (Column("r", "Kilometres", head=True), Column("value", "Found", "number"),
               Column("mean", "By chance", "number"), Column("band", "95 % of chance", "number"),
               Column("where", "The band"))  # fmt: skip
    return Table(title, columns, lines, narrow="scroll")


def nulls(body: Plain) -> Table:
    """The same K-density under every null."""
    kd = body["curves"]["kd"]
    rows = [{"name": "all companies", **kd, "note": ""}, *body["others"]] if kd else []
    lines = []
    for row in rows:
        told = row["verdict"] is not None
        lines.append(Row(
            {"name": str(row["name"]).capitalize(), "verdict": words.verdict(row if told else None),
             "size": formats.number(row["size"]) if told else "", "sims": formats.number(row["n_sims"]) if told else "",
             "p": words.p_value(row["p"]) if told else "", "q": words.p_value(row.get("q")) if told else ""},
            sub={"verdict": row["note"]} if not told else {},
        ))  # fmt: skip
    columns = (
        Column("name", "Compared with", head=True),
        Column("verdict", "Distances (K-density)", "state", wide="l"),
        Column("size", "Companies compared", "number"),
        Column("sims", "Simulations", "number"),
        Column("p", "p", "number"),
        Column("q", "q over segments", "number"),
    )
    return Table("The same under other ideas of chance", columns, lines)


def _ends(row: Plain) -> tuple[float | None, float | None]:
    """Both ends of an interval, None where there is none."""
    low, high = row["interval"] or (None, None)
    return low, high


def quotients(found: Plain, caption: str, *, most: int = 200) -> Table:
    """Location quotients of the areas of one geography, highest first."""
    known = [row for row in found["areas"] if row["value"] is not None]
    ordered = sorted(known, key=lambda row: (-row["value"], row["area"]))[:most]
    top = max([row["interval"][1] for row in ordered if row["interval"]] + [2.0])
    lines = [
        Row({"area": row["area"], "n": formats.number(row["n"]), "lq": formats.number(row["value"], 2),
             "plot": Interval(row["value"], 0, min(top, 6.0), *_ends(row), said=1.0, digits=2,
                              faint=row["q"] is None or row["q"] > words.LEVEL),
             "span": formats.dashed(*_ends(row), digits=2),
             "slq": formats.number(row["symmetric"], 2), "q": words.p_value(row["q"])},
            mark="hi" if row["q"] is not None and row["q"] <= words.LEVEL else "")
        for row in ordered
    ]  # fmt: skip
    columns = (Column("area", "Area", head=True), Column("n", "Companies", "number"),
               Column("lq", "Location quotient", "number"), Column("plot", "Its 95 % interval, and 1", "plot"),
               Column("span", "95 % interval", "number"), Column("slq", "Symmetric", "number"),
               Column("q", "q", "number"))  # fmt: skip
    return Table(caption, columns, lines, narrow="scroll")


def indices(geographies: Iterable[Plain]) -> Table:
    """Indices of concentration under each geography."""
    lines = []
    for one in geographies:
        for row in one["indices"]:
            told = row["value"] is not None
            lines.append(Row(
                {"index": words.INDICES.get(row["name"], row["name"]), "by": one["geography"],
                 "value": formats.number(row["value"], 3) if told else "cannot tell",
                 "span": formats.dashed(*_ends(row), digits=3), "p": words.p_value(row["p"])},
                sub={"index": words.MEASURES.get(row["name"], "")},
            ))  # fmt: skip
    columns = (Column("index", "Index", head=True, wide="l"), Column("by", "By"), Column("value", "Value", "number"),
               Column("span", "95 % interval", "number"), Column("p", "p", "number"))  # fmt: skip
    return Table("How concentrated they are over areas", columns, lines, narrow="scroll")


def tests(body: Plain) -> Table:
    """The tests behind what a cluster is called."""
    rows = sorted(body["tests"], key=lambda row: (row["p"] is None, row["p"] or 0))
    lines = []
    for row in rows:
        level = row["q"] if row["q"] is not None else row["p"]
        lines.append(Row(
            {"name": str(row["title"]).capitalize(), "value": formats.number(row["value"], 2),
             "p": words.p_value(row["p"]), "q": words.p_value(row["q"])},
            sub={"name": TESTS.get(row["name"], "location quotient within the cluster")},
            mark="hi" if level is not None and level <= words.LEVEL else "",
        ))  # fmt: skip
    columns = (Column("name", "Question", head=True, wide="l"), Column("value", "Value", "number"),
               Column("p", "p", "number"), Column("q", "q over clusters", "number"))  # fmt: skip
    return Table("What it is, with the tests that say so", columns, lines)


TESTS = {"effective number of segments": "how mixed it is: segments of equal size that would be as mixed",
         "links within": "shared projects among members, as a multiple of chance"}  # fmt: skip


def members(uids: Sequence[str], names: Mapping[str, str]) -> Table:
    """The members of a cluster that may be named."""
    known = sorted((uid for uid in uids if uid in names), key=lambda uid: names[uid])
    lines = [Row({"name": organisation(uid, names)}) for uid in known]
    return Table(f"{formats.plural(len(known), 'member')}", (Column("name", "Organisation", head=True),), lines,
                 narrow="as it is")  # fmt: skip


def anchors(rows: Sequence[Plain], names: Mapping[str, str]) -> Table:
    """Anchors of a cluster, named as on its map."""
    lines = [
        Row(
            {
                "name": organisation(row["organisation"], names),
                "kind": row["kind"].capitalize(),
                "away": words.kilometres(row["metres"]),
            }
        )
        for row in rows
        if row["organisation"] in names
    ]
    columns = (Column("name", "Anchor", head=True), Column("kind", "What it is"),
               Column("away", "From the middle", "number"))  # fmt: skip
    return Table("Anchors in the circle and up to 5 km beyond", columns, lines, narrow="as it is",
                 empty="No university, trust or employer of 250 or more is that near.")  # fmt: skip


def parts(rows: Sequence[Plain]) -> Table:
    """Segments of a cluster's members."""
    lines = [Row({"name": link(reverse("atlas:segment", args=[row["segment"]]), row["title"]),
                  "n": formats.number(row["n"])}) for row in rows]  # fmt: skip
    return Table("Members by segment", (Column("name", "Segment", head=True), Column("n", "Members", "number")), lines,
                 narrow="as it is")  # fmt: skip


def gaps(rows: Sequence[Plain]) -> Table:
    """What a cluster lacks although what it has is found beside it elsewhere."""
    lines = [Row({"name": link(reverse("atlas:segment", args=[row["segment"]]), row["title"]),
                  "near": words.percent(row["density"])}) for row in rows]  # fmt: skip
    columns = (Column("name", "Segment", head=True), Column("near", "Of what is found beside it is here", "number"))
    return Table(
        "Segments that nobody here is of",
        columns,
        lines,
        narrow="as it is",
        empty="None: every segment that is related to these is here, or too few areas can be compared.",
    )


def neighbours(rows: Sequence[Plain]) -> Table:
    """The nearest other clusters."""
    lines = [Row({"name": link(reverse("atlas:cluster", args=[row["key"]]), f"{row['key']}. {row['place']}"),
                  "n": formats.number(row["n"]), "away": words.kilometres(row["metres"])}) for row in rows]  # fmt: skip
    columns = (Column("name", "Cluster", head=True), Column("n", "Members", "number"), Column("away", "Away", "number"))
    return Table("Nearest clusters", columns, lines, narrow="as it is", empty="There is no other cluster.")


def jobs(found: Plain) -> object:
    """The jobs of a cluster, or that they are withheld or not known."""
    if found["suppression"]:
        return Withheld()
    if found["value"] is None:
        return "not known"
    return f"{formats.number(round(found['value'], -1))} at {formats.plural(found['n'], 'member')} with a head count"


def districts(rows: Sequence[Plain]) -> Table:
    """Districts by number of organisations with the ranks that are possible."""
    many = len(rows)
    lines = [Row({"rank": formats.ordinal(row["rank"]), "area": row["area"], "n": formats.number(row["value"]),
                  "span": formats.dashed(*row["interval"]), "ranks": words.ranks(row, many),
                  "plot": Ranks.of(row["rank"], many, low=int(row["ranks"][0]), high=int(row["ranks"][1]))})
             for row in rows[:40]]  # fmt: skip
    columns = (Column("rank", "Rank", "number"), Column("area", "District", head=True),
               Column("n", "Organisations", "number"), Column("span", "95 % interval", "number"),
               Column("ranks", "Possible ranks"), Column("plot", "Drawn", "plot"))  # fmt: skip
    return Table("Districts by life-science organisations", columns, lines, narrow="scroll")


def league(found: Plain) -> Table:
    """Regions of the country with the ranks that are possible."""
    many = len(found["regions"])
    lines = [Row({"rank": formats.ordinal(row["rank"]), "area": row["area"], "n": formats.number(row["value"]),
                  "span": formats.dashed(row["low"], row["high"]), "ranks": words.ranks(row, many),
                  "plot": Ranks.of(row["rank"], many, low=int(row["ranks"][0]), high=int(row["ranks"][1])),
                  "second": words.percent(row["second"])}, mark="hi" if row["own"] else "")
             for row in found["regions"]]  # fmt: skip
    columns = (Column("rank", "Rank", "number"), Column("area", "Region", head=True),
               Column("n", str(found["unit"]).capitalize(), "number"), Column("span", "95 % interval", "number"),
               Column("ranks", "Possible ranks"), Column("plot", "Drawn", "plot"),
               Column("second", "First or second", "number"))  # fmt: skip
    return Table(f"{found['definition']}, {found['vintage']}", columns, lines, narrow="scroll")


def communities(rows: Sequence[Plain], names: Mapping[str, str]) -> Table:
    """Groups that work with each other, by the number they have in the picture."""
    lines = []
    for i, row in enumerate(rows[:15]):
        first = [organisation(uid, names) for uid in row["organisations"] if uid in names][:4]
        told = format_html_join("", '<span class="atlas-line">{}</span>', ((one,) for one in first))
        lines.append(
            Row(
                {
                    "n": str(i + 1),
                    "size": formats.number(len(row["organisations"])),
                    "told": told,
                    "inside": formats.number(row["inside"]),
                    "firm": formats.number(row["firmness"], 2),
                }
            )
        )
    columns = (Column("n", "Group", head=True), Column("size", "Organisations", "number"),
               Column("inside", "Of the region", "number"), Column("firm", "Firmness", "number"),
               Column("told", "Among them", wide="l"))  # fmt: skip
    return Table("Groups that work with each other", columns, lines)


def brokers(rows: Sequence[Plain], names: Mapping[str, str]) -> Table:
    """Who stands between others."""
    lines = [Row({"name": organisation(row["organisation"], names), "links": formats.number(row["links"]),
                  "bridges": formats.number(row["bridges"]), "between": words.percent(row["betweenness"]),
                  "constraint": "" if row["constraint"] is None else formats.number(row["constraint"], 2)})
             for row in rows if row["organisation"] in names]  # fmt: skip
    columns = (Column("name", "Organisation", head=True, wide="l"), Column("links", "Partners", "number"),
               Column("bridges", "Groups reached", "number"), Column("between", "Shortest paths through it", "number"),
               Column("constraint", "Constraint", "number"))  # fmt: skip
    return Table("Who stands between others", columns, lines, narrow="scroll")
