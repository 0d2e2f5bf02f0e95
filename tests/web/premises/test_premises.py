"""Premises: found by what they are and where, with counts that hold; nobody is told what is not for them."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory import adding
from lifecluster.web.directory.models import Organisation, Package, Site, Thing
from lifecluster.web.directory.search import Query, results, search
from lifecluster.web.directory.search.places import Place
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from lifecluster.web.premises.asked import FACETS, PROPERTY, Asked
from lifecluster.web.premises.search import Premises, among, find, made
from tests.web.accounts.conftest import person, window
from tests.web.directory.conftest import NOW, at, small
from tests.web.directory.making import org, uid

__all__ = ["at", "small"]
DESK = Viewer(frozenset({"desk"}), actor="user:desk")
MEMBER = Viewer(frozenset({"member"}))
SUITE = {"title": "Filling suite", "facility_type": "cleanroom", "cleanroom_class": "iso-7", "space_m2": 240,
         "space_available_m2": 120, "available_from": "2027-01-31", "shared": True,
         "held_at": [uid("site", "alpha-1")]}  # fmt: skip
LAB = {"title": "Cell laboratory", "facility_type": "laboratory", "containment_level": "cl-2", "space_m2": 80}


@pytest.fixture
def rooms(small: Package) -> list[str]:
    things = [adding.New("facility", org("alpha"), SUITE), adding.New("facility", org("beta"), LAB),
              adding.New("facility", org("beta"), LAB | {"title": "Hidden room"}, "members"),
              adding.New("facility", org("epsilon"), {"facility_type": "office"})]  # fmt: skip
    entries = adding.add_things(things=things, viewer=DESK, at=NOW, approved=True)
    return [str(entry.subject) for entry in entries]


def titles(asked: Asked, viewer: Viewer = ANYBODY) -> list[str]:
    return [one.thing.title for one in find(asked, viewer).rows]


def page(query: str = "", client: Client | None = None) -> lxml.html.HtmlElement:
    answer = (client or Client()).get(f"/premises/{query}")
    assert answer.status_code == 200, answer.content[:500]
    return lxml.html.fromstring(answer.content)


def test_who_has_an_iso_7_cleanroom_with_100_square_metres_free_near_here(rooms: list[str]) -> None:
    found = find(Asked(cleanroom=("iso-7",), free=100, near="Leicester", within=10), ANYBODY)
    assert [one.thing.title for one in found.rows] == ["Filling suite"]
    assert found.rows[0].km == pytest.approx(0, abs=1)
    assert find(Asked(cleanroom=("iso-7",), free=121), ANYBODY).rows == []
    assert find(Asked(cleanroom=("iso-7",), near="Nottingham", within=10), ANYBODY).rows == []


def test_one_asks_about_a_room_from_the_list_and_from_its_page(rooms: list[str]) -> None:
    (link,) = [a for a in page("?q=filling").cssselect("tbody a") if a.text_content() == "Ask about this"]
    own = lxml.html.fromstring(Client().get(f"/things/{rooms[0]}", follow=True).content)
    assert link.get("href") in {a.get("href") for a in own.cssselect("main a, .pagehead a")}
    assert "LE1 1AA" in own.cssselect(".lead")[0].text_content()
    assert next(a.get("href") for a in own.cssselect("[aria-label=Breadcrumb] a, .crumbs a")) == "/premises/"
    form = lxml.html.fromstring(Client().get(link.get("href")).content)
    assert "Filling suite" in form.cssselect("#id_text")[0].text_content()
    assert form.cssselect("[name=looking_for][checked]")[0].get("value") == "cleanroom"
    hidden = lxml.html.fromstring(Client().get(f"/enquiries?about={rooms[2]}").content)
    assert form.cssselect("#id_text")[0].text_content() != hidden.cssselect("#id_text")[0].text_content()
    assert "Hidden" not in hidden.text_content()


def test_a_number_with_its_unit_is_a_number(rooms: list[str]) -> None:
    for text in ("100 m²", "100m2", "100 sqm", "100"):
        tree = page("?" + urlencode({"free": text}))
        assert "1 facility with at least 100 m² free" in tree.text_content()
    wrong = page("?" + urlencode({"free": "a lot", "within": "10 km"}))
    assert "“a lot” is no number" in wrong.text_content()
    assert wrong.cssselect("#free")[0].get("value") == "a lot", "what was typed is there to be mended"
    assert wrong.cssselect("#within option[selected]")[0].get("value") == "10"


def test_unknown_is_not_no(rooms: list[str]) -> None:
    found = find(Asked(free=10), ANYBODY)
    assert ([one.thing.title for one in found.rows], found.silent) == (["Filling suite"], 2)
    near = find(Asked(near="Leicester"), ANYBODY)
    assert near.nowhere == 1, "an office that nobody knows the place of"
    tree = page("?free=10")
    assert "2 more fit but do not say how much is free" in tree.text_content()


def test_words_are_of_the_facility_its_holder_and_its_place(rooms: list[str]) -> None:
    for q, wanted in (("filling", ["Filling suite"]), ("clean", ["Filling suite"]), ("iso 7", ["Filling suite"]),
                      ("leicester", ["Filling suite"]), ("alpha", ["Filling suite"]), ("illing", []),
                      ("containment 2", ["Cell laboratory"])):  # fmt: skip
        assert titles(Asked(q=q)) == wanted, q


def test_each_reader_gets_what_is_for_them(rooms: list[str]) -> None:
    assert "Hidden room" not in titles(Asked())
    assert "Hidden room" in titles(Asked(), MEMBER)
    assert find(Asked(), ANYBODY).counts["type"]["laboratory"] == 1
    assert find(Asked(), MEMBER).counts["type"]["laboratory"] == 2
    assert "Hidden" not in Client().get("/premises/").content.decode()
    assert "Hidden" in window(person("a@example.org", "member")).get("/premises/").content.decode()


def test_the_directory_finds_them_like_capabilities(rooms: list[str]) -> None:
    assert results(Query(facility=("cleanroom",)), None).uids() == [org("alpha")]
    assert search("filling suite", None)[0].uid == org("alpha")
    tree = lxml.html.fromstring(Client().get("/directory?facility=laboratory", follow=True).content)
    assert "Diagnostics" in tree.text_content()
    assert "Laboratory" in tree.text_content()


def test_the_page_has_list_map_filters_and_evidence(rooms: list[str]) -> None:
    tree = page()
    assert len(tree.cssselect("table tbody tr")) == 3
    assert tree.cssselect("svg.map")
    assert [h.text for h in tree.cssselect(".premises-filters h2")] == [
        "Type",
        "Cleanroom class",
        "Containment level",
        "Shared",
    ]
    marks = tree.cssselect(f"a[href*='/evidence/{rooms[0]}/']")
    assert {a.get("href").rsplit("/")[-1] for a in marks} == {
        "facility_type", "cleanroom_class", "space_m2", "space_available_m2", "available_from"}  # fmt: skip
    assert "no place" in tree.text_content()
    assert len(tree.cssselect("a[href*='/enquiries?about=']")) == 3
    panel = lxml.html.fromstring(Client().get(f"/organisations/{org('alpha')}", follow=True).content)
    assert "Filling suite" in panel.cssselect("#premises")[0].text_content()
    thing = lxml.html.fromstring(Client().get(f"/things/{rooms[0]}").content)
    assert "ISO 7" in thing.text_content()
    assert Client().get(marks[0].get("href")).status_code == 200


def test_every_filter_leads_to_what_it_counts(rooms: list[str]) -> None:
    for link in page("?q=").cssselect(".premises-filters a"):
        count = int(link.cssselect("b")[0].text)
        assert len(page(f"/premises/{link.get('href')}".removeprefix("/premises/")).cssselect("tbody tr")) == count


@pytest.mark.parametrize(
    ("query", "words"),
    [("?free=many", "no number of square metres"), ("?within=-1", "no number of kilometres"),
     ("?near=Atlantis", "no place that is known"), ("?page=999", "Nothing fits"), ("?q=zzz", "Nothing fits"),
     ("?type=%3Cscript%3E", "Nothing fits"), ("?free=nan&page=x", "no number of a page")],
)  # fmt: skip
def test_what_is_not_understood_is_said(rooms: list[str], query: str, words: str) -> None:
    tree = page(query)
    assert words in tree.text_content()
    assert b"<script>" not in lxml.html.tostring(tree).split(b"<main")[1]


def test_what_was_said_long_ago_is_marked(rooms: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", date(2027, 9, 1))
    assert "Stale since" in page().text_content()


def test_without_premises_the_page_says_what_to_do(small: Package) -> None:
    assert "Nobody has entered premises yet" in page().text_content()


@given(st.dictionaries(st.sampled_from(["q", "near", "free", "within", "page", *FACETS]), st.text(max_size=12)))
def test_any_question_has_one_address(params: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(params)
    asked = Asked.parse(query)
    again = Asked.parse(QueryDict(asked.encode()))
    assert again.encode() == asked.encode()


def facility(values: dict[str, Any], number: int) -> Premises:
    spot = values.pop("spot", None)
    holder = Organisation(uid=f"O{number}", name=f"Firm {number}", slug="x")
    site = Site(uid=f"S{number}", easting=spot[0], northing=spot[1]) if spot else None
    return made(Thing(uid=f"R{number:03}", title=values.pop("title"), kind="facility", data=values), holder, site)


SOME = st.fixed_dictionaries(
    {"title": st.sampled_from(["Alpha room", "Beta room", "Gamma hall"])},
    optional={"facility_type": st.sampled_from(["laboratory", "cleanroom"]), "shared": st.booleans(),
              "cleanroom_class": st.sampled_from(["iso-7", "iso-8"]), "space_available_m2": st.sampled_from([0, 50, 100]),
              "spot": st.tuples(st.integers(0, 40_000), st.integers(0, 40_000))},
)  # fmt: skip
ASKED = st.builds(
    Asked, q=st.sampled_from(["", "room", "alpha"]), free=st.sampled_from([0, 50, 100]),
    type=st.sampled_from([(), ("laboratory",), ("laboratory", "cleanroom")]), cleanroom=st.sampled_from([(), ("iso-7",)]),
    shared=st.sampled_from([(), ("yes",), ("no",)]), within=st.sampled_from([5, 25]),
)  # fmt: skip


@given(rows=st.lists(SOME, max_size=12), asked=ASKED, near=st.booleans())
def test_what_is_found_and_counted_against_a_slow_twin(rows: list[dict[str, Any]], asked: Asked, near: bool) -> None:
    every = [facility(dict(values), number) for number, values in enumerate(rows)]
    place = Place("here", 20_000, 20_000, "town") if near else None
    found = among(every, asked, place)

    def fits(one: Premises, apart: str = "", *, free: bool = True) -> bool:
        if asked.q and asked.q not in one.words.split():
            return False
        if place is not None:
            if one.site is None:
                return False
            east, north = one.site.easting or 0, one.site.northing or 0
            if ((east - 20_000) ** 2 + (north - 20_000) ** 2) ** 0.5 > asked.within * 1000:
                return False
        if free and asked.free and one.data.get("space_available_m2", -1) < asked.free:
            return False
        for facet in FACETS:
            wanted, have = getattr(asked, facet), one.data.get(PROPERTY[facet])
            have = {True: "yes", False: "no"}.get(have, have) if isinstance(have, bool) else have
            if facet != apart and wanted and have not in wanted:
                return False
        return True

    assert {one.thing.uid for one in found.rows} == {one.thing.uid for one in every if fits(one)}
    distances = [one.km for one in found.rows]
    assert place is None or distances == sorted(distances, key=lambda km: km or 0)
    for facet in FACETS:
        slow: dict[str, int] = {}
        for one in every:
            value = one.value(facet)
            if value is not None and fits(one, facet):
                slow[value] = slow.get(value, 0) + 1
        assert found.counts[facet] == slow
    unsaid = [one for one in every if fits(one, free=False) and "space_available_m2" not in one.data]
    assert found.silent == (len(unsaid) if asked.free else 0)
