"""Merging, splitting and taking back: what shows at once, who may, and that an undo leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecluster.register.judgement import ContradictionError
from lifecluster.web.directory import actions as directory
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Change, Identity, Kept, Organisation, Package, Regrouped
from lifecluster.web.directory.search import Query, results, search
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.merges import actions
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, uid
from tests.web.merges.conftest import DESK, rec
from tests.web.merges.dump import differences, dump


def merge(one: str, other: str) -> str:
    return actions.merge(one=one, other=other, viewer=DESK, at=NOW, why="one firm")


def undo(act: str) -> None:
    actions.undo(act=act, viewer=DESK, at=NOW, why="a slip")


def test_two_are_one_at_once(small: Package) -> None:
    merge(org("gamma"), org("alpha"))
    found = reads.resolve(org("gamma"), None)
    assert (found.uid, found.status) == (org("alpha"), "redirected")
    view = reads.organisation(org("alpha"), None)
    assert {s.uid for s in view.sites} == {uid("site", k) for k in ("alpha-1", "alpha-2", "gamma-1")}
    assert view.organisation.data["organisation_type"] == ["company", "university"]
    assert {s.value for s in view.values.of(org("alpha"), "employees").others} >= {"34"}  # type: ignore[union-attr]
    assert results(Query(), None).total == 3, "Delta has ended"
    assert search("gamma", None)[0].uid == org("alpha")
    assert Package.objects.get().counts["organisation"] == 4
    assert Organisation.objects.get(uid=org("alpha")).data["until_build"] is True


def test_an_undo_leaves_the_rows_as_they_were(mixed: Package) -> None:
    before = dump()
    act = merge(org("epsilon"), org("alpha"))
    merged = dump()
    assert merged != before
    assert Kept.objects.exists()
    undo(act)
    found = differences(before, dump())
    assert found == [], "\n".join(found)
    assert not Kept.objects.exists()
    assert not Regrouped.objects.exists()
    merge(org("epsilon"), org("alpha"))
    assert dump() == merged, "a redo comes to the same"


def test_one_is_two_and_the_new_id_is_the_librarys(small: Package) -> None:
    before = dump()
    act = actions.split(organisation=org("alpha"), records=[rec("alpha", "bench-list")], viewer=DESK, at=NOW, why="two")
    names = {o.uid: o.name for o in Organisation.objects.all()}
    new = next(one for one in names if names[one] == "Alpha Medical")
    assert names[org("alpha")] == "ALPHA MEDICAL LIMITED"
    assert Identity.objects.get(uid=new).status == "live"
    assert new in Identity.objects.get(uid=org("alpha")).others
    assert results(Query(), None).total == 5
    assert [c.uid for c in Change.objects.filter(what="split")] == [new]
    undo(act)
    found = differences(before, dump())
    assert found == [], "\n".join(found)
    actions.split(organisation=org("alpha"), records=[rec("alpha", "bench-list")], viewer=DESK, at=NOW, why="b")
    assert Organisation.objects.get(name="Alpha Medical").uid == new


def test_a_preview_writes_nothing_and_a_stale_one_is_refused(small: Package) -> None:
    before = dump()
    look = actions.preview_merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW)
    found = differences(before, dump())
    assert found == [], "\n".join(found)
    assert look.total == (5, 4)
    assert look.ids == {org("alpha"): org("alpha"), org("epsilon"): org("alpha")}
    merge(org("epsilon"), org("gamma"))
    with pytest.raises((actions.StaleError, actions.RefusedError)):
        actions.merge(one=org("epsilon"), other=org("alpha"), viewer=DESK, at=NOW, why="one", expect=look.digest)
    look = actions.preview_merge(one=org("delta"), other=org("alpha"), viewer=DESK, at=NOW)
    proposed = directory.propose_edit(
        subject=org("delta"), property="website", value="https://d.example", viewer=DESK, at=NOW
    )
    directory.approve_edit(entry=proposed.id, viewer=DESK, at=NOW)
    with pytest.raises(actions.StaleError):
        actions.merge(one=org("delta"), other=org("alpha"), viewer=DESK, at=NOW, why="one", expect=look.digest)


def test_what_cannot_be_one(small: Package) -> None:
    with pytest.raises(actions.RefusedError, match="two live companies"):
        merge(org("alpha"), org("beta"))
    with pytest.raises(actions.RefusedError, match="one organisation already"):
        merge(org("alpha"), org("alpha"))
    with pytest.raises(actions.RefusedError, match="no organisation"):
        merge(org("alpha"), org("nobody"))
    with pytest.raises(PermissionDeniedError):
        actions.merge(one=org("alpha"), other=org("gamma"), viewer=ANYBODY, at=NOW, why="x")
    act = actions.split(organisation=org("alpha"), records=[rec("alpha", "bench-list")], viewer=DESK, at=NOW, why="two")
    new = Organisation.objects.get(name="Alpha Medical").uid
    with pytest.raises(actions.RefusedError, match="different"):
        merge(new, org("alpha"))
    undo(act)
    with pytest.raises(actions.RefusedError, match="already"):
        undo(act)
    merge(org("epsilon"), org("alpha"))
    with pytest.raises(ContradictionError):
        actions.split(organisation=org("alpha"), records=[rec("epsilon", "bench-list")], viewer=DESK, at=NOW, why="no")


def test_edits_of_both_stay_and_go_back(small: Package) -> None:
    for key, value in (("alpha", 61), ("gamma", 62)):
        made = directory.propose_edit(subject=org(key), property="employees", value=value, viewer=DESK, at=NOW)
        directory.approve_edit(entry=made.id, viewer=DESK, at=NOW)
    before = dump()
    act = merge(org("gamma"), org("alpha"))
    assert Organisation.objects.get(uid=org("alpha")).employees == 62, "the later one stands"
    undo(act)
    found = differences(before, dump())
    assert found == [], "\n".join(found)


def test_levels_are_as_strict_as_they_were(mixed: Package) -> None:
    merge(org("hidden"), org("alpha"))
    member = Viewer(frozenset({"member"}))
    assert "silence" not in str(reads.organisation(org("alpha"), None).organisation.data)
    assert search("hushwell", None) == [] or search("hushwell", None)[0].uid != org("alpha")
    assert search("silence", member)[0].uid == org("alpha")
    assert search("silence", None) == []
    values = reads.values([org("alpha")], None).of(org("alpha"), "employees")
    assert values is not None
    assert "7" not in [said.value for said in (*values.shown, *values.others)]
    with pytest.raises(reads.UnknownIdError):
        reads.resolve(org("hidden"), None)
    assert reads.resolve(org("hidden"), member).uid == org("alpha")


def test_it_survives_loads_and_roll_backs(small: Package, tmp_path: Path) -> None:
    act = merge(org("epsilon"), org("alpha"))
    load(making.small(tmp_path, "small-2", extra=making.said(org("new"), {"name": "New Firm"})).path)
    assert reads.resolve(org("epsilon"), None).uid == org("alpha")
    second = dump()
    directory.roll_back(viewer=OPERATOR, at=NOW)
    assert reads.resolve(org("epsilon"), None).uid == org("alpha")
    undo(act)
    assert reads.resolve(org("epsilon"), None).uid == org("epsilon")
    load(tmp_path / "small-2")
    assert reads.resolve(org("epsilon"), None).uid == org("epsilon")
    assert dump() != second
