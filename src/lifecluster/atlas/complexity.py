"""Economic complexity of areas and segments: an area is complex if it has what few others have, and they are complex.

Source: Hidalgo & Hausmann, The building blocks of economic complexity, PNAS 106 (2009); as an eigenvector: Mealy,
Farmer & Teytelboym, Interpreting economic complexity, Science Advances 5 (2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecluster.atlas.points import CannotTellError, Flags, Floats
from lifecluster.atlas.relatedness import Presence


@dataclass(frozen=True)
class Complexity:
    """Standardised scores (mean 0, sd 1) of areas and segments by name; `left_out` had too few sites to be scored."""

    areas: dict[str, float]
    segments: dict[str, float]
    left_out: tuple[str, ...]


def complexity(there: Presence) -> Complexity:
    """Scores from `relatedness.presence`, whose minimum totals keep tiny areas from coming out on top.

    Raises CannotTellError where all areas have the same segments, or parts of the table have nothing in common.
    """
    rows, columns = there.present.sum(axis=1) > 0, there.present.sum(axis=0) > 0
    table = there.present[np.ix_(rows, columns)]
    area, segment = scores(table)
    names = [name for name, kept in zip(there.areas, rows.tolist(), strict=True) if kept]
    kinds = [name for name, kept in zip(there.segments, columns.tolist(), strict=True) if kept]
    gone = set(there.areas) - set(names) | set(there.segments) - set(kinds)
    return Complexity(
        {name: float(v) for name, v in zip(names, area, strict=True)},
        {name: float(v) for name, v in zip(kinds, segment, strict=True)},
        tuple(sorted(set(there.left_out) | gone)),
    )


def scores(table: Flags) -> tuple[Floats, Floats]:
    """Second eigenvector of areas (signed so that diverse areas score high) and the segments' mean of it."""
    m = table.astype(np.float64)
    diversity, ubiquity = m.sum(axis=1), m.sum(axis=0)
    scaled = m / np.sqrt(np.outer(diversity, ubiquity))
    left, values, _ = np.linalg.svd(scaled, full_matrices=False)
    if len(values) < 2 or values[1] < 1e-9:
        raise CannotTellError("all areas have the same segments: none is more complex than another")
    if values[1] > 1 - 1e-9 or (len(values) > 2 and values[1] - values[2] < 1e-12):
        raise CannotTellError("the table falls apart into areas that share no segments: there is no common scale")
    area = left[:, 1] / np.sqrt(diversity)
    segment = (m / ubiquity).T @ area
    with np.errstate(invalid="ignore"):
        slope = np.corrcoef(area, diversity)[0, 1]
    sign = -1.0 if slope < 0 or (np.isnan(slope) and area[np.argmax(np.abs(area))] < 0) else 1.0
    return _standard(sign * area), _standard(sign * segment)


def _standard(values: Floats) -> Floats:
    spread = values.std()
    found: Floats = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return found
