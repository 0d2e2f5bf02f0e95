"""What programs do with lists: send one, look at its rows, mend, take, undo."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Schema
from ninja.params import functions
from pydantic import Field, ValidationError

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies, writing
from lifecluster.web.api.bodies import WIDEST, Done, Sent, WhyIn, example
from lifecluster.web.api.middleware import spend
from lifecluster.web.api.v1.asking import asker, viewer
from lifecluster.web.uploads import actions, reads
from lifecluster.web.uploads.models import Upload, UploadRow
from lifecluster.web.uploads.purposes import PURPOSES
from lifecluster.web.uploads.understanding import STATES, Understood, understand

lists = writing.section("Lists", 60)
REVIEW = ("edit.review",)
EITHER = ("organisation.edit:own", *REVIEW)
LARGEST = 5 * 2**20
"""Bytes of a body with a list: a file of 3.7 MB."""


class ListIn(Sent):
    """A list: a workbook or plain text."""

    model_config = example(name="our sites.csv", content="VG93bixQb3N0Y29kZQpEZXJieSxERTEgMUFBCg==", purpose="sites",
                           organisation="LCO-2345-6789-A")  # fmt: skip
    name: str = Field(min_length=1, max_length=200, description="of the file")
    content: str = Field(min_length=1, max_length=LARGEST, description="the file in Base64 (RFC 4648)")
    purpose: Literal[tuple(PURPOSES)] = Field(description="what it lists")  # type: ignore[valid-type]
    organisation: str = Field("", max_length=40, description="whose it is; empty, for the desk: each row says")
    visibility: Literal["public", "members", "desk"] = Field("public", description="who may see what it says")


class MendIn(Sent):
    """What stands in a row, or whether it is left out."""

    model_config = example(cells={"town": "Derby", "postcode": "DE1 1AA"})
    cells: dict[str, str] | None = Field(None, description="all cells by property; null: as they are")
    left: bool | None = Field(None, description="whether it is left out; null: as it is")


class TakeIn(Sent):
    """Which rows are taken."""

    model_config = example(rows=[2, 3])
    rows: list[int] | None = Field(None, max_length=5000, description="numbers; null: all that can be taken")


class ListOut(Schema):
    """A list: how many rows, how many were taken; `error` why it could not be read."""

    key: str
    name: str
    purpose: str
    organisation: str
    visibility: str
    at: datetime
    error: str
    undone_at: datetime | None
    rows: int
    taken: int


class CellOut(Schema):
    """What is wrong with a cell (property "": with the row), and how to mend it."""

    property: str
    text: str
    why: str


class DiffersOut(Schema):
    """A value that would change."""

    property: str
    now: str
    then: str


class RowOut(Schema):
    """A row as it is understood; send `version` as `If-Match` to mend what you saw and nothing newer."""

    number: int
    version: int
    state: str = Field(description="; ".join(f"{name}: {words}" for name, words in STATES.items()))
    organisation: str
    subject: str = Field(description="id of what it is about; empty where it is new")
    cells: dict[str, Any]
    values: dict[str, Any]
    wrong: list[CellOut]
    differs: list[DiffersOut]
    became: str = Field(description="what became of it where it was taken: pending, approved, refused …")


class ListWithRows(ListOut):
    """A list with its rows."""

    items: list[RowOut]


@lists.read("/uploads", needs=EITHER, gives=list[ListOut], summary="Lists")
def upload_list(
    request: HttpRequest,
    whose: Literal["own", "everybody"] = functions.Query("own", description="everybody's: for who reviews"),
) -> Any:
    """The latest hundred: your own, or, for who reviews, everybody's."""
    who = viewer(request)
    if whose == "everybody":
        who.require("edit.review")
    return [_list(one) for one in reads.listed(who, everybody=whose == "everybody")]


@dataclass(slots=True)
class _Came:
    """A list that was sent, and what came of reading it."""

    content: bytes = b""
    organisation: str = ""
    read: actions.Reading | None = None
    trouble: Exception | None = None
    refusal: HttpResponse | None = None


def _came(request: HttpRequest) -> None:
    """Read a list before the transaction begins. What is wrong with the request, the operation says."""
    try:
        body = ListIn.model_validate_json(request.body)
    except ValidationError:
        return
    came = request.__dict__["came"] = _Came()
    try:
        _read(request, body, came)
    except (LifeclusterError, Http404) as error:
        came.trouble = error


