"""Changing by API: tokens only, one act for one key, whole or not at all, whatever is sent."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.web.accounts import actions, audit, rights
from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.api import once, writing
from lifecluster.web.api.models import Answer
from lifecluster.web.api.v1.service import api
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, fresh, person, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.tokens import Program, token

__all__ = ["at", "fresh", "small"]
EDIT = {"subject": org("alpha"), "property": "employees", "value": 41, "why": "we counted"}


@pytest.fixture
def member(small: Package) -> Person:
    who = person("m@example.org", name="Mary")
    actions.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    return who


@pytest.fixture
def program(member: Person) -> Program:
    return Program(token(member))


@pytest.fixture
def desk(small: Package) -> Program:
    return Program(token(person("d@example.org", "desk"), second_step=True))


def test_from_proposal_to_what_everybody_reads_and_back(program: Program, desk: Program, web: Client) -> None:
    made = program.post("/edits", EDIT).json()
    assert (made["state"], made["proposed"], made["subject"]) == ("pending", 41, org("alpha"))
    assert program.get("/edits").json()["items"] == [made]
    assert desk.get("/edits").json()["total"] == 0
    assert desk.get("/edits?whose=everybody&state=pending").json()["total"] == 1
    assert program.get("/edits?whose=everybody").status_code == 403
    before = web.get(f"/api/v1/organisations/{org('alpha')}").json()["employees"]
    assert desk.post(f"/edits/{made['id']}/approve", {"amended": 43}).json()["value"] == 43
    assert web.get(f"/api/v1/organisations/{org('alpha')}").json()["employees"] == 43
    again = desk.post(f"/edits/{made['id']}/approve", {})
    assert (again.status_code, again.json()["detail"]) == (422, "this proposal is approved already")
    assert desk.post(f"/edits/{made['id']}/retract", {"why": "a slip"}).json()["state"] == "retracted"
    assert web.get(f"/api/v1/organisations/{org('alpha')}").json()["employees"] == before
    other = program.post("/edits", {**EDIT, "value": None}).json()
    assert program.post(f"/edits/{other['id']}/withdraw").json()["state"] == "withdrawn"
    assert [one["state"] for one in program.get("/edits").json()["items"]] == ["withdrawn", "retracted"]
    assert program.get("/edits?limit=1&offset=1").json()["items"][0]["state"] == "retracted"


def test_every_body_has_an_example_that_fits_its_description() -> None:
    from jsonschema import Draft202012Validator

    document = json.loads(json.dumps(api.get_openapi_schema()))
    operations = [one for path in document["paths"].values() for one in path.values() if "requestBody" in one]
    assert len(operations) > 60
    for one in operations:
        schema = one["requestBody"]["content"]["application/json"]["schema"]
        (example,) = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]["examples"]
        Draft202012Validator({**document, **schema}).validate(example)
        assert example, one["operationId"]


def test_every_operation_says_what_it_does_and_whom_it_asks_for_what() -> None:
    document = api.get_openapi_schema()
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for one in methods.values():
            assert one["summary"] and one["description"] and one["tags"], path
            if "x-needs" in one:
                assert {401, 403, 404, 422, 429} <= {int(status) for status in one["responses"]}, path
    assert len({name.casefold() for name in schemas}) == len(schemas)
    assert not [
        name for name, schema in schemas.items() if schema.get("type") == "object" and "description" not in schema
    ]


def test_what_does_not_fit_is_refused_in_words(program: Program) -> None:
    for body, status, words in (
        ({**EDIT, "value": "many"}, 422, "employees"),
        ({**EDIT, "property": "colour"}, 422, "colour"),
        ({**EDIT, "subject": org("nobody")}, 404, "issued"),
        ({**EDIT, "subject": "LCO-XXXX"}, 404, "LCO-XXXX"),
        ({**EDIT, "visibility": "owner"}, 422, "visibility"),
        ({**EDIT, "valve": 1}, 422, "valve"),
        ({}, 422, "subject"),
        ([], 422, "body"),
        ("{", 400, "JSON"),
        (b'{"why": "\xff"}', 400, "JSON"),
        ('{"value": NaN}', 400, "NaN"),
        ('{"value": "\\u0000"}', 422, "NUL"),
        ('{"value": "\\ud800"}', 422, "half a character"),
        ('{"value": ' + "[" * 5000 + "]" * 5000 + "}", None, ""),
        ('{"value": ' + "[" * 30 + "]" * 30 + "}", 422, "within one another"),
        ('{"value": ' + "9" * 5000 + "}", 400, "JSON"),
        ('"' + "x" * (257 * 1024) + '"', 413, "bytes"),
    ):  # fmt: skip
        answer = program.post("/edits", body)
        assert answer.status_code in ({status} if status else {400, 422}), (body, answer.content)
        assert words in answer.json()["detail"], body
        assert answer["Content-Type"] == "application/problem+json"
    assert program.post("/edits?when=now", EDIT).status_code == 400
    assert program.client.put("/api/v1/edits", "{}", headers=program.headers).status_code == 405
    assert not log.entries()[1:]  # the first is the load of the package


def test_one_act_for_one_key(program: Program, member: Person) -> None:
    first = program.post("/edits", EDIT, Idempotency_Key="a-1")
    second = program.post("/edits", EDIT, Idempotency_Key="a-1")
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert second["Cache-Control"] == "private, no-store"
    assert program.get("/edits").json()["total"] == 1
    other = program.post("/edits", {**EDIT, "value": 42}, Idempotency_Key="a-1")
    assert other.status_code == 409
    assert program.post("/account/name", EDIT, Idempotency_Key="a-1").status_code == 409
    assert Program(token(member)).post("/edits", EDIT, Idempotency_Key="a-1").status_code == 200  # a key of its own
    assert program.post("/edits", EDIT, Idempotency_Key="a-2").status_code == 200
    assert program.get("/edits").json()["total"] == 3
    for key in ("", "x" * 201, "é"):
        assert program.post("/edits", EDIT, Idempotency_Key=key).status_code == 400


def test_a_key_of_what_failed_may_be_used_again_and_goes_after_a_day(program: Program, monkeypatch: Any) -> None:
    assert program.post("/edits", {**EDIT, "value": "many"}, Idempotency_Key="k").status_code == 422
    assert not Answer.objects.exists()
    assert program.post("/edits", EDIT, Idempotency_Key="k").status_code == 200
    later = rights.moment() + once.KEPT - timedelta(seconds=5)
    monkeypatch.setattr(once, "moment", lambda: later)
    assert "Idempotency-Replayed" in program.post("/edits", EDIT, Idempotency_Key="k")
    monkeypatch.setattr(once, "moment", lambda: later + timedelta(minutes=1))
    assert "Idempotency-Replayed" not in program.post("/edits", EDIT, Idempotency_Key="k")
    assert program.get("/edits").json()["total"] == 2
    assert (once.forget(later), once.forget(later + timedelta(days=2)), Answer.objects.count()) == (0, 1, 0)


def test_an_act_that_breaks_leaves_nothing(program: Program, member: Person, monkeypatch: Any) -> None:
    def broken(*args: object, **more: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(audit, "write", broken)
    answer = program.post("/account/name", {"name": "Another"}, Idempotency_Key="k")
    assert (answer.status_code, "disk" in answer.content.decode()) == (500, False)
    assert Person.objects.get(pk=member.pk).name == "Mary"
    assert not Answer.objects.exists()


def test_a_session_is_nothing_to_the_api(member: Person) -> None:
    client = window(member)
    assert client.get("/account").status_code == 200
    assert client.get("/api/v1/account").status_code == 401
    assert client.post("/api/v1/edits", json.dumps(EDIT), content_type="application/json").status_code == 401
    assert "Mary" not in client.get("/api/").content.decode()


def test_what_is_read_with_a_token_is_kept_by_no_cache_and_without_as_before(program: Program, web: Client) -> None:
    for path in ("", "organisations", f"organisations/{org('alpha')}", "statements", "claims"):
        public, own = web.get(f"/api/v1/{path}"), program.get(f"/{path}")
        assert public["Cache-Control"].startswith("public")
        assert "ETag" in public
        assert "Authorization" in public["Vary"]
        assert (own.status_code, own["Cache-Control"]) == (200, "private, no-store")
        assert "Authorization" in own["Vary"]
        assert "ETag" not in own
        tag = {"If-None-Match": public["ETag"]}
        assert web.get(f"/api/v1/{path}", headers=tag).status_code == 304
        assert program.get(f"/{path}", **tag).status_code == 200


@pytest.mark.parametrize("stated", ["Bearer", "Bearer x", "Basic YTpi", "Token x", "lct_x", "bearer  ", ""])
def test_a_bad_token_is_no_visitor(stated: str, small: Package, web: Client) -> None:
    answer = web.get("/api/v1/organisations", headers={"Authorization": stated})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="lifecluster", error="invalid_token"'
    assert answer["Cache-Control"] == "private, no-store"


def test_addresses_that_take_no_token_say_so(program: Program, web: Client) -> None:
    for path in (
        "/export/csv",
        "/reconcile",
        "/feeds/changes.atom",
        f"/id/{org('alpha')}",
        "/oembed?url=http://testserver/",
    ):
        answer = web.get(path, headers=program.headers)
        assert (answer.status_code, "takes no token" in answer.json()["detail"]) == (400, True), path
    assert web.get("/", headers=program.headers).status_code == 200  # a page knows sessions alone


def test_other_origins_send_no_tokens_unless_they_are_listed(program: Program, web: Client) -> None:
    asks = {"Origin": "https://intranet.example", "Access-Control-Request-Method": "POST"}

    def preflight() -> str:
        return web.options("/api/v1/edits", headers=asks)["Access-Control-Allow-Headers"]

    assert "Authorization" not in preflight()
    assert "Access-Control-Allow-Origin" not in program.get("/token", Origin=asks["Origin"])
    with override_settings(API_TOKEN_ORIGINS=["https://intranet.example"]):
        assert "Authorization" in preflight()
        assert program.get("/token", Origin=asks["Origin"])["Access-Control-Allow-Origin"] == asks["Origin"]
        assert "Access-Control-Allow-Origin" not in program.get("/token", Origin="https://evil.example")
        asks["Origin"] = "https://evil.example"
        assert "Authorization" not in preflight()
    assert web.get("/api/v1/package")["Access-Control-Allow-Origin"] == "*"


def test_the_audit_is_read_in_pages(small: Package) -> None:
    steward = person("s@example.org", "steward")
    who = person("x@example.org")
    program = Program(token(steward, second_step=True))
    for role in ("analyst", "provider", "adopter"):
        assert program.post(f"/people/{who.uid}/roles", {"role": role, "why": "a test"}).status_code == 200
    found, path = [], "/audit?action=role.grant&limit=2"
    cursor = ""
    while True:
        page = program.get(path + cursor).json()
        found += page["items"]
        if page["cursor"] is None:
            break
        cursor = f"&before={page['cursor']}"
    assert [one["after"]["role"] for one in found] == ["adopter", "provider", "analyst", "steward"]
    assert {one["actor"] for one in found[:3]} == {steward.actor}
    of = program.get(f"/audit?person={who.actor}").json()["items"]
    assert {one["action"] for one in of} == {"role.grant", "person.add"}
    day = rights.moment().date().isoformat()
    assert len(program.get(f"/audit?since={day}&until={day}&action=role.grant").json()["items"]) == 3
    assert program.get("/audit?until=2020-01-01").json()["items"] == []
    assert AuditRow.objects.filter(actor=steward.actor, action="role.grant").count() == 3


def test_roles_by_token_keep_the_rules_of_pages(small: Package) -> None:
    steward = person("s@example.org", "steward")
    program = Program(token(steward, second_step=True))
    mine = program.post(f"/people/{steward.uid}/roles", {"role": "broker", "why": "curious"})
    assert (mine.status_code, mine.json()["detail"]) == (403, "you may not give a role to yourself")
    other = person("x@example.org")
    for body, status in (({"role": "emperor", "why": "x"}, 422), ({"role": "analyst", "why": " "}, 422),
                         ({"role": "analyst", "why": "x", "ends_at": "2020-01-01T00:00:00Z"}, 422),
                         ({"role": "analyst", "why": "x", "ends_at": "2030-01-01T00:00:00"}, 422)):  # fmt: skip
        assert program.post(f"/people/{other.uid}/roles", body).status_code == status, body
    assert program.post("/people/none/roles", {"role": "analyst", "why": "x"}).status_code == 404
    assert rights.held(other, rights.moment()) == set()


def test_a_reader_with_a_token_reads_what_they_may_see(database: None, tmp_path: Any, web: Client, at: object) -> None:
    from tests.web.directory import making
    from tests.web.directory.conftest import load

    extra = making.said(org("beta"), {"employees": 77}, source="bench-member", visibility="members")
    load(making.small(tmp_path, extra=extra).path)
    who = person("m@example.org", "member")
    full, narrow = Program(token(who)), Program(token(who, "account.read"))
    path = f"/organisations/{org('beta')}"
    assert full.get(path).json()["employees"] == 77
    assert narrow.get(path).json() == web.get(f"/api/v1{path}").json()
    assert web.get(f"/api/v1{path}").json()["employees"] != 77
    listed = full.get("/organisations?q=beta").json()["items"]
    assert [one["employees"] for one in listed if one["id"] == org("beta")] == [77]
    by_level = {p: len(p.get(f"/statements?subject={org('beta')}").json()["items"]) for p in (full, narrow)}
    assert by_level[full] == by_level[narrow] + 1


NAMES = st.text(max_size=100)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | NAMES,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6))  # fmt: skip
def test_no_value_is_a_mistake_of_ours(program: Program, value: Any) -> None:
    answer = program.post("/edits", json.dumps({**EDIT, "value": value}))
    assert answer.status_code in {200, 400, 422}, (value, answer.content)


def test_names_are_told_apart_and_permissions_exist() -> None:
    section = writing.section("For a test", 9999)
    try:
        with pytest.raises(ValueError, match="no permission"):
            section.act("/x", needs=("no.such",), gives=dict[str, Any], summary="x")
        with pytest.raises(ValueError, match="already a section"):
            writing.section("For a test", 1)

        def propose_edit(request: object) -> None: ...

        with pytest.raises(ValueError, match="already an operation"):
            section.act("/x", needs=(), gives=dict[str, Any], summary="x")(propose_edit)
    finally:
        writing._sections.remove("For a test")
