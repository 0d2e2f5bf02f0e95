"""What asks for something that there is not is told so: in words on pages, by a refusal where machines read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search.query import NAMES
from tests.web.directory.conftest import at, small
from tests.web.directory.making import LEICESTER, org

pytestmark = pytest.mark.one_database

__all__ = ["at", "small"]
Ask = Callable[[str], tuple[int, str]]
EXPORTS = ["/export/csv", "/export/csv?rows=statements", "/export/xlsx", "/export/geojson", "/export/jsonld"]
FEEDS = {"/feeds/search.atom": NAMES, "/feeds/dates.ics": (*NAMES, "kind"), "/feeds/changes.atom": (),
         f"/feeds/organisations/{org('alpha')}.atom": ()}  # fmt: skip
API = {"organisations": ("q", "licence", "cursor"), "facets": ("q",), "sites": ("postcode",), "things": ("kind",),
       "groups": ("limit",), "segments": ("state",), "statements": ("subject",), "changes": ("since",),
       "search?q=x": ("limit",), "suggest?q=x": ("limit",), "package": (), "sources": (), "definitions": (),
       f"organisations/{org('alpha')}": (), f"ids/{org('alpha')}": (), "claims": (), "": ()}  # fmt: skip
OEMBED = ("url", "maxwidth", "maxheight", "format")
RECONCILE = ("queries", "extend", "callback")
EVERYWHERE = {
    **dict.fromkeys(EXPORTS, (*NAMES, "rows")), **FEEDS, "/reconcile": RECONCILE,
    f"/oembed?url=http%3A%2F%2Ftestserver%2Forganisations%2F{org('alpha')}": OEMBED,
    **{f"/api/v1/{path}": known for path, known in API.items()},
}  # fmt: skip
NONSENSE = {
    "licence": "nonsense", "capability": "nonsense", "place": "E99999999", "size": "huge", "type": "x", "ownership": "x",
    "mission": "x", "member": "x", "activity": "x", "segment": "x", "definition": "nonsense", "sort": "colour",
}  # fmt: skip
KNOWN = {"licence": "ISO 13485", "capability": "injection-moulding", "place": LEICESTER, "size": "250+",
         "segment": "medtech", "counted": "no", "definition": "ols-segments"}  # fmt: skip


@pytest.fixture
def ask(small: Package) -> Ask:
    """Status and body of an answer."""

    def answer(path: str) -> tuple[int, str]:
        response: Any = Client().get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, body.decode("utf-8", "replace")

    return answer


@pytest.mark.parametrize("path", EVERYWHERE)
def test_an_unknown_parameter_is_refused_by_name(ask: Ask, path: str) -> None:
    and_ = "&" if "?" in path else "?"
    assert ask(path)[0] == 200
    status, body = ask(f"{path}{and_}licnce=MIA")
    assert status == 400
    said = json.loads(body)["detail"]
    assert "“licnce”" in said
    for name in EVERYWHERE[path]:
        assert name in said.split(";")[1], name
    assert EVERYWHERE[path] or "takes none" in said


def test_what_the_parts_of_an_address_of_the_directory_mean_nothing_for_is_let_pass(ask: Ask) -> None:
    """The part after the question mark works unchanged; some systems add a word of their own."""
    for path in ("/export/csv?page=2&per_page=20", "/api/v1/organisations?page=2&per_page=20&q=alpha",
                 "/reconcile?callback=f&_=123", "/feeds/search.atom?page=2",
                 f"/oembed?url=http%3A%2F%2Ftestserver%2Fid%2F{org('alpha')}&dnt=1"):  # fmt: skip
        assert ask(path)[0] in {200, 404}, path  # oEmbed does not frame the address that stands for a thing
        assert "no parameter" not in ask(path)[1]


@pytest.mark.parametrize("name", NONSENSE)
def test_an_unknown_value_is_refused_where_machines_read(ask: Ask, name: str) -> None:
    query = urlencode({name: NONSENSE[name]})
    for path in ("/export/csv", "/export/geojson", "/api/v1/organisations", "/api/v1/facets"):
        status, body = ask(f"{path}?{query}")
        assert status in ({400, 422} if name == "sort" else {400}), (path, status)
        assert name == "sort" or NONSENSE[name] in json.loads(body)["detail"], path
    assert ask("/export/csv?near=Nowhereton")[0] == 400
    assert ask("/feeds/dates.ics?kind=nonsense")[0] == 400


@pytest.mark.parametrize("name", NONSENSE)
def test_an_unknown_value_is_told_on_the_page(ask: Ask, name: str) -> None:
    status, body = ask(f"/directory?{urlencode({name: NONSENSE[name]})}&utm_source=letter")
    assert status == 200
    assert f"“{NONSENSE[name]}”" in body
    if name == "licence":
        assert "There is no licence “nonsense”; known are ISO 13485, UKCA." in body


@pytest.mark.parametrize("name", KNOWN)
def test_a_value_that_makes_sense_is_answered(ask: Ask, name: str) -> None:
    """Also one that nobody has: a size band, a segment, an area of the country."""
    query = urlencode({name: KNOWN[name]})
    assert "There is no" not in ask(f"/directory?{query}")[1]
    for path in ("/export/csv", "/api/v1/organisations", "/api/v1/facets"):
        assert ask(f"{path}?{query}")[0] == 200, path


def test_tracking_parameters_are_harmless_on_pages(ask: Ask) -> None:
    for path in ("/", "/directory", "/sources", f"/organisations/{org('alpha')}/alpha-medical-limited"):
        assert ask(f"{path}?utm_source=letter&utm_medium=mail")[0] == 200, path


def test_a_closed_value_is_unknown_to_everybody(database: None, tmp_path: Any) -> None:
    """A value that only a closed row has is in no list of known ones."""
    from tests.web.directory import making
    from tests.web.directory.conftest import load

    secret = making.said(org("beta"), {"capability": ["hush-casting"]}, visibility="members", source="bench-member")
    load(making.small(tmp_path, extra=secret).path)
    body = Client().get("/export/csv?capability=hush-casting").content.decode()
    assert json.loads(body)["detail"].endswith("known are clean-room-iso-7, injection-moulding.")
    assert Client().get("/export/csv?capability=nonsense").content.decode().replace("nonsense", "hush-casting") == body
