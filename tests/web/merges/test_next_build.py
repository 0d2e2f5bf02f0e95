"""What a merge or split shows at once is what the next build, given the log, comes to: ids, sites, values, ways."""

from __future__ import annotations

from typing import Any

import pytest

from lifecluster.register.package import Package as Files
from lifecluster.web.directory import actions as directory
from lifecluster.web.directory import adding
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Identity, Kept, Organisation, Package, Site, Statement, Tie
from lifecluster.web.merges import actions
from tests.web.directory.conftest import NOW, load
from tests.web.directory.test_survival import Yard, write_inputs
from tests.web.merges.conftest import DESK

COMPUTED = {"until_build", "anchor", "records", "place_quality", "place_basis", "easting", "northing", "lad", "waits"}
ROWS = (
    ("organisation", "1", {"name": "Corvane Assays Ltd", "postcode": "LE11 1AA", "employees": "40", "segment": "MTD"}),
    ("organisation", "2", {"name": "Thessil Optics Ltd", "postcode": "NG1 1AA", "employees": "12", "segment": "MTD"}),
    ("organisation", "3", {"name": "Corvane Diagnostics", "postcode": "LE11 1AA", "segment": "MTD",
                           "company_number": "ZZ000301", "description": "Reads plates"}),
    ("organisation", "4", {"name": "Corvane Plate Readers", "postcode": "NG1 1AB", "segment": "MTD",
                           "company_number": "ZZ000301", "employees": "9"}),
    ("site", "1a", {"holder": "organisation:1", "name": "Works", "postcode": "LE11 1AA", "town": "Loughborough"}),
    ("site", "1b", {"holder": "organisation:1", "name": "Laboratory", "postcode": "NG1 1AB", "jobs": "9"}),
    ("site", "2a", {"holder": "organisation:2", "postcode": "LE11 1AA", "name": "Yard"}),
    ("site", "3a", {"holder": "organisation:3", "postcode": "LE11 1AA"}),
    ("site", "4a", {"holder": "organisation:4", "postcode": "LE11 1AA"}),
    ("licence", "l1", {"holder": "organisation:1", "licence_type": "ISO 13485", "state": "active"}),
    ("licence", "l4", {"holder": "organisation:4", "licence_type": "ISO 13485", "state": "active"}),
    ("award", "a1", {"holder": "organisation:2", "partner": "organisation:3", "title": "Plates"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    folder = tmp_path_factory.mktemp("yard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECLUSTER_HOME", str(folder / "home"))
        write_inputs(folder / "inputs", ROWS)
        first = Yard(folder, None)  # type: ignore[arg-type]  # made in the next line
        return Yard(folder, first.build(out="plain"))


def shown(package: Package) -> dict[str, Any]:
    """What a package shows, without what the build alone can compute."""
    here = {"package": package}
    organisations = Organisation.objects.filter(**here)
    return {
        "organisations": {o.uid: {k: v for k, v in o.data.items() if k not in COMPUTED} for o in organisations},
        "sites": {s.uid: (s.organisation, s.name, s.postcode, s.jobs) for s in Site.objects.filter(**here)},
        "ties": sorted(Tie.objects.filter(**here).values_list("thing", "role", "party", "level")),
        "ids": sorted(Identity.objects.filter(**here).values_list("uid", "status", "target", "name", "level")),
        "statements": sorted(
            Statement.objects.filter(**here).values_list(
                "sid", "subject", "property", "value", "place", "level", "record"
            )
        ),
        "counts": {k: package.counts[k] for k in ("organisation", "live", "site")},
    }


def uid_of(name: str) -> str:
    return Organisation.objects.get(package__state="current", name=name).uid


def built(yard: Yard, out: str) -> Files:
    return yard.build(log.entries(), previous=yard.plain, out=out)


@pytest.mark.parametrize(
    "pair", [("Corvane Assays Ltd", "Thessil Optics Ltd"), ("Thessil Optics Ltd", "Corvane Diagnostics")]
)
def test_a_merge(database: None, yard: Yard, pair: tuple[str, str]) -> None:
    load(yard.plain.path)
    act = actions.merge(one=uid_of(pair[0]), other=uid_of(pair[1]), viewer=DESK, at=NOW, why="one")
    now = shown(Package.objects.get())
    knows = built(yard, f"merge-{len(pair[0])}")
    package = load(knows.path)
    assert not Kept.objects.filter(package=package).exists(), "the package knows it: nothing is done twice"
    then = shown(package)
    for name, rows in now.items():
        assert rows == then[name], name
    actions.undo(act=act, viewer=DESK, at=NOW, why="a slip")
    undone = shown(Package.objects.get(state="current"))
    later = shown(load(yard.build(log.entries(), previous=knows, out=f"undone-{len(pair[0])}").path))
    assert undone["ids"] == later["ids"]
    assert undone["organisations"].keys() == later["organisations"].keys()
    assert undone["sites"] == later["sites"]


def test_a_split(database: None, yard: Yard) -> None:
    load(yard.plain.path)
    one = Organisation.objects.get(company_number="ZZ000301").uid
    act = actions.split(organisation=one, records=["exchange/organisation:4"], viewer=DESK, at=NOW, why="two")
    now = shown(Package.objects.get())
    knows = built(yard, "split")
    package = load(knows.path)
    then = shown(package)
    for name, rows in now.items():
        assert rows == then[name], name
    actions.undo(act=act, viewer=DESK, at=NOW, why="a slip")
    undone = shown(Package.objects.get(state="current"))
    again = shown(load(yard.build(log.entries(), previous=knows, out="put-back").path))
    assert undone["ids"] == again["ids"]


def test_a_merge_of_what_something_was_added_to(database: None, yard: Yard) -> None:
    package = load(yard.plain.path)
    pair = uid_of("Corvane Assays Ltd"), uid_of("Thessil Optics Ltd")
    made = {}
    for of, kind, values in ((pair[0], "site", {"postcode": "NG7 1AA", "name": "Annex"}),
                             (pair[1], "site", {"postcode": "NG9 1AA", "name": "Shed"}),
                             (pair[1], "offer", {"title": "Hours"})):  # fmt: skip
        entry = adding.add_thing(kind=kind, organisation=of, values=values, viewer=DESK, at=NOW)
        adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW)
        made[str(entry.subject)] = of
    annex = next(uid for uid in made if uid[2] == "S")
    said = directory.propose_edit(subject=annex, property="name", value="Anew", viewer=DESK, at=NOW)
    directory.approve_edit(entry=said.id, viewer=DESK, at=NOW)
    act = actions.merge(one=pair[0], other=pair[1], viewer=DESK, at=NOW, why="one")
    now = shown(package)
    knows = built(yard, "added")
    then = shown(load(knows.path))
    for name in ("organisations", "sites", "ties", "ids"):
        assert now[name] == then[name], name
    actions.undo(act=act, viewer=DESK, at=NOW, why="a slip")
    undone = shown(Package.objects.get(state="current"))
    later = shown(load(yard.build(log.entries(), previous=knows, out="added-undone").path))
    for name in ("sites", "ties", "ids"):
        assert undone[name] == later[name], name
    assert {one: later["sites"][one][0] for one in made if one in later["sites"]} == {
        one: of for one, of in made.items() if one in later["sites"]
    }
