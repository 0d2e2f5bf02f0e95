"""A list by token: sent, looked at, mended, taken in part, undone; the same acts and limits as on pages."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.merges import actions as merges
from lifecluster.web.uploads import reading
from lifecluster.web.uploads import reads as reads_of_uploads
from lifecluster.web.uploads.models import Upload
from tests.web.accounts.conftest import AT, fresh, person
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.tokens import Program, token
from tests.web.uploads.making import workbook
from tests.web.uploads.test_uploads import DESK, SITES

__all__ = ["at", "fresh", "small"]


def body(rows: Any = SITES, **more: Any) -> dict[str, Any]:
    content = base64.b64encode(workbook(rows)).decode()
    return {"name": "our sites.xlsx", "content": content, "purpose": "sites", "organisation": org("alpha"), **more}


@pytest.fixture
def member(small: Package) -> Person:
    who = person("m@example.org")
    accounts.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    return who


def test_from_the_file_to_the_register_and_back(member: Person) -> None:
    mine = Program(token(member))
    office = Program(token(person("d@example.org", "desk"), second_step=True))
    asked = body()
    sent = mine.post("/uploads", asked, Idempotency_Key="november")
    made = sent.json()
    assert sent.status_code == 200, made
    assert mine.post("/uploads", asked, Idempotency_Key="november").json() == made
    assert Upload.objects.count() == 1, "one act for one key"
    states = {row["number"]: row["state"] for row in made["items"]}
    assert states == {2: "changes", 3: "new", 4: "wrong", 5: "wrong", 6: "same"}
    wrong = next(row for row in made["items"] if row["number"] == 4)
    assert (wrong["wrong"][0]["property"], wrong["wrong"][0]["text"]) == ("postcode", "DE1")
    path = f"/uploads/{made['key']}"
    cells = {**wrong["cells"], "postcode": "DE1 1AB"}
    mended = mine.post(f"{path}/rows/4/mend", {"cells": cells}, If_Match=f'"{wrong["version"]}"').json()
    assert (mended["state"], mended["version"]) == ("new", wrong["version"] + 1)
    stale = mine.post(f"{path}/rows/4/mend", {"left": True}, If_Match=f'"{wrong["version"]}"')
    assert stale.status_code == 412
    taken = mine.post(f"{path}/accept", {"rows": [3, 4]}).json()
    assert taken["taken"] == 2
    assert {row["became"] for row in taken["items"]} == {"", "pending"}
    assert mine.post(f"{path}/accept", {"rows": [3]}).status_code == 422
    waits = office.get("/additions?whose=everybody&state=pending").json()
    assert waits["total"] == 2
    assert office.post(f"/additions/{waits['items'][0]['id']}/approve", {}).status_code == 200
    assert mine.post(f"{path}/undo", {"why": "the wrong list"}).status_code == 403, "the desk accepted some of it"
    assert office.post(f"{path}/undo", {"why": "the wrong list"}).json()["undone_at"]
    assert {row["became"] for row in office.get(path).json()["items"]} == {"", "withdrawn", "retracted"}
    acts = list(AuditRow.objects.filter(action__startswith="upload.").order_by("pk").values_list("action", flat=True))
    assert acts == ["upload.add", "upload.mend", "upload.accept", "upload.undo"]


@pytest.mark.parametrize(("purpose", "rows", "states"), [
    ("sites", SITES, ["changes", "new", "wrong", "wrong", "same"]),
    ("capabilities", [["Capabilities"], ["Vialling"]], ["changes"]),
])  # fmt: skip
def test_a_list_of_an_organisation_that_was_merged_since(small: Package, purpose: str, rows: Any,
                                                         states: list[str]) -> None:  # fmt: skip
    who = person("m@example.org")
    accounts.join(person=who, organisation=org("gamma"), viewer=OPERATOR, at=AT, why="works there")
    mine = Program(token(who))
    key = mine.post("/uploads", body(rows, organisation=org("gamma"), purpose=purpose)).json()["key"]
    merges.merge(one=org("alpha"), other=org("gamma"), viewer=DESK, at=AT, why="the same")
    assert [row["state"] for row in mine.get(f"/uploads/{key}").json()["items"]] == states
    taken = mine.post(f"/uploads/{key}/accept", {"rows": None})
    assert taken.status_code == 200, taken.content
    assert {row["organisation"] for row in taken.json()["items"]} == {org("alpha")}
    found = reads_of_uploads.names_of({org("gamma"), org("alpha")}, who.viewer)
    assert found[org("gamma")] == found[org("alpha")]


def test_nobody_waits_to_write_while_a_list_is_read(member: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction keeps everybody else from writing, and reading may take a minute."""
    mine, asked = Program(token(member)), body()
    inside: list[int] = []
    read = reading.read

    def look(*given: Any) -> dict[str, Any]:
        inside.append(len(connection.savepoint_ids))
        return read(*given)

    monkeypatch.setattr(reading, "read", look)
    outside = len(connection.savepoint_ids)
    assert mine.post("/uploads", asked).status_code == 200
    made = mine.post("/uploads", asked, Idempotency_Key="k").json()
    assert mine.post("/uploads", asked, Idempotency_Key="k").json() == made
    assert inside == [outside, outside], "and once for each key"


