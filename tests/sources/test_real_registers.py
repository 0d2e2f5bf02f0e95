"""The registers of this room, read as published."""

from __future__ import annotations

import functools
import re

import polars as pl
import pytest

from lifecluster.errors import InputError
from lifecluster.sources.registry import recognise
from tests.sources import kit
from tests.sources.kit import everything, read_as, reasons, same, shuffled, write

read_real = functools.cache(kit.read_real)  # extracts are immutable, and the large files are read by several tests
TRUSTS = "registers/etr_nhs_trusts_2026-01.csv"
ICBS = "registers/eccg_icb_2026-01.csv"
KNOWLEDGE = "research/ifs_knowledge_base_orgs.csv"
TRIALS = "research/euctr_trials_2018-01-17.csv.gz"
AWARDS = "research/gtr_projects_2021_nopersons.csv"


def by_key(frame: pl.DataFrame, key: str) -> dict:
    return frame.row(by_predicate=pl.col("key") == key, named=True)


@pytest.mark.parametrize(
    ("file", "source", "counts", "rejected"),
    [
        (TRUSTS, "nhs-trusts", {"organisation": 273}, 0),
        (ICBS, "nhs-icbs", {"organisation": 320}, 0),
        (KNOWLEDGE, "knowledge-organisations", {"organisation": 479}, 3),
        (TRIALS, "clinical-trials", {"trial": 31_821, "organisation": 11_030}, 0),
        (AWARDS, "gateway-to-research", {"award": 8_297, "organisation": 178}, 0),
    ],
)
def test_each_is_recognised_and_every_row_accounted_for(data_dir, file, source, counts, rejected):
    extract = read_real(data_dir / file)
    assert extract.spec.name == source
    assert {kind: frame.height for kind, frame in extract.records.items()} == counts
    assert extract.rejected.height == rejected
    assert same(extract, kit.read_real(data_dir / file))


@pytest.mark.parametrize(("file", "header"), [(TRUSTS, False), (ICBS, False)])
def test_keys_and_source_survive_another_order_of_rows(data_dir, tmp_path, file, header):
    for seed in range(5):
        mixed = shuffled(data_dir / file, tmp_path / f"mixed{seed}.csv", header=header, seed=seed)
        found = recognise(mixed)
        assert found is not None and found.spec.name == recognise(data_dir / file).spec.name
    left, right = (read_as(found.spec.name, p).records["organisation"] for p in (data_dir / file, mixed))
    assert left.drop("file", "row").sort("key").equals(right.drop("file", "row").sort("key"))


def test_a_trust_as_published(data_dir):
    trust = by_key(read_real(data_dir / TRUSTS).records["organisation"], "R0A")
    assert trust["name"] == "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST"
    assert (trust["address"], trust["town"], trust["postcode"]) == (
        "COBBETT HOUSE, OXFORD ROAD",
        "MANCHESTER",
        "M13 9WL",
    )
    assert trust["opened_on"].isoformat() == "2017-10-01" and trust["closed_on"] is None
    assert (trust["organisation_type"], trust["nhs_region"], trust["icb"]) == (["nhs-trust"], "Y62", "QOP")


def test_telephone_numbers_of_trusts_leave_no_trace(data_dir, tmp_path):
    assert "0300 3309444" in (data_dir / TRUSTS).read_text("utf-8")
    assert "3309444" not in everything(read_real(data_dir / TRUSTS))
    lines = (data_dir / TRUSTS).read_text("utf-8").splitlines()
    line = next(text for text in lines if "0300 3309444" in text)
    bad = write(tmp_path / "etr.csv", line, line, line + ',"extra"', line.replace('"R0A"', '""'))
    extract = read_as("nhs-trusts", bad)
    assert (extract.accepted, extract.rejected.height) == (1, 3)
    assert "3309444" not in everything(extract)


def test_kinds_of_commissioners(data_dir):
    frame = read_real(data_dir / ICBS).records["organisation"]
    kinds = dict(frame.select(pl.col("organisation_type").list.first()).group_by("organisation_type").len().iter_rows())
    assert kinds["nhs-ccg"] > 120 and set(kinds) == {"nhs-ccg", "nhs-sub-icb", "nhs-commissioning-hub"}
    assert by_key(frame, "00C")["closed_on"].isoformat() == "2020-03-31"


