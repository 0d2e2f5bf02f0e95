"""Pages over a small register, and what is asked of every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory import memo, remembered
from lifecluster.web.directory.models import Package
from tests.web.directory import making
from tests.web.directory.conftest import at, load, small
from tests.web.directory.making import org, said, uid

__all__ = ["at", "small"]
Look = Callable[..., lxml.html.HtmlElement]
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Nothing is remembered from one test to the next."""
    yield
    remembered.shelf.empty()
    memo.forget()


@pytest.fixture
def look(web: Client) -> Look:
    """Open a page: `look("/directory", status=200)`; the queries it needs are counted, and its markup is looked over."""

    def opened(path: str, *, status: int = 200, **headers: str) -> lxml.html.HtmlElement:
        web.get(path, headers=headers)  # indexes that each process keeps are read with the first page
        remembered.shelf.empty()
        with CaptureQueriesContext(connection) as asked:
            response = web.get(path, headers=headers)
        assert response.status_code == status, response.content[:500]
        assert len(asked) <= MOST_QUERIES, [query["sql"][:80] for query in asked]
        page = lxml.html.document_fromstring(response.content.decode())
        assert_harmless(page)
        return page

    return opened


def assert_harmless(page: lxml.html.HtmlElement) -> None:
    """No script of its own, no handler, no style attribute, no address that runs something; ids once each."""
    for script in page.iter("script"):
        assert script.get("src", "").startswith("/static/") or script.get("type") == "application/ld+json"
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), (element.tag, name)
            assert name != "style", element.tag
            if name in {"href", "src", "action"}:
                assert not value.strip().lower().startswith(("javascript:", "data:", "vbscript:")), value
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})


def words(element: Any) -> str:
    """The text of a page or a part of it, with single spaces."""
    return " ".join(element.text_content().split())


def rich_rows() -> list[dict[str, Any]]:
    """One of everything an organisation can have, for alpha."""
    held = {"holder": org("alpha")}
    rows = said(uid("contract", "k1"), {**held, "buyer": org("gamma"), "title": "Inhaler supply", "amount": 12_500_000,
                                        "starts_on": "2024-01-01", "ends_on": "2026-12-31"})  # fmt: skip
    rows += said(uid("trial", "t1"), {**held, "reference": "2015-1", "phase": "2", "state": "ended"})
    rows += said(uid("product", "p1"), {**held, "name": "Breathwell", "description": "An inhaler.", "state": "on-market",
                                        "classification": ["class-iia"]})  # fmt: skip
    rows += said(uid("vacancy", "v1"), {**held, "title": "Toolmaker", "state": "open", "ends_on": "2027-01-31",
                                        "held_at": uid("site", "alpha-1")})  # fmt: skip
    rows += said(uid("vacancy", "v2"), {**held, "title": "Chemist", "state": "filled"})
    rows += said(uid("need", "n1"), {**held, "title": "Needs resin", "topic": ["polymers"], "state": "open"})
    rows += said(uid("offer", "o1"), {**held, "title": "Offers moulding", "state": "met"})
    rows += said(uid("collaboration", "c1"), {**held, "partner": [org("beta"), "exchange/organisation:X9"],
                                              "title": "Joint work", "starts_on": "2020-05-01"})  # fmt: skip
    rows += said(uid("group", "g1"), {"name": "Alpha Group"})
    rows += said(org("alpha"), {"parent": uid("group", "g1"), "website": "https://alpha.example"})
    return rows


@pytest.fixture
def rich(database: None, tmp_path: Path) -> Package:
    """The small register with one of everything."""
    return load(making.small(tmp_path, "rich-1", extra=rich_rows()).path)
