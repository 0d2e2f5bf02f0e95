"""What a page of the desk counts is its own: the sum of all lines of work stands at the side only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from lifecluster.web.desk import waiting
from lifecluster.web.directory.models import Package
from tests.web.directory.conftest import TODAY
from tests.web.links.conftest import pairs
from tests.web.links.test_views import send
from tests.web.members.conftest import desk, member, said, tree
from tests.web.members.test_deciding import propose

MANY = 900


@pytest.fixture(autouse=True)
def much_waits() -> Iterator[None]:
    """A line of work with more than any page of these has."""
    waiting.register(waiting.Line("many", 99, "Many", "desk:index", "case.edit", lambda _: MANY, lambda _, __: []))
    yield
    waiting.remove("many")


def test_each_page_counts_what_it_shows(small: Package) -> None:
    propose(member(), "employees", 55)
    office = desk()
    send(office, pairs(small, ("a", "alpha"), ("b", "alpha"))[0], "same")
    side = tree(office.get("/desk/edits")).cssselect(".lines-open")[0].text_content()
    assert int(side.rpartition(" ")[2]) > MANY
    assert "1 proposal waits" in said(office.get("/desk/edits"))
    assert "1 judgement holds" in said(office.get("/desk/links/judged"))


def test_stale_organisations_are_those_of_the_table(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", TODAY.replace(year=2028, month=6))
    page = tree(desk().get("/desk/stale"))
    rows = len(page.cssselect("tbody tr"))
    assert 1 < rows < 50
    assert page.cssselect(".lead")[0].text_content().startswith(f"{rows} organisations with values past")
