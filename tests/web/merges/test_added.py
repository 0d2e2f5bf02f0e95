"""Things added and values confirmed, in organisations that are merged, split and put back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifecluster.register.entry import Entry
from lifecluster.web.directory import actions as directory
from lifecluster.web.directory import adding, reads
from lifecluster.web.directory.models import Identity, Package, Site, Statement, Thing, Tie
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer
from lifecluster.web.members import proposals
from lifecluster.web.merges import actions
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said
from tests.web.directory.making import small as make
from tests.web.merges.conftest import DESK
from tests.web.merges.dump import differences, dump
from tests.web.merges.test_histories import told as by_names

PLACE = {"postcode": "DE1 1AA", "town": "Derby", "name": "North works"}


def propose(of: str, kind: str = "site", values: Any = None) -> Entry:
    return adding.add_thing(kind=kind, organisation=org(of), values=values or PLACE, viewer=DESK, at=NOW)


def approve(entry: Entry) -> str:
    adding.approve_thing(entry=entry.id, viewer=DESK, at=NOW)
    return str(entry.subject)


def retract(entry: Entry) -> None:
    adding.retract_thing(entry=entry.id, viewer=DESK, at=NOW, why="a slip")


def undo(act: str) -> None:
    actions.undo(act=act, viewer=DESK, at=NOW, why="a slip")


def owner(site: str) -> str:
    return Site.objects.get(package__state="current", uid=site).organisation


def test_an_added_site_goes_with_its_organisation(mixed: Package) -> None:
    entry = propose("epsilon")
    site = approve(entry)
    before = dump()
    act = actions.merge(one=org("gamma"), other=org("epsilon"), viewer=DESK, at=NOW, why="one")
    one = owner(site)
    assert one in {org("gamma"), org("epsilon")}
    assert Identity.objects.get(package=mixed, uid=site).target == site
    undo(act)
    assert owner(site) == org("epsilon")
    assert differences(before, dump()) == []


def test_what_is_added_while_they_are_one_goes_to_whom_it_was_said_of(mixed: Package) -> None:
    waits = [propose("gamma"), propose("epsilon", "offer", {"title": "Hours"})]
    act = actions.merge(one=org("gamma"), other=org("epsilon"), viewer=DESK, at=NOW, why="one")
    site, offer = (approve(entry) for entry in waits)
    both = owner(site)
    assert Tie.objects.get(package=mixed, thing=offer, role="holder").party == both
    undo(act)
    assert owner(site) == org("gamma")
    assert Tie.objects.get(package=mixed, thing=offer, role="holder").party == org("epsilon")
    assert Site.objects.filter(package=mixed, uid=site).count() == 1


def test_what_is_taken_back_while_they_are_one_does_not_come_back(mixed: Package) -> None:
    before = dump()
    made = [propose("epsilon"), propose("epsilon", "offer", {"title": "Hours"})]
    site, offer = (approve(entry) for entry in made)
    act = actions.merge(one=org("gamma"), other=org("epsilon"), viewer=DESK, at=NOW, why="one")
    for entry in made:
        retract(entry)
    undo(act)
    assert not Site.objects.filter(uid=site).exists()
    assert not Thing.objects.filter(uid=offer).exists()
    assert not Identity.objects.filter(uid=site).exists()
    after = dump()
    assert differences(by_names(before), by_names(after)) == []


def test_a_confirmation_taken_back_while_they_are_one_is_gone_after_the_undo(mixed: Package) -> None:
    mine = Viewer(frozenset({"member"}), frozenset({org("epsilon"), org("gamma")}), actor="user:one")
    entry = directory.confirm_value(subject=org("gamma"), property="employees", viewer=mine, at=NOW)
    act = actions.merge(one=org("gamma"), other=org("epsilon"), viewer=DESK, at=NOW, why="one")
    assert Statement.objects.filter(package=mixed, edit=True, property="employees").exists()
    directory.take_back_confirmation(entry=entry.id, viewer=mine, at=NOW)
    undo(act)
    assert not Statement.objects.filter(package=mixed, edit=True).exists()


def of_epsilon() -> Viewer:
    """Who belongs to epsilon, and so to what it leads to."""
    return Viewer(frozenset({"member"}), frozenset({org("epsilon"), org("alpha")}), actor="user:one")


def confirmed() -> set[tuple[str, str, str]]:
    rows = Statement.objects.filter(package__state="current", edit=True)
    return set(rows.values_list("subject", "property", "value"))


@pytest.fixture
def told(database: None, tmp_path: Path) -> Package:
    """The small register; epsilon says what alpha does not, and both have capabilities."""
    values = {"mission": ["cancer"], "capability": ["x-ray"], "website": "https://epsilon.example"}
    return load(make(tmp_path, "told", extra=said(org("epsilon"), values, source="bench-member")).path)


def test_what_was_confirmed_while_they_were_one_goes_back_with_the_value(told: Package) -> None:
    before = dump()
    act = actions.merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW, why="one")
    one = reads.resolve(org("epsilon"), None).uid
    assert one == org("alpha")
    entry = directory.confirm_value(subject=one, property="website", viewer=of_epsilon(), at=NOW)
    assert confirmed() == {(one, "website", "https://epsilon.example")}
    undo(act)
    assert confirmed() == {(org("epsilon"), "website", "https://epsilon.example")}
    assert Statement.objects.get(package=told, edit=True).owner == org("epsilon")
    alone = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:two")
    with pytest.raises(PermissionDeniedError):
        directory.take_back_confirmation(entry=entry.id, viewer=alone, at=NOW)
    directory.take_back_confirmation(entry=entry.id, viewer=of_epsilon(), at=NOW)
    assert differences(by_names(before), by_names(dump())) == []


def test_a_list_of_both_that_was_confirmed_is_confirmed_of_neither_alone(told: Package) -> None:
    before = dump()
    act = actions.merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW, why="one")
    entry = directory.confirm_value(subject=org("alpha"), property="capability", viewer=of_epsilon(), at=NOW)
    both = {(org("alpha"), "capability", value) for value in ("x-ray", "injection-moulding")}
    assert confirmed() == both
    undo(act)
    assert confirmed() == set()
    assert differences(by_names(before), by_names(dump())) == []
    assert [edit.proposed.id for edit in proposals.of([org("alpha")])] == []
    actions.merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW, why="one after all")
    assert confirmed() == both
    assert [edit.proposed.id for edit in proposals.of([org("alpha")])] == [entry.id]


def test_a_confirmed_edit_goes_back_to_whom_it_was_said_of(told: Package) -> None:
    made = directory.propose_edit(subject=org("epsilon"), property="employees", value=9, viewer=DESK, at=NOW)
    directory.approve_edit(entry=made.id, viewer=DESK, at=NOW)
    act = actions.merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW, why="one")
    assert confirmed() == {(org("alpha"), "employees", "9")}
    directory.confirm_value(subject=org("alpha"), property="employees", viewer=of_epsilon(), at=NOW)
    undo(act)
    assert confirmed() == {(org("epsilon"), "employees", "9")}
