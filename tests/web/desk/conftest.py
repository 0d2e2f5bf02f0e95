"""Somebody who works at the desk, and what they write down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from lifecluster.web.accounts.models import Person
from lifecluster.web.desk.actions import cases, contacts
from lifecluster.web.desk.models import Case, Contact
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import Viewer
from tests.web.accounts.conftest import fresh, person, post, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org

__all__ = ["at", "fresh", "post", "small"]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture
def worker(small: Package) -> Person:
    """Somebody of the desk."""
    return person("desk@example.org", "desk", name="Desk One")


@pytest.fixture
def colleague(worker: Person) -> Person:
    """Another one."""
    return person("second@example.org", "desk", name="Desk Two")


@pytest.fixture
def desk(worker: Person) -> Viewer:
    """The same as a reader."""
    return desk_of(worker)


def desk_of(who: Person) -> Viewer:
    """What a person of the desk is with a second step."""
    return Viewer(frozenset({"visitor", "desk"}), actor=who.actor)


@pytest.fixture
def seat(worker: Person, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A window in which somebody of the desk is signed in."""
    monkeypatch.setenv("LIFECLUSTER_AT", TODAY.isoformat())
    return window(worker, second_step=True)


def contact(desk: Viewer, key: str = "alpha", **more: Any) -> Contact:
    """A contact."""
    given = {"name": "Jo Marsh", "role": "Site manager", "email": "jo@alpha.example", "telephone": "0115 000"} | more
    return contacts.add_contact(organisation_uid=org(key), viewer=desk, at=NOW, **given)


def case(desk: Viewer, **more: Any) -> Case:
    """A case."""
    given = {"title": "Wants a cleanroom", "kind": "premises", "organisation_uid": org("alpha")} | more
    return cases.open_case(viewer=desk, at=NOW, **given)
