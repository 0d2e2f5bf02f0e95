"""Every way in knows of a merge at once: addresses, API, exports, feeds, reconciliation; and what people may do follows."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from lifecluster.web.accounts import actions as people
from lifecluster.web.accounts.rights import viewer
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.merges import actions
from tests.web.accounts.conftest import AT, person
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org, uid
from tests.web.merges.conftest import DESK


@pytest.fixture
def merged(small: Package) -> str:
    return actions.merge(one=org("gamma"), other=org("alpha"), viewer=DESK, at=NOW, why="one")


def test_old_addresses_lead_on(merged: str, web: Client) -> None:
    answer = web.get(f"/organisations/{org('gamma')}", follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"/organisations/{org('alpha')}/")
    assert "until the next build" in answer.content.decode()
    assert "Merge with" not in answer.content.decode()
    found = json.loads(web.get(f"/api/v1/ids/{org('gamma')}").content)
    assert (found["status"], found["id"]) == ("redirected", org("alpha"))
    assert web.get(f"/id/{org('gamma')}").status_code in {301, 302, 303, 307, 308}
    holder = json.loads(web.get(f"/api/v1/sites?organisation={org('alpha')}").content)
    assert uid("site", "gamma-1") in json.dumps(holder)


def test_lists_have_one(merged: str, web: Client) -> None:
    table = web.get("/export/csv").getvalue().decode()  # type: ignore[attr-defined]  # a stream has it
    assert org("gamma") not in table
    assert table.count(org("alpha")) >= 1
    sent = {"queries": json.dumps({"q": {"query": org("gamma")}})}
    found = json.loads(web.post("/reconcile", sent).content)
    assert [one["id"] for one in found["q"]["result"]] == [org("alpha")]
    assert "was merged into another" in web.get("/feeds/changes.atom").content.decode()
    assert org("gamma") not in web.get("/sitemap-1.xml").content.decode()


def test_who_belonged_to_one_belongs_to_the_other(merged: str) -> None:
    who = person("member@example.org")
    people.join(person=who, organisation=org("gamma"), viewer=OPERATOR, at=AT, why="works there", administrator=True)
    seen = viewer(who, AT, second_step=False)
    assert seen.organisations == {org("gamma"), org("alpha")}
    assert seen.may("organisation.edit", org("alpha"))
    actions.undo(act=merged, viewer=DESK, at=NOW, why="a slip")
    assert viewer(who, AT, second_step=False).organisations == {org("gamma")}
