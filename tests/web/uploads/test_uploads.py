"""A list from the file to the register: previewed, mended, taken in part, told of, undone without a trace."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.register import added, edits
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import adding, reads
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.uploads import actions, slots
from lifecluster.web.uploads import reads as reads_of_uploads
from lifecluster.web.uploads.models import Upload, UploadFile, UploadRow
from lifecluster.web.uploads.understanding import Understood, understand
from tests.web.accounts.conftest import person
from tests.web.directory.conftest import NOW, at, small
from tests.web.directory.making import org, uid
from tests.web.directory.test_adding import everything, same
from tests.web.uploads.making import workbook

__all__ = ["at", "small"]
DESK = Viewer(frozenset({"desk"}), actor="user:desk")
ALPHA = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:alpha")
SITES = [
    ["Site name", "Town", "Post code", "Staff", "Activities"],
    ["Main works", "Leicester", "LE1 1AA", None, "manufacture"],  # there, the name is new
    ["North works", "Derby", "de11aa", 12, "research; packing"],  # new
    ["West works", "Derby", "DE1", 3, None],  # a postcode to mend
    ["North works again", "Derby", "DE1 1AA", None, None],  # the same as row 3
    [None, "Nottingham", "NG1 1AA", 10, None],  # the same as in the register
]


def upload(rows: Any = SITES, purpose: str = "sites", organisation: str = org("alpha"), viewer: Viewer = ALPHA,
           **more: Any) -> Upload:  # fmt: skip
    more = {"person": None, "at": NOW, "name": "our sites.xlsx"} | more
    return actions.add_upload(content=workbook(rows), purpose=purpose, organisation=organisation, viewer=viewer, **more)


def understood(made: Upload, viewer: Viewer = ALPHA) -> dict[int, Understood]:
    rows = UploadRow.objects.filter(upload=made)
    return {one.row.number: one for one in understand(made, rows, viewer, at=NOW.date())}


def accept(made: Upload, numbers: Any = None, viewer: Viewer = ALPHA) -> list[int]:
    return [one.row.number for one in actions.accept_rows(upload=made, numbers=numbers, viewer=viewer, at=NOW)]


def test_each_row_beside_what_the_register_has(small: Package) -> None:
    found = understood(upload())
    assert {n: one.state for n, one in found.items()} == {2: "changes", 3: "new", 4: "wrong", 5: "wrong", 6: "same"}
    assert [(d.column, d.now, d.then) for d in found[2].differs] == [("Name of the site", "not recorded", "Main works")]
    assert found[2].subject == uid("site", "alpha-1")
    assert found[3].values["postcode"] == "DE1 1AA"
    assert [(w.column, w.text) for w in found[4].wrong] == [("Postcode", "DE1")]
    assert "row 3 is of the same" in found[5].wrong[0].why
    assert not log.entries()[1:], "nothing is proposed by reading"


def test_a_member_takes_some_and_the_desk_decides(small: Package) -> None:
    made = upload()
    assert accept(made, {3, 4}) == [3]
    with pytest.raises(reads.NotHereError):
        reads.site(str(log.entries()[-1].subject), None)
    assert accept(made) == [2]
    assert [e.action for e in log.entries()[1:]] == ["thing.add", "edit.propose"]
    states = {n: one.state for n, one in understood(made).items()}
    assert states == {2: "sent", 3: "sent", 4: "wrong", 5: "wrong", 6: "same"}
    with pytest.raises(LifeclusterError, match="none of these rows"):
        accept(made)
    (thing,) = UploadRow.objects.get(upload=made, number=3).entries
    adding.approve_thing(entry=thing[1], viewer=DESK, at=NOW)
    assert len(reads.organisation(org("alpha"), None).sites) == 3


def test_a_row_is_mended_in_place(small: Package) -> None:
    made = upload()
    cells = dict(UploadRow.objects.get(upload=made, number=4).cells)
    row = actions.mend_row(upload=made, number=4, cells=cells | {"postcode": "DE2 2BB", "sic": "1"}, seen=0,
                           viewer=ALPHA, at=NOW)  # fmt: skip
    assert (row.cells["postcode"], row.read["postcode"]) == ("DE2 2BB", "DE1")
    assert "sic" not in row.cells
    with pytest.raises(actions.ChangedError):
        actions.mend_row(upload=made, number=4, cells={}, seen=0, viewer=ALPHA, at=NOW)
    actions.mend_row(upload=made, number=5, left=True, viewer=ALPHA, at=NOW)
    assert {n: one.state for n, one in understood(made).items()} == {
        2: "changes",
        3: "new",
        4: "new",
        5: "left",
        6: "same",
    }
    assert accept(made) == [2, 3, 4]
    with pytest.raises(LifeclusterError, match="taken already"):
        actions.mend_row(upload=made, number=4, left=True, viewer=ALPHA, at=NOW)
    with pytest.raises(LifeclusterError, match="no row 99"):
        actions.mend_row(upload=made, number=99, left=True, viewer=ALPHA, at=NOW)


def test_what_the_desk_takes_shows_at_once_and_is_undone_without_a_trace(small: Package) -> None:
    before = everything(small)
    made = upload(viewer=DESK)
    accept(made, viewer=DESK)
    sites = reads.organisation(org("alpha"), None).sites
    assert {s.name for s in sites} >= {"Main works", "North works"}
    count = actions.undo_upload(upload=made, viewer=DESK, at=NOW, why="a wrong list")
    assert count == 2
    same(before, everything(small))
    assert all(a.state == "retracted" for a in added.fold(log.entries()).values())
    assert all(e.state == "retracted" for e in edits.fold(log.entries()).values())
    for again in (lambda: accept(made, viewer=DESK),
                  lambda: actions.undo_upload(upload=made, viewer=DESK, at=NOW, why="again")):  # fmt: skip
        with pytest.raises(LifeclusterError, match="undone"):
            again()


def test_a_member_undoes_what_waits_and_not_what_was_accepted(small: Package) -> None:
    made = upload()
    accept(made)
    with pytest.raises(LifeclusterError, match="say why"):
        actions.undo_upload(upload=made, viewer=ALPHA, at=NOW, why=" ")
    with transaction.atomic():
        assert actions.undo_upload(upload=made, viewer=ALPHA, at=NOW, why="a wrong list") == 2
        assert {a.state for a in added.fold(log.entries()).values()} == {"withdrawn"}
        transaction.set_rollback(True)
    thing = UploadRow.objects.get(upload=made, number=3).entries[0][1]
    adding.approve_thing(entry=thing, viewer=DESK, at=NOW)
    fresh = Upload.objects.get(pk=made.pk)
    with pytest.raises(PermissionDeniedError):
        actions.undo_upload(upload=fresh, viewer=ALPHA, at=NOW, why="a wrong list")
    assert {e.state for e in edits.fold(log.entries()).values()} == {"pending"}, "all or nothing"


def test_what_was_begun_and_killed_is_taken_up_again(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    made = upload(viewer=DESK)
    before = everything(small)

    class KilledError(Exception):
        pass

    def kill(*_: Any, **__: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(adding, "show_decided", kill)
        with pytest.raises(KilledError), transaction.atomic():
            accept(made, viewer=DESK)
    same(before, everything(small))
    assert {one.state for one in understood(made, DESK).values()} == {"changes", "new", "wrong", "same"}
    assert accept(made, viewer=DESK) == [2, 3]
    again = upload(viewer=DESK)
    assert {n: one.state for n, one in understood(again, DESK).items()} == {2: "same", 3: "same", 4: "wrong", 5: "wrong",
                                                                         6: "same"}  # fmt: skip


def test_capabilities_join_those_that_are_there(small: Package) -> None:
    rows = [["Postcode", "Capabilities"], [None, "injection-moulding"], [None, "Gene editing"], ["NG1 1AA", "X-ray; mRNA"],
            ["B1 1AA", "x"], [None, "mRNA"], [None, None]]  # fmt: skip
    before = everything(small)
    made = upload(rows, "capabilities", viewer=DESK)
    found = understood(made, DESK)
    assert {n: one.state for n, one in found.items()} == {
        2: "same",
        3: "changes",
        4: "changes",
        5: "wrong",
        6: "changes",
    }
    assert "no site at this postcode" in found[5].wrong[0].why
    assert accept(made, viewer=DESK) == [3, 4, 6]
    shown = reads.organisation(org("alpha"), None).organisation.summary["capabilities"]
    assert set(shown) == {"injection-moulding", "gene-editing", "mrna", "x-ray", "clean-room-iso-7"}
    once_more = upload([["Capabilities"], ["Filling"]], "capabilities", viewer=DESK)
    accept(once_more, viewer=DESK)
    later = reads.organisation(org("alpha"), None).organisation.summary["capabilities"]
    assert set(later) == {*shown, "filling"}, "what was said before stays"
    for one in (once_more, made):
        actions.undo_upload(upload=one, viewer=DESK, at=NOW, why="all back")
    same(before, everything(small))


def test_premises_are_found_by_name_and_placed_by_postcode(small: Package) -> None:
    rows = [["Facility", "Type", "Post code", "Class", "Space, m²", "Available", "Shared"],
            ["Filling suite", "clean room", "LE1 1AA", "ISO 7", "240 m²", 100, "yes"],
            ["Desk space", "castle", "", "", "", "", ""]]  # fmt: skip
    made = upload(rows, "facilities", viewer=DESK)
    found = understood(made, DESK)
    assert (found[2].state, found[3].state) == ("new", "wrong")
    accept(made, viewer=DESK)
    (thing,) = reads.organisation(org("alpha"), None).things["facility"]
    assert (thing.title, thing.data["cleanroom_class"], thing.data["space_available_m2"], thing.data["shared"]) == (
        "Filling suite", "iso-7", 100.0, True)  # fmt: skip
    assert thing.data["held_at"] == [uid("site", "alpha-1")]
    later = upload([["Facility", "Available"], ["filling suite", 60]], "facilities", viewer=DESK)
    assert understood(later, DESK)[2].state == "changes"
    accept(later, viewer=DESK)
    assert reads.thing(thing.uid, None).row.data["space_available_m2"] == 60.0


def test_a_list_of_several_organisations(small: Package) -> None:
    rows = [["Company", "Site name", "Postcode"], ["alpha medical limited", "A", "DE1 1AA"], ["ZZ000002", "B", "DE1 1AA"],
            [org("gamma"), "C", "DE1 1AA"], ["Nobody at all", "D", "DE1 1AA"], [None, "E", "DE1 1AA"]]  # fmt: skip
    with pytest.raises(PermissionDeniedError):
        upload(rows, organisation="")
    made = upload(rows, organisation="", viewer=DESK)
    found = understood(made, DESK)
    assert [found[n].organisation for n in (2, 3, 4)] == [org("alpha"), org("beta"), org("gamma")]
    assert found[5].wrong[0].column == "Organisation"
    assert found[6].wrong[0].why.startswith("say whose")
    assert accept(made, viewer=DESK) == [2, 3, 4]


def test_who_may_know_is_who_was_chosen(small: Package) -> None:
    made = upload(viewer=DESK, visibility="members")
    accept(made, {3}, viewer=DESK)
    assert len(reads.organisation(org("alpha"), None).sites) == 2
    assert len(reads.organisation(org("alpha"), ALPHA).sites) == 3


def test_who_may_do_what(small: Package) -> None:
    for organisation in (org("beta"), ""):
        with pytest.raises(PermissionDeniedError):
            upload(organisation=organisation)
    made = upload()
    colleague = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:colleague")
    for act in (lambda: actions.accept_rows(upload=made, numbers=None, viewer=colleague, at=NOW),
                lambda: actions.mend_row(upload=made, number=2, left=True, viewer=colleague, at=NOW),
                lambda: actions.undo_upload(upload=made, viewer=colleague, at=NOW, why="x"),
                lambda: actions.forget_files(viewer=ALPHA, at=NOW)):  # fmt: skip
        with pytest.raises(PermissionDeniedError):
            act()
    assert not Upload.objects.visible_to(colleague).exists()
    assert Upload.objects.visible_to(DESK).get() == made
    with pytest.raises(LifeclusterError, match="no lists of"):
        upload(purpose="people")
    with pytest.raises(LifeclusterError, match="no visibility"):
        upload(visibility="nobody")


def test_what_cannot_be_read_is_kept_with_the_reason(small: Package) -> None:
    made = upload([["a"], ["b"]])
    assert "headings that are known" in made.error
    assert UploadRow.objects.filter(upload=made).count() == 0
    assert UploadFile.objects.filter(upload=made).exists()


def test_every_act_is_in_the_audit_without_what_it_says(small: Package) -> None:
    made = upload()
    actions.mend_row(upload=made, number=5, left=True, viewer=DESK, at=NOW)
    accept(made)
    actions.decide_rows(upload=made, accepted=True, viewer=DESK, at=NOW)
    actions.undo_upload(upload=made, viewer=DESK, at=NOW, why="a slip")
    actions.forget_files(viewer=DESK, at=NOW + timedelta(days=31))
    rows = list(AuditRow.objects.filter(subject=f"upload:{made.key}").order_by("pk"))
    assert [row.action for row in rows] == list(actions.AUDITED)
    assert not any("works" in row.body for row in rows)


def test_files_go_and_what_was_read_stays(small: Package) -> None:
    made = upload()
    assert actions.forget_files(viewer=DESK, at=NOW + timedelta(days=30)) == 0
    assert actions.forget_files(viewer=DESK, at=NOW + timedelta(days=31)) == 1
    assert UploadRow.objects.filter(upload=made).count() == 5


def test_uploaders_hear_what_became_of_their_list(small: Package) -> None:
    who = person("first@example.org")
    made = upload(person=who, viewer=ALPHA)
    accept(made, {2})
    assert not Mail.objects.filter(person=who, subject__contains="list").exists(), "one knows what one did oneself"
    accept(made, viewer=DESK)
    actions.undo_upload(upload=made, viewer=DESK, at=NOW, why="a slip")
    subjects = Mail.objects.filter(person=who).order_by("pk").values_list("subject", flat=True)
    assert [s for s in subjects if "list" in s] == ["Your list our sites.xlsx: 1 row taken",
                                                    "Your list our sites.xlsx was undone"]  # fmt: skip


def list_mails(who: Person) -> list[str]:
    return list(
        Mail.objects.filter(person=who, subject__contains="list").order_by("pk").values_list("subject", flat=True)
    )


def test_rows_decided_in_one_act_are_one_mail(small: Package) -> None:
    who = person("first@example.org")
    made = upload(person=who)
    assert accept(made) == [2, 3]
    assert [one.title for one in reads_of_uploads.first(DESK, 9)] == ["our sites.xlsx"]
    with pytest.raises(PermissionDeniedError):
        actions.decide_rows(upload=made, accepted=True, viewer=ALPHA, at=NOW)
    assert actions.decide_rows(upload=made, accepted=True, viewer=DESK, at=NOW) == 2
    assert list_mails(who) == ["Your list our sites.xlsx: 2 rows accepted"]
    assert len(reads.organisation(org("alpha"), None).sites) == 3
    with pytest.raises(LifeclusterError, match="none of these rows waits"):
        actions.decide_rows(upload=made, accepted=True, viewer=DESK, at=NOW)


def test_words_of_two_lists_that_wait_join_each_other(small: Package) -> None:
    """Each proposes the list of words as it would be with its own; what is accepted last takes the others' away."""
    colleague = Viewer(frozenset({"member"}), frozenset({org("alpha")}), actor="user:colleague")
    lists = [upload([["Capabilities"], [word]], "capabilities", viewer=who)
             for word, who in (("Vialling", ALPHA), ("Lyophilising", colleague))]  # fmt: skip
    for made, who in zip(lists, (ALPHA, colleague), strict=True):
        accept(made, viewer=who)
    for made in lists:
        assert actions.decide_rows(upload=made, accepted=True, viewer=DESK, at=NOW) == 1
    shown = reads.organisation(org("alpha"), None).organisation.summary["capabilities"]
    assert {"vialling", "lyophilising"} <= set(shown), shown


