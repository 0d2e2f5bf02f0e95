"""What the atlas found, in words for readers who are no statisticians."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifecluster.places.spoken import listed, spoken
from lifecluster.web.atlas.models import AREAS, CLUSTER, NETWORK, SEGMENT
from lifecluster.web.kit import formats
from lifecluster.web.kit.states import Answer, State

Plain = Mapping[str, Any]
VERDICTS = {
    "clustered": (Answer.YES, "Clustered"), "spread out": (Answer.NO, "Spread out"), "both": (Answer.PARTLY, "Both"),
    "no different from chance": (Answer.UNKNOWN, "As by chance"),
}  # fmt: skip
KINDS = {
    "specialised": "specialised in some segments", "diverse": "more mixed than chance gives",
    "collaborating": "working together more than chance gives",
}  # fmt: skip
INDICES = {
    "herfindahl": "Herfindahl", "krugman": "Krugman", "hoover": "Hoover", "gini": "Gini", "theil": "Theil",
    "ellison-glaeser": "Ellison and Glaeser",
}  # fmt: skip
MEASURES = {
    "herfindahl": "sum of squared shares of areas", "krugman": "difference from all companies",
    "hoover": "share that would have to move", "gini": "inequality over areas",
    "theil": "inequality, by information", "ellison-glaeser": "concentration beyond that of plants",
}  # fmt: skip
LEVEL = 0.05


def held(found: Plain) -> str:
    """A curve's verdict as it holds among all that were tested with it; its own where it was tested alone."""
    return str(found.get("held", found["verdict"]))


def verdict(found: Plain | None) -> State:
    """The mark of a curve's verdict, among all curves that were tested with it."""
    answer, word = (Answer.UNKNOWN, "Cannot tell") if found is None else VERDICTS[held(found)]
    return State(answer, word)


def p_value(value: float | None) -> str:
    """A p-value for a table."""
    if value is None:
        return ""
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def percent(value: float | None) -> str:
    """A share in per cent."""
    return "" if value is None else f"{formats.number(100 * value)}{formats.NBSP}%"


def kilometres(metres: float) -> str:
    """A distance, in metres below one kilometre."""
    if metres < 1000:
        return f"{formats.number(round(metres / 50) * 50)}{formats.NBSP}m"
    return f"{formats.number(metres / 1000, 1 if metres < 20_000 else 0)}{formats.NBSP}km"


def kind(found: Plain) -> str:
    """What a cluster is, in words."""
    said = [KINDS[name] for name in found["kinds"] if name in KINDS]
    return listed(said).capitalize() if said else "As the region in its mix and its links"


def opening(body: Plain) -> str:
    """The first line of the atlas."""
    number, n = len(body["clusters"]), body["n"]
    curves = body["segments"][0]["curves"] if body["segments"] else {}
    kd = curves.get("kd")
    near = {
        "clustered": "lie nearer to each other than companies in general do",
        "both": "lie nearer to each other than companies in general do at some distances, and farther apart at others",
        "spread out": "lie farther apart than companies in general do",
        "no different from chance": "lie no nearer to each other than companies in general do",
    }.get(held(kd) if kd else "", "cannot be told apart from companies in general")
    spots = (
        f"; {formats.word(number)} {'place holds' if number == 1 else 'places hold'} more of them than chance gives"
        if number else "; no single place holds more of them than chance gives"
    )  # fmt: skip
    return f"The {formats.number(n)} life-science companies of {spoken(body['region'])} {near}{spots}."


def segment_opening(body: Plain) -> str:
    """The first line of a segment's page."""
    kd, title = body["curves"]["kd"], body["title"]
    if kd is None:
        return f"{title}: there are too few companies with a place to say whether they cluster ({body['n']})."
    near = {
        "clustered": "lie nearer to each other than companies in general do",
        "both": "lie nearer to each other than companies in general do at some distances, and farther apart at others",
        "spread out": "lie farther apart than companies in general do",
        "no different from chance": "lie no nearer to each other than chance gives",
    }[held(kd)]
    top = body["top"]
    where = f", and are most at home in {top['area']}" if top else ""
    return f"{title}: {formats.number(body['n'])} companies of {spoken(body['region'])} {near}{where}."


