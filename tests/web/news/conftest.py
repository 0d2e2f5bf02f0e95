"""People, items and windows for tests of news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR, Viewer
from lifecluster.web.news import actions
from lifecluster.web.news.draft import Draft
from lifecluster.web.news.models import Item
from tests.web.accounts.conftest import fresh, person, post, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.pages.conftest import look

__all__ = ["at", "fresh", "look", "person", "post", "small", "window"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PUBLIC, MEMBERS, DESK = int(Visibility.PUBLIC), int(Visibility.MEMBERS), int(Visibility.DESK)
DESK_ROLE = Viewer(frozenset({"desk"}), actor="role:desk")
NEWS = Draft("news", "A new cold store", "It is **open**.", date(2026, 11, 1))
CALL = Draft(
    "opportunity", "A call", "Apply.", date(2026, 11, 1), closes_on=date(2026, 12, 1), link="https://a.example/x"
)
EVENT = Draft("event", "An evening", "Come.", date(2026, 11, 1), begins_on=date(2026, 12, 3), place="Derby")


def put(draft: Draft = NEWS, **more: Any) -> Item:
    """An item that the desk posted."""
    item = actions.post(draft=replace(draft, **more), viewer=OPERATOR, at=NOW)
    return Item.objects.get(pk=item.pk)


def member(email: str = "member@example.org", organisation: str = "alpha") -> Person:
    """Somebody who works for an organisation."""
    who = person(email)
    accounts.join(
        person=who, organisation=org(organisation), viewer=OPERATOR, at=NOW.replace(year=2025), why="works there"
    )
    return Person.objects.get(pk=who.pk)


@pytest.fixture
def register(small: Package) -> Package:
    """The small register, shown."""
    return small
