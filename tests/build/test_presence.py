"""Who may know that an organisation is in the register: what a closed list alone brings in is not there for everybody."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lifecluster.build import presence, public
from lifecluster.build.run import Request, build
from lifecluster.policy.visibility import Visibility
from lifecluster.region import load_region
from lifecluster.register import ids
from lifecluster.register import presence as reading
from lifecluster.register.following import follow, withheld
from lifecluster.register.package import Package
from tests.commands import tiny
from tests.commands.tiny import refused, run

BY_LIST = ("09100006", "Ostlebury Consulting Limited")
"""A company of no trade that a definition counts: it is here because the list names it."""
COMPANY = "companies-house/organisation:"
BY_TRADE = "09100003"
LIST = "Circle of Hushwell"
"""The list: nobody but its readers may know of it."""
LABELS = [level.label for level in Visibility]


def inputs(folder: Path, level: str | None) -> Path:
    """The tiny region with its list at `level`, or without it; the list names companies by their numbers."""
    made = tiny.write_inputs(folder)
    path, mapping = made / "members.csv", made / "members.csv.mapping.yml"
    if level is None:
        path.unlink()
        mapping.unlink()
        return made
    rows = (("Name", "Number", "Post code"), (BY_LIST[1], BY_LIST[0], "LN1 0AA"),
            ("Bramlow Surgical Instruments Ltd", BY_TRADE, "DE1 0AA"), (tiny.STRANGER, "", "CV1 0AA"))  # fmt: skip
    path.write_text(tiny.table(*rows), "utf-8")
    said = yaml.safe_load(mapping.read_text("utf-8"))
    properties = ("name", "company_number", "postcode")
    said |= {"visibility": level, "address_is": "working", "title": LIST, "publisher": "The Hushwell Circle",
             "licence": {"id": "HUSH-1", "title": "Hushwell terms", "attribution": "By leave of the Hushwell Circle."},
             "columns": {c: {"property": p} for c, p in zip(rows[0], properties, strict=True)}}  # fmt: skip
    mapping.write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")
    return made


def built(folder: Path, level: str | None, previous: Package | None = None) -> Package:
    request = Request(region=load_region("midlands"), inputs=inputs(folder / "in", level), out=folder / "out",
                      at=date(2026, 10, 1), previous=previous)  # fmt: skip
    return build(request).package


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str | None, Package]:
    """The region with an open list, with a closed one, and without."""
    return {level: built(tmp_path_factory.mktemp("built"), level) for level in ("public", "members", None)}


def of(package: Package, number: str) -> list[str]:
    return package.table("organisations").filter(pl.col("company_number") == number)["presence"].to_list()


def test_what_a_closed_list_alone_brings_in_is_for_its_readers(packages: dict[str | None, Package]) -> None:
    closed = packages["members"]
    assert of(packages["public"], BY_LIST[0]) == ["public"]
    assert of(closed, BY_LIST[0]) == []
    assert of(closed.cleared(Visibility.MEMBERS), BY_LIST[0]) == of(closed.whole, BY_LIST[0]) == ["members"]
    assert of(closed, BY_TRADE) == of(closed.whole, BY_TRADE) == ["public"]
    assert closed.manifest["counts"]["closed"] == 2  # the company, and the stranger of whom nothing public is said
    assert packages["public"].manifest["counts"]["closed"] == packages[None].manifest["counts"]["closed"] == 0


TABLES = (
    "organisations",
    "sites",
    "groups",
    "licences",
    "awards",
    "contracts",
    "segments",
    "universe",
    "hubs",
    "presence",
)


def test_to_everybody_the_register_is_as_if_the_list_had_never_come(packages: dict[str | None, Package]) -> None:
    closed, without = packages["members"], packages[None]
    for name in TABLES:
        assert_frame_equal(closed.table(name), without.table(name))
    for name in ("organisations", "sites", "universe", "definitions", "waiting"):
        assert closed.manifest["counts"][name] == without.manifest["counts"][name], name
    assert closed.whole.table("organisations").height > without.whole.table("organisations").height


def test_no_record_that_is_followed_tells_of_the_list(packages: dict[str | None, Package]) -> None:
    """That a company's row is in the package may itself be what only the list's readers may know."""
    closed, without = packages["members"], packages[None]
    assert_frame_equal(follow(closed, "companies-house"), follow(without, "companies-house"))
    told = follow(closed.cleared(Visibility.MEMBERS), "companies-house").filter(record=f"{COMPANY}{BY_LIST[0]}")
    assert told["organisation"].is_not_null().to_list() == [True]
    assert withheld(closed, "tiny-members") == 3 and withheld(closed.whole, "tiny-members") == 0


def test_it_is_found_and_shown_to_those_it_is_for(packages: dict[str | None, Package]) -> None:
    path = packages["members"].path
    one = packages["members"].whole.table("organisations").filter(pl.col("company_number") == BY_LIST[0])["id"].item()
    assert run("find", "Ostlebury", "--package", path, "--json").json["found"] == 0
    assert run("find", "Ostlebury", "--package", path, "--json", "--for", "members").json["found"] == 1
    for asked in (one, BY_LIST[0], "Ostlebury"):
        refused(run("show", asked, "--package", path), "no such organisation")
        assert run("show", asked, "--package", path, "--json", "--for", "members").json["id"] == one
    refused(run("find", "x", "--package", path, "--for", "friends"), "friends")


def stranger(package: Package) -> str:
    """The id of the organisation that the list alone speaks of."""
    found = package.whole.table("organisations").filter(pl.col("name") == tiny.STRANGER)
    return str(found["id"].item())


def test_a_row_is_made_of_what_its_own_readers_may_know(packages: dict[str | None, Package]) -> None:
    """To members the register with their list is, of what it brought, the register with the list for everybody."""
    closed, open_ = packages["members"].cleared(Visibility.MEMBERS), packages["public"]
    brought = closed.table("organisations").filter(pl.col("presence") == "members")
    assert {BY_LIST[0], None} == set(brought["company_number"]) and stranger(closed) in brought["id"].to_list()
    of_them = {"organisations": "id", "sites": "organisation", "segments": "organisation_id"}
    for name, column in of_them.items():
        rows = [p.table(name).filter(pl.col(column).is_in(brought["id"].implode())) for p in (closed, open_)]
        assert rows[0].height >= 2 and set(rows[0]["presence"]) == {"members"}, name
        assert_frame_equal(*(frame.drop("presence") for frame in rows))


def test_one_that_a_closed_list_alone_names_is_found_by_those_it_is_for(packages: dict[str | None, Package]) -> None:
    path, one = packages["members"].path, stranger(packages["members"])
    never = ids.mint("organisation", "never issued", "nowhere", set())
    told = run("find", "Vellmoor", "--package", path, "--json", "--for", "members").json["organisations"]
    assert [(row["id"], row["name"]) for row in told] == [(one, tiny.STRANGER)]
    shown = run("show", one, "--package", path, "--json", "--for", "members").json
    said = {e["property"]: e["statements"][0] for e in shown["values"]}
    assert [said["name"][k] for k in ("value", "source", "visibility")] == [tiny.STRANGER, "tiny-members", "members"]
    assert said["name"]["locator"] == "members.csv#4" and list(shown["things"]) == ["site"]
    assert run("find", "Vellmoor", "--package", path, "--json").json["organisations"] == []
    for hidden in (one, tiny.STRANGER):
        unknown = never if hidden == one else "Nobody Of This Name"
        shut, other = (run("show", text, "--package", path) for text in (hidden, unknown))
        assert (shut.code, shut.out) == (other.code, other.out)
        assert shut.err.replace(hidden, "X") == other.err.replace(unknown, "X")


def test_an_id_that_was_public_once_stays_known(tmp_path: Path, packages: dict[str | None, Package]) -> None:
    later = built(tmp_path, "members", packages["public"])
    one = later.whole.table("organisations").filter(pl.col("company_number") == BY_LIST[0]).row(0, named=True)
    assert one["presence"] == "members"
    assert later.table("presence").filter(pl.col("id") == one["id"])["presence"].to_list() == ["public"]
    first = packages["members"].whole.table("presence").filter(pl.col("id") == one["id"])
    assert first["presence"].to_list() == ["members"]


def test_where_all_is_public_nothing_is_computed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                       packages: dict[str | None, Package]) -> None:  # fmt: skip
    calls = []
    was = presence.classify
    monkeypatch.setattr(presence, "classify", lambda *a: calls.append(1) or was(*a))
    once = built(tmp_path / "once", "public")
    assert len(calls) == 1
    levels = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.DESK)
    monkeypatch.setattr(presence, "levels", lambda _extracts: levels)
    thrice = built(tmp_path / "thrice", "public")
    assert len(calls) == 1 + len(levels)
    for name in once.tables:
        assert_frame_equal(once.whole.table(name), thrice.whole.table(name))
    assert once.manifest["files"] == packages["public"].manifest["files"]


def frame_of(levels: list[list[str | None]]) -> pl.DataFrame:
    width = max(map(len, levels))
    columns = {"key": [f"k{i}" for i in range(len(levels))]}
    for n in range(width):
        said = [row[n] if n < len(row) else None for row in levels]
        columns |= {f"c{n}": [None if level is None else f"v{n}" for level in said], f"c{n}__visibility": said}
    return pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.String))


@given(st.lists(st.lists(st.sampled_from([*LABELS, None]), min_size=1, max_size=3), min_size=1, max_size=6),
       st.sampled_from(list(Visibility)))  # fmt: skip
def test_of_each_value_those_who_may_see_it_see_it(levels: list[list[str | None]], reader: Visibility) -> None:
    frame = frame_of(levels)
    seen = public._shown(frame, reader, frozenset())
    for i, row in enumerate(levels):
        for n, level in enumerate(row):
            told = level is not None and Visibility.parse(level) <= reader
            assert (seen[f"c{n}"][i] is not None) == told
    stated = {level for row in levels for level in row if level is not None}
    if all(Visibility.parse(level) <= reader for level in stated):
        assert seen is frame


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c"]), st.sampled_from(LABELS)), min_size=1, max_size=9))
def test_the_most_public_level_ever_counts(rows: list[tuple[str, str]]) -> None:
    found = presence._most_public(pl.DataFrame(rows, schema=reading.EVER, orient="row"))
    twin = {one: min((level for other, level in rows if other == one), key=LABELS.index) for one, _ in rows}
    assert dict(found.iter_rows()) == twin


@given(st.lists(st.tuples(st.sampled_from(["partner", "name"]), st.sampled_from(["X", "Y", "z"]),
                          st.sampled_from(["src/organisation:1", None])), max_size=8),
       st.dictionaries(st.sampled_from(["X", "Y"]), st.integers(1, 4)), st.integers(0, 3))  # fmt: skip
def test_what_leads_beyond_reads_as_its_source_wrote_it(
    rows: list[tuple[str, str, str | None]], closed: dict[str, int], reader: int
) -> None:
    frame = pl.DataFrame(rows, schema={"property": pl.String, "value": pl.String, "original": pl.String}, orient="row")
    found = reading.unresolved(frame, closed, reader).rows()
    twin = []
    for prop, value, original in rows:
        if prop == "partner" and closed.get(value, 0) > reader:
            twin += [] if original is None else [(prop, original, None)]
        else:
            twin.append((prop, value, original))
    assert found == twin


def test_a_package_of_before_tells_who_may_know_its_ids(
    packages: dict[str | None, Package], monkeypatch: pytest.MonkeyPatch
) -> None:
    old = packages["members"].whole
    told = dict(presence._before(old).iter_rows())
    monkeypatch.setattr(
        Package,
        "tables",
        property(
            lambda self: tuple(
                r["name"]
                for r in self.descriptor["resources"]
                if r.get("format") == "parquet" and r["name"] != "presence"
            )
        ),
    )
    guessed = dict(presence._before(old).iter_rows())
    assert guessed.keys() >= set(old.table("identities")["id"])
    shown = set(old.table("organisations")["id"])
    assert all(guessed[one] == "public" for one in shown)
    assert all(
        guessed[one] != "public" for one in told.keys() - shown if told[one] != "public" and one.startswith("LCO")
    )
