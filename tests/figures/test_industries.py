"""Jobs and businesses by industry: golden numbers from direct sums of the real files."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest

from lifecluster.figures.bases.industries import industries, swing
from lifecluster.figures.inputs import from_folder, shipped
from lifecluster.figures.places import regions
from lifecluster.figures.rows import THIS
from lifecluster.register.definition import load_definition

from .kit import DBT, MIDLANDS, SCOTTISH, basis, direct, run


def test_industries_of_a_definition_are_what_its_prefixes_name():
    assert industries("dbt-sic") == DBT
    assert industries("scottish-sic") == SCOTTISH
    assert industries("dbt-sic", "medical-technology") == ("26600", "32500")
    parts = [industries("dbt-sic", s.id) for s, above in load_definition("dbt-sic").walk() if not above]
    assert sorted(code for part in parts for code in part) == sorted(DBT)


@pytest.mark.parametrize("year", range(2015, 2021))
@pytest.mark.parametrize("region", MIDLANDS)
def test_jobs_of_the_midlands_are_the_direct_sum(data_dir, region, year):
    result = run("jobs", region, year=str(year))
    for definition, codes in (("dbt-sic", DBT), ("scottish-sic", SCOTTISH)):
        found = basis(result, f"bres/{definition}/jobs")
        assert found.figure.value == direct(data_dir, year, MIDLANDS[region], codes)
        assert found.geography == "Great Britain"
        assert found.vintage == str(year)
        assert sum(row.value for row in found.rows) == found.figure.value
        assert found.figure.least <= found.figure.value <= found.figure.most


def test_golden_numbers_of_the_midlands():
    east, west, both = (
        [int(basis(run("jobs", r, year=str(y)), "bres/dbt-sic/jobs").figure.value) for y in range(2015, 2021)]
        for r in ("east-midlands", "west-midlands", "midlands")
    )
    assert east == [3830, 4260, 5585, 4825, 4150, 4085]
    assert west == [3670, 3680, 4440, 3620, 6040, 3560]
    assert both == [e + w for e, w in zip(east, west, strict=True)]


def test_share_of_great_britain(data_dir):
    found = basis(run("share-of-gb-jobs", "midlands"), "bres/dbt-sic/jobs")
    here, all_ = direct(data_dir, 2020, ("UKF", "UKG"), DBT), direct(data_dir, 2020, ("UK",), DBT)
    assert found.figure.value == Fraction(int(here), int(all_))
    assert found.figure.low < float(found.figure.value) < found.figure.high
    assert (
        found.figure.least < found.figure.low or found.figure.least > found.figure.low
    )  # sampling and rounding differ
    assert "Great Britain" in run("share-of-gb-jobs", "midlands").sentence


def test_growth_is_now_over_before(data_dir):
    found = basis(run("growth-of-jobs", "west-midlands"), "bres/scottish-sic/jobs")
    now, before = (direct(data_dir, y, ("UKG",), SCOTTISH) for y in (2020, 2015))
    assert found.figure.value == Fraction(int(now), int(before)) - 1
    assert found.vintage == "2015 to 2020"
    assert found.figure.by_rounding == 1.0  # the printed cells leave no doubt
    assert 0.05 < found.figure.probability < 0.95  # the survey does
    assert found.verdict.word == "cannot tell"


def test_ranks_of_the_real_figures_are_the_order_of_direct_sums(data_dir):
    letters = {code: code.replace("TL", "UK") for code in regions("gb-regions")}
    totals = {code: direct(data_dir, 2020, (own,), DBT) for code, own in letters.items()}
    for region, areas in MIDLANDS.items():
        found = basis(run("second-largest-employer", region), "bres/dbt-sic/jobs")
        mine = direct(data_dir, 2020, areas, DBT)
        ahead = sum(v > mine for c, v in totals.items() if letters[c] not in areas)
        assert found.figure.value == 1 + ahead
        assert sum(found.figure.ranking.at) == pytest.approx(1)
        assert found.verdict.word == "false"
        assert len(found.figure.ranking.at) == 11 - len(areas) + 1
        values = {line.name: line.value for line in found.league}
        assert values == {name: totals[code] for code, name in regions("gb-regions").items()}


def test_the_south_east_is_first_and_the_north_west_second_but_not_for_sure(data_dir):
    first = basis(run("two-largest-employers", "south-east"), "bres/dbt-sic/jobs")
    assert first.figure.ranking.at[0] > 0.99
    second = basis(run("second-largest-employer", "north-west"), "bres/dbt-sic/jobs")
    assert second.verdict.word == "true"
    assert second.figure.by_rounding > second.figure.probability


def test_several_years_of_one_region_are_not_mixed():
    years = {str(y): basis(run("jobs", "midlands", year=str(y)), "bres/dbt-sic/jobs").rows for y in (2015, 2020)}
    assert all({row.vintage for row in rows} == {year} for year, rows in years.items())


def test_what_is_not_there_is_named():
    later = basis(run("jobs", "midlands", year="2023"), "bres/dbt-sic/jobs")
    assert later.verdict.word == "cannot tell"
    assert "2023" in str(later.missing[0])
    assert "nomisweb" in str(later.missing[0])
    wide = basis(run("jobs", "united-kingdom"), "bres/dbt-sic/jobs")
    assert wide.figure.value is None
    assert "Northern Ireland" in str(wide.missing[0])
    none = run("jobs", "midlands", inputs=shipped().without("jobs"))
    assert basis(none, "bres/dbt-sic/jobs").missing


def test_a_later_year_drops_in(tmp_path, data_dir):
    source = data_dir / "statistics/bres_employment_itl2_sic5_2015-2020.csv.gz"
    with gzip.open(source, "rt", encoding="utf-8-sig") as stream:
        rows = [r for r in csv.reader(stream) if r[0] in {"DATE", "2020"}]
    for row in rows[1:]:
        row[0] = "2024"
        row[5] = "75.0" if row[2] == "UKF1" and row[4] == "21200" else row[5]
    with (tmp_path / "anything.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    inputs = from_folder(tmp_path)
    result = run("jobs", "east-midlands", inputs=inputs)
    found = basis(result, "bres/dbt-sic/jobs")
    old = direct(data_dir, 2020, ("UKF1",), ("21200",))
    assert found.vintage == "2024"
    assert found.figure.value == 4085 - old + 75
    assert basis(run("jobs", "east-midlands", inputs=inputs, year="2019"), "bres/dbt-sic/jobs").figure.value == 4150
    assert basis(run("growth-of-jobs", "east-midlands", inputs=inputs), "bres/dbt-sic/jobs").vintage == "2015 to 2024"
    assert any(o.file == "anything.csv" for o in result.origins)


def test_business_counts_of_great_britain_are_the_direct_sum(data_dir):
    with gzip.open(
        data_dir / "statistics/uk_business_counts_gb_sic5_sizeband_2016-2021.csv.gz", "rt", encoding="utf-8-sig"
    ) as stream:
        cells = list(csv.DictReader(stream))
    wanted = sum(float(r["COUNT"]) for r in cells if r["DATE"] == "2022" and r["INDUSTRY_CODE"] in DBT)
    result = run("businesses", "great-britain")
    found = basis(result, "uk-business-counts/dbt-sic/businesses")
    assert found.figure.value == wanted == 4205
    assert found.figure.least < wanted < found.figure.most
    growth = basis(run("growth-of-businesses", "great-britain"), "uk-business-counts/dbt-sic/businesses")
    assert growth.verdict.word == "true"
    assert growth.figure.value == Fraction(4205, 3435) - 1


def test_regions_of_business_counts_drop_in_and_the_rank_is_computed(tmp_path):
    head = "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,INDUSTRY_NAME,INDUSTRY_CODE,EMPLOYMENT_SIZEBAND_NAME,COUNT"
    bands = ("0 to 4", "5 to 9", "10 to 19", "20 to 49")
    lines = [f"2023,{name},{code},x,{sic},{band},{5 * (i + 1 + (sic == '32500') * (code == 'TLG'))}"
             for i, (code, name) in enumerate(sorted(regions("gb-regions").items()))
             for sic in DBT for band in bands]  # fmt: skip
    (tmp_path / "counts.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
    inputs = from_folder(tmp_path)
    found = basis(run("largest-by-companies", "scotland", inputs=inputs), "uk-business-counts/dbt-sic/businesses")
    assert found.figure.value == 1
    assert found.verdict.word == "true"
    share = basis(run("share-of-gb-businesses", "midlands", inputs=inputs), "uk-business-counts/dbt-sic/businesses")
    each = {
        code: 5 * (i + 1) * 20 + (20 if code == "TLG" else 0) for i, code in enumerate(sorted(regions("gb-regions")))
    }
    assert share.figure.value == Fraction(each["TLF"] + each["TLG"], sum(each.values()))


def test_without_regions_the_rank_by_companies_cannot_be_told():
    result = run("largest-by-companies", "midlands")
    assert result.verdict.word == "cannot tell"
    assert any("business counts by region" in why for why in result.why)


def test_segments_of_a_listed_definition_add_up():
    found = basis(run("jobs", "midlands"), "bres/scottish-sic/jobs")
    assert sum(part.value for part in found.segments) == found.figure.value
    assert {part.segment for part in found.segments} >= {"pharmaceuticals", "medical-technology"}
    alone = basis(run("jobs-medtech", "midlands"), "bres/dbt-sic/medical-technology/jobs")
    assert alone.figure.value == next(p.value for p in found.segments if p.segment == "medical-technology")


def test_an_empty_cell_is_no_zero():
    table = shipped().tables["jobs"]
    gap = (pl.col("area") == "TLF1") & (pl.col("sic") == "21200") & (pl.col("year") == 2020)
    holed = table.with_columns(pl.when(gap).then(None).otherwise(pl.col(c)).alias(c) for c in ("value", "low", "high"))
    inputs = replace(shipped(), tables={**shipped().tables, "jobs": holed})
    found = basis(run("jobs", "east-midlands", inputs=inputs), "bres/dbt-sic/jobs")
    assert found.figure.value is None
    assert found.verdict.word == "cannot tell"
    assert "TLF1|21200" in found.figure.why[0]
    assert found.figure.low == found.figure.least > 0
    rank = basis(run("second-largest-employer", "east-midlands", inputs=inputs), "bres/dbt-sic/jobs")
    assert rank.figure.value is None


def test_the_swing_of_a_series_is_found_again():
    import numpy as np

    rng = np.random.default_rng(5)
    cells = [{"area": f"TL{r}1", "year": 2000 + y, "value": (m := 4000 + 900 * i + 30 * y) + rng.normal(0, 6 * m**0.5)}
             for i, r in enumerate("CDEFGHIJKLM") for y in range(20)]  # fmt: skip
    assert swing(pl.DataFrame(cells)) == pytest.approx(6, rel=0.2)
    steady = [{**cell, "value": 4000.0 + 10 * cell["year"]} for cell in cells]
    assert swing(pl.DataFrame(steady)) == pytest.approx(0, abs=1e-9)
    assert swing(pl.DataFrame(cells).filter(pl.col("year") < 2002)) == 0.0


def test_sampling_makes_an_interval_wider_and_can_be_left_out():
    found = basis(run("jobs", "midlands"), "bres/dbt-sic/jobs")
    assert found.figure.high - found.figure.low > found.figure.most - found.figure.least
    assert all(row.sd > 0 for row in found.rows if row.value)
    assert {row.group for row in found.rows} == {THIS}


def test_a_later_year_by_region_joins_earlier_years_by_smaller_areas(tmp_path):
    """A level of its own each year: regions under their nine-character codes, and one smaller area that counts once."""
    codes = {"TLC": "E12000001", "TLD": "E12000002", "TLE": "E12000003", "TLF": "E12000004", "TLG": "E12000005",
             "TLH": "E12000006", "TLI": "E12000007", "TLJ": "E12000008", "TLK": "E12000009", "TLL": "W92000004",
             "TLM": "S92000003"}  # fmt: skip
    lines = [f"2022,x,{code},x,{sic},1000" for code in codes.values() for sic in DBT]
    lines += [f"2022,x,TLF1,x,{sic},500" for sic in DBT]
    head = "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,INDUSTRY_NAME,INDUSTRY_CODE,COUNT"
    (tmp_path / "b.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
    inputs = from_folder(tmp_path)
    assert basis(run("jobs", "midlands", inputs=inputs), "bres/dbt-sic/jobs").figure.value == 10_000
    assert basis(run("share-of-gb-jobs", "midlands", inputs=inputs), "bres/dbt-sic/jobs").figure.value == Fraction(
        2, 11
    )
    growth = basis(run("growth-of-jobs", "midlands", inputs=inputs), "bres/dbt-sic/jobs")
    assert growth.figure.value == Fraction(10_000, 7500) - 1
    assert basis(run("jobs", "TLF1", inputs=inputs), "bres/dbt-sic/jobs").missing
