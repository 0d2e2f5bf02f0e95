"""Area codes and their history."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.places.areas import area_name, authorities, code_history, names, outwards
from lifecluster.places.codes import CodeHistory, itl


def test_recoded_areas() -> None:
    history = code_history()
    assert history.active_code("E08000016") == "E08000038"
    assert history.active_code("e08000019 ") == "E08000039"
    assert history.active_code("E08000038") == "E08000038"
    assert history.active_code("X") is None


@settings(deadline=None)
@given(st.lists(st.sampled_from([*sorted(code_history().active), "E99999999"])))
def test_a_column_is_as_one_by_one_and_active_codes_stay(codes: list[str]) -> None:
    history = code_history()
    found = history.active_codes(pl.Series(codes, dtype=pl.String))
    assert found.to_list() == [history.active_code(code) for code in codes]
    assert history.active_codes(found).equals(found)


def test_a_history_that_is_no_history_is_refused() -> None:
    with pytest.raises(LifeclusterError, match="E2 stand for others"):
        CodeHistory.of(pl.DataFrame({"code": ["E1", "E2"], "active": ["E2", "E1"]}).filter(pl.col("code") == "E1"))


@pytest.mark.parametrize(("code", "expected"), [("UKF1", "TLF1"), ("TLF1", "TLF1"), ("ukg", "TLG"), ("UKE31", "TLE31")])
def test_nuts_is_itl(code: str, expected: str) -> None:
    assert itl(code) == expected
    assert itl(expected) == expected


@pytest.mark.parametrize("code", ["", "DE21", "UK", "UKZ1", "E12000004", "TLF123"])
def test_other_codes_are_no_itl(code: str) -> None:
    with pytest.raises(LifeclusterError, match="neither an ITL nor a NUTS code"):
        itl(code)


def test_shipped_tables_fit_together() -> None:
    lads = authorities()
    assert lads.height == lads["lad"].n_unique() == 361
    assert set(lads["lad"]) == set(code_history().active.values())
    assert set(outwards()["lad"]) <= set(lads["lad"])
    known = set(names()["code"])
    for level in ("region", "combined_authority", "country", "itl1", "itl2", "itl3"):
        assert set(lads[level].drop_nulls()) <= known, level


def test_each_english_region_is_one_itl1_area() -> None:
    pairs = authorities().select("region", "itl1").drop_nulls().unique()
    assert pairs.height == 9
    assert dict(pairs.iter_rows())["E12000004"] == "TLF"


def test_names() -> None:
    assert area_name("E08000016") == "Barnsley"
    assert area_name("E12000005") == "West Midlands"
    assert area_name("TLF1") == "Derbyshire and Nottinghamshire"
    assert area_name("E47000002") == "South Yorkshire"
    assert area_name("nothing") is None
