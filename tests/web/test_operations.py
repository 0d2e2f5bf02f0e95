"""Every operation of the API tried as every role, by token, and compared with the declared matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from lifecluster.web.accounts import actions, rights
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.accounts.rights import GIVEN
from lifecluster.web.api import writing
from lifecluster.web.desk.actions import cases, tasks
from lifecluster.web.directory import actions as register
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.links import actions as links
from scripts.write_permissions_reference import READERS, Reader, operation
from tests.web.accounts.conftest import AT, person
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.links.conftest import pairs
from tests.web.tokens import Program, token

__all__ = ["at", "small"]
Sent = tuple[str, Any]
"""Address and body."""
WHY = {"why": "a test of every role"}
PROPOSED = {"subject": org("alpha"), "property": "employees", "value": 41}


def proposed(by: Person | None = None) -> str:
    """A proposal for alpha that waits, of the person or of the operator."""
    viewer = rights.viewer(by, AT, second_step=True) if by else OPERATOR
    found = register.propose_edit(
        subject=org("alpha"), property="employees", value=12, viewer=viewer, at=AT, why="counted"
    )
    return found.id


def approved() -> str:
    """One that was approved."""
    entry = proposed()
    register.approve_edit(entry=entry, viewer=OPERATOR, at=AT)
    return entry


def subject() -> Person:
    """Somebody else, who is an analyst and works for beta."""
    found = person("subject@example.org", "analyst")
    actions.join(person=found, organisation=org("beta"), viewer=OPERATOR, at=AT, why="works there")
    return found


def session_of(who: Person) -> int:
    from allauth.usersessions.models import UserSession

    return UserSession.objects.create(user=who, session_key=f"key of {who.pk}", ip="127.0.0.1", user_agent="x").pk


def own_or_else(who: Person) -> str:
    """A proposal of this person's own, or else of somebody else."""
    viewer = rights.viewer(who, AT, second_step=True)
    return proposed(who if viewer.may("edit.review") or viewer.may("organisation.edit", org("alpha")) else None)


def member_of(who: Person) -> str:
    actions.join(person=who, organisation=org("gamma"), viewer=OPERATOR, at=AT, why="works there too")
    return org("gamma")


def case_of(who: Person) -> int:
    """A case that is open."""
    return int(cases.open_case(title="Premises", kind="premises", viewer=OPERATOR, at=AT).pk)


def task_of(who: Person) -> int:
    return int(tasks.add_task(title="Ring them", viewer=OPERATOR, at=AT, case=case_of(who)).pk)


def pair_of(who: Person) -> str:
    """A pair that waits."""
    return str(pairs(Package.objects.get(state="current"), ("a", "A"))[0].key)


def judged(who: Person) -> str:
    """A judgement."""
    return links.judge_link(key=pair_of(who), kind="same", viewer=OPERATOR, at=AT).id


CASE = {"title": "Premises", "kind": "premises"}
EXAMPLES: dict[str, Callable[[Person], Sent]] = {
    "edit_list": lambda who: ("/edits", None),
    "propose_edit": lambda who: ("/edits", PROPOSED),
    "edit": lambda who: (f"/edits/{own_or_else(who)}", None),
    "approve_edit": lambda who: (f"/edits/{proposed()}/approve", {}),
    "refuse_edit": lambda who: (f"/edits/{proposed()}/refuse", WHY),
    "withdraw_edit": lambda who: (f"/edits/{own_or_else(who)}/withdraw", None),
    "retract_edit": lambda who: (f"/edits/{approved()}/retract", WHY),
    "confirm_value": lambda who: ("/confirmations", {"subject": org("alpha"), "property": "employees"}),
    "link_list": lambda who: ("/links", None),
    "judge_link": lambda who: (f"/links/{pair_of(who)}/judge", {"kind": "same"}),
    "retract_judgement": lambda who: (f"/judgements/{judged(who)}/retract", {}),
    "case_list": lambda who: ("/cases", None),
    "case": lambda who: (f"/cases/{case_of(who)}", None),
    "open_case": lambda who: ("/cases", CASE),
    "change_case": lambda who: (f"/cases/{case_of(who)}/change", CASE),
    "move_case": lambda who: (f"/cases/{case_of(who)}/move", {"state": "waiting"}),
    "add_note": lambda who: (f"/cases/{case_of(who)}/notes", {"text": "They rang"}),
    "add_task": lambda who: (f"/cases/{case_of(who)}/tasks", {"title": "Ring them"}),
    "finish_task": lambda who: (f"/tasks/{task_of(who)}/finish", None),
    "token": lambda who: ("/token", None),
    "revoke_token": lambda who: ("/token/revoke", None),
    "account_itself": lambda who: ("/account", None),
    "rename": lambda who: ("/account/name", {"name": "Another"}),
    "account_data": lambda who: ("/account/data", None),
    "account_sessions": lambda who: ("/account/sessions", None),
    "end_session": lambda who: (f"/account/sessions/{session_of(who)}/end", None),
    "leave_own": lambda who: (f"/account/memberships/{member_of(who)}/leave", WHY),
    "people_list": lambda who: ("/people", None),
    "person": lambda who: (f"/people/{subject().uid}", None),
    "grant_role": lambda who: (f"/people/{subject().uid}/roles", {"role": "provider", **WHY}),
    "revoke_role": lambda who: (f"/people/{subject().uid}/roles/analyst/revoke", WHY),
    "join": lambda who: (f"/people/{subject().uid}/memberships", {"organisation": org("alpha"), **WHY}),
    "leave": lambda who: (f"/people/{subject().uid}/memberships/{org('beta')}/leave", WHY),
    "audit_list": lambda who: ("/audit", None),
}
"""By name of the operation, something that succeeds for whoever may do it: prepared, then asked for."""


