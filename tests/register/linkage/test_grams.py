"""Trigram rows against a plain reckoning."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.grams import VOCABULARY, idf, row_cosines, tfidf, trigrams

WORDS = st.lists(st.text(alphabet="abcz019 ", max_size=12).map(lambda t: " ".join(t.split())), max_size=8)


def plain(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def code(gram: str) -> int:
    alphabet = " abcdefghijklmnopqrstuvwxyz0123456789"
    a, b, c = (alphabet.index(letter) for letter in gram)
    return a * 37 * 37 + b * 37 + c


@given(WORDS)
def test_trigrams_are_those_of_each_name_alone(names: list[str]) -> None:
    indptr, codes = trigrams(names)
    assert len(indptr) == len(names) + 1
    for i, name in enumerate(names):
        assert set(codes[indptr[i] : indptr[i + 1]].tolist()) == {code(gram) for gram in plain(name)}


@given(WORDS)
def test_rows_have_unit_length(names: list[str]) -> None:
    weights = idf(np.ones(VOCABULARY, np.int64), 10)
    rows = tfidf(names, weights)
    lengths = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    for name, length in zip(names, lengths, strict=True):
        assert abs(length - (1.0 if plain(name) else 0.0)) < 1e-5


def test_paired_cosines_are_those_of_the_full_product() -> None:
    names = ["zorbix biologics", "zorbix bio", "quendale pharm", "", "biologics zorbix"]
    rows = tfidf(names, idf(np.ones(VOCABULARY, np.int64), 10))
    full = (rows @ rows.T).toarray()
    left, right = np.divmod(np.arange(25), 5)
    assert np.allclose(row_cosines(rows, left, rows, right, chunk=7), full[left, right], atol=1e-6)
