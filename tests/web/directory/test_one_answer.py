"""`lifecluster show`, `lifecluster find` and the web app tell every reader the same of every organisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lifecluster.build.run import Request, build
from lifecluster.region import load_region
from lifecluster.register.package import Package
from lifecluster.web.directory import reads
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.show import organisation
from lifecluster.web.directory.show import rows as listed
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from tests.commands import tiny
from tests.commands.tiny import refused, run
from tests.web.directory.conftest import load

AT = date(2026, 11, 1)
READERS = {"public": ANYBODY, "members": Viewer(frozenset({"member"})), "desk": Viewer(frozenset({"desk"}))}
BRAMLOW, HESTERING, BY_LIST = "09100003", "09100004", "09100006"
FIRST = ("Name", "Number", "Staff", "What it does", "Town", "Post code")
CLOSED = {
    "members": ("2026-06-30", (("Bramlow Surgical Instruments Ltd", BRAMLOW, "21", "Makes scalpels for members", "Derby", "DE1 0AA"),
                               ("Ostlebury Consulting Limited", BY_LIST, "6", "Advises", "Lincoln", "LN1 0AA"),
                               (tiny.STRANGER, "", "9", "Makes probes", "Coventry", "CV1 0AA"))),
    "desk": ("2026-07-31", (("Hestering Diagnostics Limited", HESTERING, "33", "Tests at the desk", "Leicester", "LE1 0AA"),
                            ("Bramlow Surgical Instruments Ltd", BRAMLOW, "34", "", "Matlock", "DE4 0AA"))),
    "public": ("2026-01-31", (("Bramlow Surgical Instruments Ltd", BRAMLOW, "20", "Makes scalpels", "Derby", "DE1 0AA"),
                              ("Hestering Diagnostics Limited", HESTERING, "30", "Tests", "Leicester", "LE1 0AA"))),
}  # fmt: skip
"""Lists by level: the day they were seen, and rows. The closed ones are newer."""


def inputs(folder: Path) -> Path:
    made = tiny.write_inputs(folder)
    said = yaml.safe_load((made / "members.csv.mapping.yml").read_text("utf-8"))
    for old in ("members.csv", "members.csv.mapping.yml"):
        (made / old).unlink()
    properties = ("name", "company_number", "employees", "description", "town", "postcode")
    for level, (seen_on, rows) in CLOSED.items():
        header = tuple(f"{column} ({level})" for column in FIRST)
        columns = {column: {"property": prop} for column, prop in zip(header, properties, strict=True)}
        (made / f"{level}.csv").write_text(tiny.table(header, *rows), "utf-8")
        mapping = said | {"list": f"{level}.csv", "name": f"list-{level}", "visibility": level, "observed_on": seen_on,
                          "address_is": "working", "columns": columns}  # fmt: skip
        (made / f"{level}.csv.mapping.yml").write_text(yaml.safe_dump(mapping, sort_keys=False), "utf-8")
    return made


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    home = tmp_path_factory.mktemp("one-answer")
    return build(Request(region=load_region("midlands"), inputs=inputs(home / "in"), out=home / "out", at=AT)).package


@pytest.fixture
def loaded(database: None, package: Package) -> Package:
    load(package.path)
    return package


def shown_by_command(package: Package, one: str, level: str) -> dict[str, list[str]]:
    told = run("show", one, "--package", package.path, "--json", "--for", level, "--at", AT).json
    return {entry["property"]: sorted(found) for entry in told["values"]
            if (found := [said["value"] for said in entry["statements"] if said["shown"]])}  # fmt: skip


def shown_on_the_page(one: str, level: str) -> dict[str, list[str]]:
    return {stated.property: sorted(said.value for said in stated.shown)
            for stated in values([one], READERS[level]).subject(one) if stated.shown}  # fmt: skip


@pytest.mark.parametrize("level", READERS)
def test_they_agree(loaded: Package, level: str) -> None:
    found = run("find", "--package", loaded.path, "--json", "--for", level, "--limit", 99, "--at", AT).json
    rows: dict[str, dict[str, Any]] = {row["id"]: row for row in found["organisations"]}
    page = results(Query(per_page=100), READERS[level])
    assert set(rows) == set(page.uids()) and len(rows) >= 4
    lines = {line.uid: line for line in listed.lines(page)}
    for one, row in rows.items():
        told = shown_by_command(loaded, one, level)
        assert told and told == shown_on_the_page(one, level), (level, row["name"])
        assert row["name"] == told["name"][0]
        assert [str(row["employees"])] == told.get("employees", ["None"])
        assert [row["description"]] == told.get("description", [None])
        assert lines[one].employees == told.get("employees", ["not known"])[0], (level, row["name"])


def told(package: Package, number: str, level: str) -> dict[str, list[str]]:
    return shown_by_command(package, number, level)


def test_what_each_reader_is_told(loaded: Package) -> None:
    staff = {level: told(loaded, BRAMLOW, level)["employees"] for level in READERS}
    assert staff == {"public": ["20"], "members": ["21"], "desk": ["34"]}
    says = {level: told(loaded, BRAMLOW, level)["description"] for level in READERS}
    closed = ["Makes scalpels for members"]
    assert says == {"public": ["Makes scalpels"], "members": closed, "desk": closed}
    staff = {level: told(loaded, HESTERING, level)["employees"] for level in READERS}
    assert staff == {"public": ["30"], "members": ["30"], "desk": ["33"]}
    assert told(loaded, tiny.STRANGER, "members")["employees"] == ["9"]
    refused(run("show", tiny.STRANGER, "--package", loaded.path), "no such organisation")


def test_the_summary_has_the_values_of_one_that_a_closed_list_alone_names(package: Package) -> None:
    text = run("show", tiny.STRANGER, "--package", package.path, "--for", "members").out
    assert "employees: 9" in text and "description: Makes probes" in text
    found = run("find", "probes", "--package", package.path, "--for", "members").out
    assert tiny.STRANGER in found and "9 staff" in found


def test_the_head_of_the_page_is_for_its_reader_too(loaded: Package) -> None:
    one = loaded.table("organisations").filter(company_number=BRAMLOW)["id"].item()
    leads = {level: organisation.lead(reads.organisation(one, viewer)) for level, viewer in READERS.items()}
    assert leads["public"].startswith("Makes scalpels. ") or leads["public"] == "Makes scalpels."
    assert leads["members"].startswith("Makes scalpels for members")


def test_words_find_what_the_reader_may_read(loaded: Package) -> None:
    for level, viewer in READERS.items():
        found = run("find", "scalpels members", "--package", loaded.path, "--json", "--for", level).json
        on_the_web = results(Query(q="scalpels members"), viewer).uids()
        assert [row["id"] for row in found["organisations"]] == on_the_web
        assert len(on_the_web) == (level != "public")


def test_nobody_is_led_on_to_what_is_hidden(loaded: Package) -> None:
    hidden = loaded.whole.table("organisations").filter(name=tiny.STRANGER)["id"].item()
    with pytest.raises(reads.NotHereError):
        reads.organisation(hidden, ANYBODY)
    assert reads.organisation(hidden, READERS["members"]).organisation.name == tiny.STRANGER