def test_every_operation_has_an_example() -> None:
    assert {one.name.removeprefix("api-v1:") for one in writing.operations()} == EXAMPLES.keys()


@pytest.fixture
def world(small: Package) -> Iterator[dict[str, Person]]:
    """Somebody for each column of the matrix but the visitor."""
    found = {}
    for reader in READERS:
        if reader.role == "visitor":
            continue
        given = [reader.role] if reader.role in GIVEN and reader.organisation is None else []
        found[reader.title] = who = person(f"{reader.key}@example.org", *given)
        if reader.organisation is not None:
            actions.join(person=who, organisation=org(reader.organisation), viewer=OPERATOR, at=AT, why="works there",
                         administrator=reader.role == "member_administrator")  # fmt: skip
    yield found


def meant(one: writing.Operation, reader: Reader) -> bool:
    """Whether the matrix lets this reader do what the example asks."""
    mark = operation(one, reader)
    reading_own = one.name == "api-v1:edit_list"  # a list of one's own needs no organisation
    return mark == "yes" or (mark == "own" and (reading_own or reader.organisation == "alpha"))


def asked(one: writing.Operation, who: Person, text: str | None) -> Any:
    """The answer to the example of an operation."""
    path, body = EXAMPLES[one.name.removeprefix("api-v1:")](who)
    program = Program(text)
    return program.post(path, body) if one.changes else program.get(path)


def test_every_operation_as_every_role(world: dict[str, Person]) -> None:
    wrong = []
    for reader in READERS:
        if reader.role == "visitor":
            continue
        who = world[reader.title]
        text = token(who, second_step=reader.second_step)
        for one in writing.operations():
            with transaction.atomic():
                status = asked(one, who, text).status_code
                transaction.set_rollback(True)
            if (status == 200) != meant(one, reader) or (status != 200 and status not in {403, 404}):
                wrong.append((one.name, reader.title, status))
    assert wrong == []


def test_without_a_token_or_with_a_bad_one_every_operation_is_401(world: dict[str, Person]) -> None:
    who = world["Steward"]
    good = token(who, second_step=True)
    nearly = good[:-1] + ("a" if good[-1] != "a" else "b")
    for one in writing.operations():
        for text in (None, nearly, "", "nonsense", good.upper()):
            with transaction.atomic():
                answer = asked(one, who, text)
                transaction.set_rollback(True)
            assert answer.status_code == 401, (one.name, text)
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer["Content-Type"] == "application/problem+json"


def test_each_permission_is_enough_for_what_needs_it_and_for_nothing_else(world: dict[str, Person]) -> None:
    """A token with one scope alone, of a person who may everything that a steward may."""
    who = world["Steward"]
    offered = sorted({need for one in writing.operations() for need in one.needs})
    viewer = rights.viewer(who, rights.moment(), second_step=True)
    from lifecluster.web.accounts.tokens.scopes import offered as choices

    wrong = []
    for scope in (one for one in offered if one in choices(viewer)):
        text = token(who, scope, second_step=True)
        for one in writing.operations():
            with transaction.atomic():
                status = asked(one, who, text).status_code
                transaction.set_rollback(True)
            if (status == 200) != (not one.needs or scope in one.needs):
                wrong.append((scope, one.name, status))
    assert wrong == []


