"""What must hold of every estimate of what is missing: names and order do not matter, and size scales."""

from __future__ import annotations

from itertools import permutations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lifecluster.figures.completeness import Histories, completeness, histories_of
from lifecluster.figures.completeness.chao import chao
from lifecluster.figures.completeness.histories import MOST, OTHERS
from lifecluster.figures.completeness.loglinear import fit

PATTERNS = [p for p in product((0, 1), repeat=3) if any(p)]
COUNTS = st.lists(st.integers(4, 60), min_size=7, max_size=7)
LISTED = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=40)


def of(counts) -> Histories:
    return Histories(("a", "b", "c"), dict(zip(PATTERNS, counts, strict=True)))


@given(LISTED)
def test_histories_are_those_of_a_slow_count(listed):
    names = sorted({name for one in listed for name in one})
    if len(names) < 2:
        return
    found = histories_of(listed)
    sizes = {name: sum(name in one for one in listed) for name in names}
    large = sorted(names, key=lambda n: (-sizes[n], n))[: MOST - 1] if len(names) > MOST else names
    assert set(found.lists) - {OTHERS} == set(large)
    assert found.observed == sum(bool(one) for one in listed)
    for pattern, count in found.counts.items():
        held = {name for name, here in zip(found.lists, pattern, strict=True) if here}
        mine = [{name if name in large else OTHERS for name in one} for one in listed if one]
        assert count == sum(one == held for one in mine)


@given(LISTED, st.randoms(use_true_random=False))
def test_who_is_in_no_list_and_in_which_order_changes_nothing(listed, random):
    if len({name for one in listed for name in one}) < 2:
        return
    mixed = [*listed, [], []]
    random.shuffle(mixed)
    assert histories_of([[*one, *one] for one in mixed]) == histories_of(listed)


@settings(max_examples=20)
@given(COUNTS)
@example([4, 4, 4, 4, 4, 22, 4])  # a third pair explains nothing: its model is exactly 2 worse
def test_the_names_of_lists_mean_nothing(counts):
    whole = completeness(of(counts))
    for order in permutations(range(3)):
        turned = Histories(("a", "b", "c"), {tuple(p[i] for i in order): n for p, n in of(counts).counts.items()})
        other = completeness(turned)
        assert other.bound.missed == pytest.approx(whole.bound.missed)
        assert (other.low, other.high) == (pytest.approx(whole.low, rel=1e-4), pytest.approx(whole.high, rel=1e-4))


@settings(max_examples=25)
@given(COUNTS, st.integers(2, 9))
def test_of_ten_times_as_many_ten_times_as_many_are_missed_and_the_share_is_surer(counts, times):
    once, often = fit(of(counts), ()), fit(of([n * times for n in counts]), ())
    assert often.missed == pytest.approx(times * once.missed, rel=1e-5)
    assert often.se == pytest.approx(times**0.5 * once.se, rel=1e-4)
    assert (often.high - often.low) / often.total <= (once.high - once.low) / once.total + 1e-9


@settings(max_examples=40)
@given(COUNTS)
def test_estimates_lie_in_their_limits_and_nobody_seen_is_forgotten(counts):
    histories = of(counts)
    found = completeness(histories)
    for one in (found.bound, *found.fitted):
        assert one.total == pytest.approx(histories.observed + one.missed)
        assert histories.observed - 1e-9 <= one.low <= one.total <= one.high
    assert found.low <= found.bound.total <= found.high


@settings(max_examples=40)
@given(COUNTS, st.integers(1, 30))
def test_more_that_are_seen_once_means_more_that_are_not_seen(counts, more):
    """The bound grows with those in one list alone, and falls with those in two."""
    single, double = list(counts), list(counts)
    single[PATTERNS.index((1, 0, 0))] += more
    double[PATTERNS.index((1, 1, 0))] += more
    assert chao(of(double)).missed < chao(of(counts)).missed < chao(of(single)).missed


@given(COUNTS)
def test_taking_lists_together_loses_nobody(counts):
    merged = of(counts).merged()
    assert merged.observed == of(counts).observed
    assert len(merged.lists) == 2
    assert sum(n for pattern, n in merged.counts.items() if all(pattern)) <= of(counts).observed
