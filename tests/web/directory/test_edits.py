"""Edits from proposal to the page, through loads and roll-backs."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lifecluster.errors import LifeclusterError
from lifecluster.register import edits
from lifecluster.register.entry import Entry
from lifecluster.web.directory import actions, reads
from lifecluster.web.directory.loading.compare import differences, stored
from lifecluster.web.directory.models import Change, Facet, Organisation, Package, Statement
from lifecluster.web.directory.search import Query, results, search
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, uid

DESK = Viewer(frozenset({"desk"}), actor="user:desk")
ALPHA = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:alpha")


def propose(prop: str, value: Any, subject: str = org("alpha"), viewer: Viewer = ALPHA, **more: Any) -> Entry:
    return actions.propose_edit(subject=subject, property=prop, value=value, viewer=viewer, at=NOW, **more)


def edit(prop: str, value: Any, subject: str = org("alpha"), **more: Any) -> Entry:
    proposed = propose(prop, value, subject, **more)
    return actions.approve_edit(entry=proposed.id, viewer=DESK, at=NOW)


def shown(prop: str, subject: str = org("alpha"), viewer: Viewer = ANYBODY) -> str:
    stated = reads.values([subject], viewer).of(subject, prop)
    return stated.text if stated else "nothing"


def test_a_proposal_shows_only_when_it_is_approved(small: Package) -> None:
    proposed = propose("employees", 55)
    assert shown("employees") == "30"
    actions.approve_edit(entry=proposed.id, viewer=DESK, at=NOW)
    assert shown("employees") == "55"
    row = reads.organisation(org("alpha"), None).organisation
    assert (row.employees, row.size, row.data["employees"]) == (55, "50-249", 55)
    stated = reads.values([org("alpha")], None).of(org("alpha"), "employees")
    assert stated is not None
    first = stated.shown[0]
    assert (first.edit, first.source.source, first.verified_on) == (True, edits.SOURCE, NOW.date())
    assert [said.value for said in stated.others] == ["30", "34"]
    assert results(Query(size=("50-249",)), None).uids() == [org("alpha")]
    change = Change.objects.get(what="edited")
    assert change.fields["employees"] == [30, 55]


def test_jobs_are_shared_out_anew(small: Package) -> None:
    edit("employees", 50)
    sites = {s.uid: s.jobs for s in reads.organisation(org("alpha"), None).sites}
    assert sites == {uid("site", "alpha-1"): 40, uid("site", "alpha-2"): 10}
    edit("jobs", 5, uid("site", "alpha-1"))
    assert {s.jobs for s in reads.organisation(org("alpha"), None).sites} == {5, 10}


def test_a_new_name_is_found_and_the_old_one_too(small: Package) -> None:
    edit("trading_name", ["Quixotic Labs"])
    assert search("quixotic", None)[0].uid == org("alpha")
    assert search("quixotik", None)[0].uid == org("alpha"), "its words are known to the lexicon"
    assert search("alpha medical", None)[0].uid == org("alpha")
    edit("name", "Zzyzx Limited", org("epsilon"), viewer=DESK)
    page = results(Query(), None)
    assert page.uids()[-1] == org("epsilon"), "the order of names follows"
    assert reads.resolve(org("epsilon"), None).name == "Zzyzx Limited"


def test_the_registrar_keeps_the_last_word_where_it_has_it(small: Package) -> None:
    edit("name", "Another Name", viewer=DESK)
    assert shown("name") == "ALPHA MEDICAL LIMITED"


def test_unknown_is_a_statement(small: Package) -> None:
    edit("description", None)
    assert shown("description") == ""
    assert "description" not in reads.organisation(org("alpha"), None).organisation.data
    stated = reads.values([org("alpha")], None).of(org("alpha"), "description")
    assert stated is not None
    assert [said.value for said in stated.others] == ["Moulds inhaler parts in clean rooms."]


def test_an_amended_value_is_the_one_that_counts(small: Package) -> None:
    proposed = propose("employees", 5500)
    actions.approve_edit(entry=proposed.id, viewer=DESK, at=NOW, amended=550)
    assert shown("employees") == "550"


def test_an_acceptance_taken_back_shows_what_stood_before(small: Package) -> None:
    before = snapshot(small), derived()
    first = edit("employees", 55)
    between = shown("employees")
    second = propose("employees", 66)
    actions.approve_edit(entry=second.id, viewer=DESK, at=NOW)
    with pytest.raises(PermissionDeniedError):
        actions.retract_edit(entry=second.id, viewer=ALPHA, at=NOW, why="mine")
    actions.retract_edit(entry=second.id, viewer=DESK, at=NOW, why="a slip")
    assert shown("employees") == between == "55"
    with pytest.raises(LifeclusterError, match="is retracted"):
        actions.retract_edit(entry=second.id, viewer=DESK, at=NOW, why="again")
    actions.retract_edit(entry=first.refers_to or "", viewer=DESK, at=NOW, why="all of it")
    assert shown("employees") == "30"
    after = snapshot(small), derived()
    for key, (level, row) in before[0].items():
        assert after[0][key][0] == level
        assert differences(row, after[0][key][1]) == {}, key
    assert after[1] == before[1]


def test_edits_for_members_are_shown_to_members(small: Package) -> None:
    edit("capability", ["secret-sauce"], visibility="members")
    assert "secret-sauce" not in shown("capability")
    assert "secret-sauce" in shown("capability", viewer=ALPHA)
    assert results(Query(capability=("secret-sauce",)), None).total == 0
    assert results(Query(capability=("secret-sauce",)), ALPHA).uids() == [org("alpha")]


def test_who_may_do_what(small: Package) -> None:
    with pytest.raises(PermissionDeniedError):
        propose("employees", 5, org("beta"))
    with pytest.raises(PermissionDeniedError):
        propose("employees", 5, viewer=ANYBODY)
    mine = propose("employees", 5)
    with pytest.raises(PermissionDeniedError):
        actions.approve_edit(entry=mine.id, viewer=ALPHA, at=NOW)
    with pytest.raises(PermissionDeniedError):
        actions.withdraw_edit(entry=mine.id, viewer=Viewer(frozenset({"member"}), actor="user:other"), at=NOW)
    actions.withdraw_edit(entry=mine.id, viewer=ALPHA, at=NOW)
    with pytest.raises(LifeclusterError, match="withdrawn already"):
        actions.approve_edit(entry=mine.id, viewer=DESK, at=NOW)
    with pytest.raises(LifeclusterError, match="no proposal"):
        actions.refuse_edit(entry="0" * 64, viewer=DESK, at=NOW, why="no")
    assert [e.action for e in actions.log.entries()] == ["package.load", "edit.propose", "edit.withdraw"]
    with pytest.raises(LifeclusterError, match="nothing that the register shows"):
        propose("employees", 5, org("nobody"), viewer=DESK)


@pytest.mark.parametrize(
    ("prop", "value", "words"),
    [
        ("employees", "many", "whole number"),
        ("employees", 1.5, "whole number"),
        ("employees", True, "whole number"),
        ("employees", [1, 2], "holds one value"),
        ("opened_on", "1.2.2026", "is a date"),
        ("licence_type", "MIA", "nothing that a organisation has"),
        ("no_such", "x", "nothing that a organisation has"),
    ],
)
def test_what_does_not_fit_is_refused(small: Package, prop: str, value: Any, words: str) -> None:
    with pytest.raises(LifeclusterError, match=words):
        propose(prop, value)


def snapshot(package: Package) -> dict[tuple[str, str], Any]:
    return {(kind, one): (level, row) for kind, one, level, row in stored(package)}


def derived() -> tuple[Any, ...]:
    facets = sorted(
        Facet.objects.filter(package__state="current").values_list("number", "facet", "value", "level", "upto", "until")
    )
    statements = sorted(
        Statement.objects.filter(package__state="current").values_list(
            "sid", "subject", "property", "value", "place", "level"
        )
    )
    columns = sorted(
        Organisation.objects.filter(package__state="current").values_list("uid", "town", "size", "employees", "live")
    )
    return facets, statements, columns


def test_an_edit_looks_the_same_now_and_after_the_next_load(small: Package, tmp_path: Path) -> None:
    edit("employees", 55)
    edit("capability", ["x-ray", "gene-editing"], visibility="members")
    edit("description", None)
    edit("closed_on", "2026-01-31", uid("site", "alpha-2"))
    edit("state", "suspended", uid("licence", "l1"))
    edit("website", "https://alpha.example")
    now, rest = snapshot(small), derived()
    extra = making.said(org("new"), {"name": "Zz New"})
    after = load(making.small(tmp_path, "small-2", extra=extra).path)
    later = snapshot(after)
    for key, value in now.items():
        assert differences(value[1], later[key][1]) == {}, key
        assert value[0] == later[key][0]
    fresh = derived()
    for old, new in zip(rest, fresh, strict=True):
        assert set(old) <= set(new)


def test_edits_survive_a_roll_back(small: Package, tmp_path: Path) -> None:
    load(making.small(tmp_path, "small-2", extra=making.said(org("new"), {"name": "New Firm"})).path)
    edit("employees", 99)
    edit("employees", 12, org("new"), viewer=DESK)
    actions.roll_back(viewer=OPERATOR, at=NOW)
    assert Package.objects.get(state="current").name == "small-1"
    assert shown("employees") == "99"
    preview = actions.preview_package(path=tmp_path / "small-2", viewer=OPERATOR)
    assert preview.edits == 2
    load(tmp_path / "small-2")
    assert shown("employees", org("new")) == "12"


def test_edits_that_a_package_was_built_with_are_not_put_over_it_again(small: Package, tmp_path: Path) -> None:
    approved = edit("employees", 55)
    rows = making.small(tmp_path / "b", "b").table("statements").drop("place", "shown").to_dicts()
    built = making.package(tmp_path / "c", "with-log", rows, log_head=approved.id)
    preview = actions.preview_package(path=built.path, viewer=OPERATOR)
    assert preview.edits == 0
    load(built.path)
    edit("employees", 56)
    assert shown("employees") == "56"


def test_edits_of_what_a_package_does_not_know_wait(small: Package, tmp_path: Path) -> None:
    edit("employees", 7, org("beta"), viewer=DESK)
    path = making.small(tmp_path, "no-beta", without=org("beta")).path
    preview = actions.preview_package(path=path, viewer=OPERATOR)
    assert (preview.edits, preview.lost) == (0, (org("beta"),))
    load(path)
    actions.roll_back(viewer=OPERATOR, at=NOW)
    assert shown("employees", org("beta")) == "7"


def test_the_last_of_several_counts(small: Package) -> None:
    for value in (50, 51, 52):
        edit("employees", value)
    assert shown("employees") == "52"
    assert Statement.objects.filter(subject=org("alpha"), property="employees", edit=True).count() == 1


def age(prop: str, viewer: Viewer = ANYBODY, subject: str = org("alpha")) -> Any:
    stated = reads.values([subject], viewer).of(subject, prop)
    assert stated is not None
    return stated.shown[0].freshness


LATER = NOW.replace(year=2029)


def confirm(prop: str, viewer: Viewer = ALPHA, subject: str = org("alpha"), **more: Any) -> Entry:
    return actions.confirm_value(subject=subject, property=prop, viewer=viewer, at=LATER, **more)


def test_still_right_makes_a_value_fresh_without_the_desk(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", LATER.date())
    assert (shown("capability"), age("capability").state) == ("injection-moulding", "stale")
    before = snapshot(small)
    entry = confirm("capability", expected=["injection-moulding"])
    assert (shown("capability"), age("capability").state, age("capability").since) == (
        "injection-moulding", "fresh", LATER.date(),
    )  # fmt: skip
    actions.take_back_confirmation(entry=entry.id, viewer=ALPHA, at=LATER)
    assert age("capability").state == "stale"
    for key, (level, row) in before.items():
        assert snapshot(small)[key][0] == level
        assert differences(row, snapshot(small)[key][1]) == {}, key
    with pytest.raises(LifeclusterError, match="retracted"):
        actions.take_back_confirmation(entry=entry.id, viewer=ALPHA, at=LATER)


def test_a_confirmation_ends_with_the_edit_it_repeats(small: Package) -> None:
    edit("employees", 55)
    first = confirm("employees")
    second = confirm("employees")
    root = edits.fold(actions.log.entries())
    proposal = next(e for e in root.values() if not e.confirms)
    assert first.refers_to == second.refers_to == proposal.proposed.id
    actions.retract_edit(entry=proposal.proposed.id, viewer=DESK, at=LATER, why="a slip")
    assert shown("employees") == "30"
    assert {e.state for e in edits.fold(actions.log.entries()).values()} == {"retracted"}


def test_what_is_for_members_stays_so_when_it_is_confirmed(small: Package) -> None:
    edit("capability", ["secret-sauce"], visibility="members")
    confirm("capability")
    assert shown("capability") == "injection-moulding"
    assert sorted(shown("capability", viewer=ALPHA).split("; ")) == ["injection-moulding", "secret-sauce"]
    row = Statement.objects.get(value="secret-sauce", edit=True)
    assert (row.level, row.verified_on) == (1, LATER.date())


def test_what_cannot_be_confirmed_is_said(small: Package) -> None:
    with pytest.raises(LifeclusterError, match="nothing is shown"):
        confirm("website")
    with pytest.raises(LifeclusterError, match="does not grow old"):
        confirm("previous_name")
    with pytest.raises(actions.MeanwhileError):
        confirm("employees", expected=["31"])
    with pytest.raises(PermissionDeniedError):
        confirm("employees", viewer=DESK)
    with pytest.raises(PermissionDeniedError):
        confirm("employees", subject=org("beta"))
    with pytest.raises(LifeclusterError, match="no confirmation"):
        actions.take_back_confirmation(entry=propose("employees", 5).id, viewer=ALPHA, at=LATER)
    entry = confirm("employees")
    beta = Viewer(frozenset({"member"}), frozenset({org("beta")}), actor="user:beta")
    with pytest.raises(PermissionDeniedError):
        actions.take_back_confirmation(entry=entry.id, viewer=beta, at=LATER)


def test_a_value_that_is_only_counted_is_not_shown_by_confirming_it(small: Package) -> None:
    Statement.objects.filter(subject=org("alpha"), property="employees").update(aggregate_only=True, owner=org("alpha"))
    assert shown("employees", viewer=ALPHA) == "30"
    with pytest.raises(LifeclusterError, match="only to be counted"):
        confirm("employees")
    assert shown("employees") == "nothing"


def test_the_second_of_two_is_told(small: Package) -> None:
    proposed = propose("employees", 55, seen="")
    with pytest.raises(actions.MeanwhileError):
        propose("employees", 56, seen="")
    propose("turnover", 5, seen="")
    actions.refuse_edit(entry=proposed.id, viewer=DESK, at=NOW, why="no")
    with pytest.raises(actions.MeanwhileError):
        propose("employees", 56, seen=proposed.id)
    propose("employees", 56, seen=edits.newest(actions.log.entries(), org("alpha"), "employees"))


def test_a_confirmation_survives_a_load_and_a_roll_back(small: Package, tmp_path: Path) -> None:
    confirm("capability")
    load(making.small(tmp_path, "small-2").path)
    assert age("capability").since == LATER.date()
    actions.roll_back(viewer=OPERATOR, at=NOW)
    assert age("capability").since == LATER.date()
