"""A row without a key that was edited keeps its id; where nobody can tell, it gets a new one."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.build.run import Request, build
from lifecluster.region import load_region
from lifecluster.register.ledger import Ledger, Resolver
from lifecluster.register.lookup import read_ledger
from lifecluster.register.succession import SAID, succeed, successors
from lifecluster.sample.model import AS_OF
from lifecluster.sources.tabular import fingerprint

ROWS = st.lists(st.tuples(st.sampled_from(["list", "other"]), st.sampled_from(["Corvane", "Corvane Ltd", "Thessil", "Öptik"]),
                          st.sampled_from(["LE1 1AA", "NG1 1AA", None])), max_size=8, unique=True)  # fmt: skip


def record(source: str, name: str, postcode: str | None) -> str:
    return f"{source}/organisation:{fingerprint((name, postcode))}"


def said(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame([(record(*row), row[1], row[2]) for row in rows], schema=SAID, orient="row")


def found(before: list, now: list) -> list[tuple[str, str]]:
    """(what it was, what it is now), in words."""
    names = {record(*row): f"{row[1]} {row[2]}" for row in [*before, *now]}
    told = successors(said(*before), said(*now), said(*before)["record"])
    return [(names[old], names[new]) for old, new in told.items()]


def test_a_corrected_postcode_and_a_corrected_name():
    before = [("list", "Corvane Assays Ltd", "LE11 1AA"), ("list", "Thessil Optics", "NG1 1AA")]
    moved = [("list", "CORVANE ASSAYS LTD.", "LE11 2BB"), ("list", "Thessil Optics", "NG1 1AA")]
    assert found(before, moved) == [("Corvane Assays Ltd LE11 1AA", "CORVANE ASSAYS LTD. LE11 2BB")]
    spelt = [("list", "Corvane Asays Ltd", "LE11 1AA"), ("list", "Thessil Optics", "NG1 1AA")]
    assert found(before, spelt) == [("Corvane Assays Ltd LE11 1AA", "Corvane Asays Ltd LE11 1AA")]


def test_where_nobody_can_tell_nothing_is_guessed():
    one = ("list", "Corvane", "LE11 1AA")
    assert found([one], [("other", "Corvane", "NG1 1AA")]) == [], "another source"
    assert found([one], [("list", "Thessil", "LE11 1AA")]) == [], "another firm in the same building"
    assert found([one], [("list", "Thessil", "NG1 1AA")]) == [], "another name and another place"
    assert found([one], [one, ("list", "Corvane", "NG1 1AA")]) == [], "it is still there; the other is a branch"
    assert found([one], [("list", "Corvane", "NG1 1AA"), ("list", "Corvane", "DE1 1AA")]) == [], "two could be it"
    assert found([one, ("list", "Corvane", "S1 1AA")], [("list", "Corvane", "NG1 1AA")]) == [], "it could be either"


def test_a_key_that_is_no_fingerprint_stays_what_it_is():
    before = pl.DataFrame([("list/organisation:7", "Corvane", "LE1 1AA")], schema=SAID, orient="row")
    now = pl.DataFrame([("list/organisation:8", "Corvane", "LE1 1AA")], schema=SAID, orient="row")
    assert successors(before, now, before["record"]) == {}


@given(before=ROWS, now=ROWS)
def test_only_what_left_becomes_only_what_came_and_each_once(before: list, now: list) -> None:
    told = successors(said(*before), said(*now), said(*before)["record"])
    then, today = set(said(*before)["record"]), set(said(*now)["record"])
    assert set(told) <= then - today
    assert set(told.values()) <= today - then
    assert len(set(told.values())) == len(told)
    assert all(old.partition(":")[0] == new.partition(":")[0] for old, new in told.items())
    back = {new: old for old, new in told.items()}
    again = successors(said(*now), said(*before), said(*now)["record"])
    assert all(again.get(new, old) == old for new, old in back.items()), "the way back never leads elsewhere"


def test_an_empty_ledger_stays_empty():
    assert succeed(Ledger.empty(), said(), said(("list", "A", None))).members.is_empty()


def test_an_id_survives_the_correction_of_its_only_row(tmp_path):
    """Through whole builds of a list without keys: postcode, then name, then back to what it was; then another firm."""
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    mapping = (
        "{list: members.csv, name: members, title: Members, publisher: Nobody, rank: member, scope: always, confirmed: true, visibility: public, "
        "observed_on: 2026-01-01, licence: {id: CC0-1.0, title: Zero}, "
        "columns: {Name: {property: name}, Post code: {property: postcode}}}"
    )
    (inputs / "members.csv.mapping.yml").write_text(mapping, "utf-8")

    def run(name: str, postcode: str, previous=None):
        rows = f"Name,Post code\n{name},{postcode}\nThessil Optics,NG1 1AB\n"
        (inputs / "members.csv").write_text(rows, "utf-8")
        request = Request(
            region=load_region("midlands"), inputs=inputs, out=tmp_path / "out", at=AS_OF, previous=previous
        )
        return build(request).package

    def ids(package) -> dict[str, str]:
        return dict(package.table("organisations").select("name", "id").iter_rows())

    first = run("Corvane Assays", "LE11 1AA")
    own = ids(first)["Corvane Assays"]
    package = first
    for name, postcode in (
        ("Corvane Assays", "LE11 2BB"),
        ("Corvane Assay", "LE11 2BB"),
        ("Corvane Assays", "LE11 1AA"),
    ):
        package = run(name, postcode, package)
        assert ids(package)[name] == own
        assert package.table("identities").height == first.table("identities").height, "nothing happened to any id"
        assert run(name, postcode, package).table("identities").equals(package.table("identities"))
    other = run("Wholly Different Bakery", "LE11 1AA", package)
    assert own not in ids(other).values()
    assert Resolver(read_ledger(other)).current(own).status == "absent"
