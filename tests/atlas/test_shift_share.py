from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.shift_share import shift_share

row = st.tuples(*[st.floats(0, 1e6)] * 4)


@given(st.dictionaries(st.sampled_from("abcdef"), row, min_size=1), st.integers(-2, 3))
def test_the_parts_sum_exactly_whatever_the_numbers(rows: dict[str, tuple[float, ...]], digits: int) -> None:
    before, after = ({k: v[i] for k, v in rows.items()} for i in (0, 1))
    nation = [{k: v[i] + v[i + 2] + 1 for k, v in rows.items()} for i in (0, 1)]
    found = shift_share(before, after, *nation)
    for parts in found.values():
        assert parts.nation + parts.mix + parts.region == parts.change
        change, *three = parts.rounded(digits)
        assert sum(three) == change
        assert abs(change - parts.change) <= Fraction(10) ** -digits / 2
        assert all(abs(a - b) <= Fraction(10) ** -digits
                   for a, b in zip(three, (parts.nation, parts.mix, parts.region), strict=True))  # fmt: skip
    assert found["all"].change == sum(map(Fraction, after.values())) - sum(map(Fraction, before.values()))


def test_a_worked_example() -> None:
    found = shift_share({"device": 100, "drug": 200}, {"device": 150, "drug": 190},
                        {"device": 1_000, "drug": 1_000}, {"device": 1_200, "drug": 1_000})  # fmt: skip
    device = found["device"]
    assert (device.change, device.nation, device.mix, device.region) == (50, 10, 10, 30)
    drug = found["drug"]
    assert (drug.change, drug.nation, drug.mix, drug.region) == (-10, 20, -20, -10)
    assert (found["all"].change, found["all"].nation, found["all"].region) == (40, 30, 20)


def test_a_segment_new_to_the_nation_is_the_regions_own() -> None:
    found = shift_share({"a": 10, "new": 0}, {"a": 10, "new": 5}, {"a": 100, "new": 0}, {"a": 100, "new": 5})
    assert (found["new"].nation, found["new"].mix, found["new"].region) == (0, 0, 5)


def test_tables_are_checked() -> None:
    with pytest.raises(AtlasError, match="same segments"):
        shift_share({"a": 1}, {"a": 1}, {"a": 1}, {"b": 1})
    with pytest.raises(AtlasError, match="negative"):
        shift_share({"a": -1}, {"a": 1}, {"a": 1}, {"a": 1})
    with pytest.raises(AtlasError, match="no amount"):
        shift_share({"a": float("nan")}, {"a": 1}, {"a": 1}, {"a": 1})
    with pytest.raises(CannotTellError, match="no jobs"):
        shift_share({"a": 0}, {"a": 0}, {"a": 0}, {"a": 0})
    with pytest.raises(AtlasError, match="more jobs"):
        shift_share({"a": 5}, {"a": 1}, {"a": 1}, {"a": 1})
    with pytest.raises(AtlasError, match="cannot be a segment"):
        shift_share({"all": 1}, {"all": 1}, {"all": 1}, {"all": 1})