def test_refused_rows_say_why_and_leave_the_others(small: Package) -> None:
    who = person("first@example.org")
    made = upload(person=who)
    UploadRow.objects.filter(upload=made, number__in=(4, 5, 6)).update(left=True)
    accept(made)
    before = everything(small)
    with pytest.raises(LifeclusterError, match="say why"):
        actions.decide_rows(upload=made, accepted=False, numbers={3}, viewer=DESK, at=NOW)
    assert actions.decide_rows(upload=made, accepted=False, numbers={3}, viewer=DESK, at=NOW, why="it is closed") == 1
    same(before, everything(small))
    assert reads_of_uploads.fates(list(UploadRow.objects.filter(upload=made))) == {2: "pending", 3: "refused"}
    assert list_mails(who) == ["Your list our sites.xlsx: 1 row not accepted"]
    assert "it is closed" in Mail.objects.get(person=who, subject__contains="list").text
    assert reads_of_uploads.waits(DESK) == 1
    actions.decide_rows(upload=made, accepted=True, viewer=DESK, at=NOW)
    assert reads_of_uploads.waits(DESK) == 0


@pytest.mark.one_database  # PostgreSQL's locks are a connection's, and this test has one
def test_of_one_person_few_lists_are_read_at_once(small: Package) -> None:
    with slots.slot(ALPHA.actor), slots.slot(ALPHA.actor):
        with pytest.raises(LifeclusterError, match="2 of your lists are just being read"):
            upload()
        assert not Upload.objects.exists()
        assert upload(viewer=DESK).error == ""
    assert upload().error == ""