def _read(request: HttpRequest, body: ListIn, came: _Came) -> None:
    who = asker(request).viewer
    came.organisation = bodies.live(body.organisation, who) if body.organisation else ""
    try:
        came.content = base64.b64decode(body.content, validate=True)
    except (binascii.Error, ValueError):
        raise LifeclusterError("content: this is no Base64") from None
    actions.permit(who, came.organisation)
    came.refusal = spend(request, "upload", who=who.actor)
    if came.refusal is None:
        came.read = actions.read_list(content=came.content, name=body.name, purpose=body.purpose,
                                      organisation=came.organisation, viewer=who)  # fmt: skip


@lists.act("/uploads", needs=EITHER, gives=ListWithRows, summary="Send a list", largest=LARGEST, first=_came)
def add_upload(request: HttpRequest, body: ListIn) -> Any:
    """It is read and kept; nothing of it is proposed yet. Thirty lists an hour."""
    who, came = asker(request), request.__dict__["came"]
    if came.trouble is not None:
        raise came.trouble
    if came.refusal is not None:
        return came.refusal
    made = actions.add_upload(content=came.content, name=body.name, purpose=body.purpose,
                              organisation=came.organisation, visibility=body.visibility, person=who.person,
                              viewer=who.viewer, at=moment(), read=came.read)  # fmt: skip
    return _whole(request, made)


@lists.read("/uploads/{key}", needs=EITHER, gives=ListWithRows, summary="One list")
def upload(request: HttpRequest, key: str) -> Any:
    """Each row beside what the register has."""
    return _whole(request, _found(request, key))


@lists.act("/uploads/{key}/rows/{number}/mend", needs=EITHER, gives=RowOut, summary="Mend a row")
def mend_row(request: HttpRequest, key: str, number: int, body: MendIn) -> Any:
    """Or leave it out. `If-Match`: the version that you saw."""
    found = _found(request, key)
    if not 0 < number <= WIDEST:
        raise Http404("there is no such row")
    row = actions.mend_row(upload=found, number=number, viewer=viewer(request), at=moment(), cells=body.cells,
                           left=body.left, seen=bodies.version(request))  # fmt: skip
    return _rows(request, found, [row])[0]


@lists.act("/uploads/{key}/accept", needs=EITHER, gives=ListWithRows, summary="Take rows of a list")
def accept_rows(request: HttpRequest, key: str, body: TakeIn) -> Any:
    """They are proposed; by the desk they are accepted at once. All of them or none."""
    found = _found(request, key)
    actions.accept_rows(upload=found, numbers=body.rows, viewer=viewer(request), at=moment())
    return _whole(request, found)


@lists.act("/uploads/{key}/undo", needs=EITHER, gives=ListWithRows, summary="Take back what a list brought")
def undo_upload(request: HttpRequest, key: str, body: WhyIn) -> Any:
    """What was accepted is taken back by the desk alone."""
    found = _found(request, key)
    actions.undo_upload(upload=found, viewer=viewer(request), at=moment(), why=body.why)
    return _whole(request, found)


@lists.act("/upload-files/forget", needs=REVIEW, gives=Done, summary="Delete files that were kept long enough")
def forget_files(request: HttpRequest) -> Any:
    """What was read of them stays."""
    return {"done": f"{actions.forget_files(viewer=viewer(request), at=moment())} files deleted"}


def _found(request: HttpRequest, key: str) -> Upload:
    found = Upload.objects.visible_to(viewer(request)).filter(key=key).first()
    if found is None:
        raise Http404("there is no such upload")
    return found


def _list(one: reads.Listed) -> dict[str, Any]:
    names = ("key", "name", "purpose", "organisation", "visibility", "at", "error", "undone_at")
    return {**{name: getattr(one.upload, name) for name in names}, "rows": one.rows, "taken": one.taken}


def _whole(request: HttpRequest, found: Upload) -> dict[str, Any]:
    rows = list(UploadRow.objects.filter(upload=found))
    one = reads.Listed(found, "", "", len(rows), sum(bool(row.entries) for row in rows))
    return {**_list(one), "items": _rows(request, found, rows)}


def _rows(request: HttpRequest, found: Upload, rows: list[UploadRow]) -> list[dict[str, Any]]:
    fates = reads.fates(rows)
    made = understand(found, rows, viewer(request), at=moment().date()) if rows else []
    return [_row(one, fates.get(one.row.number, "")) for one in made]


def _row(one: Understood, fate: str) -> dict[str, Any]:
    return {
        "number": one.row.number, "version": one.row.changed, "state": one.state, "organisation": one.organisation,
        "subject": one.subject, "cells": one.row.cells, "values": one.values, "became": fate,
        "wrong": [{"property": w.name, "text": w.text, "why": w.why} for w in one.wrong],
        "differs": [{"property": d.name, "now": d.now, "then": d.then} for d in one.differs],
    }  # fmt: skip
