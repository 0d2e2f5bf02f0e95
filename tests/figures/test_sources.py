"""The statistical sources: real files to the last cell, and rows that are not what they should be."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import polars as pl
import pytest

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources

BRES = "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,INDUSTRY_NAME,INDUSTRY_CODE,COUNT"
COUNTS = "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,INDUSTRY_NAME,INDUSTRY_CODE,EMPLOYMENT_SIZEBAND_NAME,COUNT"
WORK = "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,SOC2020,SIC2007,MEASURES_NAME,OBS_VALUE,OBS_STATUS,OBS_STATUS_NAME"
FIGURES = "release,geography,sector,measure,value,unit,source"


def read(path: Path, *, bounds: bool = False) -> ReferenceExtract:
    source = recognise(path)
    assert source is not None, path.name
    file = InputFile(path, Snapshot.of(path))
    extract = source.read([file]) if bounds else source.reader()([file], source.spec)
    assert isinstance(extract, ReferenceExtract)
    assert extract.read == extract.accepted + extract.rejected.height
    return extract


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join((*lines, "")), "utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def test_jobs_of_the_real_file_are_the_file(data_dir):
    path = data_dir / "statistics/bres_employment_itl2_sic5_2015-2020.csv.gz"
    extract = read(path, bounds=True)
    table = extract.tables["jobs"]
    assert (extract.read, extract.rejected.height, extract.spec.name) == (174_960, 0, "bres")
    direct = rows(path)
    assert table["value"].sum() == sum(float(r["COUNT"]) for r in direct if r["COUNT"])
    assert table["value"].null_count() == sum(not r["COUNT"] for r in direct) == 15
    assert table["area"].n_unique() == 40
    assert table["area"].str.starts_with("TL").all()
    known = table.filter(pl.col("value").is_not_null())
    assert (known["low"] <= known["value"]).all()
    assert (known["high"] >= known["value"]).all()
    assert known["low"].null_count() == 0


def test_business_counts_of_the_real_file(data_dir):
    path = data_dir / "statistics/uk_business_counts_gb_sic5_sizeband_2016-2021.csv.gz"
    table = read(path, bounds=True).tables["businesses"]
    direct = rows(path)
    assert table["value"].sum() == sum(float(r["COUNT"]) for r in direct)
    assert table["band"].n_unique() == 9
    assert table["year"].unique().sort().to_list() == list(range(2016, 2023))
    assert table["area"].unique().to_list() == ["K03000001"]


def test_the_workforce_is_one_row_a_cell(data_dir):
    path = data_dir / "skills/aps_sic_section_x_soc2020_major_itl2_2022-23.csv.gz"
    table = read(path, bounds=True).tables["workforce"]
    direct = rows(path)
    assert table.height == len(direct) / 2
    values = [float(r["OBS_VALUE"]) for r in direct if r["MEASURES_NAME"] == "Value" and r["OBS_VALUE"]]
    widths = [float(r["OBS_VALUE"]) for r in direct if r["MEASURES_NAME"] == "Confidence" and r["OBS_VALUE"]]
    assert (table["value"].sum(), table["half_width"].sum()) == (sum(values), sum(widths))
    assert table["soc"].unique().sort().to_list() == list(range(1, 10))
    assert set(table["sections"]) == {"A", "BDE", "C", "F", "GI", "HJ", "KLMN", "OPQ", "RSTU", "G-Q"}


def test_published_figures_keep_bounds_ranks_and_pages(data_dir):
    table = read(data_dir / "statistics/published_sector_figures.csv", bounds=True).tables["sector_figures"]
    stated = table.filter(pl.col("rank").is_not_null()).select("area_name", "value", "low", "high", "rank").rows()
    assert stated == [
        ("West Midlands", 500.0, 500.0, None, 3),
        ("Yorkshire and The Humber", 14800.0, 14750.0, 14850.0, 2),
    ]
    assert table["source"].str.starts_with("https://www.gov.uk/").all()
    by = {(r["area_name"], r["measure"]): (r["low"], r["high"]) for r in table.filter(pl.col("sector") == "all").iter_rows(named=True)
          if r["release"] == "2021/22"}  # fmt: skip
    assert by["UK", "businesses"] == (6845.0, 6855.0)
    assert by["UK", "employment"] == (304_150.0, 304_250.0)
    assert by["West Midlands", "turnover"] == (6.95, 7.05)
    assert by["UK", "turnover"] == (108.05, 108.15)
    shares = table.filter((pl.col("unit") == "%") & (pl.col("value") == 60.0))
    assert shares.select("low", "high").rows() == [(59.5, 60.5)]


def test_jobs_that_are_wrong_are_put_aside(tmp_path):
    path = write(tmp_path / "b.csv", BRES, "2021,A,UKF1,x,21200,25", "2021,A,TLF1,x,21200,25", "2021,A,TLF2,x,21200,",
                 "2021,A,TLF1,x,2120,25", "21,A,TLF1,x,21200,25", "2021,A,TLF1,x,21100,26", "2021,A,TLF1,x,32500,many")  # fmt: skip
    extract = read(path)
    assert extract.tables["jobs"].select("year", "area", "sic", "value").rows() == [
        (2021, "TLF1", "21200", 25.0), (2021, "TLF2", "21200", None)]  # fmt: skip
    reasons = dict(extract.rejected.select("row", "reason").iter_rows())
    assert "repeats" in reasons[3]
    assert "five-digit" in reasons[5]
    assert "year" in reasons[6]
    assert "rounding" in reasons[7]
    assert "cannot be read" in reasons[8]


def test_two_files_are_one_table_and_a_cell_counts_once(tmp_path):
    old = write(tmp_path / "old.csv", BRES, "2020,A,UKF1,x,21200,25", "2020,A,UKF2,x,21200,5")
    new = write(tmp_path / "new.csv", BRES, "2020,A,UKF1,x,21200,30", "2021,A,UKF1,x,21200,40")
    source = sources()["bres"]
    extract = source.reader()([InputFile(p, Snapshot.of(p)) for p in (old, new)], source.spec)
    assert extract.rejected.height == 1
    assert sorted(extract.tables["jobs"].select("year", "area").rows()) == [
        (2020, "TLF1"),
        (2020, "TLF2"),
        (2021, "TLF1"),
    ]


def test_a_file_without_rows_is_refused_and_a_short_one_is_what_somebody_chose(tmp_path):
    """The shop gives whatever areas and industries are asked for: an extract may be short, but not empty."""
    short = write(tmp_path / "a.csv", BRES, "2020,A,UKF1,x,21200,25")
    assert read(short, bounds=True).accepted == 1
    path = write(tmp_path / "b.csv", BRES)
    source = recognise(path)
    assert source is not None
    with pytest.raises(LifeclusterError, match="a cut or wrong file"):
        source.read([InputFile(path, Snapshot.of(path))])


def test_the_two_products_of_one_shop_are_told_apart(tmp_path):
    one = write(tmp_path / "1.csv", BRES, "2020,A,UKF1,x,21200,25")
    two = write(tmp_path / "2.csv", COUNTS, "2020,A,UKF1,x,21200,0 to 4,25")
    assert [recognise(p).spec.name for p in (one, two)] == ["bres", "uk-business-counts"]


def test_bands_of_businesses(tmp_path):
    path = write(tmp_path / "c.csv", COUNTS, "2022,EM,TLF,x,21200,0 to 4,25", "2022,EM,TLF,x,21200,some,25",
                 "2022,EM,E12000005,x,21200,1000+,5")  # fmt: skip
    extract = read(path)
    assert extract.tables["businesses"].select("area", "low", "high").rows() == [("TLF", 23, 27), ("TLG", 3, 7)]
    assert extract.rejected["field"].to_list() == ["EMPLOYMENT_SIZEBAND_NAME"]


def test_the_workforce_needs_groups_and_sections(tmp_path):
    line = "Jan 2024-Dec 2024,A,UKF1,{},{},Value,{},A,"
    path = write(tmp_path / "w.csv", WORK, line.format("2 Professional", "C Manufacturing", "1200"),
                 line.format("Total", "C Manufacturing", "1200"), line.format("2 Professional", "Manufacturing", "1200"),
                 line.format("3 Associate", "K-N Banking", "1250"))  # fmt: skip
    extract = read(path)
    assert extract.tables["workforce"].select("soc", "sections", "value", "half_width").rows() == [
        (2, "C", 1200.0, None)
    ]
    assert extract.rejected.height == 3


@pytest.mark.parametrize("value", ["many", "1,200", "-3", ">", "> 500", "500 (rank three)"])
def test_a_published_figure_that_is_none(tmp_path, value):
    path = write(tmp_path / "f.csv", FIGURES, f'2021/22,UK,all,sites,"{value}",count,https://example.org/')
    extract = read(path)
    assert (extract.accepted, extract.rejected.height) == (0, 1)


def test_pages_are_carried_down_and_columns_are_needed(tmp_path):
    path = write(tmp_path / "f.csv", FIGURES, "2021/22,UK,all,sites,7910,count,https://example.org/a",
                 "2021/22,UK,medtech,site share,44,%,same")  # fmt: skip
    assert read(path).tables["sector_figures"]["source"].to_list() == ["https://example.org/a"] * 2
    short = write(tmp_path / "g.csv", "release,geography,sector,measure,value,unit", "2021/22,UK,all,sites,7910,count")
    with pytest.raises(InputError, match="columns are missing: source"):
        sources()["sector-figures"].reader()([InputFile(short, Snapshot.of(short))], sources()["sector-figures"].spec)


def test_areas_under_any_of_their_codes_are_one_area():
    from lifecluster.sources.statistics import one_code

    given = ["UKF1", "TLF1", "E12000004", "W92000004", "S92000003", "N92000002", "K03000001", "E92000001", "", None]
    wanted = ["TLF1", "TLF1", "TLF", "TLL", "TLM", "TLN", "K03000001", "E92000001", "", None]
    assert one_code(pl.Series(given)).to_list() == wanted
