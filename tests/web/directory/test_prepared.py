"""Questions whose SQL is kept answer as Django's own query sets do, for every reader, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory import prepared
from lifecluster.web.directory.models import Organisation, Package, Site, Statement
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from tests.web.directory.making import org

HOSTILE = ["%s", "'; DROP TABLE directory_site; --", "value 0", "value 1", "", "שלום", "{0}"]


def asked(viewer: Viewer, package: Package, uids: Sequence[str]) -> tuple[list[Any], list[Any]]:
    def make(given: Sequence[str]) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(viewer, package).filter(uid__in=given).order_by("number")

    return prepared.records(Organisation, ("of a test", viewer, package.pk), make, uids), list(make(uids))


@pytest.mark.parametrize("viewer", [ANYBODY, OPERATOR])
def test_records_are_those_of_the_query_set(viewer: Viewer, small: Package) -> None:
    every = list(Organisation.objects.values_list("uid", flat=True))
    for uids in (every, every[:1], [*every[:2], *HOSTILE], HOSTILE):
        ours, theirs = asked(viewer, small, uids)
        assert [vars(row) | {"_state": 0} for row in ours] == [vars(row) | {"_state": 0} for row in theirs]
        assert [(row._state.db, row._state.adding) for row in ours] == [(connection.alias, False) for _ in theirs]
    assert Site.objects.exists()


def test_a_reader_never_gets_what_was_written_for_another(small: Package) -> None:
    Organisation.objects.filter(uid=org("alpha")).update(level=1)
    for viewer, seen in ((OPERATOR, True), (ANYBODY, False), (OPERATOR, True), (ANYBODY, False)):
        assert bool(asked(viewer, small, [org("alpha")])[0]) is seen


def test_rows_have_the_types_of_python(small: Package) -> None:
    columns = ("sid", "observed_on", "sample", "level", "value")

    def make(given: Sequence[str]) -> QuerySet[Statement, tuple[Any, ...]]:
        return Statement.objects.filter(package=small, subject__in=given).order_by("pk").values_list(*columns)

    uids = [org("alpha"), org("gamma")]
    found = prepared.rows(("types", small.pk), make, uids)
    assert found
    assert found == list(make(uids))
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in make(uids)]


def test_more_values_than_are_kept_are_asked_for_all_the_same(small: Package) -> None:
    uids = [org("alpha"), *(f"none-{n}" for n in range(prepared.MOST_VALUES + 5))]
    before = len(prepared._written)
    ours, theirs = asked(ANYBODY, small, uids)
    assert [row.uid for row in ours] == [row.uid for row in theirs] == [org("alpha")]
    assert len(prepared._written) == before


def test_organisations_of_like_size_share_their_sql(small: Package) -> None:
    prepared._written.clear()
    uids = [org("alpha"), org("gamma"), *(f"none-{n}" for n in range(30))]
    for count in range(2, 33):
        ours, theirs = asked(ANYBODY, small, uids[:count])
        assert [row.uid for row in ours] == [row.uid for row in theirs]
    assert len(prepared._written) == 5  # 2, 4, 8, 16 and 32
    assert prepared._filled([]) == []


def test_it_is_one_query(small: Package) -> None:
    with CaptureQueriesContext(connection) as captured:
        prepared.records(Site, ("one query",), lambda given: Site.objects.filter(organisation=given[0]), [org("alpha")])
    assert len(captured) == 1
