"""The age of values, by the rule that the command line and the web app share."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.reference.freshness import freshness
from lifecluster.reference.properties import vocabulary

AT = date(2026, 11, 22)
AGEING = sorted(name for name, p in vocabulary().properties.items() if p.stale_after)
DAYS = st.dates(date(2015, 1, 1), AT) | st.none()


@pytest.mark.parametrize(
    ("days", "state"), [(0, "fresh"), (360, "fresh"), (361, "ageing"), (540, "ageing"), (541, "stale"), (4000, "stale")]
)
def test_a_head_count_ages(days: int, state: str) -> None:
    found = freshness("employees", observed_on=AT - timedelta(days), verified_on=None, at=AT)
    assert (found.state, found.days, found.stale) == (state, days, state == "stale")


def test_the_later_of_seen_and_verified_counts() -> None:
    old, new = date(2020, 1, 1), date(2026, 11, 1)
    assert freshness("employees", observed_on=old, verified_on=new, at=AT).since == new
    assert freshness("employees", observed_on=new, verified_on=old, at=AT).state == "fresh"


def test_what_does_not_age_and_what_has_no_date() -> None:
    assert freshness("name", observed_on=date(1990, 1, 1), verified_on=None, at=AT).state == "ageless"
    assert freshness("name", observed_on=None, verified_on=None, at=AT).state == "undated"
    assert freshness("employees", observed_on=None, verified_on=None, at=AT).state == "undated"
    assert freshness("no such property", observed_on=AT, verified_on=None, at=AT).state == "ageless"


@given(prop=st.sampled_from(AGEING), observed=DAYS, verified=DAYS, ahead=st.integers(0, 4000))
def test_nothing_grows_fresher_by_waiting(prop: str, observed: date | None, verified: date | None, ahead: int) -> None:
    order = ("fresh", "ageing", "stale")
    now = freshness(prop, observed_on=observed, verified_on=verified, at=AT)
    later = freshness(prop, observed_on=observed, verified_on=verified, at=AT + timedelta(ahead))
    if now.state == "undated":
        assert later.state == "undated"
    else:
        assert order.index(later.state) >= order.index(now.state)
        assert now.stale_on is not None
        assert freshness(prop, observed_on=observed, verified_on=verified, at=now.stale_on).stale
        day_before = now.stale_on - timedelta(1)
        assert not freshness(prop, observed_on=observed, verified_on=verified, at=day_before).stale
