"""What readers of a level may see of the records: only that may stand in what is made for them.

Coordinates, districts and the evidence of segments are made of values; made of a value that is for members alone they
would tell it to all. Linkage uses every value: it publishes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.register.statement import record_id
from lifecluster.sources.extract import RECORD_COLUMNS, Extract

PUBLIC = Visibility.PUBLIC
KEPT = frozenset({"holder"})
"""Whose a site is stays known inside the build: without it the site would be nobody's."""


def levels(extracts: Iterable[Extract]) -> tuple[Visibility, ...]:
    """The levels that values are of, from public (always there) to the strictest."""
    found = {PUBLIC}
    for extract in extracts:
        for frame in (*extract.records.values(), *extract.earlier.values()):
            for name in _closable(frame, frozenset()):
                found |= {Visibility.parse(label) for label in _labels(frame[f"{name}__visibility"])}
    return tuple(sorted(found))


def public(extracts: tuple[Extract, ...]) -> tuple[Extract, ...]:
    """The extracts with only public values; the others are unknown. Records stay, so that all can be joined to them.

    Where every value is public these are the extracts themselves.
    """
    return seen(extracts, PUBLIC)


def seen(extracts: tuple[Extract, ...], level: Visibility, *, kept: frozenset[str] = KEPT) -> tuple[Extract, ...]:
    """The extracts with only the values that readers of `level` may know, and those of the properties `kept`.

    What holds nothing else is given back as it is, so that nothing needs to be computed a second time.
    """
    made = tuple(_seen(extract, level, kept) for extract in extracts)
    return extracts if all(one is was for one, was in zip(made, extracts, strict=True)) else made


def speaking(extracts: Iterable[Extract], level: Visibility) -> pl.Series:
    """The records (of every kind) of which readers of `level` may know anything at all, as ids, sorted."""
    found = [pl.Series("record", [], dtype=pl.String)]
    for extract in extracts:
        for kind in extract.records:
            frame = _shown(extract.everything(kind), level, frozenset())
            told = [_says(frame, c) for c in frame.columns if c not in RECORD_COLUMNS and "__" not in c]
            if told:
                named = record_id(extract.spec.name, kind, pl.col("key"))
                found.append(frame.filter(pl.any_horizontal(told)).select(record=named)["record"])
    return pl.concat(found).unique().sort()


def _says(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Whether a row has a value in a column."""
    value = pl.col(name)
    return value.list.len() > 0 if frame[name].dtype == pl.List else value.is_not_null()


def _seen(extract: Extract, level: Visibility, kept: frozenset[str]) -> Extract:
    made = {kind: _shown(frame, level, kept) for kind, frame in extract.records.items()}
    if all(made[kind] is frame for kind, frame in extract.records.items()):
        return extract
    return replace(extract, records=made)


def _shown(frame: pl.DataFrame, level: Visibility = PUBLIC, kept: frozenset[str] = KEPT) -> pl.DataFrame:
    """The frame itself where all of it may be seen."""
    seen_ = set(labels_within(level))
    hiding = [name for name in _closable(frame, kept) if not _labels(frame[f"{name}__visibility"]) <= seen_]
    return frame.with_columns(_values(frame, name, seen_) for name in hiding) if hiding else frame


def _closable(frame: pl.DataFrame, kept: frozenset[str]) -> Iterator[str]:
    """Columns whose values say who may see them."""
    return (c for c in frame.columns if f"{c}__visibility" in frame.columns and c not in kept)


def _labels(said: pl.Series) -> set[str]:
    flat = said.explode(empty_as_null=False) if said.dtype == pl.List else said
    return set(flat.drop_nulls().unique().to_list())


def _values(frame: pl.DataFrame, name: str, allowed: set[str]) -> pl.Series:
    """A column without what may not be seen; of several values in a row, those that may."""
    values, said = frame[name], frame[f"{name}__visibility"]
    if said.dtype != pl.List:
        open_ = said.fill_null(PUBLIC.label).is_in(sorted(allowed))
        return frame.select(pl.when(open_).then(values).alias(name))[name]
    left: list[list[Any] | None] = []
    for row, of in zip(values.to_list(), said.to_list(), strict=True):
        kept = [v for v, label in zip(row or (), of or [PUBLIC.label] * len(row or ()), strict=True)
                if label is None or label in allowed]  # fmt: skip
        left.append(kept or None)
    return pl.Series(name, left, dtype=values.dtype)
