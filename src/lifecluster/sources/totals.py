"""Rows of a person's list that sum up other rows: they name no organisation, and would be counted as one."""

from __future__ import annotations

import re
from collections.abc import Iterable

TOTAL = "a total of other rows, not a thing of its own"
"""Why such a row is put aside."""
_SUM = r"(?:(?:grand|overall|sub|running|section|page|final)[\s-]*)?totals?|sums?|(?:grand|overall)\s+sum"
_WHAT = r"(?:members?|companies|organi[sz]ations?|sites?|staff|employees|jobs|rows?|entries|records|all|number|count)"
_BARE = re.compile(rf"(?:{_SUM})(?:\s+(?:of\s+)?{_WHAT})*\s*[:=.]*(?:\s*\(?[\d.,]+\)?)?", re.IGNORECASE)
_OF = re.compile(rf"(?:{_SUM})\b[\s:-].+|.+[\s:-](?:{_SUM})\s*[:=.]*", re.IGNORECASE)


def is_total(names: Iterable[str], identity: Iterable[str] | None) -> bool:
    """Whether a row is a total: by its name, and because it has nothing that only a thing of its own has.

    Parameters: `names` the cells of the row that may say so (its name, or the first that holds anything); `identity`
    its number, postcode, address, website, or None where the list has no such column. "Total" alone, "Grand total:"
    and "Sum" are told everywhere; "Total Derby" or "Midlands subtotal" only where the list has such columns and the
    row leaves all of them empty, since companies are called so.
    """
    stated = None if identity is None else any(cell.strip() for cell in identity)
    if stated:
        return False
    said = [name.strip() for name in names if name.strip()]
    return any(_BARE.fullmatch(name) or (stated is not None and _OF.fullmatch(name)) for name in said)
