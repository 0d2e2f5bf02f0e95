"""What stands beside an interval: a number that lies in it, with words that say what each is."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.claim import Says, claims
from lifecluster.figures.inputs import shipped
from lifecluster.figures.measure import Terms, estimate
from lifecluster.figures.result import BasisResult
from lifecluster.figures.rows import BEFORE, NOW, REST, THIS, Row
from lifecluster.figures.uncertainty import KINDS
from lifecluster.register.definition import SHIPPED, load_definition
from lifecluster.register.segments.compare import compare
from lifecluster.register.segments.sums import expected
from tests.test_docs import ROOT

from .kit import run

CHANCES = st.lists(st.floats(0, 1), max_size=12)
CELL = st.tuples(st.integers(0, 500), st.integers(0, 40), st.floats(0, 60))


def brute(chances: list[float]) -> np.ndarray:
    """Probabilities of 0, 1, 2, ... by going through every choice of who belongs."""
    found = np.zeros(len(chances) + 1)
    for choice in range(2 ** len(chances)):
        inside = [bool(choice >> i & 1) for i in range(len(chances))]
        found[sum(inside)] += math.prod(p if yes else 1 - p for p, yes in zip(chances, inside, strict=True))
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_expected_number_and_its_interval_are_those_of_every_choice(chances):
    weights, (mean, low, high) = brute(chances), expected(chances)
    assert mean == pytest.approx(float(np.arange(len(weights)) @ weights))
    assert low - 1e-9 <= mean <= high + 1e-9
    inside = weights[int(low) : int(high) + 1].sum()
    assert inside >= 0.95 - 1e-6
    assert (low, high) == (round(low), round(high))


@settings(max_examples=60, deadline=None)
@given(CHANCES, st.just(0.0) | st.floats(0.5, 30), st.floats(0.1, 30))
def test_a_count_with_what_is_missing_has_an_expected_number_in_its_interval(chances, shift, sd):
    rows = [Row(THIS, str(i), None, *(0, 1), chance=p) for i, p in enumerate(chances)]
    rows.append(Row(THIS, "in no source", 0, 0, 0, sd=sd if shift else 0.0, shift=shift))
    found = estimate("total", rows, Says(within=0.05))
    assert found.low <= found.expected <= found.high
    assert found.expected == pytest.approx(sum(chances) + shift)  # the parts that a reader is told add up


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["total", "share", "growth", "rank"]), st.lists(CELL, min_size=2, max_size=4),
       st.sampled_from([None, (1.0, 1.4)]))  # fmt: skip
def test_any_kind_of_figure_has_an_expected_number_in_its_interval(kind, cells, coverage):
    names = {"share": [THIS, REST], "growth": [NOW, BEFORE], "rank": [THIS, "a", "b", "c"], "total": [THIS] * 4}[kind]
    rows = [Row(names[i % len(names)], str(i), v, max(v - w, 0), v + w, sd=s) for i, (v, w, s) in enumerate(cells)]
    says = {"rank": Says(rank=1), "growth": Says(grows=True)}.get(kind, Says(within=0.1))
    found = estimate(kind, rows, says, Terms(coverage=coverage))
    if found.low is not None and found.high is not None:
        assert found.low <= found.expected <= found.high


def beside(basis: BasisResult) -> Iterator[tuple[float, float, float]]:
    """Every number of a basis that a reader sees beside an interval, with the interval."""
    plain = basis.to_dict()
    for one in (plain, *plain["league"], *plain["beside"], *plain["segments"], *plain["intervals"]):
        if one["low"] is not None and one["high"] is not None:
            yield one["expected"], one["low"], one["high"]
    if plain["low"] is not None and plain["high"] is not None and not plain["tells_expected"]:
        yield plain["value"], plain["low"], plain["high"]


@pytest.mark.parametrize("region", ["midlands", "east-midlands", "west-midlands"])
def test_what_is_shown_beside_an_interval_lies_in_it(sample_package, region):
    inputs = shipped().with_register(sample_package)
    seen = 0
    for claim in claims():
        for basis in run(claim, region, inputs=inputs).bases:
            for value, low, high in beside(basis):
                assert low - 1e-9 <= value <= high + 1e-9, (claim.name, basis.basis.label)
                seen += 1
            assert set(basis.interval_of) <= set(KINDS)
            if basis.tells_expected:
                assert "expected" in basis.reading or basis.figure.low == basis.figure.high or basis.kind == "rank"
    assert seen > 50


def test_one_quantity_has_one_interval(sample_package):
    """What `definitions compare` calls the interval of classification is that of the claim on the same organisations."""
    result = run("businesses", "midlands", inputs=shipped().with_register(sample_package))
    from lifecluster.commands.definitions import classified

    definitions = tuple(load_definition(name) for name in SHIPPED)
    counts = {row["definition"]: row for row in compare(*classified(sample_package, definitions), definitions).counts.to_dicts()}  # fmt: skip
    for basis in result.bases[:3]:
        row, one = counts[basis.basis.definition], basis.shares[0]
        assert row["low"] <= row["expected"] <= row["high"]
        assert (one.of, one.expected) == ("classification", pytest.approx(row["expected"]))
        assert (one.low, one.high, basis.certain) == (row["low"], row["high"], row["certain"])
        assert basis.figure.value == row["counted"]


def test_the_glossary_has_every_kind_of_interval():
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    for kind in KINDS:
        assert f"| {kind} |" in glossary


def test_a_number_nobody_stated_has_no_verdict(sample_package):
    inputs = shipped().with_register(sample_package)
    own = run("businesses", "midlands", inputs=inputs)
    assert (own.verdict.word, own.probability) == ("no verdict", None)
    assert {basis.verdict.word for basis in own.bases} == {"no verdict", "cannot tell"}
    stated = run("businesses", "midlands", inputs=inputs, stated=2000.0)
    assert stated.verdict.word == "false"
    assert "2,000 was stated" in stated.because
    assert run("second-largest-employer", "midlands").verdict.word == "false"
