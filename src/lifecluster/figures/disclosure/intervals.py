"""What a reader can work out of a hidden cell: the smallest and largest value that all shown cells and sums allow.

Two linear programmes a cell (the feasibility intervals of statistical disclosure control).
Source: Hundepool et al., Statistical Disclosure Control, 2012, 4.3; solver: HiGHS through scipy.optimize.linprog.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from lifecluster.errors import LifeclusterError
from lifecluster.figures.disclosure.table import TOTAL, Cell, Key, Table
from lifecluster.policy.disclosure import Rule

SHARE = 0.15
"""A hidden amount is protected if it could be this share of itself larger or smaller."""
CLOSE = 1e-6
Protection = tuple[float, float]
Readers = Literal["public", "all"]


def primary(table: Table, rule: Rule) -> frozenset[Key]:
    """Cells that the rule does not allow by themselves: too small, too few contributors, or one of them dominating."""
    return frozenset(k for k, c in table.cells.items() if not rule.allows(c.contributions, count=c.count))


def needed(cell: Cell, rule: Rule) -> Protection:
    """How far below and above its value a hidden cell must be able to lie: the minimum, or a share of the value."""
    up = max(float(rule.minimum), 1.0, float(ceil(SHARE * cell.value)))
    return min(cell.value, up), up


def system(table: Table) -> csr_matrix:
    """One row a sum: whole minus parts is zero. Columns in the order of the table's keys."""
    at = {key: i for i, key in enumerate(table.keys)}
    rows, columns, values = [], [], []
    for number, (whole, parts) in enumerate(table.sums):
        for key, sign in ((whole, 1.0), *((part, -1.0) for part in parts)):
            rows.append(number)
            columns.append(at[key])
            values.append(sign)
    return csr_matrix((values, (rows, columns)), shape=(len(table.sums), len(at)))


def intervals(
    table: Table, hidden: Iterable[Key], *, of: Iterable[Key] | None = None, known: Iterable[Key] = ()
) -> dict[Key, tuple[float, float]]:
    """Feasibility interval of each hidden cell (or of those in `of`).

    Parameters: `known`: hidden cells whose value the reader knows all the same (his own). Shown cells are taken as
    exact; where they are rounded, the reader knows less. An interval without end is infinite. Raises LifeclusterError
    if the table contradicts itself.
    """
    hidden, known = set(hidden), set(known)
    free = [key for key in table.keys if key in hidden and key not in known]
    matrix, at = system(table), {key: i for i, key in enumerate(table.keys)}
    values = np.array([0.0 if key in hidden and key not in known else table.cells[key].value for key in table.keys])
    reduced = matrix[:, [at[key] for key in free]]
    place = {key: i for i, key in enumerate(free)}
    right = np.asarray(-(matrix @ values), dtype=np.float64)
    wanted = list(hidden if of is None else of)
    fixed = {key: (table.cells[key].value, table.cells[key].value) for key in wanted if key not in place}
    return {
        key: fixed.get(key) or (_end(reduced, right, place[key], 1.0), _end(reduced, right, place[key], -1.0))
        for key in wanted
    }


def _end(matrix: csr_matrix, right: NDArray[np.float64], place: int, sign: float) -> float:
    """The least (`sign` 1) or greatest (-1) value of one unknown, none of which is below zero."""
    cost = np.zeros(matrix.shape[1])
    cost[place] = sign
    if not matrix.shape[0]:
        return 0.0 if sign > 0 else inf
    found = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
    if found.status == 3:  # without end
        return -inf if sign > 0 else inf
    if found.status != 0:
        raise LifeclusterError(f"the table contradicts its own totals ({found.message})")
    return float(sign * found.fun)


def unprotected(
    table: Table, hidden: frozenset[Key], sensitive: Iterable[Key], rule: Rule, *, readers: Readers = "all"
) -> tuple[Key, ...]:
    """Sensitive cells that a reader can pin down.

    Parameters: `readers`: `public` for one who knows nothing but the table, `all` also for those who are the only
    contributor of a hidden cell and so know it.
    """
    found = []
    for key in sensitive:
        for known in insiders(table, hidden, key) if readers == "all" else [()]:
            low, high = intervals(table, hidden, of=[key], known=known)[key]
            down, up = asked(table, key, known, rule)
            value = table.cells[key].value
            if low > value - down + CLOSE or high < value + up - CLOSE:
                found.append(key)
                break
    return tuple(found)


def asked(table: Table, key: Key, known: tuple[Key, ...], rule: Rule) -> Protection:
    """The protection of a cell against a reader who knows the cells `known`, all his own.

    Nobody can hide his own amounts from him, so that much less is asked below the value of a total they are part of.
    """
    down, up = needed(table.cells[key], rule)
    if not known:
        return down, up
    parts = {leaf for k in known for leaf in _leaves(table, k)} & set(_leaves(table, key))
    own = sum(table.cells[leaf].value for leaf in parts)
    return max(min(down, table.cells[key].value - own), 0.0), up


def _leaves(table: Table, key: Key) -> list[Key]:
    """The cells without totals that a cell is the sum of; itself for one of these."""
    if TOTAL not in key:
        return [key]
    return [leaf for leaf in table.keys if TOTAL not in leaf
            and all(part in {TOTAL, name} for part, name in zip(key, leaf, strict=True))]  # fmt: skip


def insiders(table: Table, hidden: Iterable[Key], key: Key) -> list[tuple[Key, ...]]:
    """What readers may know beforehand: nothing, or all hidden cells of which they are the only contributor.

    The contributor of `key` itself is left out: it has nothing to learn.
    """
    own: dict[str, list[Key]] = {}
    for k in hidden:
        sole = table.cells[k].sole
        if sole is not None and sole != table.cells[key].sole:
            own.setdefault(sole, []).append(k)
    return [(), *(tuple(sorted(keys)) for _, keys in sorted(own.items()))]
