"""Questions asked as one answer as Django's own query sets do, for every reader, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory import gathered, reads, values
from lifecluster.web.directory.models import Organisation, Package, Site, Thing
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from tests.web.directory.making import org

HOSTILE = ["%s", "'; DROP TABLE directory_site; --", "", "שלום", "{0}", gathered.VALUE]


def found(uid: str, viewer: Viewer, package: Package) -> dict[str, gathered.Answer]:
    key = ("of a test", viewer, package.pk)
    return gathered.rows(key, lambda one: reads._parts(one, viewer, package), uid)


def in_order(rows: Any) -> list[list[Any]]:
    return sorted(map(list, rows), key=repr)


@pytest.mark.parametrize("viewer", [ANYBODY, OPERATOR])
def test_rows_and_their_types_are_those_of_the_query_sets(viewer: Viewer, small: Package) -> None:
    some = 0
    for uid in Organisation.objects.values_list("uid", flat=True):
        ours = found(uid, viewer, small)
        theirs = reads._parts(uid, viewer, small)
        assert ours.keys() == theirs.keys()
        for name, question in theirs.items():
            expected = in_order(question)
            rows = in_order(ours[name].rows)
            assert rows == expected
            assert [list(map(type, row)) for row in rows] == [list(map(type, row)) for row in expected]
            some += len(rows)
    assert some > 20


def test_a_row_may_be_read_twice(small: Package) -> None:
    answer = found(org("alpha"), ANYBODY, small)["said of it"]
    assert answer.raw
    assert answer.rows == answer.rows


def test_values_are_no_part_of_the_question(small: Package) -> None:
    for hostile in HOSTILE[:-1]:
        assert all(answer.raw == [] for answer in found(hostile, ANYBODY, small).values())
    assert Site.objects.exists()


def test_a_reader_never_gets_what_was_written_for_another(small: Package) -> None:
    Thing.objects.update(level=1)
    for viewer, seen in ((OPERATOR, True), (ANYBODY, False), (OPERATOR, True), (ANYBODY, False)):
        assert bool(found(org("gamma"), viewer, small)["things"].raw) is seen


def test_it_is_one_query_whose_sql_is_kept(small: Package) -> None:
    found(org("alpha"), ANYBODY, small)
    before = len(gathered._written)
    with CaptureQueriesContext(connection) as captured:
        found(org("gamma"), ANYBODY, small)
    assert len(captured) == 1
    assert len(gathered._written) == before


def test_floating_point_is_refused(small: Package) -> None:
    with pytest.raises(TypeError, match="digits"):
        gathered.rows("floats", lambda one: {"a": Site.objects.filter(uid=one).values_list("jobs")}, "x")


@pytest.mark.parametrize("viewer", [ANYBODY, OPERATOR])
def test_values_of_a_page_are_those_asked_for_by_themselves(viewer: Viewer, small: Package) -> None:
    for uid in Organisation.objects.values_list("uid", flat=True):
        view = reads.organisation(uid, viewer)
        of = [uid, *(site.uid for site in view.sites), *(t.uid for rows in view.things.values() for t in rows)]
        alone = values.values(of, viewer, package=small)
        assert len(view.values) == len(alone)
        assert all(view.values.subject(one) == alone.subject(one) for one in of)
