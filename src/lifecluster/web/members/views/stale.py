"""The desk's list of organisations with stale values, and what members see of who saw what they shared."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as plainly
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Membership
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.members import actions, sightings, stale
from lifecluster.web.members.views.joining import home, sentence
from lifecluster.web.members.views.own import belongs

HERE = "stale"
MOST = 100
"""Organisations on the page."""


@require_safe
@loaded
def queue(request: HttpRequest) -> HttpResponse:
    """The most important first."""
    at = moment()
    found = stale.waiting(at)
    shown = found[:MOST]
    here = Membership.objects.at(at).filter(organisation__in=[one.uid for one in shown]).values("organisation")
    people = dict(here.annotate(n=Count("pk")).values_list("organisation", "n"))
    rows = [
        (one, proper(one.name), ", ".join(words.label(prop) for prop in one.properties), people.get(one.uid, 0))
        for one in shown
    ]
    return render(request, "members/stale.html", {"rows": rows, "total": len(found)}, here=HERE)


@require_POST
@loaded
def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask an organisation's people to confirm."""
    try:
        people = stale.ask(organisation=uid, viewer=viewer_of(request.user), at=moment(), home=home(request))
    except LifeclusterError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Asked: {people} {'person' if people == 1 else 'people'} by mail.")
    return HttpResponseRedirect(reverse("members:stale"))


@require_safe
@loaded
def seen(request: HttpRequest, uid: str) -> HttpResponse:
    """Who saw what the organisation shared with few."""
    viewer = viewer_of(request.user)
    belongs(viewer, uid)
    name = actions.names_of([uid], viewer).get(uid)
    if name is None:
        raise Http404
    context = {"uid": uid, "name": name, "rows": sightings.of(uid, viewer, at=today())}
    return plainly(request, "members/seen.html", context)
