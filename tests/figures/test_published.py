"""Published figures: totals, sums of regions, shares, ranks, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lifecluster.figures.inputs import from_folder
from lifecluster.figures.places import place

from .kit import MIDLANDS, basis, run

TURNOVER = "sector-figures/bahtss/all/turnover"
HEAD = "release,geography,sector,measure,value,unit,source"


def test_turnover_of_two_regions_adds_up_and_so_does_the_country():
    values = {r: basis(run("share-of-uk-turnover", r), TURNOVER) for r in MIDLANDS}
    sums = {r: sum(row.value for row in found.rows if row.group == "this") for r, found in values.items()}
    assert sums == {"east-midlands": Fraction(36, 10), "west-midlands": 7, "midlands": Fraction(106, 10)}
    for found in values.values():
        assert sum(row.value for row in found.rows) == Fraction(1081, 10)
    assert values["midlands"].figure.value == Fraction(106, 1081)
    assert values["midlands"].geography == "United Kingdom"
    assert {found.verdict.word for found in values.values()} == {"no verdict"}  # nobody has stated these


def test_regions_printed_alike_share_the_rank_between_them():
    found = basis(run("largest-by-turnover", "west-midlands"), TURNOVER)
    ranks = {k: p for k, p in enumerate(found.figure.ranking.at, 1) if p > 1e-9}
    assert set(ranks) == {5, 6}  # Scotland is printed as 7.0 too
    assert ranks[5] == pytest.approx(6 / 11)  # eleven hundredths each, being level counts as ahead
    assert (found.figure.ranking.best, found.figure.ranking.worst) == (5, 6)


@pytest.mark.parametrize("region", MIDLANDS)
def test_true_only_for_both_together(region):
    result = run("five-largest-by-turnover", region)
    assert str(result.verdict) == "true only for East Midlands + West Midlands together"
    told = result.to_dict()
    assert told["word"] == "true only for"
    assert told["only_for"] == ["East Midlands + West Midlands together"]
    assert {line["region"] for line in told["bases"][0]["beside"]} == (
        {"Midlands", "East Midlands", "West Midlands"} if region == "midlands" else {"Midlands"})  # fmt: skip


def test_a_rank_that_holds_and_one_that_does_not():
    assert run("largest-by-turnover", "east-of-england").verdict.word == "true"
    assert run("largest-by-turnover", "south-east").verdict.word == "false"
    assert run("largest-by-turnover", "south-east", stated=1).verdict.word == "true"
    assert run("largest-by-turnover", "midlands", stated=5).verdict.only_for == (
        "East Midlands + West Midlands together",
    )


def test_a_rank_that_the_publisher_states():
    found = basis(run("largest-medtech", "west-midlands"), "sector-figures/bahtss/medtech/sites")
    assert found.figure.ranking.exactly(3) == 1
    assert found.verdict.word == "false"
    assert run("largest-medtech", "west-midlands", stated=3).verdict.word == "true"
    assert "states rank 3" in found.notes[0]
    together = basis(run("largest-medtech", "midlands"), "sector-figures/bahtss/medtech/sites")
    assert together.verdict.word == "cannot tell"
    assert "medtech" in str(together.missing[0])


@pytest.mark.parametrize("region", ["united-kingdom", "midlands"])
def test_figures_across_the_break_are_refused_with_the_reason(region):
    result = run("growth-of-turnover", region)
    assert result.verdict.word == "cannot tell"
    for found in result.bases:
        assert found.figure.value is None
        assert "2021/22 and 2023/24 are not comparable" in str(found.refused)
        assert not found.rows
    assert any(why.startswith("refused") for why in result.why)


def test_the_newest_release_that_has_the_figure_is_taken():
    employment = "sector-figures/bahtss/all/employment"
    assert basis(run("jobs", "united-kingdom"), employment).vintage == "2023/24"
    assert basis(run("jobs", "south-east"), employment).vintage == "2021/22"
    assert basis(run("jobs", "united-kingdom", year="2021"), employment).figure.value == 304_200
    assert basis(run("jobs", "united-kingdom", year="2021/22"), employment).figure.value == 304_200
    assert basis(run("jobs", "united-kingdom", year="1999"), employment).missing


def test_a_share_where_only_this_region_was_published():
    found = basis(run("share-of-uk-employment", "south-east"), "sector-figures/bahtss/all/employment")
    assert found.figure.value == Fraction(71_300, 304_200)
    assert [row.key for row in found.rows if row.group == "rest"] == ["UK less this place"]
    missing = basis(run("share-of-uk-employment", "midlands"), "sector-figures/bahtss/all/employment")
    assert "employment of the Midlands" in str(missing.missing[0])


def test_a_lower_bound_is_no_figure_to_within_five_per_cent():
    found = basis(run("companies-medtech", "west-midlands"), "sector-figures/bahtss/medtech/sites")
    assert found.figure.value == 500
    assert (found.figure.low, found.figure.high) == (500, None)
    assert found.verdict.word == "no verdict"
    assert found.reading == "500 or more: some rows have no upper end."
    stated = basis(run("companies-medtech", "west-midlands", stated=500.0), found.basis.label)
    assert stated.verdict.word == "cannot tell"


def test_businesses_of_regions_are_not_added_but_sites_are(tmp_path):
    rows = [f"2024/25,{name},all,{measure},{n},count,https://example.org/" for measure in ("businesses", "sites")
            for name, n in (("East Midlands", 101), ("West Midlands", 203))]  # fmt: skip
    (tmp_path / "f.csv").write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    inputs = from_folder(tmp_path)
    sites = basis(run("sites", "midlands", inputs=inputs), "sector-figures/bahtss/all/sites")
    assert (sites.figure.value, sites.vintage) == (304, "2024/25")
    assert basis(run("businesses", "midlands", inputs=inputs), "sector-figures/bahtss/all/businesses").missing
    assert (
        basis(run("businesses", "west-midlands", inputs=inputs), "sector-figures/bahtss/all/businesses").figure.value
        == 203
    )


def test_growth_after_the_break_is_computed(tmp_path):
    row = "2024/25,UK,all,turnover,150.0,GBP bn,https://example.org/"
    (tmp_path / "f.csv").write_text("\n".join([HEAD, row, ""]), "utf-8")
    from lifecluster.figures.claim import load_claim

    claim = load_claim("growth-of-turnover").model_copy(update={"base": "2023/24"})
    found = basis(run(claim, "united-kingdom", inputs=from_folder(tmp_path)), TURNOVER)
    assert found.figure.value == Fraction(1500, 1469) - 1
    assert found.verdict.word == "true"
    refused = basis(run("growth-of-turnover", "united-kingdom", inputs=from_folder(tmp_path)), TURNOVER)
    assert refused.refused


def test_definitions_stand_side_by_side():
    told = run("jobs", "south-east").to_dict()
    found = {b["basis"]: (b["definition"], b["value"], b["verdict"]) for b in told["bases"]}
    assert (
        found["bres/dbt-sic/jobs"][1]
        < found["bres/scottish-sic/jobs"][1]
        < found["sector-figures/bahtss/all/employment"][1]
    )
    assert {d for d, _, _ in found.values()} == {"dbt-sic", "scottish-sic", "bahtss"}
    assert place("south-east").title in told["sentence"]
