"""Reading who has an account, and what was done: for pages and for machines alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.directory.viewer import Viewer


def everybody(viewer: Viewer) -> Any:
    """Everybody with an account, by key. Raises PermissionDeniedError (`role.grant`)."""
    viewer.require("role.grant")
    return Person.objects.order_by("pk")


def acts(
    viewer: Viewer, *, person: str = "", action: str = "", since: date | None = None, until: date | None = None
) -> Any:
    """Rows of the audit, the latest first. Raises PermissionDeniedError (`log.read`).

    Parameters: `person` an opaque name (`person:…`) that acted or whose account it was; `action` a name of
    `audit.ACTIONS`; `since` and `until` the first and the last day, by UTC.
    """
    viewer.require("log.read")
    rows = AuditRow.objects.order_by("-at", "-pk")
    if person:
        rows = rows.filter(Q(actor=person) | Q(subject=person))
    if action:
        rows = rows.filter(action=action)
    if since is not None:
        rows = rows.filter(at__gte=_midnight(since))
    if until is not None:
        rows = rows.filter(at__lt=_midnight(until) + timedelta(days=1))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
