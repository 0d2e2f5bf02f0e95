"""The sentence over a list, in its frame and in the markup that others take: it names every filter that is set."""

from __future__ import annotations

import lxml.html
import pytest
from django.http import QueryDict
from django.test import Client

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import FACETS, Query, results
from lifecluster.web.directory.show.sentence import CLAUSES, article, either, sentence
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database

TITLES = {"ols-segments": "Segments", "dbt-sic": "Codes"}


def said(address: str) -> str:
    return sentence(results(Query.parse(QueryDict(address)), None), TITLES)


@pytest.mark.parametrize(
    ("label", "with_article"),
    [("MIA", "an MIA"), ("WDA(H)", "a WDA(H)"), ("UKCA", "a UKCA"), ("ISO 13485", "an ISO 13485"),
     ("HTA", "an HTA"), ("Export", "an Export"), ("Special", "a Special"), ("MIA(IMP)", "an MIA(IMP)"), ("MS", "an MS")],
)  # fmt: skip
def test_articles(label: str, with_article: str) -> None:
    assert article(label) == with_article


def test_one_two_and_three() -> None:
    assert [either(list(text)) for text in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]


def test_every_filter_that_is_set_is_named(small: Package) -> None:
    assert set(CLAUSES) == set(FACETS) - {"counted"}
    assert said("licence=ISO+13485&near=NG1+1AA&within=20") == (
        "1 organisation holding an ISO 13485 within 20 km of NG1 1AA."
    )
    assert said("size=0-9&licence=UKCA&licence=MIA&ownership=private-independent") == (
        "1 organisation with 0 to 9 employees, holding a UKCA or an MIA and of the ownership “Private, independent”."
    )
    assert said("size=unknown&size=250%2B") == "2 organisations with 250 or more employees or employees not known."
    assert said("definition=ols-segments&segment=medtech&q=alpha") == (
        "1 organisation in the segment “Med Tech” matches “alpha” and counts under “Segments”."
    )
    assert said("ended=1") == "5 organisations in the register, those that have closed included."


def test_every_value_of_every_facet_is_named_by_its_label(small: Package) -> None:
    page = results(Query(definition="ols-segments", counted=("yes", "unknown")), None)
    checked = set()
    for facet in page.facets:
        for value in facet.values:
            if facet.name in {"counted", "size"}:
                continue
            text = sentence(results(page.query.toggled(facet.name, value.value), None), TITLES)
            assert value.label in text, text
            checked.add(facet.name)
    assert {"segment", "place", "capability", "licence", "ownership", "mission", "type"} <= checked
    assert "(counted, certain; cannot tell)" in sentence(page, TITLES)


def test_the_sentence_is_also_that_of_the_frame_and_of_what_others_take(
    small: Package, look: Look, web: Client
) -> None:
    address = "licence=ISO+13485&near=Nottingham&within=20"
    text = "1 organisation holding an ISO 13485 within 20 km of Nottingham"
    page = look(f"/directory?{address}")
    assert words(page.cssselect(".hits-sentence")[0]) == f"{text}."
    taken = lxml.html.fragment_fromstring(page.get_element_by_id("snippet").text_content(), create_parent="div")
    assert taken.cssselect("iframe")[0].get("title") == f"{text}."
    link = taken.cssselect("p a")[0]
    assert words(link) == f"{text}."
    assert link.get("href").startswith("http://testserver/directory?licence=ISO+13485&near=Nottingham")
    assert small.name in words(taken)
    embed = look(f"/directory/embed?{address}")
    assert words(embed.cssselect("h1")[0]) == text
    told = web.get("/oembed", {"url": f"http://testserver/directory?{address}"}).json()
    assert told["title"].startswith(text)


def test_the_frame_names_source_and_licences_in_one_line(small: Package, look: Look) -> None:
    embed = look("/directory/embed?licence=ISO+13485")
    line = embed.cssselect("footer")[0]
    assert small.name in words(line)
    assert "Licences of its sources: " in words(line)
    for file in small_files(small):
        assert file.attribution.rstrip(".") in words(line)
        assert (file.licence_title or file.licence) in words(line)
    whole = [a for a in embed.cssselect("main a") if a.get("href").endswith("/directory?licence=ISO+13485")]
    assert words(whole[0]).startswith("The whole list")
    assert all(a.get("target") == "_blank" for a in embed.iter("a"))


def small_files(package: Package) -> list:
    from lifecluster.web.directory.models import SourceFile

    return list(SourceFile.objects.filter(package=package))


def test_what_was_typed_stays_text_in_what_others_take(small: Package, look: Look) -> None:
    hostile = "q=%22+onload%3D%22alert(1)%22%3E%3Cscript%3E"
    text = look(f"/directory?{hostile}").get_element_by_id("snippet").text_content()
    taken = lxml.html.fragment_fromstring(text, create_parent="div")
    assert set(taken.cssselect("iframe")[0].keys()) == {"src", "title", "width", "height", "loading"}
    assert not taken.cssselect("script")
