"""Whether a cluster is younger than the region: how many members were founded lately, beside as many at random."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.stats import hypergeom

from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.result import Finding

NULL = "as many of the region's cases whose founding is known, drawn at random"
YEARS = 5


def growth(members: Sequence[int], founded: Sequence[date | None], *, at: date, years: int = YEARS,
           vintage: str | None = None) -> Finding:  # fmt: skip
    """Share of members founded in the last years, as a multiple of the region's share.

    Parameters: `members` rows of the cases; `founded` (n,) day of each case of the region, None where it is not known;
    `at` the day that counts as today; `years` that count as lately. p is exact (hypergeometric, one-sided: at least as
    many). Only firms that are still there are seen, so this is the youth of a cluster, not its net growth.
    Raises AtlasError for rows that are no cases, CannotTellError where nobody's founding is known or nobody is young.
    """
    rows = np.unique(np.asarray(members, dtype=np.int64))
    if len(rows) and (rows[0] < 0 or rows[-1] >= len(founded)):
        raise AtlasError(f"members are rows of the {len(founded)} cases")
    known: npt.NDArray[np.bool_] = np.array([day is not None for day in founded], dtype=np.bool_)
    since = at.toordinal() - round(365.25 * years)
    young = np.array([day is not None and since < day.toordinal() <= at.toordinal() for day in founded], dtype=np.bool_)
    mine = rows[known[rows]]
    if not len(mine) or not young.any():
        raise CannotTellError("no founding day of a member is known, or no case is young")
    count, share = int(young[mine].sum()), float(young.sum() / known.sum())
    p = float(hypergeom.sf(count - 1, int(known.sum()), int(young.sum()), len(mine)))
    return Finding(name=f"founded in the last {years} years", value=count / len(mine) / share, p=min(1.0, p),
                   n=len(mine), null=NULL, vintage=vintage, note=f"{count} of {len(mine)}")  # fmt: skip
