"""Plain words: what has ended says so, one number of definitions, where the jobs of a site are from."""

from __future__ import annotations

import pytest

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.show import holdings
from lifecluster.web.directory.show import words as said
from lifecluster.web.directory.views.about import _how_many
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("years", "text"),
    [([], ""), ([2020], ", ended 2020"), ([2018, 2020], ", ended 2020"), ([2020, None], ""), ([0], ", ended")],
)
def test_what_has_ended_says_so(years: list[int | None], text: str) -> None:
    assert holdings._over_by(years) == text


def test_where_the_jobs_of_a_site_are_from() -> None:
    assert said.jobs("11", "15", "11", "equal share") == (
        "11 jobs, range 11 to 15: allocated from the total of the organisation in equal shares"
    )
    assert said.jobs("1", "1", "1", "stated") == "1 job: stated for this site"
    assert said.jobs("", "", "8", "") == "8 jobs"


def test_the_number_of_definitions_is_the_same_everywhere() -> None:
    assert _how_many(["a", "b"], ["a", "b"]) == "Two definitions count this region."
    assert "One more definition is in the package but not" in _how_many(["a", "b", "c"], ["a", "b"])


def test_a_unit_that_is_not_counted_is_named() -> None:
    assert said.unit_note({"unit": "organisation"}) == ""
    assert said.unit_note({"unit": "group"}).startswith(
        "The unit of this definition is groups of organisations; the number here"
    )


def test_definitions_are_in_the_navigation(small: Package, look: Look) -> None:
    page = look("/definitions")
    here = [words(a) for a in page.cssselect("#nav a[aria-current]")]
    assert here == ["Definitions"]
    assert not [a for a in look("/about").cssselect("#nav a[aria-current]") if words(a) == "Definitions"]
    assert "definitions count this region" in words(page)
