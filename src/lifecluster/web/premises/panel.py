"""Premises on an organisation's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lifecluster.web.directory import packages
from lifecluster.web.directory.memo import bearers
from lifecluster.web.directory.models import Site, Thing, Tie
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.premises import search, show
from lifecluster.web.shell.panels import Panel


def panel(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """The premises of an organisation; None where it has none that the reader may know of."""
    viewer, shown = viewer_of(getattr(request, "user", None)), packages.current()
    holders = Tie.objects.filter(package=shown, kind="facility", role="holder").values_list("party", flat=True)
    if subject.uid not in bearers("premises", shown, lambda: holders):
        return None
    ties = Tie.objects.visible_to(viewer, shown).filter(kind="facility", role="holder", party=subject.uid)
    things = list(Thing.objects.visible_to(viewer, shown).filter(uid__in=ties.values("thing"), live=True))
    if not things:
        return None
    at = Tie.objects.visible_to(viewer, shown).filter(role="held_at", thing__in=[t.uid for t in things])
    of = dict(at.order_by("-party").values_list("thing", "party"))
    sites = {s.uid: s for s in Site.objects.visible_to(viewer, shown).filter(uid__in=of.values())}
    rows = [search.made(thing, subject, sites.get(of.get(thing.uid, ""))) for thing in things]
    rows.sort(key=lambda one: (one.thing.title.casefold(), one.thing.uid))
    return {"table": show.table(rows, viewer, first=0, whose=False)}


PANEL = Panel(
    "premises", "organisation", 30, "Premises and facilities", "premises/panel.html", panel,
    note="Rooms and plant that it has, uses or lets. What is not listed is unknown.",
)  # fmt: skip
