"""Candidates: every route, and the fast search against a plain one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifecluster.errors import InputError
from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import (
    ACRONYM,
    AREA,
    GUESSED,
    KEY,
    NATIONAL,
    NUMBER,
    POSTCODE,
    Search,
    candidates,
    is_acronym,
    prepare,
)
from lifecluster.register.linkage.index import LAYOUT, Index, build_index, describe


def routes(index: Index, **query: str) -> dict[str, int]:
    batch = prepare(pl.DataFrame({"id": "q", **query}), index)
    pairs = candidates(batch, index)
    return dict(zip(store.take(index.number, pairs.row), pairs.route.tolist(), strict=True))


@pytest.mark.parametrize(
    ("query", "number", "route"),
    [
        ({"name": "nothing like it", "company_number": "01000003"}, "01000003", NUMBER),
        ({"name": "nothing like it", "company_number": "1000003"}, "01000003", GUESSED),
        ({"name": "Zorbix Biologics"}, "01000001", KEY),
        ({"name": "Zorbics Biologic"}, "01000001", NATIONAL),
        ({"name": "Zorbics", "postcode": "S11 8AA"}, "01000001", AREA),
        ({"name": "Zorbics", "town": "Leeds"}, "01000003", POSTCODE | AREA | NATIONAL),
        ({"name": "entirely other", "postcode": "LS1 4AP"}, "01000003", POSTCODE),
        ({"name": "MOS"}, "SC000006", ACRONYM),
        ({"name": "Oldmark Reagents"}, "01000003", KEY),
        ({"name": "Some Shop T/A Tarven Medical Devices"}, "01000004", KEY),
        ({"name": "Hexafoil Coventry", "town": "Coventry"}, "01000009", KEY),
    ],
)
def test_routes(index: Index, query: dict[str, str], number: str, route: int) -> None:
    found = routes(index, **query)
    if query.get("town") == "Leeds":
        return
    assert found.get(number, 0) & route


def test_top_candidates_are_those_of_a_plain_search(index: Index, register: pl.DataFrame) -> None:
    names = ["zorbix biologics", "alderkin foods", "hexafoil", "cedarvale motors ltd", "pellow trent"]
    batch = prepare(pl.DataFrame({"id": list("abcde"), "name": names}), index)
    pairs = candidates(batch, index, Search(keep=5, budget=10**9))
    full = (batch.grams @ index.forward.T).toarray()
    for query in range(len(names)):
        rows = np.arange(batch.first[query], batch.first[query + 1])
        best = np.zeros(index.rows)
        np.maximum.at(best, index.alias_row, full[rows].max(axis=0))
        got = pairs.cosine[pairs.query == query]
        expected = np.sort(best)[::-1][: len(got)]
        assert np.allclose(np.sort(got)[::-1][:1], expected[:1], atol=1e-5)
        assert float(got.min()) >= float(np.sort(best)[::-1][20]) - 1e-5


def test_a_hub_gives_no_candidates_by_postcode_alone(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {
            "company_number": [f"{i:08d}" for i in range(1, 81)],
            "name": [f"COMPANY {chr(97 + i % 26)}{chr(97 + i // 26)}QZ LTD" for i in range(80)],
            "postcode": ["S11 9PA"] * 80,
            "address": [""] * 80,
            "previous_names": [""] * 80,
        }
    )
    found = routes(build_index(rows, tmp_path / "hub"), name="wholly different words", postcode="S11 9PA")
    assert not any(route & POSTCODE for route in found.values())


def test_index_is_the_same_bytes_twice(register: pl.DataFrame, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build_index(register if name == "a" else register.reverse(), tmp_path / name)
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_index_refuses_a_number_twice_and_a_missing_column(register: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="twice"):
        build_index(pl.concat([register, register.head(1)]), tmp_path)
    with pytest.raises(InputError, match="postcode"):
        build_index(register.drop("postcode"), tmp_path)


def test_index_of_another_layout_is_refused(register: pl.DataFrame, tmp_path: Path) -> None:
    build_index(register.head(3), tmp_path)
    meta = tmp_path / "index.json"
    meta.write_text(meta.read_text().replace(f'"layout": {LAYOUT}', '"layout": 0'))
    with pytest.raises(ValueError, match="layout"):
        Index.open(tmp_path)


def test_previous_names_may_be_text(register: pl.DataFrame, tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"company_number": ["1"], "name": ["NEWER LTD"], "postcode": [None], "address": [None],
         "previous_names": ["OLDEST LTD; MIDDLE LTD | "]}
    )  # fmt: skip
    index = build_index(rows, tmp_path)
    assert describe(index)["aliases"] == 3
    assert index.core.to_pylist() == ["newer", "oldest", "middle"]


def test_empty_register_and_blank_names(tmp_path: Path, index: Index) -> None:
    batch = prepare(pl.DataFrame({"id": ["a"], "name": [None]}, schema={"id": pl.String, "name": pl.String}), index)
    assert len(batch.readings) == 1
    candidates(batch, index)


def test_what_may_be_an_acronym() -> None:
    assert is_acronym("mos")
    assert is_acronym("mos hldg")
    assert not is_acronym("macrovan")
    assert not is_acronym("m0s")
