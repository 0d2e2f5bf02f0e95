"""The exchange file: every row of the vocabulary, every reference kept, figures that make sense."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import polars as pl
import pytest

from lifecluster.reference.properties import vocabulary
from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import description, display, fill, spoken, titled
from lifecluster.sample.themes.profile import stated, web_name
from lifecluster.sample.words import phrases
from tests.sample.conftest import Written


@pytest.fixture(scope="module")
def values(written: Written) -> pl.DataFrame:
    """All rows."""
    return written.exchange()


def _of(values: pl.DataFrame, kind: str, prop: str) -> pl.DataFrame:
    return values.filter((pl.col("kind") == kind) & (pl.col("property") == prop))


def test_every_property_is_borne_by_its_kind(values: pl.DataFrame) -> None:
    known = vocabulary()
    for kind, prop in values.select("kind", "property").unique().iter_rows():
        assert prop in known.of(kind), (kind, prop)
    assert set(values["kind"]) == {"organisation", "site", "group", "licence", "award", "collaboration", "product",
                                   "vacancy", "need", "offer", "facility"}  # fmt: skip


def test_single_properties_have_one_value(values: pl.DataFrame) -> None:
    many = [name for name, prop in vocabulary().properties.items() if prop.many]
    single = values.filter(~pl.col("property").is_in(many))
    assert single.select("kind", "key", "property").is_duplicated().sum() == 0
    assert values.is_duplicated().sum() == 0


def test_every_reference_resolves(values: pl.DataFrame) -> None:
    refs = [name for name, prop in vocabulary().properties.items() if prop.type == "ref"]
    there = set(values.select(pl.concat_str("kind", pl.lit(":"), "key").alias("r"))["r"])
    named = values.filter(pl.col("property").is_in(refs))
    assert named.height > 3000
    assert set(named["value"]) <= there


def test_everything_that_is_held_has_a_holder(values: pl.DataFrame) -> None:
    for kind in ("site", "licence", "award", "collaboration", "product", "vacancy", "need", "offer"):
        keys = set(values.filter(pl.col("kind") == kind)["key"])
        assert set(_of(values, kind, "holder")["key"]) == keys, kind


def test_values_are_of_their_types(values: pl.DataFrame) -> None:
    types = {name: prop.type for name, prop in vocabulary().properties.items()}
    patterns = {"date": r"\d{4}-\d\d-\d\d", "int": r"-?\d+", "money": r"\d+(\.\d+)?", "url": r"https://[a-z0-9-]+\.example\S*",
                "postcode": r"[A-Z]{1,2}\d[A-Z\d]? \d[CIKMOV]{2}"}  # fmt: skip
    for kind, pattern in patterns.items():
        of_type = values.filter(pl.col("property").is_in([name for name, t in types.items() if t == kind]))
        assert of_type.height > 100
        assert all(re.fullmatch(pattern, value) for value in of_type["value"]), kind
    assert all(date.fromisoformat(day) <= AS_OF for day in values["observed_on"].unique())


def test_counts_of_what_organisations_do(values: pl.DataFrame) -> None:
    counts = {row[0]: row[1] for row in values.group_by("kind").agg(pl.col("key").n_unique()).iter_rows()}
    assert counts["organisation"] == 1290
    assert 1300 <= counts["site"] <= 1500
    assert 700 <= counts["licence"] <= 1100
    assert counts["award"] == 430
    assert counts["collaboration"] == 560
    assert 700 <= counts["product"] <= 1200
    types = Counter(_of(values, "licence", "licence_type")["value"])
    assert {"MIA", "MIA(IMP)", "WDA(H)", "MS", "ISO 13485", "UKCA", "HTA"} <= set(types)
    assert types["ISO 13485"] > types["WDA(H)"] > types["MS"]


def test_jobs_are_stated_for_most_sites_of_firms_and_for_no_hospital(values: pl.DataFrame, world: World) -> None:
    jobs = _of(values, "site", "jobs")
    holders = {site.key: world.index[site.holder].kind for site in world.sites}
    assert {holders[key] for key in jobs["key"]} == {"company"}
    firms = sum(kind == "company" for kind in holders.values())
    assert 0.78 < jobs.height / firms < 0.92
    assert 20_000 < jobs["value"].cast(pl.Int64).sum() < 50_000


def test_partners_near_and_far(values: pl.DataFrame) -> None:
    partners = _of(values, "collaboration", "partner")["value"]
    beyond = sum(value.startswith("organisation:X") for value in partners)
    assert 0.06 < beyond / len(partners) < 0.22
    led = dict(_of(values, "collaboration", "holder").select("key", "value").iter_rows())
    assert all(
        led[key] != value for key, value in _of(values, "collaboration", "partner").select("key", "value").iter_rows()
    )


def test_licences_in_force_have_not_ended(values: pl.DataFrame) -> None:
    wide = {
        p: dict(_of(values, "licence", p).select("key", "value").iter_rows()) for p in ("state", "starts_on", "ends_on")
    }
    for key, end in wide["ends_on"].items():
        assert wide["starts_on"][key] <= end
        if wide["state"][key] == "active":
            assert end >= AS_OF.isoformat()
        if wide["state"][key] in {"expired", "surrendered"}:
            assert end <= AS_OF.isoformat()


def test_descriptions_are_varied_and_whole(values: pl.DataFrame) -> None:
    texts = _of(values, "organisation", "description")["value"].to_list()
    assert len(texts) > 850
    assert len(set(texts)) > 0.93 * len(texts)
    assert not any("{" in text or "lorem" in text.lower() or "  " in text for text in texts)
    assert all(text[0].isupper() and text.endswith(".") for text in texts)
    assert not any(re.search(r"\b[Aa] [aeio]", text) for text in texts)


def test_dates_of_observation_spread_over_years(values: pl.DataFrame) -> None:
    years = Counter(day[:4] for day in _of(values, "organisation", "employees")["observed_on"])
    assert {"2023", "2024", "2025", "2026"} <= set(years)
    assert min(years.values()) > 50


def test_web_addresses_are_distinct(world: World) -> None:
    names = [web_name(body) for body in world.organisations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+-[a-z0-9]+", name) for name in names)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("VELTRANE DENTAL LIMITED", "Veltrane Dental Ltd"),
        ("OSIERBECK (UK) LLP", "Osierbeck (UK) LLP"),
        ("X & Y OF DERBY PLC", "X & Y of Derby PLC"),
        ("HEAD (STOKE) LTD", "Head (Stoke) Ltd"),
        ("University of Flaxbeck", "University of Flaxbeck"),
    ],
)
def test_names_as_their_owners_write_them(name: str, shown: str) -> None:
    assert display(name) == shown


@pytest.mark.parametrize(("town", "shown"), [("STOKE-ON-TRENT", "Stoke-on-Trent"), ("DERBY", "Derby"),
                                             ("ASHBY-DE-LA-ZOUCH", "Ashby-de-la-Zouch")])  # fmt: skip
def test_towns(town: str, shown: str) -> None:
    assert titled(town) == shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cnc-machining", "CNC machining"),
        ("mrna-process", "mRNA process"),
        ("clean-room-iso-7", "clean room ISO 7"),
        ("formulation", "formulation"),
    ],
)
def test_capabilities_in_words(code: str, words: str) -> None:
    assert spoken(code) == words


def test_articles_and_slots(world: World) -> None:
    firm, stream = world.operating()[0], Stream(1, "t")
    assert fill(stream, "a artificial hip, a used one", firm, world) == "an artificial hip, a used one"
    for key in ("product", "service"):
        for part in ("openings", "middles", "ends"):
            for template in phrases()[f"{key}_{part}"]:
                assert "{" not in fill(stream, template, firm, world)
    holding = next(body for body in world.of("company") if body.holding)
    assert "group" in description(stream, holding, world)


def test_head_counts_are_rounded_as_people_round() -> None:
    stream = Stream(1, "t")
    assert stated(stream, 0, 0.1) == 0
    assert all(stated(stream, 1000, 0.1) % 50 == 0 for _ in range(50))
    assert all(stated(stream, 150, 0.1) % 5 == 0 for _ in range(50))
