"""The whole way, on the sample region: everything accounted for, every value evidenced, every reference resolved."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import frictionless
import polars as pl
import pytest

from lifecluster.commands.show import explain
from lifecluster.places.areas import code_history
from lifecluster.reference.properties import vocabulary
from lifecluster.region import load_region
from lifecluster.register import ids
from lifecluster.register.jobs import METHODS
from lifecluster.register.living import DEAD
from lifecluster.register.lookup import find
from tests.conftest import build_sample

THINGS = [entry.table for entry in vocabulary().kinds.values()]


def test_it_has_about_as_many_organisations_as_were_invented(sample_package):
    assert 1_200 <= sample_package.table("organisations").height <= 1_350
    assert 1_300 <= sample_package.table("sites").height <= 1_500
    assert sample_package.table("universe").height > 40_000
    for table in ("licences", "awards", "collaborations", "contracts", "trials", "groups", "needs", "offers"):
        assert sample_package.table(table).height > 20, table


def test_every_row_says_that_it_is_a_sample(sample_package):
    for table in [*THINGS, "statements", "universe", "linked_records", "sources"]:
        assert sample_package.table(table)["sample"].all(), table


def test_rows_in_are_rows_accepted_and_rows_rejected(sample_package):
    sources = sample_package.table("sources").unique("source")
    assert (sources["read"] == sources["accepted"] + sources["rejected"]).all()
    rejected = sample_package.table("rejected")
    assert (
        rejected.height
        == sources["rejected"].sum()
        == sample_package.manifest["counts"]["sources"]["sample-members"]["rejected"]
    )
    assert rejected["reason"].null_count() == 0
    assert sample_package.table("left").is_empty()


def test_every_record_that_was_asked_about_has_an_answer(sample_package):
    links = sample_package.table("links")
    assert set(links["band"]) <= {"auto", "review", "none"}
    assert links["record"].is_unique().all()
    assert (links["target"].is_null() == (links["band"] == "none")).all()
    assert links["reasons"].str.len_chars().min() > 0


def test_ids_are_well_formed_and_references_resolve(sample_package):
    organisations = set(sample_package.table("organisations")["id"])
    for table in THINGS:
        frame = sample_package.table(table)
        assert all(ids.is_valid(one) for one in frame["id"])
        assert frame["id"].is_unique().all()
        if "holder" in frame.columns and table != "sites":
            held = frame["holder"].list.eval(pl.element().is_in(list(organisations))).list.any()
            assert held.all(), table
    sites = sample_package.table("sites")
    assert sites["organisation"].is_in(list(organisations)).all()
    statements = sample_package.table("statements")
    refs = [name for name, p in vocabulary().properties.items() if p.type == "ref"]
    subjects = set(sample_package.table("records")["id"])
    pointing = statements.filter(pl.col("property").is_in(refs) & pl.col("value").str.starts_with("LC"))
    assert pointing["value"].is_in(list(subjects)).all()


@pytest.mark.parametrize("kind", ["organisation", "site", "licence", "award"])
def test_every_value_of_a_table_is_a_shown_statement_and_the_other_way_round(sample_package, kind):
    """A slow twin of assembly: collect the shown statements by hand and compare with the table."""
    computed = {"easting", "northing", "lad", "jobs", "sites", "records", "sources"}
    frame = sample_package.table(vocabulary().kinds[kind].table)
    statements = sample_package.table("statements").filter(pl.col("shown") & (pl.col("kind") == kind))
    said: dict[tuple[str, str], set[str]] = {}
    for subject, prop, value in statements.select("subject", "property", "value").iter_rows():
        said.setdefault((subject, prop), set()).add(value)
    for name, prop in vocabulary().of(kind).items():
        if name in computed:
            continue
        for one, value in frame.select("id", name).iter_rows():
            stated = said.get((one, name))
            if prop.many:
                assert set(map(str, value or [])) == (stated or set()), (one, name)
            elif prop.type in {"int", "number", "money"}:
                assert (None if value is None else float(value)) == (None if stated is None else float(min(stated)))
            else:
                assert (None if value is None else {str(value)}) == stated, (one, name)


def test_one_value_is_shown_where_one_holds_and_the_others_are_kept(sample_package):
    statements = sample_package.table("statements")
    single = [name for name, p in vocabulary().properties.items() if not p.many]
    shown = statements.filter(pl.col("shown") & pl.col("property").is_in(single))
    assert shown.group_by("subject", "property").len()["len"].max() == 1
    employees = statements.filter(pl.col("property") == "employees").group_by("subject").len()
    assert employees.filter(pl.col("len") > 1).height > 100, "conflicting head counts are there and kept"
    assert statements["id"].is_unique().all()


def test_an_organisation_is_explained_whole(sample_package):
    organisations = sample_package.table("organisations").filter(pl.col("records") > 3).head(5)
    for row in organisations.iter_rows(named=True):
        answer = explain(sample_package, row, at=date(2026, 11, 22))
        explained = {entry["property"] for entry in answer["values"]}
        stated = {
            n for n in vocabulary().of("organisation") if n not in {"easting", "northing", "lad"} and row[n] is not None
        }
        assert stated <= explained
        for entry in answer["values"]:
            for said in entry["statements"]:
                assert said["source"] and said["locator"] and said["snapshot"] and said["licence"]


def test_places_are_in_the_region_and_codes_are_active(sample_package):
    codes = load_region("midlands").codes
    universe = sample_package.table("universe")
    assert universe["lad"].is_in(sorted(codes)).all()
    lads = sample_package.table("organisations")["lad"].drop_nulls().unique()
    assert [code_history().active_code(code) for code in lads] == lads.to_list()


def test_jobs_come_with_a_range_and_a_method(sample_package):
    sites = sample_package.table("sites")
    assert set(sites["jobs_method"]) <= set(METHODS)
    known = sites.drop_nulls("jobs")
    assert known.height > 1_000
    assert ((known["jobs_low"] <= known["jobs"]) & (known["jobs"] <= known["jobs_high"])).all()


def test_closed_organisations_stay_and_say_so(sample_package):
    ended = sample_package.table("organisations").filter(~pl.col("live"))
    assert ended.height > 5
    by_date = ended["dissolved_on"].is_not_null() | ended["closed_on"].is_not_null()
    assert (by_date | ended["status"].is_in(DEAD)).all()


def test_mass_registration_addresses_are_marked(sample_package):
    assert sample_package.table("hubs").height >= 2
    assert sample_package.table("organisations").filter("hub").height < 200


def test_links_are_right_where_the_machine_was_sure(sample_package):
    """Against what the generator knows and the inputs do not tell."""
    truth = pl.read_csv(sample_package.path.parents[1] / "truth.csv", infer_schema_length=0)
    records = sample_package.table("linked_records").select("record", "source", written="name")
    answered = sample_package.table("links").join(records, on="record").join(truth.unique("written"), on="written")
    answered = answered.filter(pl.col("organisation_right").str.starts_with("ZZ") & (pl.col("band") == "auto"))
    pairs = answered.select("target", "organisation_right").iter_rows()
    right = [target.endswith(number) for target, number in pairs]
    assert answered.height > 500
    assert sum(right) / answered.height >= 0.99


def test_an_unchanged_re_build_changes_no_id_and_no_byte(sample_package):
    folder = sample_package.path.parents[1]
    again = build_sample(folder, previous=sample_package, out="again")
    for table in sample_package.tables:
        one, two = (Path(p.path, f"{table}.parquet").read_bytes() for p in (sample_package, again))
        assert one == two, table
    fresh = build_sample(folder, out="fresh")
    assert fresh.name == sample_package.name
    assert fresh.manifest["files"] == sample_package.manifest["files"]


def test_frictionless_finds_it_valid(sample_package):
    report = frictionless.validate(str(sample_package.path / "datapackage.json"), limit_rows=400)
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_finding_by_id_number_and_name(sample_package):
    row = sample_package.table("organisations").drop_nulls("company_number").row(7, named=True)
    for text in (row["id"], row["id"].lower(), row["id"][:14], row["company_number"], row["name"].lower()):
        assert row["id"] in find(sample_package, text)["id"].to_list(), text
    assert find(sample_package, "no such organisation at all").is_empty()
