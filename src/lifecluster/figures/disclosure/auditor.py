"""No differencing: which sums over protected values may still be answered, given all that were answered before.

Two answers whose filters differ by one organisation give away that organisation; so do longer combinations. The
auditor keeps the sets of organisations behind every answer (not the values) and refuses a question if it, together
with the others, would determine any combination of fewer organisations than the rule asks for. Refusals depend on the
sets alone, so that a refusal tells nothing about the values, except where the rule itself looks at dominance.
Source: F. Y. Chin and G. Ozsoyoglu, Auditing and inference control in statistical databases, IEEE Transactions on
Software Engineering 8, 1982; K. Kenthapadi, N. Mishra and K. Nissim, Simulatable auditing, PODS 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from lifecluster.policy.disclosure import Rule

LIMIT = 100
"""Different questions of one measure that are answered at all."""
CHECKS, BATCH = 50_000, 5_000
"""Combinations of organisations that are looked at; a question that needs more is refused."""
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a question is answered; `reason` why not (in words that say nothing about values); the new auditor."""

    allowed: bool
    reason: str
    auditor: Auditor


@dataclass(frozen=True)
class Auditor:
    """All answers of one protected measure for one audience that may talk to each other.

    `rule` of the measure; `answered`: the sets of contributors (ids) behind every answer so far, published totals
    among them.
    """

    rule: Rule
    answered: tuple[frozenset[str], ...] = ()

    def ask(self, values: Mapping[str, float]) -> Decision:
        """Whether the sum of these contributors' values may be told; `values` id -> amount, not negative."""
        asked = frozenset(values)
        reason = self._against(asked, values)
        if reason is not None:
            return Decision(False, reason, self)
        known = asked in self.answered or not asked
        return Decision(True, "", self if known else replace(self, answered=(*self.answered, asked)))

    def _against(self, asked: frozenset[str], values: Mapping[str, float]) -> str | None:
        if not asked or asked in self.answered:
            return None
        if len(asked) < self.rule.contributors or not self.rule.allows(list(values.values())):
            return "too few organisations, or one of them too large"
        if len(self.answered) >= LIMIT:
            return "too many questions about this measure"
        for earlier in self.answered:
            if earlier < asked and not self.rule.allows([values[i] for i in asked - earlier]):
                return "together with an earlier answer this would tell too much about a few organisations"
        if discloses((*self.answered, asked), fewest=self.rule.contributors):
            return "together with earlier answers this would tell too much about a few organisations"
        return None

    def to_list(self) -> list[list[str]]:
        """The answered sets as plain values, to be stored."""
        return [sorted(ids) for ids in self.answered]

    @classmethod
    def of(cls, rule: Rule, stored: Iterable[Iterable[str]]) -> Auditor:
        """Back from plain values."""
        return cls(rule, tuple(frozenset(ids) for ids in stored))


def discloses(sets: Sequence[frozenset[str]], *, fewest: int) -> bool:
    """Whether sums over `sets` determine a combination of fewer than `fewest` contributors.

    Contributors that stand in the same sets cannot be told apart and form one atom. A combination of atoms is
    determined just if it lies in the row space of the sets, that is, if the atoms' rows of a basis of the null space
    are linearly dependent. Returns True also where there are more combinations than can be looked at.
    """
    atoms: dict[tuple[bool, ...], int] = {}
    for contributor in sorted(frozenset().union(*sets)):
        signature = tuple(contributor in s for s in sets)
        atoms[signature] = atoms.get(signature, 0) + 1
    sizes = np.array(list(atoms.values()))
    matrix = np.array(list(atoms), dtype=np.float64).T
    null = _null(matrix)
    small = [i for i in range(len(sizes)) if sizes[i] < fewest]
    for count in range(1, fewest):
        if comb(len(small), count) > CHECKS:
            return True
        together = [g for g in combinations(small, count) if sizes[list(g)].sum() < fewest]
        for start in range(0, len(together), BATCH):
            if bool(np.any(_dependent(null[np.array(together[start : start + BATCH])]))):
                return True
    return False


def _null(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Orthonormal basis of the null space, one row an atom."""
    _, singular, right = np.linalg.svd(matrix, full_matrices=True)
    rank = int((singular > CLOSE * max(matrix.shape) * singular.max(initial=1.0)).sum())
    return np.asarray(right[rank:].T, dtype=np.float64)


def _dependent(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For a stack of groups of rows: whether each group is linearly dependent."""
    if rows.shape[2] < rows.shape[1]:
        return np.ones(rows.shape[0], dtype=np.bool_)
    smallest = np.linalg.svd(rows, compute_uv=False)[:, -1]
    return np.asarray(smallest < 1e-8, dtype=np.bool_)
