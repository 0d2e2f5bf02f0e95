"""Many questions at once: of forty segments two have p below 0.05 by chance alone, so what pages say rests on q."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lifecluster.atlas.chance import benjamini_hochberg
from lifecluster.web.atlas.computing.common import Computed

LEVEL = 0.05
AS_CHANCE = "no different from chance"


def correct(segments: Sequence[Computed]) -> None:
    """Put q into the segments' bodies, over all of them, and with it the district that each is most at home in.

    Families: each curve over all segments; each other null over all segments; the quotients of one geography over all
    its areas and all segments.
    """
    bodies = [one.body for one in segments]
    for which in ("kd", "m"):
        judge([body["curves"][which] for body in bodies if body["curves"][which] is not None])
    rows = [row for body in bodies for row in body["others"] if row["verdict"] is not None]
    for name in sorted({row["name"] for row in rows}):
        judge([row for row in rows if row["name"] == name])
    cuts = [one for body in bodies for one in body["geographies"]]
    for geography in sorted({one["geography"] for one in cuts}):
        judge([row for one in cuts if one["geography"] == geography for row in one["areas"] if row["p"] is not None])
    for body in bodies:
        body["top"] = top(body["geographies"])


def judge(rows: Sequence[dict[str, Any]]) -> None:
    """Put into rows with p their q over all of them; curves get what `held` of their verdict, and say so."""
    for row, q in zip(rows, benjamini_hochberg([row["p"] for row in rows]), strict=True):
        row["q"] = float(q)
        if "verdict" in row:
            row["tested"] = len(rows)
            row["held"] = AS_CHANCE if q > LEVEL else row["verdict"]
            row["sentence"] = told(row)


def told(row: Mapping[str, Any]) -> str:
    """The sentence of a curve, and whether it holds among all that were tested with it."""
    said, q, many = str(row["sentence"]), row["q"], row["tested"]
    if row["verdict"] == AS_CHANCE or many < 2:
        return said
    if q <= LEVEL:
        return f"{said} It holds among the {many} curves tested together (q = {q:.2g})."
    return f"{said} But among {many} curves tested together chance alone gives such a one (q = {q:.2g})."


def top(geographies: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The area of the first geography that is most specialised beyond chance, else None."""
    rows = [row for one in geographies[:1] for row in one["areas"] if row["q"] is not None and row["q"] <= LEVEL]
    best = max(rows, key=lambda row: row["value"], default=None)
    return None if best is None else {key: best[key] for key in ("name", "area", "value", "q", "n")}
