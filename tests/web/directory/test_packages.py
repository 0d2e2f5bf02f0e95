"""Which package is shown: asked for by one short query, made once, one throughout a page; and what stays in memory."""

from __future__ import annotations

import gc
import importlib
import threading
import weakref

import pytest
from django.db import connection
from django.template import RequestContext
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web import wsgi
from lifecluster.web.directory import packages, remembered
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.reads import OrganisationView
from lifecluster.web.directory.search import index
from lifecluster.web.directory.viewer import ANYBODY
from tests.web.directory.making import org

PAGE = f"/organisations/{org('alpha')}/alpha-medical-limited"


def test_a_package_is_made_anew_only_when_its_row_changes(small: Package) -> None:
    first = packages._shown()
    with CaptureQueriesContext(connection) as asked:
        assert packages._shown() is first
    assert len(asked) == 1
    Package.objects.filter(pk=small.pk).update(revision=small.revision + 1)
    second = packages._shown()
    assert second is not None
    assert second is not first
    assert second.revision == small.revision + 1
    Package.objects.filter(pk=small.pk).update(state="superseded")
    assert packages._shown() is None
    with pytest.raises(packages.NoPackageError):
        packages.current()


def test_who_changes_a_package_changes_a_copy(small: Package) -> None:
    mine = packages.current()
    mine.title = "Mine alone"
    assert packages.current().title == small.title
    assert mine._state is not packages.current()._state


def test_another_database_has_its_own_package(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    first = packages._shown()
    monkeypatch.setitem(connection.settings_dict, "NAME", "elsewhere")
    assert packages._shown() is not first


def test_one_package_throughout_a_page_in_its_own_thread_alone(small: Package) -> None:
    found: list[object] = []
    with pytest.raises(ValueError, match="of the page"), packages.held(small):
        Package.objects.filter(pk=small.pk).update(revision=small.revision + 1)
        with CaptureQueriesContext(connection) as asked:
            assert packages.current() is small
            assert packages.info().version == small.name
        assert len(asked) == 0
        other = threading.Thread(target=lambda: found.append(packages._held.get()))
        other.start()
        other.join()
        raise ValueError("of the page")
    assert found == [None]
    assert packages.current().revision == small.revision + 1


def test_a_page_asks_once_which_package_is_shown(small: Package, web: Client) -> None:
    web.get(PAGE)
    remembered.shelf.empty()
    with CaptureQueriesContext(connection) as asked:
        assert web.get(PAGE).status_code == 200
    assert sum("FROM directory_package" in query["sql"] for query in asked) == 1
    assert len(asked) <= 8


def test_an_index_is_put_out_of_the_collectors_sight_and_let_go_all_the_same(small: Package) -> None:
    gc.unfreeze()
    try:
        old = index.index_of(small, ANYBODY)
        frozen = gc.get_freeze_count()
        assert frozen > 0
        assert not any(one is old for one in gc.get_objects())
        assert index.index_of(small, ANYBODY) is old
        assert gc.get_freeze_count() <= frozen  # asked for again, nothing is frozen again
        gone = weakref.ref(old)
        del old
        small.revision += 1
        index.index_of(small, ANYBODY)
        assert gone() is None  # frozen or not: nothing refers to it, and nothing of it to itself
    finally:
        gc.unfreeze()


def test_what_a_server_process_starts_with_is_not_gone_through_again_and_again() -> None:
    gc.unfreeze()
    try:
        importlib.reload(wsgi)
        assert gc.get_freeze_count() > 10_000  # Django and the web app
        assert gc.get_threshold()[0] > 700
        assert callable(wsgi.application)
    finally:
        gc.unfreeze()


def test_what_a_page_was_made_of_does_not_wait_for_the_collector(small: Package, web: Client) -> None:
    web.get(PAGE)
    remembered.shelf.empty()
    gc.collect()
    gc.disable()
    try:
        before = {id(one) for one in gc.get_objects()}
        assert web.get(PAGE).status_code == 200
        left = [one for one in gc.get_objects() if id(one) not in before]
        assert not [one for one in left if isinstance(one, OrganisationView | RequestContext)]
    finally:
        gc.enable()