def test_two_at_the_same_case_by_the_version_that_they_saw(small: Package) -> None:
    desk = Program(token(person("d@example.org", "desk"), second_step=True))
    made = desk.post("/cases", CASE).json()
    first = desk.post(f"/cases/{made['key']}/change", {**CASE, "title": "First"}, If_Match=f'"{made["version"]}"')
    assert (first.status_code, first.json()["title"]) == (200, "First")
    for stated in (str(made["version"]), "x", "9" * 30):
        assert (
            desk.post(f"/cases/{made['key']}/change", {**CASE, "title": "Second"}, If_Match=stated).status_code == 412
        )
    assert desk.get(f"/cases/{made['key']}").json()["title"] == "First"
    assert desk.post(f"/cases/{made['key']}/change", {**CASE, "title": "Third"}, If_Match="*").status_code == 200
    for key in (0, -1, 10**30):
        assert desk.get(f"/cases/{key}").status_code == 404
    assert desk.post(f"/cases/{made['key']}/move", {"state": "closed"}).status_code == 422


def test_two_judge_the_same_pair(small: Package) -> None:
    key = pair_of(person())
    desk = Program(token(person("d@example.org", "desk"), second_step=True))
    assert [one["key"] for one in desk.get("/links").json()["items"]] == [key]
    made = desk.post(f"/links/{key}/judge", {"kind": "same"}).json()
    assert desk.get("/links").json()["total"] == 0
    assert desk.post(f"/links/{key}/judge", {"kind": "different"}).status_code == 409
    assert desk.post(f"/links/{key}/judge", {"kind": "different"}, If_Match="another").status_code == 412
    again = desk.post(f"/links/{key}/judge", {"kind": "unsure"}, If_Match=made["id"])
    assert again.json()["action"] == "judgement.unsure"
    assert desk.post("/links/none/judge", {"kind": "same"}).status_code == 404


def test_who_proposed_is_told_what_the_desk_decided_by_api(small: Package) -> None:
    member = person("m@example.org")
    actions.join(person=member, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    desk = Program(token(person("d@example.org", "desk"), second_step=True))
    made = Program(token(member)).post("/edits", PROPOSED).json()
    assert desk.post(f"/edits/{made['id']}/refuse", {"why": "the payroll says another"}).status_code == 200
    assert any("another" in mail.text for mail in Mail.objects.filter(to=member.email))


HIDDEN, NEVER = "a hidden id", "an id that was never issued"


def test_a_hidden_id_answers_a_member_as_one_that_was_never_issued(database: None, tmp_path: Any, at: object) -> None:
    from tests.web.directory import making
    from tests.web.directory.conftest import load

    rows = making.said(org("hidden"), {"name": "Hushwell Limited", "employees": 3}, visibility="desk", source="hush")
    load(making.small(tmp_path, "hidden-1", extra=rows, presence={org("hidden"): "desk"}).path)
    member, desk = person("m@example.org"), person("d@example.org", "desk")
    actions.join(person=member, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    by_member, by_desk = Program(token(member)), Program(token(desk, second_step=True))
    answers = {}
    for name, key in ((HIDDEN, "hidden"), (NEVER, "never")):
        one = org(key)
        found = [
            by_member.post("/edits", {**PROPOSED, "subject": one}),
            by_member.post("/confirmations", {"subject": one, "property": "employees"}),
            by_member.post(f"/account/memberships/{one}/leave", WHY),
            by_member.get(f"/organisations/{one}"), by_member.get(f"/ids/{one}"),
            by_member.get(f"/statements?subject={one}"), by_member.get("/organisations?q=Hushwell"),
        ]  # fmt: skip
        answers[name] = [(r.status_code, r.content.decode().replace(one, "ID")) for r in found]
    assert answers[HIDDEN] == answers[NEVER]
    assert "Hushwell" not in str(answers)
    assert by_desk.get(f"/organisations/{org('hidden')}").json()["name"] == "Hushwell Limited"
    assert by_desk.post("/edits", {**PROPOSED, "subject": org("hidden"), "visibility": "desk"}).status_code == 200