def of_companies(found: Plain) -> Plain:
    """A curve whose words speak of companies, as all of the page does: the statistic itself knows only sites."""
    notes = [str(note).replace("sites", "companies") for note in found["notes"]]
    return {**found, "sentence": str(found["sentence"]).replace("sites", "companies"), "notes": notes}


def cluster_opening(body: Plain) -> str:
    """The first line of a cluster's page."""
    times = body["value"]
    many = f"{formats.number(times, 0 if times >= 10 else 1)} times"
    return (
        f"{formats.number(body['observed'])} life-science companies stand within {kilometres(body['radius'])} of one "
        f"point in {body['place']}, {many} as many as chance gives."
    )


def areas_opening(body: Plain) -> str:
    """The first line of the page of areas."""
    rows = [row for row in body["geographies"][0]["areas"] if row["q"] is not None and row["q"] <= LEVEL]
    names = [row["area"] for row in sorted(rows, key=lambda row: -row["value"])]
    if not names:
        return f"No district of {spoken(body['region'])} has more life-science companies than chance gives."
    told = listed([*names[:4], *([f"{formats.word(len(names) - 4)} more"] if len(names) > 4 else [])])
    return f"{told} {'has' if len(names) == 1 else 'have'} more life-science companies than {_share(names)} give."


def _share(names: list[str]) -> str:
    return "its size and chance" if len(names) == 1 else "their size and chance"


def benchmark_opening(body: Plain) -> str:
    """The first line of the page of ranks."""
    if body["leagues"]:
        league = body["leagues"][0]
        own = [row for row in league["regions"] if row["own"]]
        told = listed([f"{spoken(row['area'])} is {ranks(row, len(league['regions']))}" for row in own])
        if told:
            return f"By {league['unit']} in {league['vintage']}, {told} among the regions of {league['geography']}."
    first = body["districts"][0]
    return f"{first['area']} has the most life-science organisations of the districts of {spoken(body['region'])}."


def ranks(row: Plain, places: int) -> str:
    """A rank with the ranks that are possible."""
    low, high = (int(value) for value in row["ranks"])
    if low == high:
        return f"{formats.ordinal(low)} of {places}"
    return f"{formats.ordinal(low)} to {formats.ordinal(high)} of {places}"


def picture_title(kind: str, body: Plain, title: str) -> str:
    """Above a picture that is taken away: what it shows, of whom, under which definition (a network has none)."""
    whom, rule = spoken(body["region"]), f"counted under “{body['definition_title']}”"
    if kind == AREAS:
        return (
            f"Life-science companies by {body['geographies'][0]['geography']} of {whom}: the share of each in those "
            f"{rule}, over its share of all companies"
        )
    if kind == NETWORK:
        return f"{title}: organisations of {whom} that share projects, under no definition"
    part = {SEGMENT: "title", CLUSTER: "place"}.get(kind)
    of = f", {body[part]}" if part else ""
    return f"{title}{of}: companies of {whom} {rule}"


def network_opening(body: Plain) -> str:
    """The first line of the page of collaboration."""
    groups = len([one for one in body["communities"] if len(one["organisations"]) > 2])
    p = body["modularity"]["p"]
    beyond = "more than chance gives" if p is not None and p <= LEVEL else "no more than chance gives"
    return (
        f"{formats.number(body['organisations'])} organisations share projects and fall into {formats.word(groups)} "
        f"groups that work with each other {beyond}."
    )


def inside_outside(found: Plain | None) -> str:
    """The index of a region against the rewired networks, in words."""
    if found is None:
        return "Whether the region works with itself or with others cannot be told: one of the two is missing."
    low, high = found["interval"]
    where = ("below" if found["value"] < low else "above" if found["value"] > high else "within")  # fmt: skip
    told = {"below": "works with itself more than chance gives", "above": "works with others more than chance gives",
            "within": "works with itself and others as chance gives"}[where]  # fmt: skip
    span = formats.span(low, high, 2)
    return f"The region {told}: index {formats.number(found['value'], 2)}, by chance {span} (p {p_value(found['p'])})."
