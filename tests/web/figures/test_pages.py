"""The pages of claims: what they say, with few queries, whatever is written in a result."""

from __future__ import annotations

import copy

import pytest
from django.test import Client

from lifecluster.web.directory.models import Package
from lifecluster.web.figures import panels, reads
from lifecluster.web.figures.computing import Computed
from lifecluster.web.figures.models import ClaimResult
from lifecluster.web.kit import formats
from tests.web.pages.conftest import Look, words
from tests.web.pages.test_hostile import HOSTILE

pytestmark = pytest.mark.one_database

MARKS = {"true": "st-yes", "false": "st-no", "true only for": "st-partly", "cannot tell": "st-unknown"}


def test_before_anything_is_computed_the_page_says_what_to_do(small: Package, look: Look) -> None:
    for path in ("/claims", "/claims/jobs"):
        assert "lifecluster claims refresh" in words(look(path))
    assert not look("/").cssselect("#claims")


def test_without_a_package_it_says_so(database: None, web: Client) -> None:
    assert web.get("/claims").status_code == 503


def test_one_sentence_counts_the_verdicts(claimed: Package, computed: list[Computed], look: Look) -> None:
    page = look("/claims")
    said = [one.body["result"]["word"] for one in computed]
    lead = words(page.cssselect(".lead")[0])
    assert lead == (
        f"Of {len(said)} claims about the Midlands, two hold only in part, three are false, "
        f"for {formats.word(said.count('cannot tell'))} we cannot tell "
        f"and {formats.word(said.count('no verdict'))} are figures that nobody stated."
    )
    judged = [
        one.body["result"]["word"] for one in computed if one.body["recipe"]["claim"]["kind"] in {"rank", "growth"}
    ]
    for word, mark in MARKS.items():
        assert len(page.cssselect(f"table .{mark}")) == judged.count(word)
    assert not page.cssselect("#total .st, #share .st"), "what nobody stated has no verdict"
    assert page.cssselect('nav a[aria-current="page"]')[0].get("href") == "/claims"


def test_each_claim_has_figure_interval_drawing_definition(claimed: Package, look: Look) -> None:
    page = look("/claims")
    row = next(tr for tr in page.cssselect("tbody tr") if tr.cssselect('a[href="/claims/second-largest-employer"]'))
    text = words(row)
    for part in (
        "6th",
        "4th to 7th of 10",
        "False",
        "Life sciences by SIC, as the trade department counts them",
        "2020",
    ):
        assert part in text
    assert row.cssselect("svg.plot")[0].get("aria-label") == "6th of 10, between 4th and 7th; said: 2nd"


def test_every_claim_has_a_page(claimed: Package, computed: list[Computed], look: Look) -> None:
    for one in computed:
        page = look(f"/claims/{one.claim}")
        text = words(page)
        said = one.body["result"]["verdict"]
        lead = "counted here, stated by nobody" if said == "no verdict" else said.lower()
        assert words(page.cssselect(".claim-head .lead")[0]).lower() == lead
        assert len(page.cssselect("#definitions tbody tr")) == len(one.body["result"]["bases"])
        assert f"name: {one.claim}" in page.cssselect("pre.recipe")[0].text_content()
        assert one.body["result"]["recipe"] in text
        assert "[unknown]" not in text
        for basis in one.body["result"]["bases"]:
            assert all(gap.removeprefix("missing: ")[:40] in text for gap in basis["missing"])


def test_a_rank_comes_with_the_probabilities_of_every_region(claimed: Package, look: Look) -> None:
    page = look("/claims/second-largest-employer")
    rows = {
        words(tr.cssselect("th")[0]): [words(td) for td in tr.cssselect("td")]
        for tr in page.cssselect("#ranks tbody tr")
    }
    assert len(rows) == 12
    assert rows["South East"][2:4] == ["over 0.999", "over 0.999"]
    assert rows["Midlands together"][0] == "7,645"
    assert len(page.cssselect("#ranks tr.hi")) == 3


def test_what_cannot_be_computed_is_named(claimed: Package, look: Look) -> None:
    page = look("/claims/growth-of-turnover")
    assert "not comparable" in words(page.get_element_by_id("missing"))
    assert page.cssselect('#missing a[href^="https://www.gov.uk/"]')


def test_an_unknown_claim_is_not_found(claimed: Package, web: Client) -> None:
    assert web.get("/claims/nonsense").status_code == 404


@pytest.mark.parametrize("key", HOSTILE)
def test_whatever_stands_in_a_result_stays_text(key: str, claimed: Package, look: Look) -> None:
    text = HOSTILE[key]
    result = ClaimResult.objects.get(claim="second-largest-employer")
    result.body = _spoilt(result.body, text)
    result.save()
    reads.touched(claimed)
    page = look("/claims/second-largest-employer")
    assert words(page.cssselect("h1")[0]) == " ".join((text[:1].upper() + text[1:]).split())
    look("/claims")
    look("/")


def _spoilt(body: dict, text: str) -> dict:
    body = copy.deepcopy(body)
    result = body["result"]
    result |= {"sentence": text, "region_title": text, "title": text, "why": [text]}
    for basis in result["bases"]:
        basis |= {"definition_title": text, "unit": text, "geography": text, "vintage": text, "notes": [text],
                  "missing": [text], "refused": text}  # fmt: skip
        for line in basis["league"]:
            line["region"] = text
    for one in result["inputs"]:
        one |= {"publisher": text, "file": text, "licence": text, "url": f"javascript:{text}"}
    body["recipe"]["claim"]["why"] = text
    body["about"]["asserts"] = text
    return body


def test_the_home_page_shows_a_few_by_turns(claimed: Package, look: Look) -> None:
    section = look("/").get_element_by_id("claims")
    said, counted = section.cssselect("table")
    assert len(said.cssselect("tbody tr")) == panels.SHOWN
    assert len(counted.cssselect("tbody tr")) == panels.FIGURES
    assert not counted.cssselect(".st"), "a count that nobody stated is neither true nor false"
    shown = words(section)
    for word in ("False", "True only for"):
        assert word in shown
    assert section.cssselect('a[href="/claims"]')


def test_pages_are_remembered_until_claims_are_computed_anew(claimed: Package, web: Client) -> None:
    tag = web.get("/claims")["ETag"]
    assert web.get("/claims", headers={"If-None-Match": tag}).status_code == 304
    ClaimResult.objects.filter(claim="jobs").delete()
    reads.touched(claimed)
    assert web.get("/claims", headers={"If-None-Match": tag}).status_code == 200
