"""A page that was kept is for visitors alone: in whatever order people ask, each gets what is theirs to see."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.web.directory import memo, remembered
from tests.web.accounts.conftest import at, person, window
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said

__all__ = ["at"]

pytestmark = pytest.mark.one_database
M = {"visibility": "members", "source": "hush-list"}
D = {"visibility": "desk", "source": "hush-desk"}
PAGES = (
    "/", "/directory", "/directory?q=hushwell", "/directory/points.json?q=hushwell", "/directory/suggest?q=hush",
    "/directory/embed?q=hushwell", "/sources", "/package", "/definitions", f"/evidence/{org('alpha')}/capability",
    f"/organisations/{org('alpha')}/alpha-medical-limited", f"/organisations/{org('hushed')}/hushwell-limited",
    f"/directory/names.json?uid={org('hushed')}",
)  # fmt: skip
WHO = ("visitor", "signed in", "member", "desk")
ORDERS = [turn for line in (WHO, WHO[::-1]) for n in range(4) if (turn := (*line[n:], *line[:n]))]
"""Each comes first, each comes last, and each comes right after each of its neighbours."""


@pytest.fixture
def windows(database: None, tmp_path: Path) -> Iterator[dict[str, Client]]:
    """Readers, over a register with a value for members, an organisation for members and one for the desk."""
    rows = said(org("alpha"), {"capability": ["hushwell-casting"]}, **M)
    rows += said(org("hushed"), {"name": "Hushwell Limited", "employees": 3}, **M)
    rows += said(org("desked"), {"name": "Hushwell Desk Limited"}, **D)
    load(making.small(tmp_path, "kept-1", extra=rows, presence={org("hushed"): "members", org("desked"): "desk"}).path)
    with override_settings(LIFECLUSTER_PAGES=tmp_path / "pages"):
        remembered._files.cache_clear()
        yield {"visitor": Client(), "signed in": window(person("third@example.org")),
               "member": window(person("first@example.org", "member")),
               "desk": window(person("second@example.org", "desk"), second_step=True)}  # fmt: skip
    remembered._files.cache_clear()
    remembered.shelf.empty()
    memo.forget()


def told(client: Client, path: str) -> tuple[int, str]:
    """An answer, without what differs from one request to the next."""
    response = client.get(path)
    assert response.status_code in {200, 404}, (path, response.status_code)
    body = response.content.decode()
    return response.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body)


def alone(windows: dict[str, Client]) -> dict[tuple[str, str], tuple[int, str]]:
    """What each gets where nothing is kept."""
    found = {}
    for who, client in windows.items():
        for path in PAGES:
            remembered.shelf.empty()
            remembered._files.cache_clear()
            with override_settings(LIFECLUSTER_PAGES=None):
                found[who, path] = told(client, path)
    remembered._files.cache_clear()
    remembered.shelf.empty()
    return found


def test_in_whatever_order_people_ask(windows: dict[str, Client], tmp_path: Path) -> None:
    wanted = alone(windows)
    for order in ORDERS:
        remembered.shelf.empty()
        for path in PAGES:
            for who in (*order, *order):  # a page goes to a file when it is asked for again
                assert told(windows[who], path) == wanted[who, path], (order, who, path)
    kept = [file for file in (tmp_path / "pages").rglob("*") if file.is_file()]
    assert kept
    for file in kept:
        page = gzip.decompress(file.read_bytes().partition(b"\n")[2]).decode().lower()
        assert "hushwell limited" not in page and "hush-list" not in page, file
    assert "hushwell limited" in wanted["member", "/directory"][1].lower()
    assert "hushwell limited" not in wanted["visitor", "/directory"][1].lower()
    assert "hushwell limited" not in wanted["signed in", "/directory"][1].lower()
    assert wanted["visitor", "/directory"] != wanted["signed in", "/directory"]  # who is signed in sees their account
    assert wanted["visitor", PAGES[-2]][0] == wanted["signed in", PAGES[-2]][0] == 404


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(WHO), st.sampled_from(PAGES)), min_size=3, max_size=12))
def test_any_walk_of_readers(windows: dict[str, Client], steps: list[tuple[str, str]]) -> None:
    for who, path in steps:
        status, body = told(windows[who], path)
        if who in {"visitor", "signed in"}:
            assert "hushwell limited" not in body.lower() and "hushwell-casting" not in body.lower(), (who, path)
            assert "hush-list" not in body, path
        elif status == 200 and path == "/sources":
            assert "hush-list" in body


def test_no_answer_to_somebody_signed_in_may_be_kept_by_others(windows: dict[str, Client]) -> None:
    for who in WHO:
        for path in PAGES:
            response = windows[who].get(path)
            said_ = response.headers.get("Cache-Control", "")
            assert "public" not in said_, (who, path)
            if response.status_code == 200 and who != "visitor":
                assert "Cookie" in response.headers.get("Vary", "") or "private" in said_, (who, path)
