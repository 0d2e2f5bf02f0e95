"""Claims from the register: counts, sites and jobs of the sample region, against its own tables."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from lifecluster.figures.bases.register import counted, missed
from lifecluster.figures.change import added
from lifecluster.figures.claim import Basis, load_claim
from lifecluster.figures.completeness import histories_of
from lifecluster.figures.completeness.chao import chao
from lifecluster.figures.compute import state
from lifecluster.figures.history import computed, states
from lifecluster.figures.inputs import register_day, shipped
from lifecluster.figures.places import place

from .kit import basis, run


@pytest.fixture(scope="module")
def inputs(sample_package):
    return shipped().with_register(sample_package)


def root(package, definition, lads=None):
    classes = package.table("segments").filter((pl.col("definition") == definition) & pl.col("segment").is_null())
    live = package.table("organisations").filter("live")
    live = live if lads is None else live.filter(pl.col("lad").is_in(sorted(lads)))
    return classes.join(live, left_on="organisation_id", right_on="id", how="semi")


@pytest.mark.parametrize("definition", ["bahtss", "ols-segments", "dbt-sic"])
@pytest.mark.parametrize("region", ["midlands", "east-midlands", "west-midlands"])
def test_businesses_are_those_of_the_package(sample_package, inputs, definition, region):
    found = basis(run("businesses", region, inputs=inputs), f"register/{definition}/organisations")
    direct = root(sample_package, definition, place(region).lads)
    assert found.figure.value == direct.filter(pl.col("probability") >= 0.5).height
    assert found.unit == "organisations"
    assert any("sample data" in note for note in found.notes)


def test_both_together_are_the_sum_of_the_two(inputs):
    label = "register/bahtss/organisations"
    east, west, both = (basis(run("businesses", r, inputs=inputs), label).figure.value
                        for r in ("east-midlands", "west-midlands", "midlands"))  # fmt: skip
    assert east + west == both


def test_the_interval_holds_probabilities_and_those_that_were_missed(sample_package, inputs):
    found = basis(run("businesses", "midlands", inputs=inputs), "register/dbt-sic/organisations")
    known = counted(sample_package, Basis(source="register", definition="dbt-sic", quantity="organisations"),
                    place("midlands").lads).filter("here", pl.col("p") >= 0.5)  # fmt: skip
    bound = chao(histories_of(known["sources"].to_list()))
    row = next(row for row in found.rows if row.key == "in no source")
    assert (row.value, row.shift, row.sd) == (0, pytest.approx(bound.missed), pytest.approx(bound.se))
    assert found.figure.low >= found.figure.value  # a listed definition has no false members, only missing ones
    assert found.figure.high == pytest.approx(bound.high, abs=1)
    assert any("Chao" in note and "shun" in note for note in found.notes)


def test_the_overlap_of_the_sources_has_a_model(sample_package):
    found = missed(sample_package, "bahtss", place("midlands"))
    assert found.bound.observed == root(sample_package, "bahtss").filter(pl.col("probability") >= 0.5).height
    assert found.best is not None
    assert found.best.missed >= 0
    assert found.low <= found.bound.total <= found.high


def test_segments_are_those_of_the_package(sample_package, inputs):
    found = basis(run("businesses", "midlands", inputs=inputs), "register/bahtss/organisations")
    live = sample_package.table("organisations").filter("live")["id"]
    for part in found.segments:
        rows = sample_package.table("segments").filter(
            (pl.col("definition") == "bahtss") & (pl.col("segment") == part.segment), pl.col("probability") >= 0.5,
            pl.col("organisation_id").is_in(live.implode()))  # fmt: skip
        assert part.value == rows.height
        assert part.low <= part.high
    biopharma = basis(run("companies-biopharma", "midlands", inputs=inputs), "register/bahtss/biopharma/organisations")
    assert biopharma.value < biopharma.figure.low < biopharma.figure.expected < biopharma.figure.high
    assert f"{biopharma.value} counted" in biopharma.reading
    medtech = basis(run("companies-medtech", "midlands", inputs=inputs), "register/bahtss/medtech/organisations")
    assert medtech.figure.value == next(p.value for p in found.segments if p.segment == "medtech")


def test_sites_count_where_they_are(sample_package, inputs):
    found = basis(run("sites", "west-midlands", inputs=inputs), "register/bahtss/sites")
    members = set(root(sample_package, "bahtss").filter(pl.col("probability") >= 0.5)["organisation_id"])
    here = sample_package.table("sites").filter(pl.col("lad").is_in(sorted(place("west-midlands").lads)))
    open_ = here.filter(pl.col("closed_on").is_null())
    assert found.figure.value == sum(bool(set(holders or []) & members) for holders in open_["holder"].to_list())


def test_jobs_that_some_sites_do_not_state_are_a_lower_bound(sample_package, inputs):
    found = basis(run("jobs", "midlands", inputs=inputs), "register/bahtss/jobs")
    assert found.figure.value is None
    assert found.figure.high is None
    assert found.figure.low > 0
    assert found.verdict.word == "cannot tell"
    assert "no upper bound" in found.figure.why[0]


def test_what_a_register_cannot_say_is_named(inputs):
    label = "register/bahtss/organisations"
    assert "this one is of the Midlands" in str(basis(run("businesses", "north-west", inputs=inputs), label).missing[0])
    assert "2019" in str(basis(run("businesses", "midlands", inputs=inputs, year="2019"), label).missing[0])
    assert "lifecluster build" in str(basis(run("businesses", "midlands"), label).missing[0])
    claim = load_claim("businesses").model_copy(update={"kind": "share"})
    assert "every region" in str(basis(run(claim, "midlands", inputs=inputs), label).missing[0])


def test_the_rule_for_head_counts_withholds_what_one_site_dominates(sample_package, inputs):
    from dataclasses import replace

    from lifecluster.figures import compute as module
    from lifecluster.figures.bases.collected import Collected
    from lifecluster.figures.result import shown
    from lifecluster.figures.rows import THIS, Row

    claim = load_claim("jobs")
    own = claim.bases[-1]
    assert own.source == "register"
    rows = tuple(Row(THIS, str(i), v, v, v) for i, v in enumerate([900, 20, 20, 20]))
    collected = Collected(rows, "jobs", "Midlands", "2026")
    assert not module._allowed(claim, own, collected)
    fair = replace(collected, rows=tuple(Row(THIS, str(i), v, v, v) for i, v in enumerate([20, 20, 20, 20])))
    assert module._allowed(claim, own, fair)
    assert module._allowed(claim, claim.bases[0], collected)  # published cells are shown as published
    result = basis(run("jobs", "midlands", inputs=inputs), "register/bahtss/jobs")
    hidden = replace(result, withheld=True)
    assert shown(hidden) == "[c]"
    told = hidden.to_dict()
    assert (told["probability"], told["change"], told["verdict"]) == (None, None, "cannot tell")
    assert (told["value"], told["low"], told["high"], told["rows"], told["segments"]) == (None, None, None, 0, [])


def test_head_counts_that_may_be_told_are_rounded(inputs):
    from dataclasses import replace

    from lifecluster.figures.measure import Estimate

    result = basis(run("jobs", "midlands", inputs=inputs), "register/bahtss/jobs")
    assert result.step == 5
    told = replace(result, figure=Estimate(Fraction(1237), 1238.0, 1231.0, 1244.0, 1230.0, 1246.0), withheld=False)
    plain = told.to_dict()
    assert (plain["value"], plain["low"], plain["high"], plain["shown"]) == (1235, 1230, 1245, "1,235")
    published = basis(run("jobs", "midlands", inputs=inputs), "bres/dbt-sic/jobs")
    assert published.step == 1


def test_a_reclassified_organisation_is_told_from_a_new_one(inputs):
    from dataclasses import replace

    from lifecluster.figures.change import change

    result = run("businesses", "midlands", inputs=inputs)
    now = state(basis(result, "register/bahtss/organisations"), result.claim)
    first = next(i for i, row in enumerate(now.rows) if row.value == 1)
    flipped = replace(now.rows[first], value=Fraction(0), chance=0.2)
    earlier = replace(now, rows=(*now.rows[:first], flipped, *now.rows[first + 2 :]))
    found = change(earlier, now)
    reasons = {reason.reason: reason.difference for reason in found.reasons}
    assert reasons["reclassified"] == 1
    assert set(reasons) <= {"reclassified", "new rows"}
    assert added(found.reasons) == found.after - found.before


def test_a_record_of_the_register_can_be_compared_with_later_ones(inputs, sample_package):
    record = computed(run("businesses", "midlands", inputs=inputs))
    before = states(record)
    again = run("businesses", "midlands", inputs=inputs, previous=before)
    assert basis(again, "register/bahtss/organisations").change.reasons == ()
    assert record["result"]["inputs"][0]["sample"] is True
    assert register_day(sample_package).isoformat() == sample_package.manifest["at"]


def test_two_builds_of_the_same_register_have_one_origin(inputs, sample_package):
    twice = inputs.with_register(sample_package)
    assert len(twice.origins_of("register")) == 1
    assert twice.without("register").register is None
