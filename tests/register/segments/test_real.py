"""The classifier on the companies of South Yorkshire: counts within bounds, codes as a plain count would have them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from lifecluster.register.definition import load_definitions
from lifecluster.register.segments import classify, compare

from .twin import probabilities

FILE = "companies/companies_house_south_yorkshire_live_geocoded.csv.gz"
SHIPPED = load_definitions()


@pytest.fixture(scope="module")
def companies(data_dir) -> pl.DataFrame:
    raw = pl.read_csv(data_dir / FILE, infer_schema_length=0)
    codes = pl.concat_list([f"SICCode.SicText_{n}" for n in range(1, 5)]).list.drop_nulls()
    return raw.select(
        organisation_id=pl.format("GB-COH-{}", "CompanyNumber"),
        name="CompanyName",
        status="CompanyStatus",
        sic=codes.list.eval(pl.element().str.extract(r"^(\d+) ")).list.drop_nulls(),
    )


@pytest.fixture(scope="module")
def classified(companies) -> pl.DataFrame:
    return classify(companies, SHIPPED)


def test_lists_count_what_their_codes_say(companies, classified):
    for name, pattern in (("dbt-sic", "^(211|212|266|325|7211)"), ("scottish-sic", "^(21|266|325|7211|7219)")):
        live = companies.filter(pl.col("status") != "Liquidation")
        five = pl.element().str.len_chars() == 5
        plain = live.filter(pl.col("sic").list.eval(pl.element().str.contains(pattern) & five).list.any())
        whole = classified.filter(pl.col("definition") == name, pl.col("segment").is_null())
        assert set(whole.filter(probability=1.0)["organisation_id"]) == set(plain["organisation_id"])


def test_missing_codes_are_unknown(companies, classified):
    silent = companies.filter(pl.col("sic").list.len() == 0, pl.col("status") != "Liquidation")
    unknown = classified.filter(pl.col("definition") == "dbt-sic", pl.col("probability").is_null())
    assert 400 < silent.height <= unknown.height
    assert set(silent["organisation_id"]) <= set(unknown["organisation_id"])


def test_weighed_counts_are_plausible(classified):
    # The official statistics know about 1.5 businesses in a thousand companies: some hundred in 75,740.
    whole = classified.filter(pl.col("definition") == "bahtss", pl.col("segment").is_null())
    assert 80 < (whole["probability"] >= 0.5).sum() < 160
    assert 90 < whole["probability"].sum() < 180


def test_the_twin_agrees_on_real_companies(companies, classified):
    mentioned = classified.filter(pl.col("definition") == "ols-segments")["organisation_id"].unique()
    some = companies.filter(pl.col("organisation_id").is_in(mentioned.implode())).sample(60, seed=4)
    rest = companies.sample(40, seed=5)
    blank = dict.fromkeys(("other_names", "description", "organisation_type", "sources", "licence_type", "segment"))
    found = {
        (row["organisation_id"], row["definition"], row["segment"]): row["probability"]
        for row in classified.drop("evidence").to_dicts()
    }
    definition = SHIPPED[0]
    for row in (*some.to_dicts(), *rest.to_dicts()):
        expected = probabilities({**blank, **row}, definition)
        mine = {s: p for (o, d, s), p in found.items() if (o, d) == (row["organisation_id"], definition.name)}
        assert mine.keys() == expected.keys()
        assert all(mine[s] == (None if p is None else pytest.approx(p)) for s, p in expected.items())


def test_franchise_shells_explain_the_largest_difference(companies, classified):
    # Half of the companies with code 32500 are tooth-whitening franchises; the list counts them, the weighing does not.
    result = compare(companies, classified, SHIPPED)
    pair = result.reasons.filter(pl.col("left") == "bahtss", pl.col("right") == "dbt-sic")
    assert pair.sort(pl.col("count_delta").abs(), descending=True)["group"][0].startswith("SIC 32500")
    assert result.reasons["count_delta"].sum() == result.differences["count_delta"].sum()


def test_the_page_says_what_is_counted_now(companies, classified):
    text = (Path(__file__).parents[3] / "docs" / "reference" / "definitions.md").read_text("utf-8")
    table = text.split("## Measured on 75,740 live companies of South Yorkshire", 1)[1].split("###", 1)[0]
    stated = {name: [int(n.replace(",", "")) for n in re.findall(r"[0-9][0-9,]*", cells)]
              for name, cells in re.findall(r"^\| `([a-z-]+)`[^|]*\|(.*)\|$", table, re.M)}  # fmt: skip
    assert companies.height == 75_740
    for row in compare(companies, classified, SHIPPED).counts.iter_rows(named=True):
        span = (row["low"], row["high"]) if row["low"] != row["expected"] else ()
        numbers = [row["certain"], row["counted"], row["expected"], *span, row["unknown"]]
        assert stated[row["definition"]] == [round(n) for n in numbers]
    counted = classified.filter(pl.col("segment").is_null(), pl.col("probability") >= 0.5)
    ours, theirs = (set(counted.filter(definition=name)["organisation_id"]) for name in ("bahtss", "dbt-sic"))
    assert f"Only {len(ours & theirs)} companies are counted by both" in table