def test_what_a_file_was_called_goes_with_who_called_it_so(member: Person) -> None:
    mine = Program(token(member))
    for content in (b"%PDF-1.4 x", "Town;Postcode\nDerby \xe9;DE1 1AA\n".encode("latin-1")):
        sent = mine.post("/uploads", body(name="CV of Jane Roe.csv", content=base64.b64encode(content).decode()))
        assert sent.status_code == 200, sent.content
    assert all("Jane Roe" in f"{one.error}{one.reading}" for one in Upload.objects.all())
    accounts.delete_person(person=member, viewer=OPERATOR, at=AT)
    for one in Upload.objects.all():
        assert "Jane" not in f"{one.name}{one.error}{one.reading}"


def test_what_is_no_list_is_said_in_words(member: Person) -> None:
    mine = Program(token(member))
    for more, status, words in (
        ({"content": "no base64!"}, 422, "Base64"),
        ({"purpose": "people"}, 422, "purpose"),
        ({"organisation": org("beta")}, 403, "propose values"),
        ({"organisation": org("nobody")}, 404, "issued"),
        ({"organisation": ""}, 403, "propose values"),
        ({"content": base64.b64encode(b"x" * 4_000_000).decode()}, 413, "bytes"),
    ):
        answer = mine.post("/uploads", body(**more))
        assert (answer.status_code, words in answer.json()["detail"]) == (status, True), (status, answer.content)
    assert not Upload.objects.exists()
    kept = mine.post("/uploads", body(content=base64.b64encode(b"\x00\x01").decode())).json()
    assert kept["error"] and kept["items"] == []


def test_of_others_no_list_is_there(member: Person) -> None:
    key = Program(token(member)).post("/uploads", body()).json()["key"]
    other = person("o@example.org")
    accounts.join(person=other, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there too")
    theirs = Program(token(other))
    for path in (key, "never"):
        assert theirs.get(f"/uploads/{path}").status_code == 404
        assert theirs.post(f"/uploads/{path}/accept", {}).status_code == 404
        assert theirs.post(f"/uploads/{path}/rows/3/mend", {"left": True}).status_code == 404
    assert theirs.get("/uploads").json() == []
    assert theirs.get("/uploads?whose=everybody").status_code == 403


@override_settings(RATE_LIMITS={"upload": (1, 3600)})
def test_lists_are_limited_by_person_as_on_the_page(member: Person) -> None:
    mine, again = Program(token(member)), Program(token(member))
    assert mine.post("/uploads", body()).status_code == 200
    late = again.post("/uploads", body())
    assert (late.status_code, late["Content-Type"]) == (429, "application/problem+json")
    assert int(late["Retry-After"]) > 0
    assert Upload.objects.count() == 1
