"""The directory by its address: what is found, said, drawn, followed and embedded."""

from __future__ import annotations

import json
from html import escape
from itertools import accumulate
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as Tree

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory import takeaways
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import FACETS, Query, results
from lifecluster.web.directory.show import ground, listing
from lifecluster.web.directory.show.sentence import verb as verb_of
from tests.web.directory import making
from tests.web.directory.making import org, uid
from tests.web.pages.conftest import Look, words

ATOM = "{http://www.w3.org/2005/Atom}"


def names(page: object) -> list[str]:
    return [words(link) for link in page.cssselect("table.hits th a")]  # type: ignore[attr-defined]  # an lxml element


def test_the_list_without_a_question(small: Package, look: Look) -> None:
    page = look("/directory")
    assert "4 organisations in the register." in words(page)
    assert set(names(page)) == {
        "Alpha Medical Limited", "Bêta Diagnostics Ltd", "Epsilon Therapeutics", "Gamma University",
    }  # fmt: skip


def test_words_place_and_licence(small: Package, look: Look) -> None:
    page = look("/directory?q=inhaler&near=NG1+1AA&within=10&licence=ISO+13485")
    assert names(page) == ["Alpha Medical Limited"]
    text = words(page.cssselect(".hits-part")[0])
    assert "matches “inhaler” within 10 km of NG1 1AA" in text
    assert "Nottingham" in text  # its nearest site, though its main one is in Leicester
    assert "0.0 km" in text


def test_every_choice_can_be_taken_back(small: Package, look: Look) -> None:
    page = look("/directory?q=alpha&near=Nottingham&licence=ISO+13485&ended=1")
    chips = {words(chip): chip.get("href") for chip in page.cssselect(".chips a")}
    assert {chip.split()[1] for chip in chips if chip.startswith("Remove")} == {"Words", "Near", "Licence", "Also"}
    for text, address in chips.items():
        left = parse_qs(urlsplit(address).query)
        assert len(left) == (0 if text == "Clear all" else 3), text


def test_a_facet_leads_to_as_many_as_it_says(small: Package, look: Look) -> None:
    page = look("/directory")
    links = page.cssselect(".facets li a")
    assert len(links) > 5
    for link in links:
        count = int(link.cssselect(".f-n")[0].text_content())
        found = look("/directory" + link.get("href"))
        assert f"{count} organisation" in words(found.cssselect(".hits-sentence")[0])
        assert found.cssselect(".facets a[aria-current]")


def test_facets_stand_in_the_canonical_address(small: Package) -> None:
    query = Query(q="a b", licence=("UKCA",), place=(making.NOTTINGHAM,), near="NG1 1AA", within=300.0, ended=True)
    page = results(query, None)
    compared = 0
    for facet in page.facets:
        address = listing._toggle(query, facet.name, query.with_().pieces())
        for value in facet.values:
            assert address(value.value) == escape(value.url)
            compared += 1
    assert compared > 0


FACET_VALUES = st.dictionaries(
    st.sampled_from(FACETS), st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
)


@given(FACET_VALUES, st.sampled_from(FACETS), st.text(min_size=1, max_size=8), st.text(max_size=10))
def test_a_toggled_address_is_the_address_of_the_toggled_query(
    chosen: dict[str, tuple[str, ...]], facet: str, value: str, text: str
) -> None:
    query = Query(q=text, **chosen)  # type: ignore[arg-type]  # names of facets are fields
    assert listing._toggle(query, facet, query.with_().pieces())(value) == escape(query.toggled(facet, value).encode())


def test_the_address_is_canonical_whatever_was_typed(small: Package, look: Look) -> None:
    page = look("/directory?near=&q=%20alpha%20&within=25&definition=&page=1&sort=")
    (canonical,) = page.cssselect("link[rel=canonical]")
    assert canonical.get("href") == "http://testserver/directory?q=alpha"


def test_what_was_not_understood_is_said(small: Package, look: Look) -> None:
    page = look("/directory?near=Nowhereville&sort=luck&within=far&definition=nothing")
    text = words(page)
    for said_ in ("Nowhereville", "luck", "far", "no definition “nothing”"):
        assert said_ in text


def test_a_slip_of_the_hand_is_mended_and_said(small: Package, look: Look) -> None:
    page = look("/directory?q=diagnostcs")
    assert names(page) == ["Bêta Diagnostics Ltd"]
    assert "this is for “diagnostics”" in words(page)


