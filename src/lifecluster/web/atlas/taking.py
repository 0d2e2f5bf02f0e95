"""Taking the atlas away: pictures (SVG; PNG where the extra `pictures` is installed), data (CSV, JSON), recipes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lifecluster.web.atlas import reads
from lifecluster.web.atlas.models import AREAS, BENCHMARK, CLUSTER, NETWORK, OVERVIEW, SEGMENT
from lifecluster.web.atlas.reads import NoSuchPartError, Part
from lifecluster.web.atlas.show import words
from lifecluster.web.atlas.show.pages import page
from lifecluster.web.atlas.show.standalone import standalone
from lifecluster.web.directory.reads import NoPackageError
from lifecluster.web.directory.show.ground import CREDIT
from lifecluster.web.exports.guard import neutralised

PNG = "vl_convert"
"""The optional library that turns SVG into PNG (`pip install lifecluster[pictures]`)."""
TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8", "json": "application/json"}
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Take:
    """A file to take away."""

    title: str
    url: str
    note: str = ""


def has_png() -> bool:
    """Whether pictures can be had as PNG here."""
    return find_spec(PNG) is not None


def address(part: Part, name: str, form: str) -> str:
    """Where a file of a part is."""
    key = {"key": part.key} if part.key else {}
    return reverse("atlas:take", kwargs={"kind": part.kind, **key, "name": name, "form": form})


def links(part: Part) -> list[Take]:
    """All files of a part."""
    forms = ("svg", "png") if has_png() else ("svg",)
    found = [Take(f"{title} ({form.upper()})", address(part, name, form))
             for name, title in page(part)["pictures"] for form in forms]  # fmt: skip
    if part.kind in ROWS:
        found.append(Take("Data (CSV)", address(part, "data", "csv")))
    found.append(Take("Data (JSON)", address(part, "data", "json"), "everything behind this page"))
    return [*found, Take("Recipe (JSON)", address(part, "recipe", "json"), "all that makes it again")]


@require_safe
def take(request: HttpRequest, kind: str, name: str, form: str, key: str | None = None) -> HttpResponse:
    """One file of a part that is shown."""
    try:
        part = reads.part(kind, key or "")
    except NoPackageError as error:
        raise Http404(str(error)) from error
    content = _content(part, name, form)
    response = HttpResponse(content, content_type=TYPES[form])
    stem = "-".join(filter(None, ("atlas", part.kind, part.key, name)))
    response["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return response


def _content(part: Part, name: str, form: str) -> str | bytes:
    if (name, form) == ("data", "json"):
        return json.dumps(part.body, ensure_ascii=False, indent=1)
    if (name, form) == ("recipe", "json"):
        return json.dumps(part.body["recipe"], ensure_ascii=False, indent=1)
    if (name, form) == ("data", "csv") and part.kind in ROWS:
        return _csv(ROWS[part.kind](part.body))
    if form == "svg" or (form == "png" and has_png()):
        svg = _picture(part, name)
        return svg if form == "svg" else _png(svg)
    raise NoSuchPartError(f"the atlas has no {name}.{form} of this part")


def _picture(part: Part, name: str) -> str:
    """A picture by its name: the map of a page, or a curve."""
    made = page(part)
    drawn = made.get("map") if name == "map" else next(
        (curve["drawing"] for curve in made.get("curves", ()) if curve["name"] == name), None)  # fmt: skip
    if not drawn:
        raise NoSuchPartError(f"the atlas has no picture {name} of this part")
    markup = str(drawn)
    said = [f"{part.body['region']}, {part.body['package']}{' (sample data)' if part.body['sample'] else ''}"]
    if 'class="land"' in markup:
        said.append(CREDIT)
    shades = made.get("shades", ()) if name == "map" else ()
    title = next(title for known, title in made["pictures"] if known == name)
    return standalone(markup, words.picture_title(part.kind, part.body, title), said, shades)


def _png(svg: str) -> bytes:
    """The picture as pixels, twice the size of its box."""
    import vl_convert  # type: ignore[import-not-found,unused-ignore]  # optional; not there in a plain installation

    found: bytes = vl_convert.svg_to_png(svg, scale=2)
    return found


def _csv(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV; what a spreadsheet would run is neutralised."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        cells = (row.get(name) for name in names)
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()


def _plain(row: Plain, *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _overview(body: Plain) -> list[dict[str, Any]]:
    return [
        {**_plain(row, "key", "title", "n"), **{f"{name}_{key}": None if found is None else found.get(key)
         for name, found in row["curves"].items() for key in ("verdict", "held", "p", "q", "n_sims")},
         **{f"top_{key}": None if row["top"] is None else row["top"][key] for key in ("area", "value", "q")}}
        for row in body["segments"]
    ]  # fmt: skip


def _segment(body: Plain) -> list[dict[str, Any]]:
    return [{"statistic": found["statistic"], **row} for found in body["curves"].values() if found
            for row in found["curve"]]  # fmt: skip


def _areas(body: Plain) -> list[dict[str, Any]]:
    keys = ("name", "area", "n", "value", "symmetric", "p", "q")
    return [
        {
            "geography": one["geography"],
            **_plain(row, *keys),
            "low": (row["interval"] or [None])[0],
            "high": (row["interval"] or [None, None])[1],
        }
        for one in body["geographies"]
        for row in one["areas"]
    ]


def _benchmark(body: Plain) -> list[dict[str, Any]]:
    keys = ("area", "value", "rank")
    rows = [{"table": one["definition"], "vintage": one["vintage"], **_plain(row, *keys, "low", "high"),
             "rank_low": row["ranks"][0], "rank_high": row["ranks"][1]} for one in body["leagues"]
            for row in one["regions"]]  # fmt: skip
    return rows + [
        {"table": "districts", "vintage": body["package"], **_plain(row, *keys), "low": row["interval"][0],
         "high": row["interval"][1], "rank_low": row["ranks"][0], "rank_high": row["ranks"][1]}
        for row in body["districts"]
    ]  # fmt: skip


def _cluster(body: Plain) -> list[dict[str, Any]]:
    return [{"organisation": uid} for uid in body["members"]]


def _network(body: Plain) -> list[dict[str, Any]]:
    return [{"organisation": uid, "group": i + 1} for i, one in enumerate(body["communities"])
            for uid in one["organisations"]]  # fmt: skip


ROWS: dict[str, Callable[[Plain], list[dict[str, Any]]]] = {
    OVERVIEW: _overview, SEGMENT: _segment, AREAS: _areas, BENCHMARK: _benchmark, CLUSTER: _cluster, NETWORK: _network,
}  # fmt: skip
