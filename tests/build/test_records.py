"""Records of all sources in one frame; sites from working addresses; who holds what."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from lifecluster.build import place
from lifecluster.build.holdings import holdings, licence_types
from lifecluster.build.read import Reading
from lifecluster.build.records import SCHEMA, hard_ids, organisations
from lifecluster.build.scope import choose, placed, whole
from lifecluster.build.sites import same_site, with_sites
from lifecluster.errors import LifeclusterError
from lifecluster.places import Places
from lifecluster.register.living import is_live
from lifecluster.register.statement import from_extract
from lifecluster.sources.extract import Extract, Snapshot, no_rejected, restrict
from lifecluster.sources.mapping import guess_file
from lifecluster.sources.organisation_list.reader import read_list
from lifecluster.sources.registry import sources
from lifecluster.sources.spec import Licence

START = {"file": "f.csv", "row": 1}


def extract(name: str = "nhs-trusts", **kinds: list[dict]) -> Extract:
    """An extract of a shipped source with rows of my own (`key` and properties)."""
    frames = {kind: pl.DataFrame([{"key": r["key"], **START, **r} for r in rows]) for kind, rows in kinds.items()}
    frames = {k: f.select("key", "file", "row", pl.exclude("key", "file", "row")) for k, f in frames.items()}
    count = max(f.height for f in frames.values())
    snapshot = Snapshot("f.csv", 1, "0" * 64, date(2026, 1, 1))
    return Extract(sources()[name].spec, (snapshot,), frames, no_rejected(), count, count)


def reading_of(*extracts: Extract) -> Reading:
    return Reading(tuple(extracts), (), Places.coarse(), {})


def test_one_frame_whatever_the_source():
    trusts = extract(organisation=[{"key": "RX1", "ods_code": "RX1", "name": "A TRUST", "postcode": "DE1 1AA"}])
    companies = extract("companies-house", organisation=[{"key": "00000001", "company_number": "00000001", "name": "B LTD",
                        "registered_postcode": "NG1 1AA", "sic": ["72110"]}])  # fmt: skip
    frame = organisations([trusts, companies])
    assert dict(frame.schema) == dict(SCHEMA)
    assert frame["record"].to_list() == ["companies-house/organisation:00000001", "nhs-trusts/organisation:RX1"]
    assert frame["postcode"].to_list() == ["NG1 1AA", "DE1 1AA"]
    assert frame["always"].to_list() == [False, True]
    assert hard_ids(frame).to_list() == [["GB-COH-00000001"], ["GB-NHS-RX1"]]
    assert organisations([]).is_empty()


@pytest.mark.parametrize(
    ("status", "dissolved", "closed", "live"),
    [(None, None, None, True), ("active", None, None, True), ("Dissolved", None, None, False),
     ("active", date(2020, 1, 1), None, False), (None, None, date(2020, 1, 1), False), (None, None, date(2030, 1, 1), True)],
)  # fmt: skip
def test_what_ended_is_not_live(status, dissolved, closed, live):
    row = dict.fromkeys(SCHEMA) | {"record": "r", "status": status, "dissolved_on": dissolved, "closed_on": closed}
    assert is_live(pl.DataFrame([row], schema=SCHEMA), at=date(2026, 1, 1)).to_list() == [live]


def test_a_working_address_makes_a_site_and_a_registered_office_does_not():
    trusts = with_sites(extract(organisation=[
        {"key": "RX1", "name": "A", "postcode": "DE1 1AA"}, {"key": "RX2", "name": "B", "postcode": None},
    ]))  # fmt: skip
    assert trusts.records["site"].select("key", "postcode", "holder").rows() == [
        ("RX1", "DE1 1AA", ["organisation:RX1"])
    ]
    companies = extract("companies-house", organisation=[{"key": "1", "name": "C", "registered_postcode": "DE1 1AA"}])
    assert "site" not in with_sites(companies).records


def test_records_at_one_postcode_are_one_site_and_those_without_stay_apart():
    rows = [
        ("a", "o1", "DE1"),
        ("b", "o1", "DE1"),
        ("c", "o2", "DE1"),
        ("d", "o1", None),
        ("e", "o1", None),
        ("f", None, "DE1"),
    ]
    sites = pl.DataFrame(rows, schema=["record", "organisation", "postcode"], orient="row")
    assert dict(same_site(sites).rows()) == {"a": "a", "b": "a", "c": "c", "d": "d", "e": "e"}


def test_who_holds_what():
    source = extract("exchange", organisation=[{"key": "1", "name": "A", "parent": "group:g"}],
                     group=[{"key": "g", "name": "G"}],
                     licence=[{"key": "l", "licence_type": "MIA", "holder": ["organisation:1", "organisation:9"]}])  # fmt: skip
    held = holdings([source])
    assert set(held.rows()) == {
        ("exchange/licence:l", "licence", "exchange/organisation:1"),
        ("exchange/licence:l", "licence", "exchange/organisation:9"),
        ("exchange/group:g", "group", "exchange/organisation:1"),
    }
    assert licence_types([source], held).rows() == [
        ("exchange/organisation:1", "MIA"),
        ("exchange/organisation:9", "MIA"),
    ]


def test_stated_coordinates_stay_and_old_codes_are_brought_up_to_date():
    frame = pl.DataFrame({"postcode": ["S70 2SB", "DE1 1AA"], "easting": [434093, None], "northing": [406347, None],
                          "lad": ["E08000016", None]}, schema_overrides={"lad": pl.String})  # fmt: skip
    found = place.locate(frame, Places.coarse())
    assert found.row(0, named=True) | {"postcode": ""} == {
        "postcode": "", "easting": 434093, "northing": 406347, "lad": "E08000038", "quality": "stated",
    }  # fmt: skip
    assert found["lad"][1] == "E06000015"
    assert found["quality"][1] == "outward"


def test_scope_needs_a_place_in_the_region_and_a_reason():
    def org(record: str, **values: object) -> dict:
        return dict.fromkeys(SCHEMA) | {"record": record, "source": "s", "name": record, "always": False, "sample": False,
                                        "address_is": "registered"} | values  # fmt: skip

    rows = [org("in", lad="X"), org("out", lad="Y"), org("kept", lad="X", always=True), org("lone", lad="X"),
            org("by-site", lad="Y", always=True)]  # fmt: skip
    records = pl.DataFrame(rows, schema=SCHEMA)
    clusters = records.select("record", cluster="record")
    none = pl.DataFrame(schema={"record": pl.String, "licence_type": pl.String})
    sites = pl.DataFrame({"organisation_record": ["by-site"], "lad": ["X"]})
    everyone = whole(records, clusters, none, at=date(2026, 1, 1))
    inside = placed(records, clusters, sites, ["X"])
    assert dict(inside.rows()) == {"by-site": "site", "in": "registered", "kept": "registered", "lone": "registered"}
    classes = pl.DataFrame(
        [("in", "bahtss", "core", 0.9), ("lone", "broad", "not-industry", 1.0), ("out", "bahtss", "core", 1.0)],
        schema=["organisation_id", "definition", "role", "probability"], orient="row",
    )  # fmt: skip
    chosen = choose(everyone, inside, classes)
    assert dict(chosen.select("organisation_id", "scope_by").iter_rows()) == {
        "by-site": ["source"], "in": ["bahtss"], "kept": ["source"],
    }  # fmt: skip


@pytest.mark.parametrize("address_is", ["working", "contact"])
def test_values_of_a_list_for_members_are_for_members_wherever_they_go(tmp_path, address_is):
    path = tmp_path / "m.csv"
    path.write_text(
        "Organisation,Postcode,Sector\nAcme Ltd,LE11 1AA,a|b\nBolt Ltd,NG1 1AA,\nCog Ltd,NG1 1AB,c\n", "utf-8"
    )
    stated = {"publisher": "A network", "licence": Licence(id="CC0-1.0", title="CC0"), "confirmed": True}
    mapping = guess_file(path).model_copy(update={**stated, "address_is": address_is})
    assert mapping.visibility == "members"
    found = with_sites(read_list(path, mapping))
    assert set(found.records) == {"organisation", "site"} if address_is == "working" else {"organisation"}
    for kind in found.records:
        said = from_extract(found, kind)
        assert said.height and set(said["visibility"]) == {"members"}
    assert set(organisations([found])["visibility"]) == {"members"}


def test_a_source_that_is_not_public_cannot_forget_who_may_see_a_value():
    secret = sources()["nhs-trusts"].spec.model_copy(update={"visibility": "desk"})
    frame = pl.DataFrame([{"key": "a", "file": "f.csv", "row": 1, "name": "Acme", "trading_name": ["A", "B"]}])
    with pytest.raises(LifeclusterError, match="'name' of organisation does not say who may see it"):
        Extract(secret, (), {"organisation": frame}, no_rejected(), 1, 1)
    said = from_extract(
        Extract(secret, (), {"organisation": restrict(frame, secret)}, no_rejected(), 1, 1), "organisation"
    )
    assert said.select("value", "visibility").rows() == [("Acme", "desk"), ("A", "desk"), ("B", "desk")]
