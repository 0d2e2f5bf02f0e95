"""Cases, tasks, interactions, notes: a small machine of states, and two at the same row."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.desk.actions import cases, interactions, tasks
from lifecluster.web.desk.models import Case, ChangedError, Interaction, Note, Task
from lifecluster.web.desk.words import MOVES, OUTCOMES, STATES
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from tests.web.desk.conftest import NOW, TODAY, case, contact, desk_of
from tests.web.directory.making import org


@pytest.mark.parametrize(("before", "after"), list(product(STATES, STATES)))
def test_every_move_is_allowed_or_refused_as_declared(desk: Viewer, before: str, after: str) -> None:
    row = case(desk)
    Case.objects.filter(pk=row.pk).update(state=before)
    if after in MOVES[before]:
        moved = cases.move_case(case=row.pk, state=after, outcome="helped", note="Done.", viewer=desk, at=NOW)
        assert moved.state == after
        assert (moved.outcome, moved.closed_at) == (("helped", NOW) if after == "closed" else ("", None))
    else:
        with pytest.raises(LifeclusterError, match="cannot go there"):
            cases.move_case(case=row.pk, state=after, outcome="helped", viewer=desk, at=NOW)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(STATES)), st.sampled_from(["", *OUTCOMES])), max_size=6))
def test_a_closed_case_always_has_an_outcome(desk: Viewer, moves: list[tuple[str, str]]) -> None:
    row = case(desk)
    for state, outcome in moves:
        try:
            row = cases.move_case(case=row.pk, state=state, outcome=outcome, viewer=desk, at=NOW)
        except LifeclusterError:
            row = Case.objects.get(pk=row.pk)
        assert (row.state == "closed") == bool(row.outcome) == (row.closed_at is not None)
        assert row.version == 1 + AuditRow.objects.filter(subject=f"case:{row.pk}", action="case.move").count()


def test_the_owner_is_told_unless_they_did_it_themselves(desk: Viewer, worker: Person, colleague: Person) -> None:
    case(desk, owner=worker.uid)
    assert not Mail.objects.filter(to=worker.email).exists()
    row = case(desk, owner=colleague.uid)
    assert f"Case {row.pk} is yours" in Mail.objects.get(to=colleague.email).subject
    cases.change_case(case=row.pk, title=row.title, kind=row.kind, owner=worker.uid, viewer=desk_of(colleague), at=NOW)
    assert Mail.objects.filter(to=worker.email).count() == 1
    with pytest.raises(LifeclusterError, match="works at the desk"):
        case(desk, owner="nobody")


def test_what_cannot_be_a_case(desk: Viewer) -> None:
    for more in ({"title": " "}, {"kind": "party"}, {"priority": 7}, {"organisation_uid": org("nobody")}):
        with pytest.raises(LifeclusterError):
            case(desk, **more)
    with pytest.raises(PermissionDeniedError):
        case(ANYBODY)
    assert not Case.objects.exists() and not AuditRow.objects.filter(action="case.open").exists()


def test_two_at_the_same_case_by_their_pages(seat: Client, desk: Viewer, colleague: Person) -> None:
    row = case(desk)
    typed = {"version": "1", "title": "Wants a laboratory", "organisation": org("alpha"), "kind": "premises",
             "priority": "1", "owner": "", "due_on": "2026-12-01"}  # fmt: skip
    cases.change_case(case=row.pk, title="Wants an ISO 7 cleanroom", kind="premises", organisation_uid=org("alpha"),
                      viewer=desk_of(colleague), at=NOW)  # fmt: skip
    answer = seat.post(f"/desk/cases/{row.pk}/edit", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Wants an ISO 7 cleanroom" in page and "Wants a laboratory" in page and "What they saved" in page
    assert seat.post(f"/desk/cases/{row.pk}/edit", typed | {"version": "2"}).status_code == 302
    assert Case.objects.get().title == "Wants a laboratory"
    with pytest.raises(ChangedError):
        cases.move_case(case=row.pk, state="waiting", version=1, viewer=desk, at=NOW)


def test_a_case_from_open_to_closed_by_its_pages(seat: Client, worker: Person) -> None:
    new = {"title": "Needs an MIA", "organisation": "beta diagnostics", "kind": "regulation", "priority": "2",
           "owner": worker.uid, "due_on": "2026-11-24"}  # fmt: skip
    assert seat.post("/desk/cases/new", new | {"organisation": "zzz"}).status_code == 422
    assert seat.post("/desk/cases/new", new).status_code == 302
    row = Case.objects.get()
    assert row.organisation == org("beta")
    page = seat.get("/desk/").content.decode()
    assert "Do first" in page and "Needs an MIA" in page and "in 2\xa0days" in page
    assert seat.post(f"/desk/cases/{row.pk}/notes", {"text": "Called <them>"}).status_code == 302
    assert seat.post(f"/desk/cases/{row.pk}/tasks/new", {"title": "Ask the agency", "owner": worker.uid, "due_on": ""})
    task = Task.objects.get()
    talk = {"on": "2026-11-21", "kind": "call", "subject": "The licence", "policy": "yes", "topic": "", "notes": ""}
    assert seat.post(f"/desk/cases/{row.pk}/interactions/new", talk).status_code == 422
    talk["topic"] = "regulation"
    assert seat.post(f"/desk/cases/{row.pk}/interactions/new", talk).status_code == 302
    page = seat.get(f"/desk/cases/{row.pk}").content.decode()
    assert (
        "Called &lt;them&gt;" in page and "Policy feedback: Regulation of products" in page and "Ask the agency" in page
    )
    asked = seat.get(f"/desk/cases/{row.pk}/move").content.decode()
    assert "1\xa0task not done" in asked and "Not closed yet" not in asked
    assert seat.post(f"/desk/tasks/{task.pk}/done").status_code == 302
    refused = seat.post(f"/desk/cases/{row.pk}/move", {"state": "closed", "outcome": "", "note": ""})
    assert refused.status_code == 422 and "id_outcome_error" in refused.content.decode()
    assert "not done" not in refused.content.decode()
    closing = {"state": "closed", "outcome": "helped", "note": "Has it now.", "version": str(row.version)}
    assert seat.post(f"/desk/cases/{row.pk}/move", closing).status_code == 302
    assert "Has it now." in seat.get(f"/desk/cases/{row.pk}").content.decode()
    assert b"Needs an MIA" not in seat.get("/desk/cases").content
    assert b"Needs an MIA" in seat.get("/desk/cases/closed").content
    assert b"Nothing needs a person" in seat.get("/desk/").content


def test_tasks_are_done_once_and_may_be_taken_back(desk: Viewer) -> None:
    one = tasks.add_task(title="Ring them", organisation_uid=org("alpha"), due_on=TODAY, viewer=desk, at=NOW)
    tasks.finish_task(task=one.pk, viewer=desk, at=NOW)
    with pytest.raises(LifeclusterError, match="done already"):
        tasks.finish_task(task=one.pk, viewer=desk, at=NOW)
    assert tasks.reopen_task(task=one.pk, viewer=desk, at=NOW).done_at is None
    with pytest.raises(ChangedError):
        tasks.change_task(task=one.pk, title="Other", version=1, viewer=desk, at=NOW)
    assert tasks.change_task(task=one.pk, title="Other", version=3, viewer=desk, at=NOW).title == "Other"


def test_what_cannot_be_an_interaction(desk: Viewer) -> None:
    stranger = contact(desk, key="beta")
    usual = {"on": TODAY, "kind": "call", "subject": "Space", "policy": False, "organisation_uid": org("alpha")}
    for more in ({"on": TODAY + timedelta(days=1)}, {"kind": "dream"}, {"subject": ""}, {"policy": True},
                 {"organisation_uid": ""}, {"contacts": [stranger.pk]}):  # fmt: skip
        with pytest.raises(LifeclusterError):
            interactions.record_interaction(**(usual | more), viewer=desk, at=NOW)  # type: ignore[arg-type]
    assert not Interaction.objects.exists()


def test_an_interaction_is_changed_with_the_erased_kept(desk: Viewer) -> None:
    from lifecluster.web.desk.actions import contacts

    jo, al = contact(desk), contact(desk, name="Al")
    talk = interactions.record_interaction(on=TODAY, kind="call", subject="Space", policy=False, viewer=desk, at=NOW,
                                           organisation_uid=org("alpha"), contacts=[jo.pk, al.pk])  # fmt: skip
    contacts.erase_contact(contact=jo.pk, viewer=desk, at=NOW)
    interactions.change_interaction(interaction=talk.pk, on=TODAY, kind="visit", subject="Space", policy=True,
                                    topic="premises", contacts=[], viewer=desk, at=NOW)  # fmt: skip
    talk.refresh_from_db()
    assert [one.pk for one in talk.contacts.all()] == [jo.pk]
    assert (talk.kind, talk.policy, talk.topic) == ("visit", True, "premises")


def test_the_page_of_an_organisation_tells_what_happened(seat: Client, desk: Viewer) -> None:
    row = case(desk)
    cases.add_note(text="Likes fax", organisation_uid=org("alpha"), viewer=desk, at=NOW)
    cases.move_case(case=row.pk, state="closed", outcome="referred", viewer=desk, at=NOW + timedelta(days=1))
    page = seat.get(f"/desk/organisations/{org('alpha')}").content.decode()
    assert page.index("Case closed") < page.index("Likes fax") and "Referred to another body" in page
    assert Note.objects.get().by is not None
    assert seat.get(f"/desk/organisations/{org('nobody')}").status_code == 404
    found = seat.post("/desk/organisations", {"organisation": "Alpha Medical"})
    assert found["Location"] == f"/desk/organisations/{org('alpha')}"
    answer = seat.post("/desk/organisations", {"organisation": "nobody at all"})
    assert answer.status_code == 422 and b"nobody at all" in answer.content


def test_the_list_of_cases_is_by_day_and_takes_odd_pages(seat: Client, desk: Viewer) -> None:
    for days, title in ((9, "Later"), (-3, "Late"), (None, "Never")):
        case(desk, title=title, due_on=None if days is None else TODAY + timedelta(days=days))
    page = seat.get("/desk/cases").content.decode()
    assert page.index("Late<") < page.index("Later<") < page.index("Never<")
    assert "3\xa0days late" in page
    for odd in ("0", "-1", "x", "99999999", "٣"):
        assert seat.get(f"/desk/cases?page={odd}").status_code == 200
