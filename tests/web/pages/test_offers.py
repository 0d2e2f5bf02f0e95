"""Words that name a value of a facet, or a place, are offered as the search that they name; nothing is guessed."""

from __future__ import annotations

import pytest

from lifecluster.web.directory import memo
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.search.offers import _runs, offers
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database


def offered(text: str, **more: object) -> list[tuple[str, str]]:
    return [(o.label, o.query.encode()) for o in offers(results(Query(q=text, **more), None))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "label", "address"),
    [
        ("iso13485", "ISO 13485 (licence)", "licence=ISO+13485"),
        ("ISO 13485", "ISO 13485 (licence)", "licence=ISO+13485"),
        ("injectionmoulding", "Injection moulding (capability)", "capability=injection-moulding"),
        ("Injection-Moulding", "Injection moulding (capability)", "capability=injection-moulding"),
        ("ISO 13485 near Nottingham", "ISO 13485 (licence) near Nottingham", "licence=ISO+13485&near=Nottingham"),
        ("ukca near ng1 1aa", "UKCA (licence) near NG1 1AA", "licence=UKCA&near=NG1+1AA"),
        ("resin ukca", "UKCA (licence)", "q=resin&licence=UKCA"),
        ("resin near Leicester", "“resin” near Leicester", "q=resin&near=Leicester"),
    ],
)
def test_what_words_name(small: Package, text: str, label: str, address: str) -> None:
    assert (label, address) in offered(text)


@pytest.mark.parametrize("text", ["", "alpha", "iso1348", "injection", "moulding parts", "near Nowhere", "near"])
def test_nothing_is_guessed(small: Package, text: str) -> None:
    assert offered(text) == []


def test_a_number_that_is_said_is_the_number_that_is_found(small: Package) -> None:
    page = results(Query(), None)
    checked = 0
    for facet in page.facets:
        for value in facet.values:
            for offer in offers(results(Query(q=value.label.replace(" ", "")), None)):
                if offer.count is not None:
                    assert results(offer.query, None).total == offer.count
                    checked += 1
    assert checked > 5


def test_the_longest_run_of_words_is_taken() -> None:
    names = {"ab": [("capability", "ab", "A B")], "a": [("capability", "a", "A")]}
    assert _runs(["a", "b", "c", "a"], names) == ([names["ab"], names["a"]], ["c"])
    assert _runs(["c"], names) == ([], ["c"])


def test_the_page_offers_them_with_and_without_hits(small: Package, look: Look) -> None:
    segment = next(v for f in results(Query(), None).facets if f.name == "segment" for v in f.values)
    squeezed = segment.label.lower().replace(" ", "")
    page = look(f"/directory?q={squeezed}")
    links = page.cssselect(".offers a")
    assert words(links[0]) == f"{segment.label} (segment): {segment.count}"
    there = look(links[0].get("href"))
    assert words(there.cssselect(".hits-sentence")[0]).startswith(f"{segment.count} organisation")
    assert not look("/directory?q=alpha").cssselect(".offers")


def test_a_definition_without_the_segment_says_so_and_lists_its_own(small: Package, look: Look) -> None:
    page = look("/directory?segment=respiratory&definition=dbt-sic")
    definition = memo.definitions(small)["dbt-sic"]
    note = page.cssselect(".lacking")[0]
    assert f"“{definition['title']}” has no segment “respiratory”. Its segments are:" in words(note)
    assert {words(a) for a in note.cssselect("a")} >= {s["label"] for s in definition["segments"]}
    first = look(note.cssselect("a")[0].get("href"))
    assert not first.cssselect(".lacking")
    assert not look("/directory?segment=medtech&definition=ols-segments").cssselect(".lacking")
    assert not look("/directory?definition=dbt-sic").cssselect(".lacking")
