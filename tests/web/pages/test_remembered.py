"""Pages that are remembered: the same for all visitors, made anew when anything changes, never for others."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory import actions, memo
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.remembered import Kept, Shelf
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org

pytestmark = pytest.mark.one_database

PAGE = f"/organisations/{org('alpha')}/alpha-medical-limited"


def queries(web: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert web.get(path, headers=headers).status_code in {200, 304}
    return len(asked)


@pytest.mark.parametrize("path", ["/directory?licence=ISO+13485", PAGE, "/sources", f"/evidence/{org('alpha')}/name"])
def test_the_second_time_asks_only_what_is_shown(path: str, small: Package, web: Client) -> None:
    first = web.get(path)
    assert queries(web, path) == 1
    assert web.get(path).content == first.content


def test_who_has_the_page_gets_304(small: Package, web: Client) -> None:
    first = web.get(PAGE)
    again = web.get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_the_tags_of_a_reader_are_compared_as_the_standard_says(small: Package, web: Client) -> None:
    tag = web.get(PAGE)["ETag"]
    strong = tag.removeprefix("W/")
    for held in ("*", " * ", strong, f'"x", {tag}', f'W/"a,b" , {strong}'):
        again = web.get(PAGE, headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b""), held
        assert (again["ETag"], again["Cache-Control"]) == (tag, "private, no-cache")
        assert "Accept-Encoding" in again["Vary"]
    for other in ("", strong.strip('"'), f'"x{strong[1:]}', f'{strong[:-1]}x"', '"*"', f"W/{tag}"):
        assert web.get(PAGE, headers={"If-None-Match": other}).status_code == 200, other


@pytest.mark.parametrize("path", [PAGE, "/directory?q=alpha", "/no/such/page"])
def test_who_refuses_gzip_gets_none(small: Package, web: Client, path: str) -> None:
    for _ in range(2):  # made, and remembered
        for header in ("gzip;q=0", "gzip; q=0.000, br", "identity", "*;q=0", ""):
            answer = web.get(path, headers={"Accept-Encoding": header})
            assert "Content-Encoding" not in answer, header
            assert b"<html" in answer.content
        assert web.get(path, headers={"Accept-Encoding": "br, gzip;q=0.5"})["Content-Encoding"] == "gzip"


def test_bodies_are_compressed_for_those_who_read_that(small: Package, web: Client) -> None:
    plain = web.get(PAGE).content
    packed = web.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain
    assert "Accept-Encoding" in packed["Vary"]


def test_an_edit_the_next_day_and_another_theme_are_other_pages(
    small: Package, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = web.get(PAGE).content
    web.cookies["theme"] = "dark"
    dark = web.get(PAGE).content
    assert b'data-theme="dark"' in dark
    assert dark != first
    del web.cookies["theme"]
    entry = actions.propose_edit(subject=org("alpha"), property="employees", value=78, viewer=OPERATOR, at=NOW)
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=NOW)
    assert b"78" in web.get(PAGE).content
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", date(2028, 12, 1))
    assert b"No: ran out" in web.get(PAGE).content


def test_a_part_is_not_the_page(small: Package, web: Client) -> None:
    whole = web.get("/directory").content
    part = web.get("/directory", headers={"HX-Request-Type": "partial"}).content
    assert b"<html" in whole
    assert b"<html" not in part


def test_with_a_message_waiting_nothing_is_remembered(small: Package, web: Client) -> None:
    web.get(PAGE)
    web.cookies["messages"] = "waiting"
    assert queries(web, PAGE) > 1
    assert "ETag" not in web.get(PAGE)


def test_redirects_and_missing_pages_are_not_kept(small: Package, web: Client) -> None:
    for _ in range(2):
        assert web.get(f"/organisations/{org('alpha')}/x").status_code == 301
        assert web.get("/statements/none").status_code == 404


def kept(size: int, state: int = 1) -> Kept:
    return Kept((state,), b"x" * size, "text/html", "t")


def test_the_shelf_holds_so_much_and_lets_the_oldest_go() -> None:
    shelf = Shelf(most=100)
    for key in range(4):
        shelf.put((key,), kept(30))
        shelf.get((0,), (1,))  # the first is asked for again and again
    assert shelf.get((0,), (1,)) is not None
    assert shelf.get((1,), (1,)) is None
    assert shelf.get((3,), (1,)) is not None
    assert shelf.get((3,), (2,)) is None
    shelf.put((9,), kept(500))
    assert shelf.get((9,), (1,)) is None
    shelf.put((0,), kept(10))
    shelf.put((0,), kept(20))
    assert shelf._bytes == 20
    shelf.empty()
    assert shelf._bytes == 0


def test_what_is_the_same_for_a_package_is_made_once(small: Package) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [memo.kept("test", small, make), memo.kept("test", small, make)] == [1, 1]
    small.revision += 1
    assert memo.kept("test", small, make) == 2
    assert memo.kept("test", small, make, key="other") == 3
    for i in range(memo.MOST + 2):
        memo.kept("test", small, make, key=i)
    assert len(memo._kept) <= memo.MOST
