"""What could not be taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import After, Limit, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions.imports import deal_with_import
from lifecluster.web.desk.machine.base import NEEDS, desk, found, rows
from lifecluster.web.desk.models import FailedImport


class DealIn(Sent):
    """How it was dealt with."""

    model_config = example(note="the sender mended the file")
    note: str = Field("", max_length=300)


class FailedOut(Versioned):
    """Something that failed: in which file, row and field, in words, and how often."""

    at: datetime
    what: str
    file: str
    row: str
    field: str
    words: str
    times: int
    dealt_at: datetime | None
    note: str


class FailedList(Page[FailedOut]):
    """What failed."""


@desk.read("/imports", needs=NEEDS, gives=FailedList, summary="Failed imports")
def import_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """By number, those that somebody dealt with included."""
    return bodies.page(rows(FailedImport, request), after, limit)


@desk.act("/imports/{key}/deal", needs=NEEDS, gives=FailedOut, summary="Say that a failed import was dealt with")
def deal_import(request: HttpRequest, key: int, body: DealIn) -> Any:
    """It waits no longer."""
    row = found(FailedImport, request, key, "failed import")
    return deal_with_import(failed=row.pk, note=body.note, viewer=viewer(request), at=moment())


@desk.act("/imports/{key}/reopen", needs=NEEDS, gives=FailedOut, summary="Say that it was not dealt with after all")
def reopen_import(request: HttpRequest, key: int) -> Any:
    """It waits again."""
    row = found(FailedImport, request, key, "failed import")
    return deal_with_import(failed=row.pk, dealt=False, viewer=viewer(request), at=moment())
