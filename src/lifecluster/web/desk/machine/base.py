"""What operations of the desk share: their heading, who owns a row, and pages of rows of one organisation."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema

from lifecluster.web.api import bodies, writing
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk import whose
from lifecluster.web.desk.models.base import WORKS

desk = writing.section("Desk", 40)
NEEDS = (WORKS,)


class Owned(Schema):
    """Something that somebody of the desk has in hand."""

    owner: str | None

    @staticmethod
    def resolve_owner(row: Any) -> str | None:
        """Their opaque id."""
        return row.owner.uid if row.owner else None


class OfCase(Schema):
    """Something that may belong to a case."""

    case: int | None

    @staticmethod
    def resolve_case(row: Any) -> int | None:
        """The number of the case."""
        found: int | None = row.case_id
        return found


def rows(model: Any, request: HttpRequest, organisation: str = "") -> QuerySet[Any]:
    """Rows that the token sees: all, or those about an organisation under any id that leads to it today."""
    found: QuerySet[Any] = model.objects.visible_to(viewer(request))
    if not organisation:
        return found
    leads = whose.today([organisation], viewer(request))
    return found.filter(organisation__in=whose.behind(leads[organisation].uid))


def found(model: Any, request: HttpRequest, key: int, what: str) -> Any:
    """One row that the token sees. Raises Http404."""
    return bodies.one(rows(model, request), key, what)
