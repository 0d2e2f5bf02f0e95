"""Sponsors of clinical trials, as published, against real companies, trusts and universities: what is taken unseen."""

from __future__ import annotations

import polars as pl
import pytest
from rapidfuzz import fuzz

from lifecluster.build.linking import link_records
from lifecluster.build.place import SITES
from lifecluster.build.records import organisations
from lifecluster.register.linkage.fold import fold
from lifecluster.register.linkage.foreign import foreign_form
from tests.sources.kit import read_real

pytestmark = pytest.mark.slow
FILES = (
    "companies/companies_house_south_yorkshire_live_geocoded.csv.gz", "registers/etr_nhs_trusts_2026-01.csv",
    "research/ifs_knowledge_base_orgs.csv", "research/euctr_trials_2018-01-17.csv.gz",
)  # fmt: skip
ABROAD = ("B Braun Medical S.A.", "B. Braun Medical s.r.o.", "Cerexa, Inc.", "Finox AG")
ALIKE = ("Circassia Limited", "Onyvax Limited", "ASKA Pharmaceutical.Co., Ltd")


@pytest.fixture(scope="module")
def links(data_dir) -> pl.DataFrame:
    """Every answer on a sponsor, with both names; a postcode is stated by none of them."""
    records = organisations(read_real(data_dir / file) for file in FILES)
    found = link_records(records, pl.DataFrame(schema=SITES), progress=lambda _: None)
    names = records.select("record", "name")
    return found.join(names, on="record").join(
        names.rename({"record": "target", "name": "registered"}), on="target", how="left"
    )


def test_what_is_taken_has_the_same_name(links: pl.DataFrame) -> None:
    taken = links.filter(pl.col("band") == "auto")
    assert taken.height > 100
    for name, registered, reasons in taken.select("name", "registered", "reasons").iter_rows():
        assert reasons.endswith("taken: the names are the same"), name
        assert foreign_form(name) is None, name
        assert fuzz.token_set_ratio(fold(name), fold(registered)) > 85, name


def test_no_sponsor_of_another_country_is_taken_for_a_company_of_the_region(links: pl.DataFrame) -> None:
    companies = links.filter(pl.col("target").str.starts_with("companies-house"))
    assert companies.height > 100
    assert companies.filter(pl.col("band") == "auto")["name"].to_list() == []
    said = dict(companies.select("name", "reasons").iter_rows())
    assert all("is a legal form of" in said[name] for name in ABROAD)
    assert all(said[name].endswith("to review: the names are only alike, and no place agrees") for name in ALIKE)


def test_a_name_with_a_dash_is_not_cut_into_a_trading_name(links: pl.DataFrame) -> None:
    roche = links.filter(pl.col("name").str.contains(r"(?i)hoffmann\s?-\s?la roche"))
    assert roche.height > 5
    assert roche.filter(pl.col("registered") == "LA RUCHE LIMITED").is_empty()
