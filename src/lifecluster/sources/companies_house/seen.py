"""Which company numbers came before: exact, for millions of them, in a few megabytes."""

from __future__ import annotations

import numpy as np
import polars as pl

PLAIN = 10**8


class Seen:
    """Remembers company numbers. Plain numbers are bits of a table that only fills where numbers are; others a set."""

    def __init__(self) -> None:
        self._plain = np.zeros(PLAIN, dtype=bool)
        self._other: set[str] = set()

    def again(self, numbers: pl.Series) -> pl.Series:
        """True where a number stood before, in an earlier call or an earlier row of this one; adds all of them."""
        again = (~numbers.is_first_distinct()).to_numpy().copy()
        digits = numbers.str.contains("^[0-9]{8}$")
        plain = numbers.filter(digits).cast(pl.Int64).to_numpy()
        again[digits.arg_true().to_numpy()] |= self._plain[plain]
        self._plain[plain] = True
        for where in (~digits).arg_true():
            number = numbers[where]
            if number in self._other:
                again[where] = True
            self._other.add(number)
        return pl.Series(again)