def test_an_account_takes_its_files_with_it(small: Package) -> None:
    from lifecluster.web.accounts import actions as people
    from lifecluster.web.accounts import kept

    who = person("first@example.org")
    made = upload(person=who)
    accept(made)
    assert kept.copies(who)["uploads"][0]["name"] == "our sites.xlsx"
    people.delete_person(person=who, viewer=OPERATOR, at=NOW, why="asked")
    made.refresh_from_db()
    assert (made.person, made.name) == (None, "a list")
    assert not UploadFile.objects.exists()
    assert Person.objects.count() == 0
    assert UploadRow.objects.filter(upload=made).exclude(entries=[]).count() == 2
    actions.undo_upload(upload=made, viewer=DESK, at=NOW, why="the desk can still undo it")


def test_of_two_proposals_for_a_list_of_words_none_is_lost_when_both_are_accepted(small: Package) -> None:
    made = upload([["Capabilities"], ["One"], ["Two"]], "capabilities")
    accept(made)
    proposed = [e for e in log.entries() if e.action == "edit.propose"]
    assert [e.value for e in proposed] == [["one", "two"]]
    assert Visibility.parse(proposed[0].visibility) == Visibility.PUBLIC
    register.approve_edit(entry=proposed[0].id, viewer=DESK, at=NOW)
