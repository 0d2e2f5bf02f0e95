"""Makes the coarse outlines of src/lifecluster/reference/areas from the published ones; same file, same bytes.

LIFECLUSTER_DATA=../shared/data python scripts/derive_outlines.py [OUT]

Borders are kept as the lines between areas, once each, so that neighbours fit together however coarse they are.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from lifecluster.places.areas import code_history
from lifecluster.places.grid import to_grid
from lifecluster.places.outlines import Line, pack

OUT = Path(__file__).parent.parent / "src/lifecluster/reference/areas/outlines.json"
TOLERANCE = 750.0
"""Metres by which a line may move."""
STEP = 100
"""Metres in one unit of the table."""
LEAST = 4e6
"""Square metres: smaller islands are left out."""


def main() -> None:
    """Write the table to the path named on the command line, or into the library."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    topology = json.loads((Path(os.environ["LIFECLUSTER_DATA"]) / "places/geogALL2022UK.json").read_text("utf-8"))
    table = derive(topology)
    out.write_text(json.dumps(table, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    print(f"{len(table['areas'])} areas, {len(table['lines'])} lines, {out.stat().st_size:,} bytes")


def derive(topology: dict[str, Any]) -> dict[str, Any]:
    """The table: `step` in metres, `lines` packed (see `lifecluster.places.outlines`), `areas` by code as rings of line
    numbers (a line read backwards is ~number)."""
    full = [_metres(arc, topology["transform"]) for arc in topology["arcs"]]
    rings: dict[str, list[list[int]]] = {}
    for area in topology["objects"]["LTLA"]["geometries"]:
        code = code_history().active_code(area["properties"]["AREACD"]) or area["properties"]["AREACD"]
        parts = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
        rings.setdefault(code, []).extend(part[0] for part in parts)
    kept = {code: _large(found, full) for code, found in rings.items()}
    used = sorted({line if line >= 0 else ~line for found in kept.values() for ring in found for line in ring})
    number = {old: new for new, old in enumerate(used)}
    lines = [pack(_coarse(full[old])) for old in used]
    areas = {
        code: [[number[n] if n >= 0 else ~number[~n] for n in ring] for ring in found] for code, found in kept.items()
    }
    return {"step": STEP, "lines": lines, "areas": areas}


def _metres(arc: list[list[int]], transform: dict[str, list[float]]) -> np.ndarray:
    """Places of a line in metres (EPSG:27700), n x 2."""
    places = np.cumsum(np.array(arc), axis=0) * transform["scale"] + transform["translate"]
    return np.column_stack(to_grid(places[:, 0], places[:, 1]))


def _large(rings: list[list[int]], full: list[np.ndarray]) -> list[list[int]]:
    """Rings that are large enough to be seen; always the largest."""
    sized = [
        (shapely.Polygon(np.vstack([full[n] if n >= 0 else full[~n][::-1] for n in ring])).area, ring) for ring in rings
    ]
    largest = max(size for size, _ in sized)
    return [ring for size, ring in sized if size >= LEAST or size == largest]


def _coarse(line: np.ndarray) -> Line:
    """The line with the places that matter, in steps; its ends stay where they are."""
    simple = shapely.LineString(line).simplify(TOLERANCE, preserve_topology=False)
    places = shapely.get_coordinates(simple)
    if np.array_equal(line[0], line[-1]) and len(places) < 4:
        places = line[np.linspace(0, len(line) - 1, min(len(line), 6)).astype(int)]
    return [(int(x), int(y)) for x, y in np.rint(places / STEP)]


if __name__ == "__main__":
    main()