def test_numbers_of_universities_and_catapults(data_dir):
    extract = read_real(data_dir / KNOWLEDGE)
    frame = extract.records["organisation"]
    named = {row["name"]: row for row in frame.iter_rows(named=True)}
    assert named["The University of Surrey"]["ukprn"] == "10007160"
    assert named["The University of Surrey"]["company_number"] is None
    digital = named["Digital Catapult"]
    assert (digital["company_number"], digital["company_number__original"]) == ("07964699", "7964699")
    assert digital["organisation_type"] == ["catapult"]
    assert named["The James Hutton Institute"]["company_number"] == "SC374831"
    assert frame["postcode"].drop_nulls().str.contains(r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$").all()


def test_pieces_of_a_program_in_the_list_of_universities_are_noted_and_left_out(data_dir):
    extract = read_real(data_dir / KNOWLEDGE)
    assert "SET @knowledge" not in str(extract.records["organisation"].to_dicts())
    named = {row["name"]: row for row in extract.records["organisation"].iter_rows(named=True)}
    assert named["University College London"]["ukprn"] is not None
    assert named["University College London"]["address"] is None
    assert (44 + 2, None, "has 7 cells where 10 are expected") in reasons(extract.rejected)
    fields = {(row, field) for row, field, _ in reasons(extract.problems)}
    assert (26, "address_line1") in fields and (26, "postcode") in fields


def test_sponsors_are_one_for_each_spelling_and_every_trial_keeps_its_own(data_dir):
    extract = read_real(data_dir / TRIALS)
    trials, sponsors = extract.records["trial"], extract.records["organisation"]
    trial = by_key(trials, "2008-005903-25")
    assert (trial["phase"], trial["state"], trial["ends_on"].isoformat()) == ("2", "ended", "2011-03-24")
    sponsor = by_key(sponsors, trial["holder"][0].removeprefix("organisation:"))
    assert sponsor["name"] == "4SC AG" and sponsor["organisation_type"] == ["trial-sponsor", "commercial"]
    held = trials["holder"].drop_nulls().list.explode(keep_nulls=False, empty_as_null=False)
    assert set(held.str.strip_prefix("organisation:")) == set(sponsors["key"])
    folded = sponsors["name"].str.to_lowercase().str.replace_all(r"\s+", " ")
    assert folded.n_unique() == sponsors.height
    assert not sponsors["name"].str.contains(r"\\|^\*LOC").any()
    missing = trials.filter(pl.col("holder").is_null()).height
    assert missing == len([r for r in reasons(extract.problems) if r[1] == "name_of_sponsor"]) > 100


def test_a_phase_that_differs_by_country_is_unknown_not_nought(data_dir):
    trials = read_real(data_dir / TRIALS).records["trial"]
    assert set(trials["phase"].drop_nulls().unique()) == {"1", "2", "3", "4"}
    assert trials["phase"].null_count() == 398


def test_day_and_month_exchanged_in_an_export_are_put_right(data_dir):
    extract = read_real(data_dir / AWARDS)
    awards = extract.records["award"]
    machines = awards.row(by_predicate=pl.col("title") == "Living with Machines", named=True)
    assert (machines["starts_on"].isoformat(), machines["starts_on__original"]) == ("2018-09-01", "2018-01-09")
    hub = by_key(awards, "AH/S004025/1")
    assert (hub["starts_on"].isoformat(), hub["starts_on__original"]) == ("2019-02-13", None)
    january = awards.filter(pl.col("starts_on").dt.month() == 1).height
    assert january < awards.height / 4
    assert any("day and month" in note for note in extract.warnings)


def test_awards_that_end_on_the_day_they_start_are_kept_and_noted(data_dir):
    extract = read_real(data_dir / AWARDS)
    assert extract.problems.is_empty()
    (told,) = (note for note in extract.warnings if "end on the day they start" in note)
    assert "8,297 of 8,297 records with an end date end on the day they start, rows 2 (" in told
    assert extract.read == extract.accepted == 8_297
    awards = extract.records["award"]
    assert awards["ends_on"].null_count() == 0
    award = by_key(awards, "AH/S004025/1")
    assert (award["amount"], award["currency"], award["funder"]) == (15_224_760.0, "GBP", "AHRC")
    assert award["holder"] == ["organisation:EC177B1F-35EE-4B74-981D-E8382EE3D18C"]


def test_honest_dates_are_left_alone(tmp_path):
    header = (
        "FundingOrgName,ProjectReference,LeadROName,Department,ProjectCategory,PISurname,Title,StartDate,EndDate,"
        "AwardPounds,ExpenditurePounds,Region,Status,GTRProjectUrl,ProjectId,FundingOrgId,LeadROId"
    )
    rows = [
        f"MRC,R{i},Aston,D,Grant,Smithson,T{i},{i % 28 + 1:02}/{i % 12 + 1:02}/2020,01/01/2022,1,,,Active,,,,L1"
        for i in range(400)
    ]
    extract = read_as("gateway-to-research", write(tmp_path / "gtr.csv", header, *rows))
    assert extract.accepted == 400 and extract.problems.height == 0 and extract.warnings == ()
    assert extract.records["award"].row(0, named=True)["starts_on"].isoformat() == "2020-01-01"
    assert extract.records["award"]["starts_on"].to_list()[13].isoformat() == "2020-02-14"
    assert "Smithson" not in everything(extract)
    assert extract.records["organisation"]["name"].to_list() == ["Aston"]


def test_a_cut_file_fails_its_bounds_and_says_so(data_dir, tmp_path):
    lines = (data_dir / TRUSTS).read_text("utf-8").splitlines()[:20]
    with pytest.raises(Exception, match="20 rows, but nhs-trusts has between 150 and 600"):
        read_real(write(tmp_path / "etr.csv", *lines))


def test_a_truncated_archive_of_trials_is_named(data_dir, tmp_path):
    cut = tmp_path / "trials.csv.gz"
    cut.write_bytes((data_dir / TRIALS).read_bytes()[:300_000])
    with pytest.raises(InputError, match=re.escape("trials.csv.gz: the compressed file is damaged or cut short")):
        read_as("clinical-trials", cut)
