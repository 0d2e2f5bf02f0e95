"""Longitude and latitude for maps that move, without the data libraries, which answering pages does without."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any


def degrees(places: Iterable[tuple[float, float]], decimals: int = 5) -> list[tuple[float, float]]:
    """Longitude and latitude (WGS 84; five decimals are about a metre) of places on the National Grid in metres."""
    known = list(places)
    if not known:
        return []
    longitude, latitude = _transformer().transform([x for x, _ in known], [y for _, y in known])
    return [(round(float(x), decimals), round(float(y), decimals)) for x, y in zip(longitude, latitude, strict=True)]


@cache
def _transformer() -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(27700, 4326, always_xy=True)  # outlines of islands may lie off the checked grid
