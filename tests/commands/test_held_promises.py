"""What people would be angry about if it went wrong: ids, precedence, privacy, judgements, damage."""

from __future__ import annotations

import shutil

import polars as pl
import pytest

from lifecluster.build import read
from lifecluster.register import package as packages
from lifecluster.register.package import Package
from tests.commands.tiny import refused, run, write_inputs

HEAD = "kind,key,property,value,observed_on,visibility,valid_from,valid_to"
COMPANY = "companies-house/organisation:"


@pytest.fixture
def inputs(tmp_path):
    return write_inputs(tmp_path / "inputs")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "packages"


def built(inputs, out, *more) -> Package:
    ran = run("build", "--from", inputs, "--out", out, "--at", "2026-11-22", "--json", *more)
    assert ran.code == 0, ran.err
    return Package(out)


def values(inputs, *rows, name="values.csv", visibility="") -> None:
    """A file of values about one organisation, `acme`, and whatever else is given."""
    own = [f"organisation,acme,name,Zanthorp Biologics,2026-01-31,{visibility},,",
           f"organisation,acme,postcode,NG1 0AA,2026-01-31,{visibility},,"]  # fmt: skip
    padded = [row + "," * (HEAD.count(",") - row.count(",")) for row in rows]
    (inputs / name).write_text("\n".join([HEAD, *own, *padded]) + "\n", "utf-8")


def acme(package: Package) -> dict:
    return package.table("organisations").row(by_predicate=pl.col("name") == "Zanthorp Biologics", named=True)


def record_of(package: Package, name: str) -> str:
    return package.table("linked_records").filter(pl.col("name") == name)["record"][0]


def test_only_the_registrar_says_that_a_company_is_dissolved(inputs, out):
    values(inputs, "organisation,q,name,Quarndale Therapeutics Limited,2026-01-31",
           "organisation,q,company_number,09100001,2026-01-31", "organisation,q,dissolved_on,2020-01-01,2026-01-31")  # fmt: skip
    made = built(inputs, out)
    row = made.table("organisations").row(by_predicate=pl.col("company_number") == "09100001", named=True)
    assert row["live"]
    assert row["dissolved_on"] is None
    said = made.table("statements").filter((pl.col("property") == "dissolved_on") & (pl.col("source") == "exchange"))
    assert said["shown"].to_list() == [False], "it is kept, and not shown"


def test_a_value_that_holds_until_next_year_holds_and_one_that_ended_does_not(inputs, out):
    values(inputs, "organisation,acme,employees,50,2026-10-01,public,,2027-12-31",
           "organisation,acme,member_of,Old Network,2019-01-01,public,,2020-01-01",
           "organisation,acme,member_of,New Network,2026-01-01")  # fmt: skip
    row = acme(built(inputs, out))
    assert (row["employees"], row["member_of"]) == (50, ["New Network"])


def test_a_site_that_two_share_is_one_site(inputs, out):
    values(inputs, "organisation,b,name,Vindolor Assays,2026-01-31", "organisation,b,postcode,DE1 0AA,2026-01-31",
           "site,s,name,Shared Lab,2026-01-31", "site,s,postcode,NG1 0AA,2026-01-31",
           "site,s,holder,organisation:acme,2026-01-31", "site,s,holder,organisation:b,2026-01-31")  # fmt: skip
    site = built(inputs, out).table("sites").filter(pl.col("name") == "Shared Lab")
    assert site.height == 1
    assert len(site["holder"][0]) == 2


def test_what_is_not_public_is_in_statements_alone_and_marked_where_it_is_shown(inputs, out):
    values(inputs, "organisation,acme,employees,4711,2026-06-01,owner", visibility="desk")
    made = built(inputs, out)
    for table in set(made.tables) - {"statements"}:
        assert "Zanthorp" not in str(made.table(table).rows()), table
    values(inputs, "organisation,acme,employees,4711,2026-06-01,owner")
    built(inputs, out)
    everybody = run("show", "Zanthorp Biologics", "--all", "--package", out).out
    assert "for owner alone" not in everybody and "4711" not in everybody and "4,711" not in everybody
    theirs = run("show", "Zanthorp Biologics", "--all", "--for", "owner", "--package", out).out
    assert "for owner alone" in theirs and "4711" in theirs
    assert "4,711" not in run("find", "Zanthorp", "--package", out).out


def test_another_mapping_is_another_package(inputs, out):
    first = built(inputs, out)
    mapping = inputs / "members.csv.mapping.yml"
    mapping.write_text(mapping.read_text("utf-8").replace("rank: member", "rank: other"), "utf-8")
    assert built(inputs, out, "--fresh").name != first.name


