"""Pages of merges and splits: begin, preview, done, undo, history; errors beside what was typed; nobody else sees them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.merges import duplicates
from tests.web.accounts.conftest import person, window
from tests.web.directory.making import org
from tests.web.merges.conftest import DESK, rec


@pytest.fixture
def desk(small: Package) -> Client:
    return window(person("desk@example.org", "desk"), second_step=True)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def expect(page: str) -> str:
    found = re.search(r'name="expect" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


OPAQUE = r"person:[0-9a-f]{6}"


def test_from_a_name_to_a_merge_and_back(desk: Client) -> None:
    page = text(desk, "/desk/merges/?one=epsilon")
    assert f"one={org('epsilon')}" in page
    page = text(desk, f"/desk/merges/?one={org('epsilon')}&other=alpha")
    path = f"/desk/merges/merge?one={org('epsilon')}&other={org('alpha')}"
    assert path.replace("&", "&amp;") in page
    page = text(desk, path)
    assert "4 organisations instead of 5" in page
    assert f"{org('epsilon')} will lead to {org('alpha')}." in page
    digest = expect(page)
    refused = desk.post(path, {"why": "", "expect": digest})
    assert refused.status_code == 422
    done = desk.post(path, {"why": "one firm, two names", "expect": digest})
    assert done.status_code == 302, done.content.decode()
    page = text(desk, done.headers["Location"])
    assert "one firm, two names" in page and not re.search(OPAQUE, page)
    told = text(desk, "/desk/merges/history")
    assert f"({org('alpha')})" in told and f"({org('epsilon')})" in told, "both are called alike today"
    assert not re.search(OPAQUE, told) and f"{done.headers['Location']}/undo" in told
    assert (
        desk.get(f"/organisations/{org('epsilon')}", follow=True)
        .redirect_chain[-1][0]
        .startswith(f"/organisations/{org('alpha')}/")
    )
    back = re.search(r'href="(/desk/merges/acts/[^"]+/undo)"', page)
    assert back
    page = text(desk, back[1])
    assert f"{org('epsilon')} is new" in page or f"{org('epsilon')} stays" in page
    assert desk.post(back[1], {"why": "a slip", "expect": expect(page)}).status_code == 302
    assert reads.resolve(org("epsilon"), None).uid == org("epsilon")
    assert "Merged, and taken back" in text(desk, done.headers["Location"])
    page = text(desk, "/desk/merges/history")
    assert "Taken back on" in page and "/undo" not in page
    assert "a slip" in page


def test_from_a_page_to_a_split(desk: Client) -> None:
    page = text(desk, desk.get(f"/organisations/{org('alpha')}").headers["Location"])
    path = f"/desk/merges/split/{org('alpha')}"
    assert path in page
    page = text(desk, path)
    assert rec("alpha", "bench-list") in page
    assert "Alpha Medical" in page
    assert "Nothing is ticked" in text(desk, f"{path}?choose=1")
    preview = f"{path}?record={rec('alpha', 'bench-list')}&choose=1"
    page = text(desk, preview)
    assert "6 organisations instead of 5" in page
    assert desk.post(preview, {"why": "two firms", "expect": expect(page)}).status_code == 302
    assert Organisation.objects.filter(name="Alpha Medical").exists()


def test_what_cannot_be_says_why(desk: Client) -> None:
    page = text(desk, f"/desk/merges/merge?one={org('alpha')}&other={org('beta')}", 409)
    assert "two live companies" in page
    stale = desk.post(f"/desk/merges/merge?one={org('alpha')}&other={org('gamma')}", {"why": "x", "expect": "0" * 32})
    assert stale.status_code == 422
    assert "no longer what would happen" in stale.content.decode()
    assert 'value="x"' in stale.content.decode(), "what was typed stays"
    assert desk.get("/desk/merges/acts/none").status_code == 404


def test_nobody_else_sees_the_panel(small: Package, web: Client) -> None:
    page = web.get(web.get(f"/organisations/{org('alpha')}").headers["Location"]).content.decode()
    assert "Merge with" not in page
    assert web.get("/desk/merges/").status_code == 302


def test_a_warning_while_typing(desk: Client) -> None:
    found = duplicates.likely("Alpha Medical Ltd", "", DESK)
    assert found[0].uid == org("alpha")
    assert duplicates.likely("Zzzz Nothing Like It", "", DESK) == []
    assert "Alpha" in text(desk, "/desk/merges/alike?name=Alpha+Medical&postcode=LE1+1AA")
    assert text(desk, "/desk/merges/alike?name=").strip() == ""
