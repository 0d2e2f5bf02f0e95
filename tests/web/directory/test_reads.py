from pathlib import Path

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from benchmarks.web.region import write_region
from lifecluster.register.ids import IdError
from lifecluster.register.package import Package as Files
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation, Package, Tie
from lifecluster.web.shell import packages as frame
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said, uid


def test_an_organisation_with_all_that_is_its_own(small: Package) -> None:
    view = reads.organisation(org("alpha"), None)
    assert [site.town for site in view.sites] == ["Leicester", "Nottingham"]
    assert {kind: [t.title for t in rows] for kind, rows in view.things.items()} == {
        "licence": ["ISO 13485"],
        "award": ["Better inhalers"],
    }
    assert {(s.definition, s.segment, s.state) for s in view.segments} >= {("ols-segments", "respiratory", "yes")}
    assert view.names[org("gamma")].name == "Gamma University"
    assert sorted(view.ties[uid("award", "a1")]) == [("holder", org("alpha")), ("partner", org("gamma"))]
    assert reads.organisation(org("gamma"), None).things["award"][0].title == "Better inhalers"


def test_every_value_has_its_evidence(small: Package) -> None:
    view = reads.organisation(org("alpha"), None)
    stated = view.values.of(org("alpha"), "employees")
    assert stated is not None
    said_ = stated.shown[0]
    assert (said_.value, said_.source.title, said_.source.licence_title) == (
        "30",
        "bench-official in words",
        "Open Government Licence",
    )
    assert (said_.locator, said_.visibility, said_.freshness.state) == ("bench-official.csv#1", "public", "fresh")
    assert stated.why == "Shown first because it is an official register."
    assert [one.property for one in view.values.subject(org("alpha"))][:3] == ["name", "previous_name", "trading_name"]
    found = reads.statement(said_.id, None)
    assert found is not None
    assert found == said_
    assert reads.statement("0" * 32, None) is None


def test_what_the_values_show_is_what_the_package_shows(database: None, sample_package: Files) -> None:
    load(sample_package.path)
    table = sample_package.table("statements")
    chosen = sample_package.table("organisations")["id"][:150].to_list()
    expected: dict[tuple[str, str], set[str]] = {}
    for row in table.filter(table["subject"].is_in(chosen)).filter("shown").to_dicts():
        expected.setdefault((row["subject"], row["property"]), set()).add(row["id"])
    found = reads.values(chosen, None)
    every = [stated for subject in chosen for stated in found.subject(subject)]
    assert {(one.subject, one.property): {s.id for s in one.shown} for one in every if one.shown} == expected
    assert len(found) == len(every)
    assert all(found.of(one.subject, one.property) is one for one in every)


@pytest.fixture
def region(database: None, tmp_path: Path) -> Package:
    return load(write_region(tmp_path, organisations=60, seed=3).path)


def test_the_page_of_an_organisation_takes_few_queries_whatever_its_size(region: Package) -> None:
    reads.organisation(Organisation.objects.all()[0].uid, None)
    counts = set()
    for one in Organisation.objects.values_list("uid", flat=True):
        with CaptureQueriesContext(connection) as asked:
            reads.organisation(one, None)
        counts.add(len(asked))
    assert max(counts) <= 8
    biggest = max(Tie.objects.values_list("party", flat=True), key=lambda p: Tie.objects.filter(party=p).count())
    assert len(reads.organisation(biggest, None).things) > 0


def test_old_ids_lead_on(database: None, tmp_path: Path) -> None:
    rows = making.small(tmp_path / "a", "a").table("statements").drop("place", "shown").to_dicts()
    old, older, gone, part = (org(key) for key in ("old", "older", "gone", "part"))
    events = [
        ("redirect", older, old),
        ("redirect", old, org("alpha")),
        ("absent", gone, None),
        ("split", org("beta"), part),
        ("redirect", part, org("gamma")),
    ]
    load(making.package(tmp_path / "b", "b", rows, events=events).path)
    for asked in (old, older, older.lower().replace("-", "")):
        found = reads.resolve(asked, None)
        assert (found.uid, found.status, found.name) == (org("alpha"), "redirected", "ALPHA MEDICAL LIMITED")
    assert reads.resolve(gone, None).status == "absent"
    assert reads.resolve(org("beta"), None).others == (org("gamma"),)
    assert reads.resolve(org("alpha"), None).status == "live"
    with pytest.raises(reads.UnknownIdError):
        reads.resolve(org("never"), None)
    with pytest.raises(IdError):
        reads.resolve(org("alpha")[:-1] + ("0" if org("alpha")[-1] != "0" else "1"), None)


