"""One property of many organisations, changed at once and taken back at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import Row, Sent, WhyIn, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import bulk
from lifecluster.web.desk.machine.base import desk
from lifecluster.web.desk.models import BulkEdit

REVIEW = ("edit.review",)


class BatchIn(Sent):
    """Which organisations, and what to change."""

    model_config = example(query="capability=bioanalysis", property="mission", how="add", value="diagnostics")
    query: str = Field(min_length=1, max_length=2000, description="the part of an address of the directory after `?`")
    property: str = Field(max_length=40, description=", ".join(bulk.PROPERTIES))
    how: Literal["set", "add", "remove"]
    value: str = Field(min_length=1, max_length=120, description="a code as the directory's addresses have it")


class ApplyIn(BatchIn):
    """The same, as it was previewed."""

    model_config = example(query="capability=bioanalysis", property="mission", how="add", value="diagnostics",
                           digest="0" * 32, why="what they told us at the round table")  # fmt: skip
    digest: str = Field(max_length=64, description="`digest` of the preview")
    why: str = Field(min_length=1, max_length=300, description="kept in the log with each: name no person")


class BatchLine(Schema):
    """An organisation of a preview; `why` says why nothing is done, if nothing is."""

    uid: str
    name: str
    before: list[str]
    after: list[str]
    why: str


class BatchPreview(Schema):
    """What a batch would do; `unheard` if no organisation has the value yet."""

    digest: str
    total: int
    unheard: bool
    lines: list[BatchLine]


class BatchOut(Row):
    """A batch: what was changed, and whether it was taken back."""

    at: datetime
    query: str
    property: str
    how: str
    value: str
    why: str
    organisations: list[str]
    undone_at: datetime | None

    @staticmethod
    def resolve_organisations(row: BulkEdit) -> list[str]:
        """Their ids, as they were then."""
        return [uid for uid, *_ in row.rows]


@desk.act("/batches/preview", needs=REVIEW, gives=BatchPreview, summary="Say what a batch would change")
def preview_batch(request: HttpRequest, body: BatchIn) -> Any:
    """Organisation by organisation; nothing is changed."""
    return bulk.preview_bulk(viewer=viewer(request), **body.model_dump())


@desk.act("/batches", needs=REVIEW, gives=BatchOut, summary="Change many organisations")
def apply_batch(request: HttpRequest, body: ApplyIn) -> Any:
    """Exactly what was previewed, or nothing."""
    return bulk.apply_bulk(viewer=viewer(request), at=moment(), **body.model_dump())


@desk.read("/batches/{key}", needs=REVIEW, gives=BatchOut, summary="One batch")
def batch(request: HttpRequest, key: int) -> Any:
    """What it did."""
    return bodies.one(BulkEdit.objects.all(), key, "batch")


@desk.act("/batches/{key}/undo", needs=REVIEW, gives=BatchOut, summary="Take a batch back")
def undo_batch(request: HttpRequest, key: int, body: WhyIn) -> Any:
    """What stood before shows again, at once."""
    row = bodies.one(BulkEdit.objects.all(), key, "batch")
    return bulk.undo_bulk(batch=row.pk, viewer=viewer(request), at=moment(), why=body.why)
