"""Area codes and their history: which code stands now for one that was used then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lifecluster.errors import LifeclusterError


@dataclass(frozen=True)
class CodeHistory:
    """Codes of local authorities: `active` maps every code that is known to the one in use now.

    Codes change when a boundary moves (Barnsley E08000016 became E08000038 without changing its name) and when
    authorities merge. Two sources agree only after both are mapped.
    """

    active: Mapping[str, str]

    @classmethod
    def of(cls, authorities: pl.DataFrame) -> CodeHistory:
        """From a table with `code` and `active`. Raises LifeclusterError where an active code stands for another."""
        active = dict(authorities.select("code", "active").iter_rows())
        stray = sorted({new for new in active.values() if active.get(new) != new})
        if stray:
            raise LifeclusterError(f"code history: {', '.join(stray)} stand for others and are not active themselves")
        return cls(active)

    def active_code(self, code: str) -> str | None:
        """The active code for `code`, itself if it is active, None if it is not known."""
        return self.active.get(code.strip().upper())

    def active_codes(self, codes: pl.Series) -> pl.Series:
        """`active_code` for a column; null for unknown codes."""
        return (
            codes.str.strip_chars().str.to_uppercase().replace_strict(self.active, default=None, return_dtype=pl.String)
        )


def itl(code: str) -> str:
    """The ITL code of a UK region code: NUTS `UKF1` is ITL `TLF1`; an ITL code is given back as it is.

    International Territorial Levels took over the NUTS 2018 areas of the United Kingdom on 1 January 2021 with the
    same letters after the country. Source: ONS, International geographies. Raises LifeclusterError for other texts.
    """
    match = re.fullmatch(r"(?:UK|TL)([C-N][0-9A-Z]{0,2})", code.strip().upper())
    if match is None:
        raise LifeclusterError(f"{code!r} is neither an ITL nor a NUTS code of the United Kingdom")
    return f"TL{match[1]}"
