"""What an organisation's page says of its membership of the cluster: to the desk always, to others if it agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from lifecluster.web.desk.models import ClusterMembership
from lifecluster.web.desk.models.base import WORKS
from lifecluster.web.desk.words import LEVELS
from lifecluster.web.directory import packages
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.memo import bearers
from lifecluster.web.directory.models import Identity, Organisation, State
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.shell.panels import Panel


def membership_of(uid: str, viewer: Viewer) -> ClusterMembership | None:
    """The active membership of an organisation that this reader may know of; whoever does not work at the desk is told
    of it from its first day to its last."""
    merged = Identity.objects.filter(package__state=State.CURRENT, target=uid).values("uid")
    rows = ClusterMembership.objects.filter(Q(organisation=uid) | Q(organisation__in=merged), state="active")
    if not viewer.may(WORKS):
        day = today()
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day), public=True, begins_on__lte=day)
    found: ClusterMembership | None = rows.order_by("-begins_on").first()
    return found


def _members() -> Iterable[str]:
    return ClusterMembership.objects.filter(public=True, state="active").values_list("organisation", flat=True)


def context(request: HttpRequest, subject: Organisation) -> Mapping[str, Any] | None:
    """What the panel shows."""
    viewer = viewer_of(getattr(request, "user", None))
    works = viewer.may(WORKS)
    if not works and subject.uid not in bearers("memberships", packages.current(), _members):
        return None
    row = membership_of(subject.uid, viewer)
    if row is None and not works:
        return None
    return {"membership": row, "level": LEVELS[row.level] if row else "", "works": works, "uid": subject.uid}


PANEL = Panel(
    "membership", place="organisation", order=80, title="In the cluster", template="desk/badge.html", context=context
)
