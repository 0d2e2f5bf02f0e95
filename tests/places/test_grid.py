"""Metres and degrees, never mixed."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.places.grid import check_metres, distance, distance_expr, to_grid, to_wgs84

EASTINGS, NORTHINGS = st.floats(100_000, 650_000), st.floats(10_000, 1_200_000)


def test_distance_by_hand() -> None:
    assert distance(400_000, 300_000, 403_000, 304_000) == pytest.approx(5_000)
    assert distance([400_000, 400_000], [300_000, 300_001], 400_000, 300_000).tolist() == [0.0, 1.0]


def test_an_unknown_place_is_at_an_unknown_distance() -> None:
    assert np.isnan(distance(np.nan, np.nan, 400_000, 300_000))


def test_the_expression_agrees_with_the_function() -> None:
    frame = pl.DataFrame({"e": [400_000, 412_345, None], "n": [300_000, 322_222, None]})
    found = frame.select(distance_expr("e", "n", 401_000, 299_000)).to_series()
    expected = distance(frame["e"].to_numpy(), frame["n"].to_numpy(), 401_000, 299_000)
    assert found.to_list()[:2] == pytest.approx(expected[:2].tolist())
    assert found[2] is None


def test_the_worked_example_of_ordnance_survey() -> None:
    """Caister water tower in "A guide to coordinate systems": 651409.903 m, 313177.270 m."""
    longitude, latitude = to_wgs84(651_409.903, 313_177.270)
    assert float(latitude) == pytest.approx(52.65797, abs=2e-4)
    assert float(longitude) == pytest.approx(1.71605, abs=2e-4)


@settings(deadline=None, max_examples=50)
@given(EASTINGS, NORTHINGS)
def test_there_and_back_within_a_centimetre(easting: float, northing: float) -> None:
    longitude, latitude = to_wgs84(easting, northing)
    # Great Britain: out at sea, past the area of use of the grid, another transformation is chosen each way.
    if -8.7 <= float(longitude) <= 1.8 and 49.8 <= float(latitude) <= 60.9:
        back = to_grid(longitude, latitude)
        assert math.hypot(float(back[0]) - easting, float(back[1]) - northing) < 0.01


def test_unknown_places_stay_unknown() -> None:
    longitude, latitude = to_wgs84([400_000, np.nan], [300_000, np.nan])
    assert np.isnan(longitude).tolist() == np.isnan(latitude).tolist() == [False, True]


@pytest.mark.parametrize(
    ("easting", "northing", "message"),
    [(-1.47, 53.38, "are degrees, not metres"), ([0.1, -1.2], [51.5, 52.9], "are degrees"),
     (400_000, 2_000_000, "off the National Grid"), (-5_000, 300_000, "off the National Grid")],
)  # fmt: skip
def test_degrees_are_refused_where_metres_are_expected(easting: object, northing: object, message: str) -> None:
    for call in (check_metres, to_wgs84, lambda e, n: distance(e, n, 400_000, 300_000)):
        with pytest.raises(LifeclusterError, match=message):
            call(easting, northing)  # type: ignore[operator]  # functions of one shape


@pytest.mark.parametrize(("longitude", "latitude"), [(53.38, -1.47), (400_000, 300_000), (-86.8, 33.5)])
def test_metres_swapped_degrees_and_birmingham_alabama_are_refused(longitude: float, latitude: float) -> None:
    with pytest.raises(LifeclusterError, match="not in Great Britain"):
        to_grid(longitude, latitude)
