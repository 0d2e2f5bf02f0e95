"""A table with its totals, and the sums that hold in it: what everybody knows who sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from lifecluster.errors import LifeclusterError

TOTAL = "total"
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value, and what each contributor (an organisation, say) puts into it, largest first.

    `count`: what the minimum of a rule is held against (the number counted, or the number of contributors). `sole`: the
    only contributor, if there is just one.
    """

    value: float
    contributions: tuple[float, ...]
    count: int
    sole: str | None = None


@dataclass(frozen=True)
class Table:
    """Cells by key (one text a dimension, `total` for a margin) and the sums among them: whole -> its parts."""

    by: tuple[str, ...]
    cells: Mapping[Key, Cell]
    sums: tuple[tuple[Key, tuple[Key, ...]], ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys in order."""
        return tuple(self.cells)


def tabulate(
    frame: pl.DataFrame, by: Sequence[str], *, contributor: str, value: str | None = None, totals: bool = True
) -> Table:
    """Cross-tabulate records with all margins.

    Parameters: `frame` one row a record; `by` the dimensions (columns of text); `contributor`: column that says whose
    record it is; `value` the amounts to be summed, not negative (None counts records); `totals` whether margins are
    shown.
    A combination that no record has is a cell with value 0 and no contributors.
    Raises LifeclusterError for a negative or missing amount, and for a dimension with the word `total` in it.
    """
    if not by:
        raise LifeclusterError("a table has one dimension at least")
    amounts: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    levels: list[set[str]] = [set() for _ in by]
    columns = [*by, contributor, *([value] if value is not None else [])]
    for record in frame.select(columns).iter_rows():
        names = tuple(str(part) for part in record[: len(by)])
        amount = 1.0 if value is None else record[-1]
        if TOTAL in names or amount is None or amount < 0:
            raise LifeclusterError(
                f"{names} with {amount}: amounts are known and not negative, and no name is {TOTAL!r}"
            )
        for key in product(*(((name, TOTAL) if totals else (name,)) for name in names)):
            amounts[key][str(record[len(by)])] += amount
        for level, name in zip(levels, names, strict=True):
            level.add(name)
    axes = [[*sorted(level), *([TOTAL] if totals else [])] for level in levels]
    cells = {key: _cell(amounts.get(key, {}), counting=value is None) for key in product(*axes)}
    return Table(tuple(by), cells, _sums(axes) if totals else ())


def _cell(amounts: Mapping[str, float], *, counting: bool) -> Cell:
    total = sum(amounts.values())
    given = tuple(sorted(amounts.values(), reverse=True))
    sole = next(iter(amounts)) if len(amounts) == 1 else None
    return Cell(total, given, round(total) if counting else len(given), sole)


def _sums(axes: list[list[str]]) -> tuple[tuple[Key, tuple[Key, ...]], ...]:
    """Along every dimension: the total is the sum of the parts, with all other dimensions held."""
    found = []
    for place, axis in enumerate(axes):
        others = [a if i != place else [TOTAL] for i, a in enumerate(axes)]
        for whole in product(*others):
            parts = tuple((*whole[:place], name, *whole[place + 1 :]) for name in axis if name != TOTAL)
            found.append((whole, parts))
    return tuple(found)
