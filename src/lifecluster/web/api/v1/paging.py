"""Lists by key: the rows after a cursor, ordered by a column that never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from lifecluster.web.api import cursor
from lifecluster.web.api.conditional import edition
from lifecluster.web.api.problem import ProblemError
from lifecluster.web.api.v1.common import reader
from lifecluster.web.directory import reads

M = TypeVar("M", bound=Model)
LARGEST = 500
POSITION = ("cursor", "limit")
WIDEST = 2**63 - 1


class Slice(Schema):
    """Which part of a list."""

    limit: int = Field(100, ge=1, le=LARGEST, description=f"rows a page, at most {LARGEST}")
    cursor: str = Field("", description="from `next` of the page before")


def question(request: HttpRequest) -> str:
    """What is asked, without position and size of the page: path and parameters in a fixed order, and for whom."""
    pairs = sorted((k, v) for k, values in request.GET.lists() if k not in POSITION for v in values)
    level, owned = reader(request).sees
    return repr((request.path, pairs, level, sorted(owned)))


def following(request: HttpRequest, position: str | int) -> str:
    """Address of the page that begins after `position`."""
    parameters = request.GET.copy()
    parameters["cursor"] = cursor.encode(position, question=question(request), edition=edition(reads.current()))
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def position_of(request: HttpRequest, text: str) -> str | int | None:
    """Where to begin; None for the beginning."""
    if not text:
        return None
    return cursor.decode(text, question=question(request), edition=edition(reads.current()))


def listed(request: HttpRequest, rows: QuerySet[M], part: Slice, *, key: str,
           shape: Callable[[M], dict[str, Any]]) -> dict[str, Any]:  # fmt: skip
    """One page of `rows` by `key` (a unique column), as `items` and `next`."""
    kind = int if key == "id" else str
    position = position_of(request, part.cursor)
    if position is not None:
        if not isinstance(position, kind) or (isinstance(position, int) and not -WIDEST <= position <= WIDEST):
            raise ProblemError(400, "this is no cursor that was given out here")
        rows = rows.filter(**{f"{key}__gt": position})
    found = list(rows.order_by(key)[: part.limit + 1])
    kept = found[: part.limit]
    more = following(request, getattr(kept[-1], key)) if len(found) > part.limit else None
    return {"items": [shape(row) for row in kept], "next": more}
