"""Things added: shown at once as the next load would show them, gone without a trace when taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register import added, edits
from lifecluster.register.entry import Entry
from lifecluster.web.directory import actions, adding, reads
from lifecluster.web.directory.loading.compare import differences, stored
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import (
    Document,
    Facet,
    Identity,
    Organisation,
    Package,
    Site,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.search import Query, results, search
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, uid

DESK = Viewer(frozenset({"desk"}), actor="user:desk")
ALPHA = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:alpha")
SITE = {"name": "North works", "town": "Derby", "postcode": "DE1 1AA", "capability": ["gene-editing"]}
OFFER = {"title": "Clean room hours", "topic": ["clean rooms", "filling"]}


def propose(kind: str = "site", values: Any = None, of: str = "alpha", viewer: Viewer = ALPHA, **more: Any) -> Entry:
    return adding.add_thing(kind=kind, organisation=org(of), values=SITE if values is None else values, viewer=viewer,
                            at=NOW, **more)  # fmt: skip


def add(kind: str = "site", values: Any = None, of: str = "alpha", **more: Any) -> Entry:
    entry = propose(kind, values, of, viewer=DESK, **more)
    adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW)
    return entry


def retract(entry: Entry) -> None:
    adding.retract_thing(entry=entry.id, viewer=DESK, at=NOW, why="a slip")


def everything(package: Package) -> dict[str, Any]:
    """All rows of a package that pages are made of, without keys of the database."""
    package.refresh_from_db()

    def of(model: Any, *columns: str) -> list[Any]:
        return sorted(model._base_manager.filter(package=package).values_list(*columns), key=repr)

    rows = {(kind, one): (level, row) for kind, one, level, row in stored(package)}
    return {
        "rows": rows,
        "organisations": of(Organisation, "uid", "number", "level", "town", "postcode", "lad", "easting", "northing",
                            "place_quality", "employees", "size", "live", "sites_count", "summary"),
        "sites": of(Site, "uid", "organisation", "level", "name", "town", "postcode", "lad", "easting", "jobs", "live"),
        "things": of(Thing, "uid", "kind", "level", "title", "state", "live"),
        "ties": of(Tie, "party", "thing", "kind", "role", "level", "upto"),
        "facets": of(Facet, "number", "facet", "value", "level", "upto", "until"),
        "statements": of(Statement, "sid", "subject", "property", "value", "place", "level", "record", "edit"),
        "ids": of(Identity, "uid", "kind", "status", "target", "name", "level", "known"),
        "texts": sorted(Document.objects.filter(package=package).values_list("text", flat=True)),
        "counts": {k: n for k, n in package.counts.items() if k in added.KINDS},
    }  # fmt: skip


def same(left: dict[str, Any], right: dict[str, Any]) -> None:
    rows, theirs = left.pop("rows"), right.pop("rows")
    assert rows.keys() == theirs.keys()
    for one, (level, row) in rows.items():
        assert theirs[one][0] == level, one
        assert differences(row, theirs[one][1]) == {}, one
    for key, found in left.items():
        assert found == right[key], key


def test_a_site_shows_when_it_is_accepted_and_not_before(small: Package) -> None:
    entry = propose()
    site = str(entry.subject)
    with pytest.raises(reads.NotHereError):
        reads.site(site, ANYBODY)
    adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW)
    seen = reads.site(site, ANYBODY)
    assert (seen.row.name, seen.row.town, seen.row.lad, seen.row.place_quality) == (
        "North works",
        "Derby",
        "E06000015",
        "outward",
    )
    assert [h.uid for h in seen.holders] == [org("alpha")]
    stated = seen.values.of(site, "name")
    assert stated is not None
    assert (stated.shown[0].edit, stated.shown[0].record) == (True, added.fold(log.entries())[entry.id].record)
    assert len(reads.organisation(org("alpha"), None).sites) == 3
    assert results(Query(capability=("gene-editing",)), None).uids() == [org("alpha")]
    assert search("north works", None)[0].uid == org("alpha")
    assert reads.resolve(site, None).name == "North works"


def test_jobs_are_shared_with_the_new_site(small: Package) -> None:
    before = {s.uid: s.jobs for s in reads.organisation(org("alpha"), None).sites}
    entry = add()
    jobs = {s.uid: s.jobs for s in reads.organisation(org("alpha"), None).sites}
    assert jobs.keys() - before.keys() == {entry.subject}
    assert sum(n or 0 for n in jobs.values()) == pytest.approx(30)
    assert jobs[str(entry.subject)] == pytest.approx(10)


def test_an_organisation_without_a_place_stands_where_its_first_site_is(small: Package) -> None:
    before = everything(small)
    entry = add(of="epsilon")
    row = reads.organisation(org("epsilon"), None).organisation
    assert (row.town, row.lad, row.data["place_basis"]) == ("Derby", "E06000015", "site")
    retract(entry)
    same(before, everything(small))


@pytest.mark.parametrize(
    ("kind", "values"),
    [("site", SITE), ("offer", OFFER), ("need", {"title": "A filler"}), ("product", {"name": "Inhaler 3"}),
     ("vacancy", {"title": "Process chemist", "starts_on": "2027-01-01"})],
)  # fmt: skip
def test_what_is_taken_back_leaves_no_trace(small: Package, kind: str, values: Any) -> None:
    before = everything(small)
    entry = add(kind, values)
    between = everything(small)
    assert (kind, entry.subject) in between["rows"]
    assert between["counts"][kind] == before["counts"][kind] + 1
    retract(entry)
    same(before, everything(small))
    with pytest.raises(LifeclusterError, match="is retracted"):
        retract(entry)
    again = add(kind, values)
    assert again.subject == entry.subject, "the same thing has the same id"
    after = everything(small)
    same(after, between | {"statements": after["statements"]})


def test_what_is_added_looks_the_same_now_and_after_the_next_load(small: Package, tmp_path: Path) -> None:
    add()
    add("offer", OFFER, visibility="members")
    gone = add("need", {"title": "Vials"}, of="beta")
    add(of="epsilon", values={"town": "Nowhere"})
    add("site", {"postcode": "LE2 1AA"}, of="beta", visibility="desk")
    retract(gone)
    now = everything(small)
    after = load(making.small(tmp_path, "small-2").path)
    same(now, everything(after))


def test_edits_of_what_was_added_follow_it(small: Package, tmp_path: Path) -> None:
    entry = add()
    site = str(entry.subject)
    said = actions.propose_edit(subject=site, property="name", value="South works", viewer=ALPHA, at=NOW)
    actions.approve_edit(entry=said.id, viewer=DESK, at=NOW)
    assert reads.site(site, None).row.name == "South works"
    actions.retract_edit(entry=said.id, viewer=DESK, at=NOW, why="a slip")
    assert reads.site(site, None).row.name == "North works", "what it was added with is back"
    said = actions.propose_edit(subject=site, property="name", value="South works", viewer=ALPHA, at=NOW)
    actions.approve_edit(entry=said.id, viewer=DESK, at=NOW)
    retract(entry)
    assert not Statement.objects.filter(subject=site).exists()
    same(everything(small), everything(load(making.small(tmp_path, "small-2").path)))
    add()
    assert reads.site(site, None).row.name == "South works", "the edit waited for it"
    same(everything(Package.objects.get(state="current")), everything(load(making.small(tmp_path, "small-3").path)))


def test_for_whom_it_is(small: Package) -> None:
    entry = add("offer", OFFER, visibility="members")
    with pytest.raises(reads.NotHereError):
        reads.thing(str(entry.subject), ANYBODY)
    assert reads.thing(str(entry.subject), ALPHA).row.title == "Clean room hours"
    assert "offer" not in reads.organisation(org("alpha"), None).things


def test_who_may_do_what(small: Package) -> None:
    for viewer, of in ((ALPHA, "beta"), (ANYBODY, "alpha")):
        with pytest.raises(PermissionDeniedError):
            propose(of=of, viewer=viewer)
    mine = propose()
    with pytest.raises(LifeclusterError, match="waits to be accepted already"):
        propose(viewer=DESK)
    for deny in (adding.approve_thing, adding.withdraw_thing):
        with pytest.raises(PermissionDeniedError):
            deny(entry=mine.id, viewer=Viewer(frozenset({"member"}), actor="user:other"), at=NOW)
    for name, why in (("refuse", "no"), ("retract", "no")):
        with pytest.raises(PermissionDeniedError):
            getattr(adding, f"{name}_thing")(entry=mine.id, viewer=ALPHA, at=NOW, why=why)
    adding.withdraw_thing(entry=mine.id, viewer=ALPHA, at=NOW)
    with pytest.raises(LifeclusterError, match="withdrawn already"):
        adding.approve_thing(entry=mine.id, viewer=DESK, at=NOW)
    with pytest.raises(LifeclusterError, match="no proposed thing"):
        adding.refuse_thing(entry="0" * 64, viewer=DESK, at=NOW, why="no")
    refused = propose()
    adding.refuse_thing(entry=refused.id, viewer=DESK, at=NOW, why="not theirs")
    assert added.fold(log.entries())[refused.id].state == "refused"
    add("offer", OFFER)
    with pytest.raises(LifeclusterError, match="is in the register already"):
        propose("offer", OFFER)


@pytest.mark.parametrize(
    ("kind", "values", "prop", "words"),
    [
        ("site", {"name": "x"}, "postcode", "needs at least one of"),
        ("site", {"postcode": "LE1 1AA"}, "postcode", "has a site at LE1 1AA already"),
        ("site", {"postcode": "DE1 1AA", "holder": "x"}, "holder", "given by itself"),
        ("site", {"postcode": "DE1 1AA", "jobs": "many"}, "jobs", "whole number"),
        ("site", {"postcode": "de11aa"}, "postcode", "one postcode, as LE11 3TU"),
        ("site", {"postcode": "Derby"}, "postcode", "one postcode, as LE11 3TU"),
        ("offer", {"title": "ask jane@example.org"}, "title", "e-mail address"),
        ("offer", {"title": "x", "sic": ["1"]}, "sic", "nothing that a offer has"),
        ("vacancy", {"title": "x", "ends_on": "2020-01-01"}, "ends_on", "it was over on"),
        ("product", {"name": "x", "held_at": [uid("site", "beta-1")]}, "held_at", "no such site"),
        ("licence", {"licence_type": "MIA"}, "", "cannot be added"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_property(
    small: Package, kind: str, values: Any, prop: str, words: str
) -> None:
    with pytest.raises(adding.UnfitError, match=words) as raised:
        propose(kind, values)
    assert list(raised.value.wrong) == [prop]
    assert [e.action for e in log.entries()] == ["package.load"]


def test_of_nobody_nothing_is_added(small: Package) -> None:
    with pytest.raises(LifeclusterError, match="no organisation of the register"):
        propose(of="nobody", viewer=DESK)


def test_several_are_added_together_or_none(small: Package) -> None:
    things = [adding.New("offer", org("alpha"), {"title": f"Offer {n}"}) for n in range(3)]
    with pytest.raises(PermissionDeniedError):
        adding.add_things(things=things, viewer=ALPHA, at=NOW, approved=True)
    with pytest.raises(adding.UnfitError):
        adding.add_things(things=[*things, adding.New("offer", org("alpha"), {})], viewer=DESK, at=NOW, approved=True)
    assert not Thing.objects.filter(kind="offer").exists()
    before = everything(small)
    written = adding.add_things(things=things, viewer=DESK, at=NOW, approved=True)
    assert Thing.objects.filter(kind="offer").count() == 3
    adding.retract_things(entries=[entry.id for entry in written], viewer=DESK, at=NOW, why="all of it")
    same(before, everything(small))


def test_an_amended_thing_is_the_one_that_counts(small: Package) -> None:
    entry = propose("offer", OFFER)
    with pytest.raises(adding.UnfitError):
        adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW, amended={"topic": ["x"]})
    adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW, amended={"title": "Hours in a clean room"})
    row = reads.thing(str(entry.subject), None).row
    assert (row.title, row.data.get("topic")) == ("Hours in a clean room", None)


def test_what_waits_for_its_organisation_is_listed(small: Package, tmp_path: Path) -> None:
    entry = add("offer", OFFER, of="beta")
    path = making.small(tmp_path, "no-beta", without=org("beta")).path
    preview = actions.preview_package(path=path, viewer=OPERATOR)
    assert (preview.edits, preview.lost) == (0, (entry.subject,))
    load(path)
    with pytest.raises(reads.NotHereError):
        reads.thing(str(entry.subject), None)
    actions.roll_back(viewer=OPERATOR, at=NOW)
    assert reads.thing(str(entry.subject), None).row.title == "Clean room hours"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "add", "approve", "approve", "refuse", "withdraw", "retract", "edit", "edit", "unedit"]
        ),
        st.sampled_from(["alpha", "beta", "epsilon"]),
        st.integers(0, 3),
        st.sampled_from(["public", "members", "desk"]),
    ),
    min_size=3,
    max_size=14,
)
CHOICE: list[tuple[str, Any]] = [
    ("site", {"postcode": "DE1 1AA", "town": "Derby"}),
    ("site", {"postcode": "CV1 1AA", "jobs": 7}),
    ("offer", OFFER),
    ("product", {"name": "Thing"}),
]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_shows_as_a_fresh_load_would(small: Package, tmp_path: Path, steps: list[Any]) -> None:
    from django.db import transaction

    with transaction.atomic():
        for number, (act, of, which, level) in enumerate(steps):
            try:
                _step(act, of, which, level, number)
            except LifeclusterError:
                continue
        now = everything(small)
        name = f"fresh-{len(list(tmp_path.iterdir()))}"
        same(now, everything(load(making.small(tmp_path, name).path)))
        for addition in added.standing(log.entries()):
            adding.retract_thing(entry=addition.proposed.id, viewer=DESK, at=NOW, why="all back")
        bare = everything(Package.objects.get(state="current"))
        transaction.set_rollback(True)
    same(everything(small), bare)


def _step(act: str, of: str, which: int, level: str, number: int) -> None:
    kind, values = CHOICE[which]
    if act == "add":
        propose(kind, values, of, viewer=DESK, visibility=level)
        return
    known = [a for a in added.fold(log.entries()).values() if a.holder == org(of)]
    if not known:
        return
    one = known[number % len(known)]
    if act == "unedit":
        approved = [e for e in edits.fold(log.entries()).values() if e.state == "approved"]
        if approved:
            actions.retract_edit(entry=approved[number % len(approved)].proposed.id, viewer=DESK, at=NOW, why="so")
        return
    if act == "edit":
        prop = {"site": "town", "offer": ["state", "title"][which % 2], "product": "name"}[one.kind]
        said = actions.propose_edit(
            subject=one.uid, property=prop, value=f"{number}", viewer=DESK, at=NOW, visibility=level
        )
        actions.approve_edit(entry=said.id, viewer=DESK, at=NOW)
        return
    why = {"why": "so"} if act in {"refuse", "retract"} else {}
    getattr(adding, f"{act}_thing")(entry=one.proposed.id, viewer=DESK, at=NOW, **why)
