"""Strings on disk, ranges, and the counting of rivals, each against a plain twin."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage import store
from lifecluster.register.linkage.rivals import best_other, count_where, rank


@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=4))
def test_strings_come_back(pieces: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with store.StringWriter(Path(folder), "x") as writer:
            for piece in pieces:
                writer.write(piece)
        strings = store.open_strings(Path(folder), "x")
        flat = [value for piece in pieces for value in piece]
        assert strings.to_pylist() == flat
        assert store.take(strings, np.arange(len(flat))[::-1]) == flat[::-1]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=10))
def test_expand_lists_every_position(spans: list[tuple[int, int]]) -> None:
    starts = np.array([s for s, _ in spans], np.int64)
    ends = np.array([s + n for s, n in spans], np.int64)
    owner, position = store.expand(starts, ends)
    expected = [(i, p) for i, (s, n) in enumerate(spans) for p in range(s, s + n)]
    assert list(zip(owner.tolist(), position.tolist(), strict=True)) == expected


def test_hashes_are_the_same_everywhere() -> None:
    assert store.hashes(["zorbix"], 1).tolist() == store.hashes(["zorbix"], 1).tolist()
    assert store.hashes(["a", "b"], 2).tolist() != store.hashes(["b", "a"], 2).tolist()


PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), min_size=1, max_size=25).map(sorted)


@given(PAIRS)
def test_rivals_against_plain_loops(pairs: list[tuple[int, int]]) -> None:
    query = np.array([q for q, _ in pairs])
    score = np.array([s / 6 for _, s in pairs])
    others = best_other(query, score)
    ranks = rank(query, score)
    counts = count_where(query, score > 0.5)
    for i in range(len(pairs)):
        rest = [score[j] for j in range(len(pairs)) if query[j] == query[i] and j != i]
        assert others[i] == (max(rest) if rest else 0.0)
        assert ranks[i] == sum(s > score[i] for s in rest)
        own = [score[j] for j in range(len(pairs)) if query[j] == query[i]]
        assert counts[i] == sum(s > 0.5 for s in own)
