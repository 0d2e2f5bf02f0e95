"""Premises: laboratories, cleanrooms, test beds and space to let, at sites of firms, institutes and universities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.theme import Output, organisation

FACILITIES = 260
KINDS = {"laboratory": 34.0, "cleanroom": 24.0, "office": 10.0, "incubator": 6.0, "test-bed": 5.0, "pilot-plant": 6.0,
         "manufacturing": 6.0, "warehouse": 5.0, "training": 2.0, "clinical": 2.0}  # fmt: skip
NAMES = {
    "laboratory": ("Cell culture laboratory", "Analytical laboratory", "Microbiology laboratory", "Molecular suite"),
    "cleanroom": ("Filling suite", "Assembly cleanroom", "Moulding cleanroom", "Packing cleanroom"),
    "office": ("Office floor", "Write-up space"), "incubator": ("Incubator units", "Grow-on units"),
    "test-bed": ("Home care test bed", "Ward simulation"), "pilot-plant": ("Pilot line", "Scale-up plant"),
    "manufacturing": ("Production hall", "Machining hall"), "warehouse": ("Cold store", "Controlled store"),
    "training": ("Training laboratory",), "clinical": ("Clinical research unit",),
}  # fmt: skip
CLASSES = {"iso-5": 5.0, "iso-7": 40.0, "iso-8": 35.0, "gmp-b": 5.0, "gmp-c": 9.0, "gmp-d": 6.0}
LEVELS = {"cl-1": 30.0, "cl-2": 58.0, "cl-3": 12.0}


def facilities(world: World, stream: Stream) -> Output:
    """One facility after another at a site that is open; some say little of themselves, some say it long ago."""
    out = Output()
    kinds = {"company", "university", "rto"}
    sites = [s for s in world.sites if s.closed_on is None and world.index[s.holder].kind in kinds]
    for i in range(FACILITIES):
        site = stream.one(sites)
        kind = stream.weighted(KINDS)
        title = f"{stream.one(NAMES[kind])} {i % 9 + 1}"
        seen = stream.day(date(2025, 3, 1), AS_OF)
        out.sheet.add("facility", f"F{i + 1:05d}", seen, holder=organisation(site.holder), held_at=f"site:{site.key}",
                      title=title, facility_type=kind, **_said(stream, kind))  # fmt: skip
    return out


def _said(stream: Stream, kind: str) -> dict[str, Any]:
    """What a facility says of itself beside its name."""
    space = stream.whole(3, 80) * 10 if kind in {"cleanroom", "laboratory", "training"} else stream.whole(10, 300) * 10
    free = stream.chance(0.45)
    said: dict[str, Any] = {"space_m2": space if stream.chance(0.9) else None}
    said["space_available_m2"] = space * stream.whole(2, 10) // 10 if free else 0 if stream.chance(0.5) else None
    said["available_from"] = AS_OF + timedelta(days=stream.whole(0, 400)) if free and stream.chance(0.6) else None
    said["shared"] = ("true" if stream.chance(0.4) else "false") if stream.chance(0.8) else None
    said["power_kw"] = stream.whole(2, 60) * 10 if stream.chance(0.4) else None
    said["cleanroom_class"] = stream.weighted(CLASSES) if kind == "cleanroom" else None
    said["containment_level"] = stream.weighted(LEVELS) if kind == "laboratory" and stream.chance(0.7) else None
    return said
