"""Postcodes, areas and their codes, distance: where things are.

The names are fetched when they are first used: who only reads outlines needs no data libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifecluster.places.codes import CodeHistory, itl
    from lifecluster.places.grid import distance, to_grid, to_wgs84
    from lifecluster.places.places import Places

__all__ = ["CodeHistory", "Places", "distance", "itl", "to_grid", "to_wgs84"]
_HOMES = {"CodeHistory": "codes", "itl": "codes", "Places": "places",
          "distance": "grid", "to_grid": "grid", "to_wgs84": "grid"}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Names of `__all__`, each from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
