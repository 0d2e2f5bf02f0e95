"""The page of the register's log: who did what to which organisation, for who may read it, and the audit beside it."""

from __future__ import annotations

import pytest
from django.test import Client

from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import actions as register
from lifecluster.web.directory.logbook import WEB_ACTIONS
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer
from lifecluster.web.members import log
from tests.web.accounts.conftest import person, window
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org
from tests.web.links.conftest import pairs
from tests.web.links.test_views import send
from tests.web.members.conftest import ALPHA, desk, member, tree
from tests.web.members.test_deciding import propose


@pytest.fixture
def steward(small: Package) -> Client:
    """Who may read the log."""
    return window(person("steward@example.org", "steward", name="Stew Ward"), second_step=True)


@pytest.fixture
def who(small: Package) -> Person:
    """A member who proposed something that the desk then refused, and something for their own eyes."""
    made = member()
    entry = propose(made, "employees", 55, why="as of June")
    office = Viewer(frozenset({"desk"}), actor=person("office@example.org", "desk", name="Offi Ce").actor)
    register.refuse_edit(entry=entry, viewer=office, at=NOW, why="it is older")
    propose(made, "turnover", 987_654, visibility="owner")
    return made


def rows(client: Client, asked: str = "", status: int = 200) -> list[str]:
    """Words of each row, the latest first."""
    answer = client.get(f"/desk/log{asked}")
    assert answer.status_code == status
    return [" ".join(row.text_content().split()) for row in tree(answer).cssselect("tbody tr")]


def test_every_act_stands_there_with_who_what_whose_and_why(steward: Client, who: Person) -> None:
    answer = steward.get("/desk/log")
    found = rows(steward)
    refused = next(row for row in found if "A proposed value was refused" in row)
    assert "Offi Ce" in refused and "Alpha Medical" in refused and "55" in refused and "it is older" in refused
    assert any(
        "A value was proposed Employees" in row and who.shown_name in row and "as of June" in row for row in found
    )
    assert found.index(refused) < next(i for i, row in enumerate(found) if "as of June" in row), "the latest first"
    assert f"/organisations/{ALPHA}" in tree(answer).xpath("//tbody//a/@href")
    assert "987" not in answer.content.decode(), "for the organisation's own eyes"
    assert sum(log.CLOSED in row for row in found) >= 1


def test_found_by_person_kind_and_organisation(steward: Client, who: Person) -> None:
    assert {"Offi Ce" in row for row in rows(steward, "?person=offi+ce")} == {True}
    assert {"Offi Ce" in row for row in rows(steward, "?person=office@example.org")} == {True}
    assert len(rows(steward, "?kind=edit.refuse")) == 1
    assert any("refused" in row for row in rows(steward, f"?organisation={ALPHA}"))
    assert not any("Alpha" in row for row in rows(steward, f"?organisation={org('beta')}"))
    assert rows(steward, "?person=nobody") == ["Nothing of the kind is in the log."] or not rows(steward, "?person=x")
    rows(steward, "?organisation=no-such-thing-anywhere", status=422)


def test_a_judgement_of_a_pair_names_both_rows(steward: Client, small: Package) -> None:
    pair = pairs(small, ("a", "alpha"), ("b", "beta"), levels={2: 3})[0]
    send(desk(), pair, "same", why="they share a board")
    judged = rows(steward, "?kind=judgement.same")
    assert len(judged) == 1 and "Quarndale" in judged[0] and "they share a board" in judged[0]


def test_only_who_may_read_the_log(small: Package, who: Person) -> None:
    assert desk().get("/desk/log").status_code == 404
    assert window(None).get("/desk/log").status_code == 302
    with pytest.raises(PermissionDeniedError):
        log.rows(Viewer(frozenset({"desk"}), actor="person:desk"))


def test_every_kind_has_words_and_the_two_pages_lead_to_each_other(steward: Client) -> None:
    assert log.KINDS.keys() == WEB_ACTIONS.specs.keys()
    for page, other in (("/desk/log", "/audit"), ("/audit", "/desk/log")):
        assert other in tree(steward.get(page)).xpath("//main//*[@class='lead']//a/@href")


def test_the_audit_is_found_by_the_name_it_prints(steward: Client) -> None:
    found = tree(steward.get("/audit?person=Stew+Ward")).cssselect("tbody tr")
    assert found and all("Stew Ward" in row.text_content() for row in found)
