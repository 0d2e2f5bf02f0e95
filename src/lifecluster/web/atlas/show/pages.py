"""Variables of each page of the atlas, the same for what is shown now and for a publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse

from lifecluster.places.spoken import spoken
from lifecluster.web.atlas import reads
from lifecluster.web.atlas.models import AREAS, BENCHMARK, CLUSTER, NETWORK, OVERVIEW, SEGMENT
from lifecluster.web.atlas.reads import Part
from lifecluster.web.atlas.show import drawings, tables, words
from lifecluster.web.atlas.show.words import Plain
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.kit import formats
from lifecluster.web.kit.tables import Fact, Table

CURVES = {
    "kd": (
        "Distances between companies",
        "K-density: how often two of them are so far apart, beside as many at random.",
    ),
    "m": ("Who stands around them", "M: their share among the neighbours of each, as a multiple of what chance gives."),
}
LETTERS = "ABCDEFGHIJKLMNO"


def page(part: Part) -> dict[str, Any]:
    """All that the template of a part needs."""
    body = part.body
    made = MAKERS[part.kind](part)
    return {"body": body, "kind": part.kind, "key": part.key, "entered": _entered(part), "how": how(body), **made}


def _entered(part: Part) -> str:
    """Below the opening of a segment: its definition, and how many of those that it counts entered."""
    if part.kind != SEGMENT:
        return ""
    told = f"Who counts: {part.body['definition_title']}."
    return str(part.body.get("entered") or told)  # computed before this was kept: the definition alone


def how(body: Plain) -> list[Fact]:
    """What every figure of a page rests on."""
    error = body["position_error"]
    facts = [
        ("Compared with", body["universe"]), ("Who counts", body["definition_title"]),
        *((("Who entered", body["entered"]),) if body.get("entered") else ()), ("Vintage", body["package"]),
        ("Seed of the random numbers", str(body["recipe"]["seed"])),
        ("Error of places", f"{words.kilometres(error)}; nothing is said of shorter distances"),
        ("Suppression", body["suppression"] or "none: every figure is made of public facts"),
    ]  # fmt: skip
    return [Fact(label, text) for label, text in facts]


def _overview(part: Part) -> dict[str, Any]:
    body = part.body
    return {
        "region": spoken(body["region"]), "opening": words.opening(body), "notes": body["notes"],
        "map": drawings.clusters(part.package, body["clusters"]),
        "clusters": tables.clusters(body["clusters"]), "segments": tables.segments(body["segments"]),
        "within": tables.within(body["within"]) if body["within"] else None, "pictures": [("map", "Map of clusters")],
        "rooms": _rooms(body["parts"]),
    }  # fmt: skip


def _rooms(parts: list[str]) -> list[tuple[str, str, str]]:
    known = (
        (AREAS, "Areas", "Where there is more than the share, on a map."),
        (BENCHMARK, "Ranks", "Regions and districts side by side, each rank with its interval."),
        (NETWORK, "Collaboration", "Who shares projects, in which groups, and who stands between them."),
    )
    return [(reverse(f"atlas:{kind}"), title, note) for kind, title, note in known if kind in parts]


def _segment(part: Part) -> dict[str, Any]:
    body = part.body
    curves = [
        {"name": name, "title": title, "note": note, "sentence": found["sentence"], "method": found["method"],
         "drawing": drawings.curve(found, body["title"]), "table": tables.curve(found, f"{title}, every 5 km"),
         "facts": _curve_facts(found)}
        for name, (title, note) in CURVES.items()
        if (curve := body["curves"][name]) is not None and (found := words.of_companies(curve))
    ]  # fmt: skip
    by = [
        _titled(f"By {one['geography']}", tables.quotients(one, f"Location quotients by {one['geography']}"))
        for one in body["geographies"]
    ]
    return {"opening": words.segment_opening(body), "curves": curves, "nulls": tables.nulls(body), "quotients": by,
            "indices": tables.indices(body["geographies"]) if by else None,
            "pictures": [(curve["name"], curve["title"]) for curve in curves]}  # fmt: skip


def _titled(title: str, table: Table) -> dict[str, Any]:
    """A table with the title of its section, which may not be its caption: both are landmarks."""
    return {"title": title, "table": table}


def _curve_facts(found: Plain) -> list[Fact]:
    width = found["bandwidth"]
    facts = [
        ("p for the whole curve", words.p_value(found["p"])),
        ("q over all segments", words.p_value(found.get("q"))),
        ("p by extreme rank length", words.p_value(found["p_erl"])),
        ("Companies", f"{formats.number(found['n'])} of {formats.number(found['size'])}"),
        ("Chance", found["method"]), ("Kernel", words.kilometres(width) if width else ""),
        ("Keep in mind", "; ".join(found["notes"])),
    ]  # fmt: skip
    return [Fact(label, text) for label, text in facts if text]


def _cluster(part: Part) -> dict[str, Any]:
    body, package = part.body, part.package
    partners = body["collaboration"]["partners"]
    uids = [*body["members"], *(row["organisation"] for row in (*body["anchors"], *partners))]
    names = reads.names(package, uids)
    anchors = [row for row in body["anchors"] if row["organisation"] in names]
    places = _places(package, [row["organisation"] for row in anchors])
    lettered = [(LETTERS[i], *places[row["organisation"]]) for i, row in enumerate(anchors[: len(LETTERS)])
                if row["organisation"] in places]  # fmt: skip
    letter_of = {row["organisation"]: LETTERS[i] for i, row in enumerate(anchors[: len(LETTERS)])}
    listed = {uid: f"{letter_of[uid]}  {names[uid]}" for uid in letter_of} | {
        uid: name for uid, name in names.items() if uid not in letter_of
    }
    return {
        "opening": words.cluster_opening(body),
        "what": words.kind(body),
        "map": drawings.cluster(package, body, lettered),
        "facts": _cluster_facts(body),
        "tests": tables.tests(body),
        "members": tables.members(body["members"], names),
        "parts": tables.parts(body["segments"]),
        "anchors": tables.anchors(anchors, listed),
        "gaps": tables.gaps(body["gaps"]),
        "neighbours": tables.neighbours(body["neighbours"]),
        "links": _links(body["collaboration"], names),
        "hidden": len(body["members"]) - len(names.keys() & {*body["members"]}),
        "pictures": [("map", "Map of the cluster")],
    }


def _places(package: Any, uids: list[str]) -> dict[str, tuple[float, float]]:
    rows = Organisation.objects.visible_to(ANYBODY, package).filter(uid__in=uids, easting__isnull=False)
    return {uid: (float(e), float(n)) for uid, e, n in rows.values_list("uid", "easting", "northing")
            if e is not None and n is not None}  # fmt: skip


def _links(found: Plain, names: Mapping[str, str]) -> dict[str, Any]:
    partners = [(tables.organisation(row["organisation"], names), row["links"]) for row in found["partners"]
                if row["organisation"] in names]  # fmt: skip
    told = (
        f"{formats.plural(found['within'], 'link')} among the members, {formats.number(found['region'])} to others of "
        f"the region, {formats.number(found['outside'])} to organisations elsewhere."
    )
    return {"told": told, "partners": partners}


def _cluster_facts(body: Plain) -> list[Fact]:
    grown = body["growth"]
    young = "not known" if grown is None else (
        f"{grown['note']} founded in the last five years, {formats.number(grown['value'], 1)} times the region's share "
        f"(p {words.p_value(grown['p'])}, q over clusters {words.p_value(grown['q'])})")  # fmt: skip
    facts: list[tuple[str, Any]] = [
        ("Companies found, by chance", f"{formats.number(body['observed'])}, {formats.number(body['expected'], 1)}"),
        ("p of the clearest circle", words.p_value(body["p"])),
        ("Found again", f"in {words.percent(body['stability'])} of {body['variants']} variants of limits and places"),
        ("Its shape is drawn by", "dense groups of members" if body["shape_by"] == "density" else "the circle"),
        ("Young firms", young), ("Jobs", tables.jobs(body["jobs"])),
    ]  # fmt: skip
    return [Fact(label, value) for label, value in facts]


def _areas(part: Part) -> dict[str, Any]:
    body = part.body
    first = body["geographies"][0]
    by = [
        _titled(f"By {one['geography']}", tables.quotients(one, f"Location quotients by {one['geography']}"))
        for one in body["geographies"]
    ]
    return {"opening": words.areas_opening(body), "map": drawings.areas(part.package, first["areas"]), "quotients": by,
            "indices": tables.indices(body["geographies"]), "pictures": [("map", "Map of areas")],
            "shades": drawings.shades()}  # fmt: skip


def _benchmark(part: Part) -> dict[str, Any]:
    body = part.body
    return {
        "opening": words.benchmark_opening(body),
        "leagues": [
            _titled(f"Regions by {one['unit']}: {one['definition']}", tables.league(one)) for one in body["leagues"]
        ],
        "geographies": sorted({one["geography"] for one in body["leagues"]}),
        "districts": tables.districts(body["districts"]) if body["districts"] else None,
        "pictures": [],
    }


def _network(part: Part) -> dict[str, Any]:
    body = part.body
    nodes = [node[0] for node in body["picture"]["nodes"]]
    brokers = [row["organisation"] for row in body["brokers"]]
    first = [uid for one in body["communities"][:15] for uid in one["organisations"][:12]]
    names = reads.names(part.package, list(dict.fromkeys([*nodes, *brokers, *first])))
    return {
        "opening": words.network_opening(body),
        "map": drawings.network(body["picture"], names, brokers[:6]),
        "communities": tables.communities(body["communities"], names),
        "brokers": tables.brokers(body["brokers"], names),
        "index": words.inside_outside(body["inside_outside"]),
        "hidden": body["picture"]["hidden"],
        "drawn": len(nodes),
        "pictures": [("map", "Picture of the network")],
    }


MAKERS: dict[str, Callable[[Part], dict[str, Any]]] = {
    OVERVIEW: _overview, SEGMENT: _segment, CLUSTER: _cluster, AREAS: _areas, BENCHMARK: _benchmark, NETWORK: _network,
}  # fmt: skip
