"""Where organisations work: a reason, and links before a person that were none; no link made or strengthened by it."""

from __future__ import annotations

import polars as pl
import pytest

from lifecluster.build.linking import link_records
from lifecluster.build.place import SITES
from lifecluster.build.records import SCHEMA
from lifecluster.build.working import AT_WORK, WORKS, at_work, second_look
from lifecluster.register.linkage.index import build_index
from lifecluster.register.linkage.link import link

COMPANIES = (
    ("09100001", "QUARNDALE THERAPEUTICS LIMITED", "1 MILL LANE", "NOTTINGHAM", "NG1 0AA"),
    ("09100002", "BRAMLOW SURGICAL INSTRUMENTS LTD", "7 FORGE ROAD", "DERBY", "DE1 0AA"),
    ("09100003", "HESTERING DIAGNOSTICS LIMITED", "3 CANAL STREET", "LEICESTER", "LE1 0AA"),
    ("09100004", "PLAINFIELD HAULAGE LIMITED", "9 DOCK ROAD", "BIRMINGHAM", "B1 0AA"),
    ("09100005", "BRAMLOW HOLDINGS LIMITED", "9 KING STREET", "LONDON", "EC1A 1AA"),
)  # fmt: skip


def record(source: str, key: str, **values: object) -> dict[str, object]:
    row = dict.fromkeys(SCHEMA) | {"record": f"{source}/organisation:{key}", "source": source, "key": key}
    return row | {"always": False, "address_is": "registered", "visibility": "public", "sample": False} | values


def records_of(*queries: tuple[str, str | None], named: str | None = None) -> pl.DataFrame:
    rows = [record("companies-house", n, anchor=0, company_number=n, name=name, address=line, town=town, postcode=code)
            for n, name, line, town, code in COMPANIES]  # fmt: skip
    rows += [
        record("list", str(i), name=name, postcode=code, address_is="contact") for i, (name, code) in enumerate(queries)
    ]
    if named:
        rows.append(record("profile", "p", company_number=named, name="Anything", address_is="contact"))
    return pl.DataFrame(rows, schema=SCHEMA).sort("record")


def sites_of(*rows: tuple[str, str | None]) -> pl.DataFrame:
    full = [
        dict.fromkeys(SITES) | {"record": f"x/site:{i}", "organisation_record": o, "postcode": p}
        for i, (o, p) in enumerate(rows)
    ]
    return pl.DataFrame(full, schema=SITES)


def register_of(records: pl.DataFrame) -> pl.DataFrame:
    return records.filter(pl.col("anchor").is_not_null()).select("record", "company_number", "postcode")


def test_a_site_is_the_organisations_through_its_own_record_or_a_stated_number():
    records = records_of(named="09100003")
    sites = sites_of(("companies-house/organisation:09100001", "LE11 1AA"), ("profile/organisation:p", "NG7 1AA"),
                     ("companies-house/organisation:09100002", "DE1 0AA"), ("list/organisation:9", "NG9 9ZZ"),
                     ("profile/organisation:p", None))  # fmt: skip
    found = at_work(records, sites, register_of(records))
    assert found.schema == AT_WORK
    assert found.rows() == [("09100001", "LE11 1AA"), ("09100003", "NG7 1AA")]


def test_a_working_address_of_a_record_counts():
    records = records_of(named="09100003")
    records = records.with_columns(
        address_is=pl.when(pl.col("source") == "profile").then(pl.lit("working")).otherwise("address_is"),
        postcode=pl.when(pl.col("source") == "profile").then(pl.lit("NG7 1AA")).otherwise("postcode"),
    )
    assert at_work(records, sites_of(), register_of(records)).rows() == [("09100003", "NG7 1AA")]


QUERIES = (("Bramlow Surgery Tools", "LE11 1AA"), ("Quarndale Therapeutics Ltd", "LE11 2BB"), ("Utterly Other Bakery", "LE11 1AA"),
           ("Bramlow", "LE11 1AA"), ("Hestering Diagnostics Limited", "LE1 0AA"))  # fmt: skip
WORKING = (("companies-house/organisation:09100002", "LE11 1AA"), ("companies-house/organisation:09100001", "LE11 2BB"))


def answered(*sites: tuple[str, str]) -> dict[str, dict[str, object]]:
    records = records_of(*QUERIES)
    links = link_records(records, sites_of(*sites), progress=lambda _: None)
    return {row["record"].rpartition(":")[2]: row for row in links.to_dicts()}


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, dict[str, object]], dict[str, dict[str, object]]]:
    return answered(), answered(*WORKING)


def test_what_was_linked_or_waits_stays_as_it_is_but_for_a_reason(both):
    before, after = both
    assert before.keys() == after.keys()
    for key, row in before.items():
        if row["band"] != "none":
            assert {**after[key], "reasons": ""} == {**row, "reasons": ""}
            assert str(after[key]["reasons"]).replace(f"{WORKS} | ", "") == row["reasons"]
        else:
            assert after[key]["band"] in {"none", "review"}
    assert WORKS in str(after["1"]["reasons"])
    assert WORKS not in str(after["4"]["reasons"])


def test_a_near_name_at_a_working_postcode_goes_before_a_person(both):
    before, after = both
    lifted = {key for key in before if before[key]["band"] == "none" and after[key]["band"] == "review"}
    assert lifted <= {"0", "3"}
    for key in lifted:
        assert after[key]["target"] == "companies-house/organisation:09100002"
        assert str(after[key]["reasons"]).startswith(WORKS)
    assert {key for key in after if after[key]["band"] == "auto"} == {
        key for key in before if before[key]["band"] == "auto"
    }


def test_another_name_at_that_postcode_stays_alone(both):
    assert both[1]["2"] == both[0]["2"]


def test_the_second_look_itself_lifts_and_nothing_else(tmp_path):
    """Over answers that are all none: only the pair that works there and is named so is lifted."""
    records = records_of(*QUERIES)
    register = records.filter(pl.col("anchor") == 0).select("name", "postcode", "address", "town", "status", "company_number",
                                                           previous_names="previous_name", trading_names="trading_name")  # fmt: skip
    index = build_index(register, tmp_path)
    asked = records.filter(pl.col("source") == "list").select("name", "postcode", id="key")
    none = link(asked, index).with_columns(band=pl.lit("none"), company_number=pl.lit(""), organisation_id=pl.lit(""))
    working = pl.DataFrame([("09100002", "LE11 1AA")], schema=AT_WORK, orient="row")
    found = {row["id"]: row for row in second_look(asked, none, working, index).to_dicts()}
    assert found["3"]["band"] == "review"
    assert found["3"]["company_number"] == "09100002"
    assert found["3"]["organisation_id"] == "GB-COH-09100002"
    assert {key for key, row in found.items() if row["band"] == "review"} <= {"0", "3"}
    assert second_look(asked, none, working.clear(), index) is none
