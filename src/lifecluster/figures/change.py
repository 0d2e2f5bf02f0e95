"""What changed since last time, and why: the difference taken apart by reason; the reasons add up exactly.

Starting from the earlier rows, the reasons are applied one after the other (definition, reclassified, gone, revised,
vintage, new rows) and the figure is computed after each; a reason's part is the step it makes. The steps telescope, so
they add up whatever the measure; for shares, growth and ranks they depend on this order, which is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lifecluster.figures.breaks import crossed
from lifecluster.figures.claim import Kind
from lifecluster.figures.measure import value_of
from lifecluster.figures.rows import Row

ORDER = ("definition", "reclassified", "gone", "revised", "vintage", "new rows")
WORDS: Mapping[str, str] = {
    "definition": "the definition counts other classes than before",
    "reclassified": "the same rows are classed otherwise under the same definition",
    "gone": "rows that are no longer there",
    "revised": "the source states another figure for the same time",
    "vintage": "the figure is of another time",
    "new rows": "rows that were not there before",
}
Key = tuple[str, str]


@dataclass(frozen=True)
class State:
    """One computation, as far as it matters for a comparison.

    `classes`: what the definition counts; `definition`: a hash of its content; `source`, `vintage` of the basis.
    """

    kind: Kind
    rows: tuple[Row, ...]
    classes: tuple[str, ...]
    definition: str
    source: str
    vintage: str


@dataclass(frozen=True)
class Reason:
    """One reason: its part of the difference (exact) and the number of rows it concerns."""

    reason: str
    difference: Fraction
    rows: int


@dataclass(frozen=True)
class Change:
    """From `before` to `after`; the differences of `reasons` add up to after - before. `refused`: why not compared."""

    before: Fraction | None
    after: Fraction | None
    reasons: tuple[Reason, ...] = ()
    refused: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        known = self.before is not None and self.after is not None and self.refused is None
        return {
            "before": _plain(self.before), "after": _plain(self.after),
            "difference": _plain(self.after - self.before) if known and self.after is not None
            and self.before is not None else None,
            "reasons": [{"reason": r.reason, "words": WORDS[r.reason], "difference": _plain(r.difference),
                         "rows": r.rows} for r in self.reasons],
            "refused": self.refused,
        }  # fmt: skip


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def change(before: State, after: State) -> Change:
    """The difference of two computations of one claim by reason; refused where a break of method lies between them."""
    first, last = value_of(before.kind, before.rows), value_of(after.kind, after.rows)
    found = crossed(before.source, before.vintage, after.vintage)
    if found is not None:
        return Change(first, last, refused=found.told())
    if before.source != after.source or before.kind != after.kind or first is None or last is None:
        return Change(first, last, refused="not computed: one of the two is unknown or rests on another source")
    sorted_ = _sorted(before, after)
    rows = {(row.group, row.key): row for row in before.rows}
    reasons, value = [], first
    for reason in ORDER:
        steps = sorted_.get(reason, [])
        for key, row in steps:
            if row is None:
                rows.pop(key)
            else:
                rows[key] = row
        if steps:
            now = value_of(after.kind, _whole(rows, before, after))
            if now is None:
                return Change(first, last, refused="not computed: the measure is not defined on the way")
            reasons.append(Reason(reason, now - value, len(steps)))
            value = now
    return Change(first, last, tuple(reasons))


def _whole(rows: Mapping[Key, Row], before: State, after: State) -> list[Row]:
    """The rows on the way, with an empty row for a group that has none just then: a total of nothing is 0."""
    groups = {row.group for row in (*before.rows, *after.rows)}
    missing = groups - {group for group, _ in rows}
    return [*rows.values(), *(Row(g, "", Fraction(0), Fraction(0), Fraction(0)) for g in sorted(missing))]


def _sorted(before: State, after: State) -> dict[str, list[tuple[Key, Row | None]]]:
    """Reason -> the steps (key and the row it becomes, None for one that goes)."""
    found: dict[str, list[tuple[Key, Row | None]]] = {}
    for reason, key, row in _steps(before, after):
        found.setdefault(reason, []).append((key, row))
    return found


def _steps(before: State, after: State) -> Iterator[tuple[str, Key, Row | None]]:
    old = {(row.group, row.key): row for row in before.rows}
    new = {(row.group, row.key): row for row in after.rows}
    other = before.definition != after.definition
    for key, row in old.items():
        if key not in new:
            by_definition = other and _counts(before, row) and not _counts(after, row)
            yield ("definition" if by_definition else "gone"), key, None
    for key, row in new.items():
        if key not in old:
            by_definition = other and _counts(after, row) and not _counts(before, row)
            yield ("definition" if by_definition else "new rows"), key, row
        elif row.value != old[key].value:
            yield _why(old[key], row, other), key, row


def _counts(state: State, row: Row) -> bool:
    """Whether the row's class is one that the definition lists; definitions that weigh list nothing."""
    return row.label in state.classes


def _why(old: Row, new: Row, other_definition: bool) -> str:
    if old.chance is not None and new.chance is not None:
        return "definition" if other_definition else "reclassified"
    if old.vintage != new.vintage:
        return "vintage"
    return "reclassified" if old.label != new.label else "revised"


def added(changes: Sequence[Reason]) -> Fraction:
    """The sum of all parts."""
    return sum((reason.difference for reason in changes), Fraction(0))
