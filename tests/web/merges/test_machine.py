"""Merges and splits by token: previewed, done as previewed or not at all, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from tests.web.accounts.conftest import fresh, person
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.merges.conftest import rec
from tests.web.tokens import Program, token

__all__ = ["at", "fresh", "small"]
TWO = {"one": org("epsilon"), "other": org("alpha")}


@pytest.fixture
def office(small: Package) -> Program:
    return Program(token(person("d@example.org", "desk"), second_step=True))


def names(program: Program) -> set[str]:
    return {one["name"] for one in program.get("/organisations").json()["items"]}


def test_two_are_one_as_previewed_and_two_again(office: Program) -> None:
    before, written = names(office), len(log.entries())
    seen = office.post("/merges/preview", TWO).json()
    assert {one["uid"] for one in seen["before"]} == {org("epsilon"), org("alpha")}
    assert [one["uid"] for one in seen["after"]] == [org("alpha")]
    assert seen["ids"] == {org("epsilon"): org("alpha"), org("alpha"): org("alpha")}
    assert len(log.entries()) == written, "a preview writes nothing"
    other = office.post("/merges", {**TWO, "why": "one firm", "expect": "0" * 32})
    assert (other.status_code, len(log.entries())) == (409, written)
    made = office.post("/merges", {**TWO, "why": "one firm", "expect": seen["digest"]}).json()
    assert (made["kind"], made["holds"], made["why"]) == ("merge", True, "one firm")
    assert "Epsilon Therapeutics" not in names(office)
    assert office.get(f"/organisations/{org('epsilon')}").status_code in {301, 404}
    back = office.post(f"/merges/{made['act']}/undo/preview").json()
    undone = office.post(f"/merges/{made['act']}/undo", {"why": "two firms", "expect": back["digest"]}).json()
    assert (undone["holds"], undone["taken_back"]) == (False, "two firms")
    assert names(office) == before
    assert office.get("/merges").json() == {"total": 1, "items": [undone]}
    assert office.post(f"/merges/{made['act']}/undo", {"why": "again"}).status_code == 422


def test_one_is_two_by_its_records(office: Program) -> None:
    found = office.get(f"/organisations/{org('alpha')}/records").json()
    assert rec("alpha", "bench-list") in {one["record"] for one in found}
    asked = {"organisation": org("alpha"), "records": [rec("alpha", "bench-list")]}
    seen = office.post("/splits/preview", asked).json()
    assert len(seen["after"]) == 2
    made = office.post("/splits", {**asked, "why": "two firms", "expect": seen["digest"]}).json()
    assert (made["kind"], made["organisations"]) == ("split", [org("alpha")])
    assert "Alpha Medical" in names(office)


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/merges", {**TWO, "other": org("epsilon"), "why": "x"}, 422, "one organisation already"),
        ("/merges", {**TWO, "other": org("nobody"), "why": "x"}, 404, "issued"),
        ("/merges", {"one": org("alpha"), "other": org("beta"), "why": "x"}, 422, "two live companies"),
        ("/merges", TWO, 422, "why"),
        ("/merges", {**TWO, "why": " "}, 422, "reason"),
        ("/splits", {"organisation": org("alpha"), "records": ["no/such"], "why": "x"}, 422, "record"),
        ("/merges/none/undo", {"why": "x"}, 404, "no such"),
    ],
)
def test_what_cannot_be_is_refused_in_words(office: Program, path: str, body: Any, status: int, words: str) -> None:
    answer = office.post(path, body)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.content
