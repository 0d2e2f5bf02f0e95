from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.atlas import AtlasError, CannotTellError
from lifecluster.atlas.growth import growth
from tests.atlas.cases import within_binomial

TODAY = date(2026, 11, 22)
YOUNG, OLD = TODAY - timedelta(days=400), date(1990, 1, 1)


def test_a_young_cluster_is_told() -> None:
    days = [YOUNG] * 10 + [OLD] * 90
    found = growth(range(12), days, at=TODAY, vintage="v")
    assert found.value == pytest.approx(10 / 12 / 0.1)
    assert (found.n, found.vintage, found.note) == (12, "v", "10 of 12")
    assert found.p is not None
    assert found.p < 1e-6
    old = growth(range(50, 70), days, at=TODAY)
    assert (old.value, old.p) == (0.0, 1.0)


def test_the_type_i_error_is_at_most_as_stated() -> None:
    chance = np.random.default_rng(3)
    days = [YOUNG if young else OLD for young in chance.random(300) < 0.3]
    hits = sum((growth(chance.choice(300, 30, replace=False), days, at=TODAY).p or 0) <= 0.05 for _ in range(400))
    assert within_binomial(hits, 400, 0.05)
    assert hits > 0  # it can find something


@given(st.lists(st.sampled_from([YOUNG, OLD, None]), min_size=4, max_size=40), st.data())
def test_p_is_the_share_of_choices_with_as_many(days: list[date | None], data: st.DataObject) -> None:
    rows = data.draw(st.sets(st.integers(0, len(days) - 1), min_size=1, max_size=4))
    known = [i for i, day in enumerate(days) if day is not None]
    if not known or not set(known) & rows or YOUNG not in days:
        with pytest.raises(CannotTellError):
            growth(sorted(rows), days, at=TODAY)
        return
    found = growth(sorted(rows), days, at=TODAY)
    mine = [i for i in rows if days[i] is not None]
    chance = np.random.default_rng(1)
    own = sum(days[i] == YOUNG for i in mine)
    again = [sum(days[i] == YOUNG for i in chance.choice(known, len(mine), replace=False)) >= own for _ in range(300)]
    assert found.p == pytest.approx(float(np.mean(again)), abs=0.15)


def test_what_cannot_be_told_and_what_is_wrong() -> None:
    with pytest.raises(AtlasError, match="rows of the 2 cases"):
        growth([5], [OLD, YOUNG], at=TODAY)
    with pytest.raises(CannotTellError):
        growth([0], [None, YOUNG], at=TODAY)
    with pytest.raises(CannotTellError):
        growth([0], [OLD, OLD], at=TODAY)
