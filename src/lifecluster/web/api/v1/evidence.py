"""Statements and segments: the evidence itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query

from lifecluster.web.api.problem import ProblemError
from lifecluster.web.api.v1 import schemas, shapes
from lifecluster.web.api.v1.common import answers, reader, section, unchanged
from lifecluster.web.api.v1.filters import SegmentFilter, StatementFilter
from lifecluster.web.api.v1.paging import listed
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Segment, Statement
from lifecluster.web.directory.viewer import Viewer

router = section("Evidence")


@router.get("/segments", response=answers(schemas.SegmentList), summary="Organisations under definitions")
@unchanged
def segments(request: HttpRequest, query: Query[SegmentFilter]) -> Any:
    """Which organisation counts under which definition, in which segment, how probably, and why."""
    rows = Segment.objects.visible_to(reader(request))
    if query.organisation:
        rows = rows.filter(organisation__in=query.organisation)
    for name in ("definition", "segment", "state"):
        if getattr(query, name):
            rows = rows.filter(**{name: getattr(query, name)})
    return listed(request, rows, query, key="id", shape=shapes.segment)


@router.get("/statements", response=answers(schemas.StatementList), summary="Statements")
@unchanged
def statements(request: HttpRequest, query: Query[StatementFilter]) -> Any:
    """Every value that any source states, with the row it stands in; `shown` marks those that the register shows."""
    rows = Statement.objects.visible_to(reader(request)).select_related("file")
    if query.subject:
        rows = rows.filter(subject__in=query.subject)
    if query.property:
        rows = rows.filter(property__in=query.property)
    if query.source:
        rows = rows.filter(file__source__in=query.source)
    answer = listed(request, rows, query, key="id", shape=shapes.statement)
    subjects = sorted({item["subject"] for item in answer["items"]})
    shown = shown_ids(subjects, reader(request))
    answer["items"] = [{**item, "shown": item["id"] in shown} for item in answer["items"]]
    return answer


def shown_ids(subjects: list[str], viewer: Viewer) -> set[str]:
    """Content hashes of the statements that a reader is shown of these subjects."""
    values = reads.values(subjects, viewer)
    return {said.id for subject in subjects for stated in values.subject(subject) for said in stated.shown}


@router.get("/statements/{sid}", response=answers(schemas.StatementOut), summary="One statement")
@unchanged
def statement(request: HttpRequest, sid: str) -> Any:
    """A statement by its content hash, which never changes."""
    said = reads.statement(sid, reader(request))
    if said is None:
        raise ProblemError(404, "no statement of the register has this hash")
    return shapes.said(said)
