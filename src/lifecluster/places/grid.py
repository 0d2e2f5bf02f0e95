"""Places in metres: the British National Grid (EPSG:27700), distances on it, and longitude and latitude for maps."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
from pyproj import Transformer

from lifecluster.errors import LifeclusterError

EAST = (0, 700_000)
NORTH = (0, 1_300_000)
"""Extent of the National Grid in metres. Source: Ordnance Survey, A guide to coordinate systems in Great Britain."""
LONGITUDE = (-9.5, 2.5)
LATITUDE = (49.0, 62.0)
Floats = npt.NDArray[np.float64]


def check_metres(easting: npt.ArrayLike, northing: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The two as arrays of metres (NaN stays NaN: unknown).

    Raises LifeclusterError where they are longitude and latitude, swapped, or off the National Grid.
    """
    east, north = np.asarray(easting, dtype=np.float64), np.asarray(northing, dtype=np.float64)
    known = ~(np.isnan(east) | np.isnan(north))
    if not known.any():
        return east, north
    e, n = east[known], north[known]
    if (np.abs(e) <= 180).all() and (np.abs(n) <= 90).all():  # degrees, by definition
        raise LifeclusterError(
            f"({e.flat[0]:g}, {n.flat[0]:g}) are degrees, not metres of the National Grid: convert them with to_grid"
        )
    off = (e < EAST[0]) | (e > EAST[1]) | (n < NORTH[0]) | (n > NORTH[1])
    if off.any():
        at = int(np.argmax(off))
        raise LifeclusterError(f"({e.flat[at]:g}, {n.flat[at]:g}) lies off the National Grid (EPSG:27700, metres)")
    return east, north


def distance(
    easting: npt.ArrayLike, northing: npt.ArrayLike, to_easting: npt.ArrayLike, to_northing: npt.ArrayLike
) -> Floats:
    """Straight distance in metres on the grid between places (arrays are broadcast); NaN where one is unknown.

    On the grid a length differs from that on the ground by less than 0.1 per cent.
    Raises LifeclusterError as `check_metres`.
    """
    e1, n1 = check_metres(easting, northing)
    e2, n2 = check_metres(to_easting, to_northing)
    return np.hypot(e1 - e2, n1 - n2)


def distance_expr(easting: str, northing: str, to_easting: float, to_northing: float) -> pl.Expr:
    """Distance in metres from two columns to one place, as an expression."""
    check_metres(to_easting, to_northing)
    return ((pl.col(easting) - to_easting).pow(2) + (pl.col(northing) - to_northing).pow(2)).sqrt()


@cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_wgs84(easting: npt.ArrayLike, northing: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Longitude and latitude in degrees (WGS 84, EPSG:4326) of places in metres.

    Without the OSTN15 grid file, which is not needed to install, good to about 5 m: enough for a map, not for a survey.
    Raises LifeclusterError as `check_metres`.
    """
    east, north = check_metres(easting, northing)
    longitude, latitude = _transformer(27700, 4326).transform(east, north)
    return _nan(longitude), _nan(latitude)


def to_grid(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Easting and northing in metres (EPSG:27700) of longitude and latitude in degrees (WGS 84).

    Raises LifeclusterError where they are metres already, swapped, or far from Great Britain.
    """
    lon, lat = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    known = ~(np.isnan(lon) | np.isnan(lat))
    off = known & ((lon < LONGITUDE[0]) | (lon > LONGITUDE[1]) | (lat < LATITUDE[0]) | (lat > LATITUDE[1]))
    if off.any():
        at = int(np.argmax(off))
        raise LifeclusterError(
            f"longitude {lon.flat[at]:g}, latitude {lat.flat[at]:g} is not in Great Britain (swapped, or metres?)"
        )
    east, north = _transformer(4326, 27700).transform(lon, lat)
    return _nan(east), _nan(north)


def _nan(values: npt.ArrayLike) -> Floats:
    """Infinite values, which the projection gives for unknown places, as NaN."""
    array = np.asarray(values, dtype=np.float64)
    return np.where(np.isinf(array), np.nan, array)