def test_nothing_found_says_what_to_do_next(small: Package, look: Look) -> None:
    page = look("/directory?q=zzzzzz&near=Nottingham")
    text = words(page.cssselect(".empty")[0])
    assert "Within 50 km instead" in text
    assert "Start again" in text
    assert page.cssselect(".empty a[href*='within=50']")


def test_those_that_have_closed_are_left_out_until_asked_for(small: Package, look: Look) -> None:
    assert "Delta Surgical Limited" not in names(look("/directory"))
    page = look("/directory?ended=1")
    assert "Delta Surgical Limited" in names(page)
    assert "Closed 1 Mar 2024" in words(page)


def test_under_a_definition_the_sentence_counts(small: Package, look: Look) -> None:
    text = words(look("/directory?definition=ols-segments").cssselect(".hits-sentence")[0])
    assert text.startswith("2 organisations count under")
    left = words(look("/directory?definition=ols-segments&counted=unknown").cssselect(".hits-sentence")[0])
    assert left.startswith("1 organisation is left open under")


@pytest.mark.parametrize(
    ("counted", "total", "verb"),
    [
        ((), 2, "count"), ((), 1, "counts"), (("likely",), 2, "count"), (("yes",), 1, "certainly counts"),
        (("no",), 1, "certainly does not count"), (("no",), 2, "certainly do not count"),
        (("likely", "unknown"), 3, "are left open"), (("unlikely",), 1, "is left open"), (("yes", "no"), 2, "stand"),
    ],
)  # fmt: skip
def test_verbs_of_the_sentence(counted: tuple[str, ...], total: int, verb: str) -> None:
    assert verb_of(set(counted), total) == verb


