"""A search by licence says how old that is which it rests on, against a slow twin over the statements."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from lifecluster.commands.told import FEW, named
from lifecluster.reference.properties import vocabulary
from lifecluster.register.licensed import TYPE, Held, best, checked

from .tiny import conforms, run

DAYS = vocabulary().properties[TYPE].stale_after or 0
AT = date(2026, 11, 1)


def dates(package) -> dict[str, date]:
    """When each licence was last seen or verified, by the first statement that is shown of its type."""
    found: dict[str, date] = {}
    for row in package.table("statements").filter(kind="licence", property=TYPE, shown=True).sort("place").to_dicts():
        found.setdefault(row["subject"], max(day for day in (row["observed_on"], row["verified_on"]) if day))
    return found


def asked(package, at: date, *more: object) -> dict:
    return run("find", "--licence", "mia", "--package", package.path, "--at", at, "--limit", 500, "--json", *more).json


@pytest.mark.parametrize("at", [AT, date(2027, 3, 1), date(2025, 1, 1)])
def test_each_licence_says_when_it_was_last_checked(sample_package, at):
    told = asked(sample_package, at)
    conforms(told, "find")
    known = dates(sample_package)
    assert told["organisations"]
    for row in told["organisations"]:
        assert sorted({one["licence_type"] for one in row["held"]}) == row["licences"]
        for one in row["held"]:
            seen = known[one["id"]]
            assert (one["checked_on"], one["stale"]) == (seen.isoformat(), at - seen > timedelta(days=DAYS))
        mine = [one for one in row["held"] if one["licence_type"] == "MIA"]
        (match,) = (match for match in row["matched"] if match["by"] == "licence")
        assert match["checked_on"] == max(one["checked_on"] for one in mine)
        assert match["stale"] == all(one["stale"] for one in mine)


def test_people_read_it_too(sample_package):
    rows = asked(sample_package, AT)["organisations"]
    stale = [row for row in rows if all(one["stale"] for one in row["held"] if one["licence_type"] == "MIA")]
    assert 0 < len(stale) < len(rows)
    text = run("find", "--licence", "mia", "--package", sample_package.path, "--at", AT, "--limit", 500).out
    assert f"{len(stale):,} of these {len(rows):,} licences were last checked more than {DAYS} days ago" in text
    assert text.count("MIA (stale: last checked ") == len(stale)
    young = run("find", "--licence", "mia", "--package", sample_package.path, "--at", "2025-01-01").out
    assert "last checked" not in young


def test_of_several_of_a_type_the_one_checked_last_counts():
    old, new, undated, other = (Held("a", "MIA", date(2020, 1, 1), True), Held("b", "MIA", AT, False),
                                Held("c", "MIA", None, False), Held("d", "UKCA", None, False))  # fmt: skip
    assert best([undated, other, old, new]) == [new, other]
    assert best([undated, old]) == [old]
    assert (old.said(), new.said()) == ("MIA (stale: last checked 2020-01-01)", "MIA")


def test_nobody_asked_about_is_nobody_told_of(sample_package):
    assert checked(sample_package, [], at=AT) == {}


def test_the_short_form_of_show_names_licences_as_find_does(sample_package):
    found = asked(sample_package, AT)["organisations"]
    several = max(found, key=lambda row: len(row["licences"]))
    stale = next(row for row in found if any(one["stale"] for one in row["held"]))
    for row in (several, stale):
        held = [Held(**{**one, "checked_on": date.fromisoformat(one["checked_on"])}) for one in row["held"]]
        text = run("show", row["id"], "--package", sample_package.path, "--at", AT).out
        (line,) = [line for line in text.splitlines() if line.startswith("licences held: ")]
        assert line == f"licences held: {', '.join(one.said() for one in best(held))}"
    assert "(stale: last checked " in line
    listed = run("find", "--licence", "mia", "--limit", 500, "--package", sample_package.path, "--at", AT).out
    assert line.removeprefix("licences held: ") in listed
    without = sample_package.table("organisations").filter(~pl.col("id").is_in(_holders(sample_package)))["id"][0]
    assert "licences held" not in run("show", without, "--package", sample_package.path, "--at", AT).out


def _holders(package) -> list[str]:
    return package.table("licences")["holder"].explode().drop_nulls().to_list()


def test_many_licences_are_cut_and_none_that_holds_is_said():
    many = [Held(f"L{n}", f"ISO {n}", AT, stale=False) for n in range(FEW + 2)]
    assert named(many[:FEW]) == ", ".join(f"ISO {n}" for n in range(FEW))
    assert named(many) == f"{named(many[:FEW])}; 2 more with --all"
    assert named([]) == "none any more"
