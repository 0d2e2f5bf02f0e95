"""Every operation of the API tried as every role, by token, and compared with the declared matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from lifecluster.web.accounts import actions, rights
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.accounts.rights import GIVEN
from lifecluster.web.accounts.tokens.bearer import check
from lifecluster.web.api import writing
from lifecluster.web.api.v1.asking import missing
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from scripts.write_permissions_reference import READERS, Reader, operation
from tests.web.accounts.conftest import AT, person
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.examples import CASE, EXAMPLES, PROPOSED, WHY, pair_of
from tests.web.tokens import Program, token

pytestmark = pytest.mark.one_database

__all__ = ["at", "small"]


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
    reading_own = one.name.endswith(
        ("edit_list", "addition_list", "upload_list")
    )  # of one's own: needs no organisation
    return mark == "yes" or (mark == "own" and (reading_own or reader.organisation == "alpha"))


def asked(one: writing.Operation, who: Person, text: str | None) -> Any:
    """The answer to the example of an operation."""
    return send(one, *EXAMPLES[one.name.removeprefix("api-v1:")](who), text)


client = Client(raise_request_exception=False)


def send(one: writing.Operation, path: str, body: Any, text: str | None) -> Any:
    program = Program(text, client)
    return program.post(path, body) if one.changes else program.get(path)


def bare(one: writing.Operation, text: str | None) -> Any:
    """The answer where nothing is prepared: who may not even ask is told before anything is looked up."""
    return send(
        one, re.sub(r"{(\w+)}", lambda name: "1" if name[1] in {"key", "number"} else "x", one.path), None, text
    )


def test_every_operation_as_every_role(world: dict[str, Person]) -> None:
    """Each is done by the first role that may; of others that may it is enough that they are let in, as what they may
    then do is no other (the test of each permission does that for each)."""
    wrong: list[tuple[object, ...]] = []
    done: set[str] = set()
    for reader in READERS:
        if reader.role == "visitor":
            continue
        who = world[reader.title]
        text = token(who, second_step=reader.second_step)
        for one in writing.operations():
            mark, nothing = operation(one, reader), operation(one, reader) == "–" or one.name in done
            with transaction.atomic():
                answer = bare(one, text) if nothing else asked(one, who, text)
                transaction.set_rollback(True)
            status, may = answer.status_code, meant(one, reader)
            right = status == 200 if may else status in {403, 404}
            if (right if not nothing else (status == 403) == (mark == "–")) is False:
                wrong.append((one.name, reader.title, mark, status, answer.content.decode()[:200]))
            done |= {one.name} if mark == "yes" and not nothing else set()
    assert wrong == []
    assert {one.name for one in writing.operations() if "yes" in {operation(one, r) for r in READERS}} == done


def test_without_a_token_or_with_a_bad_one_every_operation_is_401(world: dict[str, Person]) -> None:
    who = world["Steward"]
    good = token(who, second_step=True)
    nearly = good[:-1] + ("a" if good[-1] != "a" else "b")
    for one in writing.operations():
        for text in (None, nearly, "", "nonsense", good.upper()):
            answer = bare(one, text)
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
        by = check(f"Bearer {text}", rights.moment())
        for one in writing.operations():
            if one.needs and scope not in one.needs:
                if missing(one, by) is None:
                    wrong.append((scope, one.name, "not refused"))
                continue
            with transaction.atomic():
                answer = asked(one, who, text)
                transaction.set_rollback(True)
            if answer.status_code != 200:
                wrong.append((scope, one.name, answer.status_code, answer.content.decode()[:200]))
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


BEHIND = ("ask", "contacts", "interactions", "membership", "notes", "tasks")
"""What only the desk may: told before anything is looked up."""
HIDDEN, NEVER = "a hidden id", "an id that was never issued"


def test_a_hidden_id_answers_a_member_as_one_that_was_never_issued(database: None, tmp_path: Any, at: object) -> None:
    from tests.web.directory import making
    from tests.web.directory.conftest import load

    rows = making.said(org("hidden"), {"name": "Hushwell Limited", "employees": 3}, visibility="desk", source="hush")
    load(making.small(tmp_path, "hidden-1", extra=rows, presence={org("hidden"): "desk"}).path)
    member, desk = person("m@example.org"), person("d@example.org", "desk")
    actions.join(person=member, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    by_member, by_desk = Program(token(member)), Program(token(desk, second_step=True))
    administrator = person("a@example.org")
    actions.join(person=administrator, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="speaks for it",
                 administrator=True)  # fmt: skip
    by_administrator = Program(token(administrator))
    answers = {}
    for name, key in ((HIDDEN, "hidden"), (NEVER, "never")):
        one = org(key)
        found = [
            by_member.post("/edits", {**PROPOSED, "subject": one}),
            by_member.post("/confirmations", {"subject": one, "property": "employees"}),
            by_member.post(f"/account/memberships/{one}/leave", WHY),
            by_member.post("/additions", {"kind": "need", "organisation": one, "values": {"title": "A filler"}}),
            by_member.post("/uploads", {"name": "x", "content": "eA==", "purpose": "sites", "organisation": one}),
            by_member.post(f"/organisations/{one}/claim", {"words": "I work there"}),
            by_administrator.get(f"/organisations/{one}/colleagues"),
            by_administrator.post(f"/organisations/{one}/invitations", {"email": "x@example.org"}),
            by_administrator.post(f"/organisations/{one}/invitations/1/take-back"),
            by_administrator.post(f"/organisations/{one}/colleagues/x/end", WHY),
            *(by_member.post(f"/organisations/{one}/{what}", {}) for what in BEHIND),
            by_member.post("/merges", {"one": one, "other": org("alpha"), **WHY}),
            by_member.get(f"/organisations/{one}"), by_member.get(f"/ids/{one}"),
            by_member.get(f"/statements?subject={one}"), by_member.get("/organisations?q=Hushwell"),
        ]  # fmt: skip
        answers[name] = [(r.status_code, r.content.decode().replace(one, "ID")) for r in found]
    assert answers[HIDDEN] == answers[NEVER]
    assert "Hushwell" not in str(answers)
    assert by_desk.get(f"/organisations/{org('hidden')}").json()["name"] == "Hushwell Limited"
    assert by_desk.post("/edits", {**PROPOSED, "subject": org("hidden"), "visibility": "desk"}).status_code == 200