def test_ids_of_an_earlier_package_are_still_known(small: Package, tmp_path: Path) -> None:
    rows = (
        making.small(tmp_path / "a", "a", without=org("epsilon")).table("statements").drop("place", "shown").to_dicts()
    )
    load(making.package(tmp_path / "b", "b", rows).path)
    assert reads.resolve(org("epsilon"), None).status == "absent"


def test_sites_and_things(small: Package) -> None:
    site = reads.site(uid("site", "alpha-2"), None)
    assert [o.uid for o in site.holders] == [org("alpha")]
    assert site.values.of(site.row.uid, "jobs") is not None
    licence = reads.thing(uid("licence", "l1"), None)
    assert (licence.row.title, licence.holders[0].uid) == ("ISO 13485", org("alpha"))
    award = reads.thing(uid("award", "a1"), None)
    assert [o.uid for o in award.holders] == [org("alpha")]
    assert award.names[org("gamma")].name == "Gamma University"
    for read in (reads.site, reads.thing, reads.group, reads.organisation):
        with pytest.raises(Http404):
            read(org("nobody"), None)


def test_a_group_and_what_it_owns(database: None, tmp_path: Path) -> None:
    owner = uid("group", "g")
    extra = (
        said(owner, {"name": "Big Group"})
        + said(org("alpha"), {"parent": owner})
        + said(org("beta"), {"parent": owner})
    )
    load(making.small(tmp_path, "grouped", extra=extra).path)
    assert [o.uid for o in reads.group(owner, None).holders] == [org("alpha"), org("beta")]
    parent = reads.organisation(org("alpha"), None).parent
    assert parent is not None
    assert (parent.name, parent.kind) == ("Big Group", "group")


def test_without_a_package_that_is_said(database: None) -> None:
    with pytest.raises(reads.NoPackageError, match="lifecluster load"):
        reads.current()
    assert frame.current().version is None


def test_the_frame_knows_the_package(small: Package) -> None:
    info = frame.current()
    assert (info.version, info.region, info.sample) == ("small-1", "Bench", True)
    assert "Source: bench-official." in info.credits


def test_figures_sources_and_ground(database: None, sample_package: Files) -> None:
    package = load(sample_package.path)
    figures = reads.figures()
    counts = sample_package.manifest["counts"]
    assert figures.organisations + figures.ended == counts["organisations"]
    assert figures.statements == counts["statements"]
    assert figures.things["licence"] == sample_package.table("licences").height
    assert [d.name for d in figures.definitions] == list(package.region["definitions"])
    assert figures.definitions[0].organisations == counts["definitions"][figures.definitions[0].name]["organisations"]
    assert {s.source for s in reads.sources(None)} == set(sample_package.table("sources")["source"])
    universe = sample_package.table("universe").filter("live").drop_nulls("easting")
    assert sum(n for *_, n in reads.background()) == universe.height


def test_the_feed_goes_on_from_a_cursor(small: Package, tmp_path: Path) -> None:
    assert reads.changes(None) == []
    extra = [row for i in range(7) for row in said(org(f"n{i}"), {"name": f"New {i}"})]
    load(making.small(tmp_path, "more", extra=extra).path)
    first = reads.changes(None, limit=4)
    rest = reads.changes(None, since=first[-1].id)
    assert len(first) == 4
    assert {c.uid for c in first + rest} == {org(f"n{i}") for i in range(7)}
    assert [c.id for c in reads.changes(None, newest=True)] == sorted((c.id for c in first + rest), reverse=True)
