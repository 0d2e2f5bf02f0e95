"""What the index on disk holds, against the register it was made of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage import index as layout
from lifecluster.register.linkage import store
from lifecluster.register.linkage.build import _aliases, _area_ranges, _names, _towns
from lifecluster.register.linkage.candidates import NATIONAL, Search, _national, candidates, prepare
from lifecluster.register.linkage.index import CURRENT, PREVIOUS, TRADED, Index, build_index
from lifecluster.register.linkage.normalise import read_name
from tests.register.linkage.conftest import crowd, frame


def test_every_row_comes_back(index: Index, register: pl.DataFrame) -> None:
    rows = np.arange(index.rows)
    assert sorted(store.take(index.number, rows)) == sorted(register["company_number"])
    names = dict(register.select("company_number", "name").iter_rows())
    back = dict(zip(store.take(index.number, rows), store.take(index.name, rows), strict=True))
    assert back == names


def test_rows_are_in_order_of_postcode(index: Index) -> None:
    codes = store.take(index.postcode, np.arange(index.rows))
    assert codes == sorted(codes)


def test_each_number_is_found_and_no_other(index: Index, register: pl.DataFrame) -> None:
    for number in register["company_number"].to_list()[:40]:
        row = index.row_of_number(number)
        assert row is not None
        assert store.take(index.number, np.array([row])) == [number]
    for number in ("99999999", "", "SC999999", "0100000"):
        assert index.row_of_number(number) is None


def test_rows_at_a_postcode(index: Index) -> None:
    codes = store.take(index.postcode, np.arange(index.rows))
    low, high = index.rows_at(["S102TN", "", "ZZ11ZZ"])
    assert list(range(low[0], high[0])) == [i for i, code in enumerate(codes) if code == "S102TN"]
    assert (high - low).tolist()[1:] == [0, 0]


def test_token_counts_are_those_of_the_aliases(index: Index) -> None:
    names = store.take(index.canon, np.arange(index.aliases))
    counts = Counter(token for name in names for token in set(name.split()))
    words = [*list(counts)[:50], "neverseen"]
    assert index.token_frequency(words).tolist() == [counts[word] for word in words]
    weight = index.token_weight(words)
    assert ((weight >= 0) & (weight <= 1)).all()
    order = np.argsort([counts[word] for word in words], kind="stable")
    assert (np.diff(weight[order]) <= 1e-12).all()


def test_key_counts_are_those_of_the_aliases(index: Index) -> None:
    counts = Counter(name.replace(" ", "") for name in store.take(index.canon, np.arange(index.aliases)))
    keys = [*list(counts)[:50], "neverseen"]
    assert index.key_count(keys).tolist() == [counts[key] for key in keys]


def test_blocks_together_are_the_transpose(
    register: pl.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With small blocks the search finds what it finds with one."""
    whole = build_index(register, tmp_path / "whole")
    for module in ("build", "index", "candidates"):
        monkeypatch.setattr(f"lifecluster.register.linkage.{module}.BLOCK", 64)
    cut = build_index(register, tmp_path / "cut")
    assert len(whole.inverted) == 1
    assert len(cut.inverted) == -(-cut.aliases // 64)
    parts = [block.toarray() for block in cut.inverted[:3]]
    assert np.array_equal(np.hstack(parts), whole.inverted[0][:, : 64 * 3].toarray())
    assert np.array_equal(cut.postings, whole.postings)
    asked = pl.DataFrame({"id": ["a", "b", "c"], "name": ["Alderkin Foods", "Zorbics Biologic", "Maple Media"]})
    for search in (Search(national=5), Search(national=20, budget=10)):
        found = []
        for index in (whole, cut):
            batch = prepare(asked, index)
            query, _row, route = _national(batch, index, search)
            assert route == NATIONAL
            assert np.bincount(query, minlength=3).max() <= search.national * 3
            found.append(candidates(batch, index))
        assert found[0].cosine.tolist()[:5] == pytest.approx(found[1].cosine.tolist()[:5])


def test_an_empty_index_has_no_blocks(register: pl.DataFrame, tmp_path: Path) -> None:
    empty = build_index(register.head(0), tmp_path)
    assert (empty.rows, empty.aliases, empty.inverted) == (0, 0, [])
    assert empty.postings.sum() == 0


@pytest.mark.parametrize(
    ("value", "names"),
    [(None, []), ("", []), ("A; B|C ;", ["A", "B", "C"]), (["A ", None, ""], ["A"]), ([], [])],
)
def test_lists_of_names(value: object, names: list[str]) -> None:
    assert _names(value) == names


def test_aliases_of_a_row() -> None:
    found = _aliases("NEWER LTD T/A SHOPFRONT", ["OLDER LTD", "NEWER LIMITED"], ["Corner Shop"])
    kinds = {alias[1]: alias[0] for alias in found}
    assert kinds["older"] == PREVIOUS
    assert kinds["corner shop"] == kinds["shopfront"] == kinds["newer"] == TRADED
    assert next(iter(kinds.values())) == CURRENT
    assert len(found) == len(kinds)


def test_a_blank_name_is_an_alias_all_the_same() -> None:
    assert _aliases("", [], []) == [(CURRENT, "", "", "", "")]


def test_ranges_of_areas() -> None:
    ends = np.array([0, 2, 3, 5, 6])
    assert _area_ranges(["", "LS", "LS", "S"], ends) == {"LS": [2, 5], "S": [5, 6]}


def test_towns_know_their_areas() -> None:
    areas = pl.Series(["S", "S", "S", "LS", "S", ""])
    towns = ["sheffield", "sheffield", "leeds", "leeds", "leeds", "leeds"]
    assert _towns(areas, [*towns]) == {"leeds": ["S", "LS"]}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_register_does_not_matter(tmp_path_factory: pytest.TempPathFactory, random) -> None:  # type: ignore[no-untyped-def]  # hypothesis gives a Random
    rows = crowd(30)
    shuffled = [*rows]
    random.shuffle(shuffled)
    folders = [tmp_path_factory.mktemp("order") for _ in range(2)]
    for folder, some in zip(folders, (rows, shuffled), strict=True):
        build_index(frame(some), folder)
    for path in sorted(folders[0].iterdir()):
        assert path.read_bytes() == (folders[1] / path.name).read_bytes(), path.name


def test_progress_is_told(register: pl.DataFrame, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    build_index(register, tmp_path, progress=lambda *step: seen.append(step))
    assert seen[0] == ("names", register.height, register.height)
    assert seen[-1] == ("trigrams", 1, 1)


def test_weights_of_trigrams_make_unit_rows(index: Index) -> None:
    squares = np.asarray(index.forward.multiply(index.forward).sum(axis=1)).ravel()
    assert ((np.abs(squares - 1) < 1e-4) | (squares == 0)).all()
    assert layout.describe(index)["trigrams"] == index.forward.nnz


def test_a_query_against_its_own_alias_is_exact(index: Index) -> None:
    name = "MACROVAN OPTICAL SYSTEMS LTD"
    batch = prepare(pl.DataFrame({"id": "q", "name": name}), index)
    pairs = candidates(batch, index)
    assert float(pairs.cosine.max()) == pytest.approx(1.0, abs=1e-5)
    assert read_name(name).canon in store.take(index.canon, pairs.alias)
