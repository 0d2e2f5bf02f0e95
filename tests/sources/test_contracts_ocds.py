"""Public contracts: packages and lines, identifiers, persons left out, broken lines put aside."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.sources.registry import recognise
from tests.sources.kit import everything, read_as, read_real, reasons, shuffled

REAL = "procurement/contracts_finder_ocds_first100.jsonl"
SOURCE = "contracts-ocds"


def party(pid: str | None, name: str, *roles: str, **more: object) -> dict:
    contact = {"name": "Ada Private", "email": "ada@private.example", "telephone": "01632 960123"}
    return {"id": pid, "name": name, "roles": list(roles), "contactPoint": contact, **more}


def release(number: int = 1, **changes: object) -> dict:
    base = {
        "ocid": f"ocds-b5fd17-{number}",
        "id": f"{number}-1",
        "date": "2025-01-23T22:10:19Z",
        "tag": ["award"],
        "tender": {
            "id": "T1",
            "title": "Pumps",
            "status": "complete",
            "classification": {"scheme": "CPV", "id": "33195000"},
            "additionalClassifications": [{"scheme": "CPV", "id": "33100000"}],
            "items": [{"id": "1", "deliveryAddresses": [{"region": "East Midlands", "countryName": "United Kingdom"}]}],
        },
        "parties": [
            party("GB-CFS-1", "A Trust", "buyer", address={"locality": "Leeds", "postalCode": "ls11aa"}),
            party(
                "GB-COH-4142000",
                "Pump Ltd",
                "supplier",
                address={"streetAddress": "1 High StreetrnDerbyrnDE1 2FS"},
                identifier={"scheme": "GB-COH", "id": "4142000", "legalName": "PUMP LIMITED"},
            ),
        ],
        "buyer": {"id": "GB-CFS-1", "name": "A Trust"},
        "awards": [
            {
                "id": "1",
                "status": "active",
                "value": {"amount": 93007, "currency": "GBP"},
                "suppliers": [{"id": "GB-COH-4142000", "name": "Pump Ltd"}],
                "contractPeriod": {"startDate": "2025-01-23T00:00:00Z", "endDate": "2025-04-23T23:59:59+01:00"},
                "documents": [{"id": "1", "url": "https://contracts.example.org/Notice/1"}],
            }
        ],
    }
    return {**base, **changes}


def lines(path: Path, *items: object) -> Path:
    path.write_text("\n".join(i if isinstance(i, str) else json.dumps(i, ensure_ascii=False) for i in items), "utf-8")
    return path


def test_a_release_gives_a_contract_and_its_organisations(tmp_path):
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", release()))
    contract = extract.records["contract"].row(0, named=True)
    assert contract["key"] == "ocds-b5fd17-1-1"
    assert (contract["title"], contract["amount"], contract["currency"]) == ("Pumps", 93007.0, "GBP")
    assert (contract["starts_on"].isoformat(), contract["ends_on"].isoformat()) == ("2025-01-23", "2025-04-23")
    assert contract["buyer"] == ["organisation:GB-CFS-1"]
    assert contract["holder"] == ["organisation:GB-COH-04142000"]
    assert contract["classification"] == ["CPV:33195000", "CPV:33100000"]
    assert contract["address"] == "East Midlands, United Kingdom"
    assert contract["url"] == "https://contracts.example.org/Notice/1"
    supplier = extract.records["organisation"].row(by_predicate=pl.col("key") == "GB-COH-04142000", named=True)
    assert (supplier["company_number"], supplier["company_number__original"]) == ("04142000", "4142000")
    assert supplier["org_id"] == ["GB-COH-4142000"]
    assert supplier["address"] == "1 High Street, Derby, DE1 2FS"
    assert supplier["address__original"] == "1 High StreetrnDerbyrnDE1 2FS"
    assert supplier["postcode"] == "DE1 2FS"


def test_contact_points_and_mail_leave_no_trace(tmp_path):
    odd = release(2, title="ask ada@private.example")
    odd["tender"]["title"] = "Ask ada@private.example"
    broken = json.dumps(release(3))[:-1]
    nameless = {"contactPoint": {"name": "Ada Private", "email": "ada@private.example"}, "parties": odd["parties"]}
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", release(), odd, broken, nameless, [odd]))
    assert extract.rejected.height == 3
    text = everything(extract)
    for secret in ("Ada", "private.example", "960123"):
        assert secret not in text
    assert "Ask [e-mail removed]" in text


def test_contact_points_of_the_real_file_leave_no_trace(data_dir):
    text = everything(read_real(data_dir / REAL))
    for secret in ("contact@example.org", "01632 960000", "Procurement contact"):
        assert secret in (data_dir / REAL).read_text("utf-8")
        assert secret not in text


def test_the_real_file(data_dir):
    extract = read_real(data_dir / REAL)
    assert (extract.read, extract.accepted) == (100, 100)
    organisations, contracts = extract.records["organisation"], extract.records["contract"]
    companies = organisations.filter(pl.col("key").str.starts_with("GB-COH-"))
    assert companies.height == companies["company_number"].drop_nulls().len() == 60
    assert companies.filter(pl.col("company_number__original").is_not_null()).height == 5
    refs = [r for c in ("holder", "buyer") for cell in contracts[c].drop_nulls() for r in cell]
    assert {r.removeprefix("organisation:") for r in refs} <= set(organisations["key"])
    eagle = organisations.row(by_predicate=pl.col("key") == "GB-COH-03794455", named=True)
    assert {eagle["name"], *eagle["trading_name"]} == {
        "DENNIS EAGLE LIMITED",
        "DENNIS EAGLE LIMITED (t/a Terberg Matec UK)",
    }
    states = dict(contracts["state"].value_counts().iter_rows())
    assert states["active"] > 80 and set(states) == {"active", "tender", "planning"}


def test_mojibake_of_titles_is_repaired_and_kept(data_dir, tmp_path):
    broken = release()
    broken["tender"]["title"] = "Support â€“ Â£5 donâ€™t"
    row = read_as(SOURCE, lines(tmp_path / "a.jsonl", broken)).records["contract"].row(0, named=True)
    assert (row["title"], row["title__original"]) == ("Support – £5 don’t", "Support â€“ Â£5 donâ€™t")
    real = read_real(data_dir / REAL)
    for frame in real.records.values():
        texts = frame.select(pl.selectors.string().exclude("^.*__original$"))
        assert not any(texts[c].str.contains("â€|Â£|Ã¤").any() for c in texts.columns)


def test_a_company_number_that_is_none_stays_an_identifier_and_is_noted(tmp_path):
    odd = release()
    odd["parties"][1] = party("GB-COH-123456789", "Odd Ltd", "supplier")
    odd["awards"][0]["suppliers"] = [{"id": "GB-COH-123456789", "name": "Odd Ltd"}]
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", odd))
    row = extract.records["organisation"].row(by_predicate=pl.col("name") == "Odd Ltd", named=True)
    assert (row["org_id"], row["company_number"]) == (["GB-COH-123456789"], None)
    assert (1, "company_number", "is no company number that a register issues") in reasons(extract.problems)


def test_two_spellings_of_one_company_number_are_one_organisation(tmp_path):
    twin = json.loads(json.dumps(release(2)).replace("GB-COH-4142000", "GB-COH-04142000"))
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", release(), twin))
    row = extract.records["organisation"].row(by_predicate=pl.col("company_number") == "04142000", named=True)
    assert row["org_id"] == ["GB-COH-4142000", "GB-COH-04142000"]


def test_a_broken_line_is_rejected_with_its_number_and_the_rest_goes_on(tmp_path):
    path = lines(
        tmp_path / "a.jsonl", release(1), '{"ocid": "ocds-b5fd17-2", ', "", release(3), "[1]", '{"a": 1}', "nonsense"
    )
    extract = read_as(SOURCE, path)
    assert reasons(extract.rejected) == [
        (2, None, "is no valid JSON"),
        (5, None, "is no JSON object"),
        (6, None, "has no ocid"),
        (7, None, "is no valid JSON"),
    ]
    assert (extract.read, extract.accepted, extract.records["contract"].height) == (6, 2, 2)


@pytest.mark.parametrize(
    "package",
    [
        {"uri": "x", "releases": [release(1), release(2)]},
        {
            "uri": "x",
            "records": [
                {"ocid": "ocds-b5fd17-1", "compiledRelease": release(1)},
                {"ocid": "ocds-b5fd17-2", "releases": [release(2, date="2024"), release(2)]},
            ],
        },
        [release(1), release(2)],
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_packages_of_releases_and_of_records(tmp_path, package, indent):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(package, indent=indent), "utf-8")
    assert recognise(path).spec.name == SOURCE
    extract = read_as(SOURCE, path)
    plain = read_as(SOURCE, lines(tmp_path / "b.jsonl", release(1), release(2)))
    assert (extract.read, extract.accepted) == (2, 2)
    drop = ["file"]
    for kind in plain.records:
        assert extract.records[kind].drop(drop).equals(plain.records[kind].drop(drop))


def test_lines_that_are_packages_are_unpacked(tmp_path):
    package = {"releases": [release(1), release(2)]}
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", package, release(3)))
    assert extract.records["contract"]["row"].to_list() == [1, 1, 2]
    assert extract.read == 3


def test_a_record_without_a_release_is_rejected(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"records": [{"ocid": "x", "releases": [{"url": "y"}]}]}), "utf-8")
    assert reasons(read_as(SOURCE, path).rejected) == [(1, None, "a record without a compiled release or releases")]


def test_the_newest_notice_of_an_award_is_used_whatever_the_order(tmp_path):
    tender = release(1, date="2024-12-01", awards=[])
    old = release(1, date="2025-01-01")
    new = release(1, date="2025-02-01")
    new["awards"][0]["value"]["amount"] = 1
    for name, order in (("a", (tender, old, new)), ("b", (new, old, tender))):
        extract = read_as(SOURCE, lines(tmp_path / f"{name}.jsonl", *order))
        assert extract.records["contract"]["amount"].to_list() == [1.0]
        assert {r[2].partition(";")[0] for r in reasons(extract.problems)} == {
            "a notice before the award",
            "an older notice of the same award",
        }


def test_periods_of_one_day_and_amounts_as_text(tmp_path):
    odd = release()
    odd["awards"][0]["contractPeriod"] = {"startDate": "2025-01-23T00:00:00Z", "endDate": "2025-01-23T23:59:59Z"}
    odd["awards"][0]["value"] = {"amount": "12,34", "currency": "EUR"}
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", odd))
    row = extract.records["contract"].row(0, named=True)
    assert row["ends_on"] == row["starts_on"] and row["amount"] is None
    assert reasons(extract.problems) == [
        (1, "amount", "cannot be read as money"),
        (1, "ends_on", "ends on the day it starts"),
    ]


def test_a_supplier_without_id_or_party_gets_a_fingerprint(tmp_path):
    odd = release()
    odd["awards"][0]["suppliers"] = [{"name": "Unlisted Ltd"}]
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", odd))
    holder = extract.records["contract"]["holder"].item().to_list()[0]
    named = dict(extract.records["organisation"].select("key", "name").iter_rows())
    assert named[holder.removeprefix("organisation:")] == "Unlisted Ltd"


def test_keys_do_not_depend_on_the_order_of_lines(data_dir, tmp_path):
    mixed = shuffled(data_dir / REAL, tmp_path / "mixed.jsonl", header=False)
    left, right = read_real(data_dir / REAL), read_as(SOURCE, mixed)
    for kind in left.records:
        assert left.records[kind].drop("file", "row").equals(right.records[kind].drop("file", "row"))


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("name,ocid\nx,y\n", "utf-8")
    with pytest.raises(InputError, match=r"a\.jsonl, row 1: neither an OCDS package nor JSON lines"):
        read_as(SOURCE, path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ocid",
                    "parties",
                    "awards",
                    "suppliers",
                    "id",
                    "name",
                    "value",
                    "amount",
                    "tender",
                    "items",
                    "address",
                    "buyer",
                    "contractPeriod",
                    "startDate",
                    "identifier",
                    "scheme",
                    "roles",
                    "date",
                    "releases",
                    "compiledRelease",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(list(release())), json_values, max_size=6))
def test_any_json_under_known_names_is_read_or_put_aside(changes):
    with tempfile.TemporaryDirectory() as folder:
        path = lines(Path(folder) / "a.jsonl", release(1), {**release(2), **changes}, changes)
        extract = read_as(SOURCE, path)
        assert extract.read == extract.accepted + extract.rejected.height == 3 or "releases" in str(changes)


def local(ocid: int, pid: str, name: str, postcode: str | None = None, **more: object) -> dict:
    """A release whose supplier has an id that holds within it only."""
    odd = release(ocid)
    odd["parties"][1] = party(pid, name, "supplier", address={"postalCode": postcode}, **more)
    odd["awards"][0]["suppliers"] = [{"id": pid, "name": name}]
    return odd


def suppliers(extract) -> dict[str, list[str]]:
    """Name of each supplier -> references of the contracts that it holds."""
    named = dict(extract.records["organisation"].select("key", "name").iter_rows())
    out: dict[str, list[str]] = {}
    for reference, holders in extract.records["contract"].select("reference", "holder").iter_rows():
        for holder in holders:
            out.setdefault(named[holder.removeprefix("organisation:")], []).append(reference)
    return out


def test_ids_of_parties_hold_within_their_release_only(tmp_path):
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", local(1, "1", "Pump Ltd"), local(2, "1", "Valve Ltd")))
    assert suppliers(extract) == {"Pump Ltd": ["ocds-b5fd17-1"], "Valve Ltd": ["ocds-b5fd17-2"]}
    ids = [i for cell in extract.records["organisation"]["org_id"].drop_nulls() for i in cell]
    assert "1" not in ids


def test_a_local_party_is_known_again_by_name_and_postcode(tmp_path):
    same = [
        local(1, "7", "Pump Ltd", "LS1 1AA"),
        local(2, "9", "PUMP LTD", "LS1 1AA"),
        local(3, "9", "Pump Ltd", "DN1 3BU"),
    ]
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", *same))
    assert sorted(len(v) for v in extract.records["contract"]["holder"]) == [1, 1, 1]
    holders = [v[0] for v in extract.records["contract"].sort("reference")["holder"].to_list()]
    assert holders[0] == holders[1] != holders[2]


def test_a_local_id_with_an_identifier_of_a_scheme_is_that_everywhere(tmp_path):
    stated = {"identifier": {"scheme": "GB-COH", "id": "4142000"}}
    releases = [local(1, "1", "Pump Ltd", **stated), local(2, "party-2", "Pumps", **stated), release(3)]
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", *releases))
    assert {v[0] for v in extract.records["contract"]["holder"]} == {"organisation:GB-COH-04142000"}


def test_a_mention_without_a_party_is_local_too(tmp_path):
    odd = [local(n, "5", f"Firm {n}") for n in (1, 2)]
    for one in odd:
        one["parties"] = one["parties"][:1]
    assert set(suppliers(read_as(SOURCE, lines(tmp_path / "a.jsonl", *odd)))) == {"Firm 1", "Firm 2"}


def test_names_and_rejected_lines_hold_no_contacts(tmp_path):
    odd = local(1, "GB-CFS-9", "Pump Ltd, ask ada@private.example")
    other = local(
        2, "ada@private.example", "Ada's, 01632 960123", identifier={"scheme": "GB-X1", "id": "ada@private.example"}
    )
    broken = '{"ocid": "ocds-b5fd17-3", "date": "2025-01-01", "parties": [{"name": "Ada Private", '
    extract = read_as(SOURCE, lines(tmp_path / "a.jsonl", odd, other, broken))
    text = everything(extract)
    assert "private" not in text and "960123" not in text and "Ada Private" not in text
    assert json.loads(extract.rejected["raw"].item()) == '"ocid": "ocds-b5fd17-3", "date": "2025-01-01"'