def test_a_log_that_is_named_and_not_there_is_refused(inputs, out, tmp_path):
    refused(run("build", "--from", inputs, "--out", out, "--log", tmp_path / "typo.jsonl"), "typo.jsonl", "no such log")


def test_ids_never_begin_anew_in_silence(inputs, out):
    made = built(inputs, out)
    ledger = made.path / "identity_members.parquet"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[:200])
    refused(run("build", "--from", inputs, "--out", out), "identity_members.parquet", "damaged")
    pl.read_parquet(whole).head(0).write_parquet(ledger)
    refused(run("build", "--from", inputs, "--out", out), "identity_members.parquet", "damaged")
    shutil.rmtree(made.path)
    refused(run("build", "--from", inputs, "--out", out), "ledger")


def test_a_descriptor_that_was_cut_is_named(inputs, out):
    path = built(inputs, out).path / "datapackage.json"
    path.write_text(path.read_text("utf-8")[:200], "utf-8")
    refused(run("build", "--from", inputs, "--out", out), "datapackage.json", "damaged")


def test_a_damaged_package_is_written_anew(inputs, out):
    made = built(inputs, out, "--fresh")
    (made.path / "hubs.parquet").write_bytes(b"damaged")
    assert built(inputs, out, "--fresh").verify() == []


def test_two_builds_of_the_same_at_once(inputs, out, monkeypatch):
    was = packages._settle

    def other_build_ends_first(folder):
        was(folder)
        monkeypatch.setattr(packages, "_settle", was)
        shutil.copytree(folder, folder.with_name(folder.name.split(".")[1]))

    monkeypatch.setattr(packages, "_settle", other_build_ends_first)
    assert built(inputs, out).verify() == []


def test_one_record_is_never_judged_the_same_as_two_live_companies(inputs, out):
    made = built(inputs, out)
    member = record_of(made, "Quarndale Therapeutics")
    judged = run("judge", "same", member, f"{COMPANY}09100001", "--why", "same firm", "--package", out)
    assert judged.code == 0, judged.err
    refused(run("judge", "same", member, f"{COMPANY}09100003", "--why", "no", "--package", out), "09100001", "09100003")


def test_links_say_what_was_decided(inputs, out):
    member = record_of(built(inputs, out), "Quarndale Therapeutics")
    pair = (member, f"{COMPANY}09100001", "--why", "w", "--package", out)
    assert run("judge", "unsure", *pair).code == 0
    assert built(inputs, out).table("links").filter(pl.col("record") == member)["band"][0] == "review"
    same = run("judge", "same", *pair, "--json").json["entry"]
    made = built(inputs, out)
    assert made.table("links").filter(pl.col("record") == member)["band"][0] == "auto"
    assert member not in [row["record"] for row in run("judge", "queue", "--package", out, "--json").json]
    assert run("judge", "retract", same[:12], "--why", "w").code == 0
    assert run("judge", "different", *pair).code == 0
    row = built(inputs, out).table("links").row(by_predicate=pl.col("record") == member, named=True)
    assert (row["band"], row["target"], row["organisation"]) == ("none", None, None)
    assert "a person judged them different" in row["reasons"]


@pytest.mark.parametrize("why", ["ask jo@firm.example", "ring 0115 496 0000 first"])
def test_reasons_hold_no_contact_details(inputs, out, why):
    member = record_of(built(inputs, out), "Quarndale Therapeutics")
    refused(run("judge", "unsure", member, f"{COMPANY}09100001", "--why", why, "--package", out), "leave it out")


def test_retracting_needs_more_than_nothing(inputs, out):
    member = record_of(built(inputs, out), "Quarndale Therapeutics")
    run("judge", "same", member, f"{COMPANY}09100001", "--why", "w", "--package", out)
    refused(run("judge", "retract", "", "--why", "w"), "too short")


def test_no_text_from_data_steers_the_terminal(inputs, out):
    values(inputs, "organisation,acme,description,\x1b]0;title\x07 [bold]grows cells,2026-01-31")
    built(inputs, out)
    for command in (("find", "Zanthorp"), ("show", "Zanthorp Biologics")):
        text = run(*command, "--package", out).out
        assert "\x1b" not in text
        assert "[bold]grows cells" in text


def test_the_whole_register_keeps_companies_elsewhere_that_others_name(inputs, out, monkeypatch):
    monkeypatch.setattr(read, "LARGE", 1)
    values(inputs, "organisation,f,name,Far Away Pharma Limited,2026-01-31",
           "organisation,f,company_number,09100007,2026-01-31", "organisation,f,postcode,NG1 0AA,2026-01-31")  # fmt: skip
    row = built(inputs, out).table("organisations").row(by_predicate=pl.col("company_number") == "09100007", named=True)
    assert (row["records"], row["sic"]) == (2, ["21200"])
