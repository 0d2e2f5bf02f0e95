"""Pages of claims."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.figures import reads
from lifecluster.web.figures.models import SHORT
from lifecluster.web.figures.show import tables, words
from lifecluster.web.figures.show.page import KINDS, page


@require_safe
@loaded
@remembered
def index(request: HttpRequest) -> HttpResponse:
    """All claims, under one sentence that counts the verdicts."""
    found = reads.claims()
    if not found.results:
        return render(request, "figures/index.html", {"claims": found})
    bodies = [(one.claim, one.body) for one in found.results]
    groups = []
    for kind, (title, note) in KINDS.items():
        chosen = [(name, body) for name, body in bodies if body["recipe"]["claim"]["kind"] == kind]
        if chosen:
            chosen.sort(key=lambda one: one[1]["result"]["basis"] is None)  # those without a figure last
            stated = any(body["result"]["word"] not in {words.NONE, "cannot tell"} for _, body in chosen)
            made = tables.claims if stated or kind in {"growth", "rank"} else tables.figures
            groups.append({"name": kind, "title": title, "note": note, "table": made(chosen, title)})
    context = {"claims": found, "groups": groups, "summary": words.summary(found.counts, found.region),
               "at": max(date.fromisoformat(body["result"]["at"]) for _, body in bodies)}  # fmt: skip
    return render(request, "figures/index.html", context)


@require_safe
@loaded
@remembered
def claim(request: HttpRequest, name: str) -> HttpResponse:
    """One claim: figure, verdict, every definition, rows, what changed, recipe, sources."""
    found = reads.claims()
    if not found.results:
        return render(request, "figures/index.html", {"claims": found})
    shown = reads.current_result(name)
    published = [
        {
            "at": one.at,
            "url": reverse("figures:publication", args=[name, one.record[:SHORT]]),
            "short": one.record[:SHORT],
        }
        for one in reads.publications(name)
    ]
    context = {**page(shown.body), "name": name, "published": published}
    return render(request, "figures/claim.html", context)


@require_safe
def publication(request: HttpRequest, name: str, short: str) -> HttpResponse:
    """A claim as it was published; needs no package."""
    entry = reads.publication(name, short)
    address = reverse("figures:publication", args=[name, entry["record"][:SHORT]])
    if request.path != address:
        return HttpResponsePermanentRedirect(address)
    where = request.build_absolute_uri(address)
    said = entry["result"]
    cite = f"{said['sentence']}. Verdict: {said['verdict']}. Published {entry['at']}. {where}"
    context = {**page(entry), "name": name, "entry": entry, "cite": cite, "day": date.fromisoformat(entry["at"]),
               "current": reverse("figures:claim", args=[name])}  # fmt: skip
    return render(request, "figures/claim.html", context)


@require_safe
def sealed(request: HttpRequest, name: str, region: str, short: str) -> HttpResponse:
    """The address inside a sealed publication, which names the region too: leads to its page."""
    entry = reads.publication(name, short)
    if entry["region"] != region:
        raise reads.NoSuchClaimError("nothing was published under this address")
    return HttpResponsePermanentRedirect(reverse("figures:publication", args=[name, entry["record"][:SHORT]]))
