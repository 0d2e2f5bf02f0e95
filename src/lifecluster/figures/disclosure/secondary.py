"""Secondary suppression: which further cells to hide so that the sensitive ones cannot be worked out from totals.

For each sensitive cell a linear programme finds the cheapest pattern of changes that leaves every sum as it is and
moves the cell as far as its protection asks, up and down; the cells that the pattern changes are hidden. Any of these
patterns could be the truth for the reader, so the protection holds by construction. At the end, cells that turn out not
to be needed are shown again.
Source: J. P. Kelly, B. L. Golden and A. A. Assad, Cell suppression: disclosure protection for sensitive tabular data,
Networks 22, 1992, 397-417.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack

from lifecluster.errors import LifeclusterError
from lifecluster.figures.disclosure.intervals import Protection, asked, insiders, primary, system
from lifecluster.figures.disclosure.table import TOTAL, Key, Table
from lifecluster.policy.disclosure import Rule

CHANGED = 1e-7


def secondary(table: Table, rule: Rule, sensitive: frozenset[Key] | None = None) -> frozenset[Key]:
    """All cells to hide: the sensitive ones (default: those the rule forbids) and those that protect them.

    Raises LifeclusterError where the table cannot protect them, whatever is hidden.
    """
    sensitive = primary(table, rule) if sensitive is None else sensitive
    if not sensitive:
        return frozenset()
    search = _Search(table, rule)
    hidden: frozenset[Key] = sensitive
    order = sorted(sensitive, key=lambda k: (-table.cells[k].value, k))
    before: frozenset[Key] = frozenset()
    while hidden != before:  # what is hidden on the way makes new readers who know a hidden cell
        before = hidden
        for key in order:
            hidden = search.protected(hidden, key)
    for key in sorted(hidden - sensitive, key=lambda k: (-table.cells[k].value, k)):
        if search.holds(hidden - {key}, order):
            hidden -= {key}
    return hidden


class _Search:
    """Patterns of changes in a table: first all changes upwards, then all downwards, as variables of a programme.

    A pattern that was found stays a proof for its cell as long as all cells that it changes are hidden, against every
    reader who knows none of them; so it is kept, and a programme is solved only where no pattern is at hand.
    """

    def __init__(self, table: Table, rule: Rule) -> None:
        self.table, self.rule = table, rule
        self.at = {key: i for i, key in enumerate(table.keys)}
        matrix = system(table)
        self.matrix: csr_matrix = hstack([matrix, -matrix]).tocsr()
        self.values = np.array([cell.value for cell in table.cells.values()])
        top = float(self.values.max(initial=1.0)) + 1.0
        price = np.where(self.values > 0, self.values + 1.0, top)
        margins = np.array([sum(part == TOTAL for part in key) for key in table.keys])
        self.price: NDArray[np.float64] = price * (1.0 + 9.0 * margins)
        self.patterns: dict[tuple[Key, bool], list[tuple[float, frozenset[Key]]]] = {}
        self.asked: dict[tuple[Key, tuple[Key, ...]], Protection] = {}

    def protected(self, hidden: frozenset[Key], key: Key) -> frozenset[Key]:
        """`hidden` with what it takes to protect `key` against every reader."""
        for known in insiders(self.table, sorted(hidden), key):
            for amount in self._amounts(key, known):
                if not self._proved(hidden, key, amount, known):
                    found = self._pattern(key, amount, hidden, known)
                    if found is None:
                        raise LifeclusterError(f"{key} cannot be protected here: take fewer or coarser categories")
                    hidden |= found
        return hidden

    def holds(self, hidden: frozenset[Key], sensitive: Iterable[Key]) -> bool:
        """Whether `hidden` protects every sensitive cell."""
        for whole, parts in self.table.sums:
            if sum(k in hidden for k in (whole, *parts)) == 1:
                return False
        return all(
            self._proved(hidden, key, amount, known) or self._pattern(key, amount, hidden, known, only=True) is not None
            for key in sensitive
            for known in insiders(self.table, sorted(hidden), key)
            for amount in self._amounts(key, known)
        )

    def _amounts(self, key: Key, known: tuple[Key, ...]) -> list[float]:
        if (key, known) not in self.asked:
            self.asked[key, known] = asked(self.table, key, known, self.rule)
        down, up = self.asked[key, known]
        return [amount for amount in (up, -down) if abs(amount) > CHANGED]

    def _proved(self, hidden: frozenset[Key], key: Key, amount: float, known: tuple[Key, ...]) -> bool:
        kept = self.patterns.get((key, amount > 0), [])
        return any(size >= abs(amount) and cells <= hidden and cells.isdisjoint(known) for size, cells in kept)

    def _pattern(
        self, key: Key, amount: float, hidden: frozenset[Key], known: tuple[Key, ...], *, only: bool = False
    ) -> frozenset[Key] | None:
        """Cells of the cheapest pattern that moves `key` by `amount` (`only` among hidden ones); None without one."""
        if not self.matrix.shape[0]:
            return frozenset([key])
        inside = np.array([k in hidden for k in self.table.keys])
        price = np.where(inside, 0.0, self.price)
        up, down = np.full(len(self.values), np.inf), self.values.copy()
        fixed = [self.at[k] for k in known]
        up[fixed] = down[fixed] = 0.0
        if only:
            up[~inside] = down[~inside] = 0.0
        low = np.zeros(2 * len(self.values))
        high = np.concatenate([up, down])
        forth, back = self.at[key], len(self.values) + self.at[key]
        moved, still = (forth, back) if amount > 0 else (back, forth)
        low[moved] = high[moved] = abs(amount)
        high[still] = 0.0
        used = np.flatnonzero(high > 0)
        found = linprog(np.concatenate([price, price])[used], A_eq=self.matrix[:, used], b_eq=np.zeros(
            self.matrix.shape[0]), bounds=np.column_stack([low, high])[used], method="highs")  # fmt: skip
        if found.status != 0:
            return None
        changed = {int(i) % len(self.values) for i in used[found.x > CHANGED]}
        cells = frozenset(self.table.keys[i] for i in changed)
        self.patterns.setdefault((key, amount > 0), []).append((abs(amount), cells))
        return cells
