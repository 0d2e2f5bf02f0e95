"""Pages of link reviews: one pair, with the next one in reach; everything works by forms alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Entry
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk.frame import render
from lifecluster.web.directory import reads
from lifecluster.web.directory.packages import NoPackageError
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.links import actions
from lifecluster.web.links import queue as queues
from lifecluster.web.links.room import LINE
from lifecluster.web.links.show import beside, learning, words
from lifecluster.web.links.show.pair import shown
from lifecluster.web.links.standing import Place, Standing, after, before

LISTED = 100
"""Judgements on the page of what was judged."""
LIMITS = (0.5, 0.99)
CONFLICT, REFUSED = 409, 422


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Leads to the first pair that waits; where none does, says so."""
    viewer = viewer_of(request.user)
    waiting = queues.waiting(int(viewer.clearance))
    if waiting:
        return HttpResponseRedirect(reverse("links:pair", args=[waiting[0].key]))
    return render(request, "links/none.html", _around(viewer), here=LINE)


@require_safe
def pair(request: HttpRequest, key: str) -> HttpResponse:
    """One pair."""
    return _pair(request, key)


@require_POST
def judge(request: HttpRequest, key: str) -> HttpResponse:
    """Judge a pair, and go on to the next."""
    viewer, sent = viewer_of(request.user), request.POST
    try:
        actions.judge_link(key=key, kind=sent.get("kind", ""), viewer=viewer, at=moment(), why=sent.get("why", ""),
                           seen=sent.get("seen", ""))  # fmt: skip
    except queues.NoSuchPairError:
        raise
    except actions.TakenError as error:
        return _pair(request, key, problem=str(error), status=CONFLICT)
    except LifeclusterError as error:
        return _pair(request, key, problem=str(error), status=REFUSED)
    return HttpResponseRedirect(_next(viewer, key), status=303)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a judgement back, and show its pair."""
    viewer, entry = viewer_of(request.user), request.POST.get("entry", "")
    standing = queues.queue().standing
    about = standing.judgements.live.get(entry)
    try:
        actions.undo_judgement(entry=entry, viewer=viewer, at=moment(), why=request.POST.get("why", ""))
    except LifeclusterError as error:
        context = {**_around(viewer), "problem": str(error)}
        return render(request, "links/none.html", context, here=LINE, status=CONFLICT)
    place = standing.on(about)
    where = reverse("links:pair", args=[place.key]) if place else reverse("links:index")
    return HttpResponseRedirect(where, status=303)


@require_safe
def judged(request: HttpRequest) -> HttpResponse:
    """What was judged last, each with a way back."""
    viewer = viewer_of(request.user)
    standing = queues.queue().standing
    live = [entry for entry in reversed(standing.judgements.history()) if entry.id in standing.judgements.live]
    rows = [_told(standing, entry, viewer) for entry in live[:LISTED]]
    context = {"rows": [row for row in rows if row], "total": len(live), **_around(viewer)}
    return render(request, "links/judged.html", context, here=LINE)


def _next(viewer: Viewer, key: str) -> str:
    """The address of the pair behind one that was judged just now."""
    standing = queues.queue().standing
    found = after(standing.waiting(int(viewer.clearance)), standing.by_key[key].number)
    return reverse("links:pair", args=[found.key]) if found else reverse("links:index")


def _pair(request: HttpRequest, key: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    viewer = viewer_of(request.user)
    found = queues.pair(key, viewer)
    package, queue = reads.current(), queues.queue()
    standing, body = queue.standing, queue.filled.body if queue.filled else {}
    waiting = standing.waiting(int(viewer.clearance))
    place = standing.by_key[key]
    said = standing.said(place)
    others = [one for one in waiting if one.key != key]
    context = {
        "pair": found,
        "shown": shown(found, limits=body.get("limits", LIMITS), package=package.name, at=package.at),
        "verdict": words.JUDGED.get(standing.verdicts.get(key, ""), ""),
        "said": said,
        "said_on": words.on(said.at[:10]) if said else "",
        "next": after(others, place.number),
        "back": before(others, place.number),
        "bunches": beside.window(waiting, place.number),
        "problem": problem,
        "why": request.POST.get("why", ""),
        **_around(viewer, waiting=waiting),
    }  # fmt: skip
    return render(request, "links/pair.html", context, here=LINE, status=status)


def _around(viewer: Viewer, waiting: list[Place] | None = None) -> dict[str, Any]:
    """What all pages here say: how many wait, what is left out, and what the reader judged last."""
    try:
        queue = queues.queue()
    except NoPackageError:
        return {"waits": 0, "mine": None, "filled": None}
    waits = queue.standing.waiting(int(viewer.clearance)) if waiting is None else waiting
    last = next(queue.standing.mine(viewer.actor), None)
    mine = _told(queue.standing, last, viewer) if last else None
    return {"waits": len(waits), "mine": mine, "filled": queue.filled, "learning": learning.last(queue.standing)}


def _told(standing: Standing, entry: Entry, viewer: Viewer) -> dict[str, Any] | None:
    """A judgement in words; None if it is on rows that the reader may not know of."""
    place = standing.on(entry)
    if place is None or place.level > int(viewer.clearance):
        return None
    return {"entry": entry, "place": place, "label": words.called(place.label), "said": words.judged(entry.action),
            "on": words.on(entry.at[:10])}  # fmt: skip
