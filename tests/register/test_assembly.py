"""Which value is shown: by a slow twin; and that a place is shown from one record."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lifecluster.reference.properties import Vocabulary, vocabulary
from lifecluster.register.assembly import order, table
from lifecluster.register.edits import SOURCE as EDITS
from lifecluster.register.statement import SCHEMA, with_ids

AT = date(2026, 11, 1)
PLACE = ("postcode", "address", "town")
OFFICE = ("registered_postcode", "registered_address", "registered_town")


def said(record: str, prop: str, value: str, **more: Any) -> dict[str, Any]:
    source = record.partition("/")[0]
    base = dict.fromkeys(SCHEMA) | {
        "subject": "o", "kind": "organisation", "property": prop, "value": value, "source": source, "rank": "other",
        "record": record, "visibility": "public", "aggregate_only": False, "personal": "none", "sample": False,
    }  # fmt: skip
    return base | more


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return with_ids(pl.DataFrame(list(rows), schema=SCHEMA)).unique("id", maintain_order=True)


def shown(statements: pl.DataFrame) -> dict[str, str]:
    rows = order(statements, at=AT).filter("shown")
    return dict(zip(rows["property"], rows["record"], strict=True))


@st.composite
def places(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        edit = draw(st.integers(0, 5)) == 0
        record = f"{EDITS if edit else draw(st.sampled_from(['a', 'b']))}/organisation:{draw(st.integers(1, 3))}"
        prop = draw(st.sampled_from([*PLACE, *OFFICE, "name", "country"]))
        rank = "member" if edit else draw(st.sampled_from(["member", "official", "other"]))
        day = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2027, 1, 1)))
        rows.append(said(record, prop, f"{record} {draw(st.integers(0, 1))}", rank=rank, observed_on=draw(day), valid_to=draw(day),
                         visibility=draw(st.sampled_from(["public", "public", "desk"]))))  # fmt: skip
    return frame(*rows)


def first(rows: list[dict[str, Any]], prop: str) -> list[dict[str, Any]]:
    """The public statements of a property in the declared order, slowly."""
    ranks = vocabulary().properties[prop].order
    mine = [r for r in rows if r["property"] == prop and r["visibility"] == "public" and r["rank"] in ranks]

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        ended = row["valid_to"] is not None and row["valid_to"] < AT
        newest = row["verified_on"] or row["observed_on"]
        return ended, ranks.index(row["rank"]), newest is None, -(newest or AT).toordinal(), row["source"], row["id"]

    return sorted(mine, key=key)


def slow(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Property -> id of the statement shown."""
    found = {}
    for group in (PLACE, OFFICE, ("name",), ("country",)):
        stated = [r for prop in group for r in first(rows, prop) if r["source"] != EDITS]
        for prop in group:
            mine = first(rows, prop)
            if mine and mine[0]["source"] != EDITS:
                mine = [r for r in mine if r["record"] == stated[0]["record"]]
            if mine:
                found[prop] = mine[0]["id"]
    return found


@given(statements=places())
def test_it_is_what_a_slow_twin_shows(statements: pl.DataFrame) -> None:
    ordered = order(statements, at=AT)
    assert ordered["shown"].null_count() == 0, "shown or not, and never neither"
    rows = ordered.filter("shown")
    assert dict(zip(rows["property"], rows["id"], strict=True)) == slow(statements.to_dicts())


@given(statements=places())
def test_a_place_is_of_one_record_or_of_accepted_edits(statements: pl.DataFrame) -> None:
    told = shown(statements)
    for group in (PLACE, OFFICE):
        assert len({told[p] for p in group if p in told and not told[p].startswith(EDITS)}) <= 1
    public = statements.filter(pl.col("visibility") == "public")
    stated = set(public["property"])
    official = public.filter(pl.col("rank") != "member")["property"]
    assert bool(set(PLACE) & stated) == bool(set(PLACE) & told.keys())
    assert bool(set(OFFICE) & set(official)) == bool(set(OFFICE) & told.keys())


def test_the_record_with_a_postcode_leads_over_a_better_one_without() -> None:
    statements = frame(
        said("member/organisation:1", "town", "Nottingham", rank="member"),
        said("register/organisation:1", "town", "Derby", rank="official"),
        said("register/organisation:1", "postcode", "DE1 1AA", rank="official"),
        said("list/organisation:1", "address", "9 King Street"),
    )
    assert shown(statements) == dict.fromkeys(("town", "postcode"), "register/organisation:1")
    row = table(order(statements, at=AT), "organisation").row(0, named=True)
    assert (row["town"], row["postcode"], row["address"]) == ("Derby", "DE1 1AA", None)


def test_an_accepted_edit_stands_in_for_one_of_them() -> None:
    statements = frame(
        said("register/organisation:1", "town", "Derby", rank="official"),
        said("register/organisation:1", "postcode", "DE1 1AA", rank="official"),
        said(f"{EDITS}/organisation:1", "postcode", "DE1 2BB", rank="member"),
    )
    told = shown(statements)
    assert told == {"town": "register/organisation:1", "postcode": f"{EDITS}/organisation:1"}


def test_without_postcode_the_address_leads() -> None:
    statements = frame(
        said("a/organisation:1", "town", "Derby", rank="member"), said("b/organisation:1", "address", "1 Mill Lane"),
        said("b/organisation:1", "town", "Leicester"),
    )  # fmt: skip
    assert set(shown(statements).values()) == {"b/organisation:1"}


@pytest.mark.parametrize("group", [("nowhere",), ("postcode", "postcode"), ("capability", "town")])
def test_a_group_of_what_cannot_be_shown_together_is_refused(group: tuple[str, ...]) -> None:
    known = vocabulary().model_dump()
    with pytest.raises(ValidationError, match="together"):
        Vocabulary.model_validate(known | {"together": {"x": group}})


def test_what_is_shown_together() -> None:
    assert vocabulary().group_of("town") == PLACE
    assert vocabulary().group_of("registered_town") == OFFICE
    assert vocabulary().group_of("name") == ("name",)
