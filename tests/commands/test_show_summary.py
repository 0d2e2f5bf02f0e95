"""The short form of `show` names what an organisation has with the right word for its number."""

from __future__ import annotations

import re

import polars as pl
import pytest

from lifecluster.commands.told import holdings, many
from lifecluster.reference.properties import vocabulary

from .tiny import run


@pytest.mark.parametrize(("number", "said"), [(0, "0 licences"), (1, "1 licence"), (2, "2 licences"), (1200, "1,200 licences")])  # fmt: skip
def test_a_number_and_its_word(number: int, said: str) -> None:
    assert many(number, "licence") == said


def test_plurals_are_those_of_the_tables() -> None:
    assert many(1, "vacancy", "vacancies") == "1 vacancy" and many(2, "vacancy", "vacancies") == "2 vacancies"


def part(kind: str, *roles: str, others: tuple[str, ...] = ()) -> dict:
    return {
        "kind": kind,
        "roles": list(roles),
        "others": [{"role": "holder", "id": one, "name": None} for one in others],
    }


def test_parts_in_what_others_hold_are_counted_and_said() -> None:
    parts = [part("award", "holder", others=("X",)), part("award", "partner", others=("X", "Y")),
             part("contract", "buyer", others=("Z",)), part("trial", "holder")]  # fmt: skip
    things = {"licence": [1], "award": [1, 2], "trial": [1], "product": [1, 2, 3]}
    assert holdings(things, parts) == ["1 licence", "3 awards (1 as a partner)", "1 contract (1 as a buyer)", "1 trial",
                                       "3 products", "3 partners"]  # fmt: skip
    assert holdings({}, []) == [] and holdings({}, [part("award", "partner")]) == ["1 award (1 as a partner)"]


def test_it_is_what_the_tables_hold(sample_package) -> None:
    """Against counts over the tables, for organisations that hold or take part in much and in little."""
    kinds = {kind: entry.table for kind, entry in vocabulary().kinds.items() if kind not in {"organisation", "group"}}
    awards = sample_package.table("awards").explode("partner").drop_nulls("partner")
    partners = awards.group_by("partner").len().sort("len", "partner", descending=[True, False])["partner"].to_list()
    known = set(sample_package.table("organisations")["id"])
    for one in [p for p in partners if p in known][:2] + sorted(known)[:2]:
        text = run("show", one, "--package", sample_package.path).out
        has = next((line for line in text.splitlines() if line.startswith("has: ")), "")
        told = {word: int(n.replace(",", "")) for n, word in re.findall(r"([\d,]+) ([a-z]+)(?= \(|,|$)", has)}
        for kind, table in kinds.items():
            frame = sample_package.table(table)
            roles = [c for c in ("holder", "partner", "buyer") if c in frame.columns and frame[c].dtype == pl.List]
            in_it = pl.any_horizontal([pl.col(c).list.contains(one).fill_null(value=False) for c in roles])
            mine = frame.filter(pl.col("organisation") == one if kind == "site" else in_it).height
            assert told.pop(kind if mine == 1 else table, 0) == mine, (table, has)
        assert set(told) <= {"partner", "partners"}
        assert re.search(r"\d+ statements? from \d+ sources?:", text)
        assert not re.search(r"\b1 (?!as\b)\w+s\b", has)
