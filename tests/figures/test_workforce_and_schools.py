"""High-skilled occupations, and medical schools."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from fractions import Fraction

import pytest

from lifecluster.figures.bases.workforce import UNSEEN
from lifecluster.figures.inputs import shipped

from .kit import basis, run


def cells(folder):
    with gzip.open(
        folder / "skills/aps_sic_section_x_soc2020_major_itl2_2022-23.csv.gz", "rt", encoding="utf-8-sig"
    ) as stream:
        return [
            r for r in csv.DictReader(stream) if r["MEASURES_NAME"] == "Value" and not r["SIC2007"].startswith("G-Q")
        ]


@pytest.mark.parametrize(("sections", "starts"), [("C", "C "), ("KLMN", "K-N ")])
def test_the_share_is_the_direct_sum_with_withheld_cells_in_the_middle(data_dir, sections, starts):
    found = basis(run("high-skilled-share", "midlands"), f"workforce/{sections}/people")
    sums = {True: 0.0, False: 0.0}
    for cell in cells(data_dir):
        if cell["GEOGRAPHY_CODE"].startswith(("UKF", "UKG")) and cell["SIC2007"].startswith(starts):
            value = float(cell["OBS_VALUE"]) if cell["OBS_VALUE"] else UNSEEN[cell["OBS_STATUS"]] / 2
            sums[cell["SOC2020"][0] in "123"] += value
    assert found.figure.value == Fraction(int(sums[True])) / int(sums[True] + sums[False])
    assert found.figure.low < float(found.figure.value) < found.figure.high


def test_the_interval_of_a_share_is_that_of_a_simulation():
    import numpy as np

    found = basis(run("high-skilled-share", "east-midlands"), "workforce/C/people")
    rng = np.random.default_rng(3)
    sums = {}
    for group in ("this", "rest"):
        own = [row for row in found.rows if row.group == group]
        sums[group] = sum(rng.uniform(float(r.low), float(r.high), 40_000) + rng.normal(0, r.sd, 40_000) for r in own)
    share = sums["this"] / (sums["this"] + sums["rest"])
    low, high = np.quantile(share, [0.025, 0.975])
    assert found.figure.low == pytest.approx(low, abs=0.002)
    assert found.figure.high == pytest.approx(high, abs=0.002)


def test_a_withheld_estimate_is_not_taken_as_none():
    found = basis(run("high-skilled-share", "midlands"), "workforce/all/people")
    hidden = [row for row in found.rows if row.low == 0]
    assert hidden
    assert all(row.high in {500, 1000} for row in hidden)
    assert any("0 to 1,000" in note for note in found.notes)


def test_it_says_that_it_is_not_of_the_life_sciences():
    result = run("high-skilled-share", "midlands")
    assert "of those who work in the Midlands" in result.sentence
    assert any("does not tell the life sciences apart" in note for note in result.bases[0].notes)


def test_the_survey_without_a_year_or_a_region():
    assert basis(run("high-skilled-share", "midlands", year="2019"), "workforce/all/people").missing
    assert basis(run("high-skilled-share", "united-kingdom"), "workforce/all/people").missing
    assert basis(
        run("high-skilled-share", "midlands", inputs=shipped().without("workforce")), "workforce/all/people"
    ).missing


def test_schools_of_the_midlands():
    for region, own, every in (("east-midlands", 2, 3), ("west-midlands", 4, 5), ("midlands", 6, 8)):
        found = basis(run("medical-schools", region), "medical-schools/schools")
        assert (found.figure.least, found.figure.value) == (own, every)
        assert found.verdict.word == "no verdict"
        assert found.interval_of == ("classification",)
        assert f"{own} to {every} with 95 %" in found.reading
        assert any("recalled" in note for note in found.notes)
    assert run("medical-schools", "yorkshire-and-the-humber", stated=3.0).verdict.word == "true"


def test_ranks_by_schools_hold_only_together():
    for region in ("east-midlands", "west-midlands", "midlands"):
        assert (
            str(run("two-most-medical-schools", region).verdict)
            == "true only for East Midlands + West Midlands together"
        )
    assert run("most-medical-schools", "east-midlands").verdict.word == "false"
    assert run("most-medical-schools", "midlands").verdict.word == "cannot tell"


def test_schools_are_listed_by_region_only():
    assert "by region" in str(basis(run("medical-schools", "TLF1"), "medical-schools/schools").refused)
    assert basis(run("medical-schools", "midlands", year="2010"), "medical-schools/schools").missing
    none = replace(shipped(), schools={})
    assert basis(run("medical-schools", "midlands", inputs=none), "medical-schools/schools").missing
