"""What stands behind a rounded figure: against every number there is."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lifecluster.reference.rounding import Band, Rounding, rounding, roundings

HEAD = {"what": "w", "publisher": "p", "url": "u", "confidence": "inferred", "note": "n"}


def printed_ways(rule: Rounding, number: int) -> set[int]:
    """Every multiple that is nearest to a number under the band it lies in; two of them half-way."""
    step = next(b.to for b in rule.bands if b.below is None or number < b.below)
    down = number // step * step
    near = {down: number - down, down + step: down + step - number}
    least = min(near.values())
    return {multiple for multiple, distance in near.items() if distance == least}


@pytest.mark.parametrize("source", ["bres", "uk-business-counts", "workforce"])
def test_preimage_is_that_of_a_search_through_all_numbers(source):
    rule = rounding(source)
    found: dict[int, list[int]] = {}
    for number in range(9000):
        for multiple in printed_ways(rule, number):
            found.setdefault(multiple, []).append(number)
    for multiple, numbers in found.items():
        if multiple > 7000:
            continue
        assert rule.preimage(multiple) == (min(numbers), max(numbers)), multiple
        assert numbers == list(range(min(numbers), max(numbers) + 1))


@given(st.integers(0, 2_000_000))
def test_a_number_lies_between_the_ends_of_its_own_figure(number):
    for rule in roundings().values():
        low, high = rule.preimage(rule.rounded(number))
        assert low <= number <= high


@pytest.mark.parametrize(
    ("printed", "ends"),
    [(0, (0, 2)), (5, (3, 7)), (50, (48, 62)), (75, (63, 87)), (250, (238, 275)), (500, (475, 550)),
     (1000, (950, 1125)), (2500, (2375, 2750)), (5000, (4750, 5500)), (6000, (5500, 6500))],
)  # fmt: skip
def test_bands_of_jobs_meet_without_gaps(printed, ends):
    assert rounding("bres").preimage(printed) == ends


@pytest.mark.parametrize("printed", [3, 60, 260, 1100, 5500, -5, 2.5])
def test_a_figure_that_the_rule_cannot_make(printed):
    with pytest.raises(ValueError, match="no figure"):
        rounding("bres").preimage(printed)


def test_columns_keep_unknown_apart_from_none():
    low, high = rounding("bres").bounds(pl.Series([0.0, None, 25.0, 3.0]))
    assert low.to_list() == [0, None, 23, None]
    assert high.to_list() == [2, None, 27, None]
    empty, _ = rounding("bres").bounds(pl.Series([None], dtype=pl.Float64))
    assert empty.to_list() == [None]


@pytest.mark.parametrize(
    "bands", [[{"below": 50, "to": 5}], [{"to": 5}, {"to": 10}], [{"below": 50, "to": 5}, {"below": 20, "to": 2}, {"to": 1}],
              []],
)  # fmt: skip
def test_bands_that_are_out_of_order_are_refused(bands):
    with pytest.raises(ValidationError):
        Rounding.model_validate({**HEAD, "bands": bands})


def test_a_band_rounds_halves_up():
    rule = Rounding(**HEAD, bands=(Band(to=10),))
    assert [rule.rounded(n) for n in (0, 4, 5, 14, 15)] == [0, 0, 10, 10, 20]
