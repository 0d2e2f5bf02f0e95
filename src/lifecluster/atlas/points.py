"""Sites as points in metres, weights and radii: what is refused, and why."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifecluster.errors import LifeclusterError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class AtlasError(LifeclusterError, ValueError):
    """Input from which no statistic can be computed; the message says which, where and what to do."""


class CannotTellError(AtlasError):
    """The input is sound but says nothing: too few cases, all at one point, no total."""


def sites(xy: npt.ArrayLike, what: str = "sites") -> Floats:
    """Coordinates as an array of shape (n, 2), metres.

    Parameters: `xy` eastings and northings in metres, shape (n, 2); `what` they are, for messages.
    Raises AtlasError for another shape, for values that are missing or infinite (with the row, counted from 1), and for
    longitude and latitude: points that all lie within 180 by 90 metres of the origin can be nothing else.
    """
    try:
        array = np.array(xy, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AtlasError(f"{what}: coordinates must be numbers ({error})") from error
    if array.ndim != 2 or array.shape[1] != 2:
        raise AtlasError(f"{what}: coordinates must have the shape (n, 2), not {array.shape}")
    bad = ~np.isfinite(array).all(axis=1)
    if bad.any():
        raise AtlasError(f"{what}: row {int(np.argmax(bad)) + 1} has no finite coordinates; leave such sites out")
    spread = np.abs(array)
    if len(array) and ((spread <= (180, 90)).all() or (spread <= (90, 180)).all()):
        raise AtlasError(
            f"{what}: ({array[0, 0]:g}, {array[0, 1]:g}) and all others look like degrees; give metres (EPSG:27700)"
        )
    return array


def weights_of(values: npt.ArrayLike | None, n: int, what: str = "weights") -> Floats | None:
    """Weights (n,) that are finite, not negative and not all zero; None stays None. Raises AtlasError otherwise."""
    if values is None:
        return None
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (n,):
        raise AtlasError(f"{what}: {n} values are needed, one a site, not {array.shape}")
    if not np.isfinite(array).all() or (array < 0).any():
        raise AtlasError(f"{what} must be finite and not negative")
    if not array.any():
        raise CannotTellError(f"{what} are all zero: there is nothing to compare")
    return array


def radii_of(values: npt.ArrayLike) -> Floats:
    """Radii in metres: one-dimensional, finite, not negative, at least one. Raises AtlasError otherwise."""
    array = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if array.ndim != 1 or not array.size or not np.isfinite(array).all() or (array < 0).any():
        raise AtlasError("radii must be a list of finite distances in metres, none negative")
    return array


def reported(radii: npt.ArrayLike, position_error: float) -> tuple[Floats, Flags]:
    """Radii in metres as `radii_of`, and which of them are reported: those not below the positional error.

    Raises AtlasError as `radii_of`, CannotTellError where none is left.
    """
    distance = radii_of(radii)
    shown = distance >= position_error
    if not shown.any():
        raise CannotTellError(f"all radii lie below the positional error of {position_error:g} m")
    return distance, shown
