from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster import atlas
from lifecluster.atlas.points import radii_of, sites, weights_of
from lifecluster.errors import LifeclusterError
from tests.atlas.cases import towns


def test_a_missing_coordinate_is_named_by_its_row() -> None:
    with pytest.raises(atlas.AtlasError, match="cases: row 3 has no finite coordinates"):
        sites([(1000, 2000), (3000, 4000), (np.nan, 4000)], "cases")
    with pytest.raises(atlas.AtlasError, match="row 1"):
        sites([(np.inf, 2000)])


@given(st.lists(st.tuples(st.floats(-9, 2.5), st.floats(49, 62)), min_size=1))
def test_longitude_and_latitude_are_refused_in_either_order(places: list[tuple[float, float]]) -> None:
    for points in (places, [(b, a) for a, b in places]):
        with pytest.raises(atlas.AtlasError, match="look like degrees"):
            sites(points)


def test_a_single_place_near_the_origin_is_no_reason_to_refuse() -> None:
    assert sites([(10, 10), (5000, 5000)]).shape == (2, 2)


@pytest.mark.parametrize("wrong", [[1, 2, 3], [[1, 2, 3]], [["a", "b"]], [[[1, 2]]]])
def test_other_shapes_and_texts_are_refused(wrong: object) -> None:
    with pytest.raises(LifeclusterError):
        sites(wrong)  # type: ignore[arg-type]


def test_weights_and_radii_are_checked() -> None:
    assert weights_of(None, 3) is None
    assert weights_of([1, 0, 2], 3).tolist() == [1, 0, 2]
    for wrong in ([1, 2], [1, -1, 2], [1, np.nan, 2]):
        with pytest.raises(atlas.AtlasError):
            weights_of(wrong, 3)
    with pytest.raises(atlas.CannotTellError, match="all zero"):
        weights_of([0, 0, 0], 3)
    for wrong in ([], [-1.0], [np.nan], [[1.0]]):
        with pytest.raises(atlas.AtlasError):
            radii_of(wrong)
    assert radii_of(5000).tolist() == [5000]


def test_cases_are_found_at_shared_points_as_often_as_there_are_sites() -> None:
    places = np.array([(0, 0), (1000, 0), (1000, 0), (5000, 5000)], float)
    everywhere = atlas.universe(places)
    assert sorted(everywhere.locate(places[[2, 1]])) == [1, 2]
    assert everywhere.shared_points == 2
    with pytest.raises(atlas.AtlasError, match=r"row 3 .* is outside the universe; 1 of 3"):
        everywhere.locate(np.array([(1000, 0), (1000, 0), (1000, 0)], float))


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_locating_gives_back_the_same_places(seed: int, n: int) -> None:
    places = np.round(towns(60, seed % 7) / 20_000) * 20_000  # many at one point
    chosen = np.random.default_rng(seed).choice(60, n, replace=False)
    rows = atlas.universe(places).locate(places[chosen])
    assert len(set(rows.tolist())) == n
    assert (places[rows] == places[chosen]).all()


def test_hubs_are_left_out_and_masks_must_fit() -> None:
    places = towns(10)
    mask = np.zeros(10, bool)
    mask[:4] = True
    kept = atlas.universe(places, hubs=mask, inside=~mask, name="all companies", vintage="2026")
    assert len(kept) == 6
    assert kept.inside is not None
    assert kept.inside.all()
    assert (kept.name, kept.vintage) == ("all companies", "2026")
    assert atlas.universe(kept) is kept
    with pytest.raises(atlas.AtlasError, match="10 values"):
        atlas.universe(places, hubs=[True])
    with pytest.raises(atlas.CannotTellError, match="1 site"):
        atlas.universe(places, hubs=np.arange(10) > 0)
