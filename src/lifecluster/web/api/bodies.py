"""What operations that change something share: bodies that refuse what they do not know, pages by key, versions."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.params import functions
from pydantic import ConfigDict, Field

from lifecluster.web.api.v1.asking import expected
from lifecluster.web.directory import reads
from lifecluster.web.directory.viewer import Viewer

T = TypeVar("T")
M = TypeVar("M", bound=Model)
LONGEST = 300
WIDEST = 2**63 - 1
After = Annotated[int, functions.Query(ge=0, le=WIDEST, description="`cursor` of the page before")]
Offset = Annotated[int, functions.Query(ge=0, le=10**9, description="how many to pass over")]
Limit = Annotated[int, functions.Query(ge=1, le=500, description="how many")]
Of = Annotated[str, functions.Query(max_length=40, description="id of an organisation; empty: of all")]


class Sent(Schema):
    """A body; a member that it does not know is refused: it would else be let fall in silence."""

    model_config = ConfigDict(extra="forbid")


def example(**said: Any) -> ConfigDict:
    """The configuration of a body with an example of it in the description of the API."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [said]})


class WhyIn(Sent):
    """The reason of an act."""

    model_config = example(why="they asked us to")
    why: str = Field(min_length=1, max_length=LONGEST, description="kept for ever: name no person")


class Done(Schema):
    """What was done, in words."""

    done: str


class Row(Schema):
    """Something that is known by a number."""

    key: int

    @staticmethod
    def resolve_key(row: Any) -> int:
        """The number."""
        return int(row.pk)


class Versioned(Row):
    """The same with a number of change; send `version` as `If-Match` to change what you saw and nothing newer."""

    version: int


class Page(Schema, Generic[T]):
    """Some of many; ask for the next page with `after`."""

    items: list[T]
    cursor: int | None = Field(description="for `after`; null at the end")


def page(rows: QuerySet[Any], after: int, limit: int) -> dict[str, Any]:
    """The rows behind the key `after`, in the order of their keys, with the cursor of the next page."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    kept = found[:limit]
    return {"items": kept, "cursor": kept[-1].pk if len(found) > limit else None}


def one(rows: QuerySet[M], key: int, what: str) -> M:
    """The row of a key. Raises Http404, naming `what` there is not."""
    row = rows.filter(pk=key).first() if 0 < key <= WIDEST else None
    if row is None:
        raise Http404(f"there is no such {what}")
    return row


def version(request: HttpRequest) -> int | None:
    """The number of `If-Match`; 0, which none has, for what is no number; None where nothing is stated."""
    stated = expected(request)
    return None if stated is None else int(stated) if stated.isdecimal() and len(stated) < 10 else 0


def live(uid: str, who: Viewer) -> str:
    """The id of something that is in the register; what is hidden answers as what never was. Raises Http404."""
    found = reads.resolve(uid, who)
    if found.status != "live":
        raise Http404("this is not in the register, or leads to another id now")
    return found.uid


def home(request: HttpRequest) -> str:
    """The address of the web app as it was asked for, for links in mails."""
    return request.build_absolute_uri("/")[:-1]