def test_for_htmx_only_the_part_that_changes(small: Package, web: Client) -> None:
    part = web.get("/directory?q=alpha", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    text = part.content.decode()
    assert text.startswith('<div class="directory" id="results">')
    assert "<html" not in text
    assert 'hx-swap-oob="true"' in text
    assert "HX-Request-Type" in part["Vary"]
    assert "<html" in web.get("/directory?q=alpha", headers={"HX-Request": "true"}).content.decode()


def test_searching_keeps_what_was_chosen(small: Package, look: Look) -> None:
    page = look("/directory?licence=ISO+13485&ended=1&sort=size&q=alpha")
    kept = {(i.get("name"), i.get("value")) for i in page.cssselect("#kept input")}
    assert kept == {("licence", "ISO 13485"), ("ended", "1"), ("sort", "size")}


def points(web: Client, address: str) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of each organisation, as the script of the map reads the short form."""
    data = json.loads(web.get(address).content)
    bodies = [data["uids"][i : i + 12] for i in range(0, len(data["uids"]), 12)]
    uids = [data["kind"] + "-".join((body[:4], body[4:8], body[8:])) for body in bodies]
    norths = list(accumulate(data["at"][1::2]))
    assert len(set(uids)) == len(uids) == len(norths)
    return {
        uid: (x / data["per_degree"], y / data["per_degree"])
        for uid, x, y in zip(uids, data["at"][::2], norths, strict=True)
    }


def test_the_map_has_the_same_places_as_the_list(small: Package, look: Look, web: Client) -> None:
    figure = look("/directory").get_element_by_id("map")
    assert "3 organisations" in figure.cssselect("svg.map")[0].get("aria-label")
    places = points(web, figure.get("data-points"))
    assert set(places) == {org("alpha"), org("beta"), org("gamma")}
    collection = json.loads(b"".join(web.get("/export/geojson").streaming_content))  # type: ignore[arg-type]  # not asynchronous
    exported = {f["properties"].get("id") or f.get("id"): f["geometry"] for f in collection["features"]}
    for one, (x, y) in places.items():
        assert -3 < x < 0
        assert 52 < y < 54
        if exported.get(one):
            assert exported[one]["coordinates"] == pytest.approx([x, y], abs=1e-4)


def test_names_of_what_lies_at_a_place(small: Package, web: Client) -> None:
    asked = [org("alpha"), "LCO-0000", org("beta"), "<b>"]
    known = json.loads(web.get("/directory/names.json", {"uid": asked}).content)
    assert known == {org("alpha"): "Alpha Medical Limited", org("beta"): "Bêta Diagnostics Ltd"}
    assert json.loads(web.get("/directory/names.json").content) == {}
    many = json.loads(web.get("/directory/names.json", {"uid": [org("alpha")] * 50 + [org("beta")]}).content)
    assert set(many) == {org("alpha")}


def test_near_a_place_the_map_shows_the_nearest_site(small: Package, web: Client) -> None:
    near = points(web, "/directory/points.json?near=NG1+1AA&within=5")
    assert near[org("alpha")][1] > 52.9  # Nottingham, not Leicester
    assert points(web, "/directory/points.json?q=zzzzzzzz") == {}


def test_the_ground_is_geography(small: Package, web: Client) -> None:
    data = json.loads(web.get("/directory/ground.json").content)
    kinds = {f["properties"]["kind"] for f in data["features"]}
    assert kinds == {"land", "area-a", "area-b", "town"}


def test_suggestions_are_links(small: Package, web: Client) -> None:
    text = web.get("/directory/suggest?q=alph").content.decode()
    assert f"/organisations/{org('alpha')}" in text
    assert "licence=ISO" in web.get("/directory/suggest?q=iso").content.decode()
    assert "Nothing begins like that" in web.get("/directory/suggest?q=zzzz").content.decode()


def test_a_search_can_be_followed(small: Package, web: Client, look: Look) -> None:
    (link,) = look("/directory?licence=ISO+13485").cssselect("link[type='application/atom+xml']")
    answer = web.get(link.get("href"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = Tree.fromstring(answer.content)
    (entry,) = root.findall(f"{ATOM}entry")
    assert "Alpha Medical Limited" in entry.findtext(f"{ATOM}title", "")


def test_forms_of_a_list_are_offered_with_its_query(small: Package, web: Client, look: Look) -> None:
    page = look("/directory?licence=ISO+13485")
    offered = {words(a): a.get("href") for a in page.cssselect(".take ul a")}
    assert {"CSV", "GeoJSON", "JSON"} <= set(offered)
    for address in offered.values():
        assert "licence=ISO+13485" in address
    assert page.cssselect("link[type='application/json+oembed']")


def test_a_room_that_is_not_there_offers_nothing() -> None:
    assert takeaways.optional("nowhere:index") == ""
    assert takeaways.optional("directory:index", "q=1") == "/directory?q=1"
    takeaways.register(takeaways.Takeaway("x", "X", -1, "text/x", of_list=lambda query: f"/x?{query}"))
    try:
        assert takeaways.of_list("q=1")[0] == takeaways.Link("X", "/x?q=1", "text/x", "")
        assert "X" not in [link.title for link in takeaways.of_organisation("LCO")]
    finally:
        takeaways.remove("x")


def test_a_list_can_be_embedded_and_runs_no_script(small: Package, web: Client, look: Look) -> None:
    snippet = look("/directory?q=alpha").get_element_by_id("snippet").text_content()
    assert 'src="http://testserver/directory/embed?q=alpha"' in snippet
    page = look("/directory/embed?q=alpha")
    assert not page.cssselect("script")
    assert all(a.get("target") == "_blank" for a in page.cssselect("main a"))
    answer = web.get("/directory/embed?q=alpha")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


def test_only_the_embedded_page_may_be_framed(small: Package, web: Client) -> None:
    answer = web.get("/directory")
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@given(st.lists(st.tuples(st.floats(310_000, 560_000), st.floats(210_000, 420_000)), max_size=60))
def test_thinned_dots_keep_every_square_that_has_one(places: list[tuple[float, float]]) -> None:
    frame = ground.ground(frozenset({"E06000018"})).frame
    thin = ground.thinned(places, frame, 2.0)

    def squares(of: list[tuple[float, float]]) -> set[tuple[int, int]]:
        return {(int(x / 2), int(y / 2)) for x, y in (frame.point(*p) for p in of)}

    assert squares(thin) == squares(places)
    assert len(thin) == len(squares(places))


def test_the_query_of_a_page_is_read_as_django_gives_it() -> None:
    assert listing.url(Query.parse(QueryDict("q=a&size=0-9&size=10-49"))) == "/directory?q=a&size=0-9&size=10-49"
    assert uid("site", "x") != uid("site", "y")
