"""Pages of the style guide."""

from __future__ import annotations

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.web.kit import states
from lifecluster.web.shell import rooms
from lifecluster.web.shell.headers import embeddable
from lifecluster.web.shell.packages import PackageInfo
from lifecluster.web.styleguide import samples, shapes, statements

ROOMS = ("Directory", "Atlas", "Supply", "Pathways", "Funding", "Skills", "Voice", "Partnering")
FRAME = {
    "package": PackageInfo("Example", "2026.11", samples.AT, sample=True, credits=("Outlines invented, no licence.",)),
    "navigation": [
        *(rooms.NavigationLink(title, "/style", title == "Directory", aside=False) for title in ROOMS),
        rooms.NavigationLink("Sign in", "/style/form", current=False, aside=True),
    ],
}
"""The frame as it looks when all rooms are there."""


class NeedForm(forms.Form):
    """A form with one field of each kind."""

    what = forms.CharField(label="What do you need?", max_length=80, help_text="In your own words.")
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose one"), ("capacity", "Capacity"), ("skill", "Skill")])
    by = forms.DateField(label="By when?", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    detail = forms.CharField(label="More about it", required=False, widget=forms.Textarea)
    seen_by = forms.ChoiceField(
        label="Who may see it?", widget=forms.RadioSelect, choices=[("members", "Members"), ("desk", "The desk alone")]
    )
    told = forms.BooleanField(label="Those it names know of it", help_text="We ask, because they will be written to.")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """All components."""
    context = {
        "claims": statements.claims(), "asks": statements.asks(), "facts": samples.facts(),
        "segments": samples.segments(),
        "counts": samples.counts(), "paging": samples.paging(request.GET), "places": samples.places(),
        "hostile": samples.hostile(), "figures": samples.figures(), "remote": samples.remote(),
        "region": shapes.region(), "pins": shapes.pins(), "badges": samples.badges(), "meanings": states.MEANINGS,
        "dates": samples.freshness(), **FRAME,
    }  # fmt: skip
    return render(request, "styleguide/guide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """A form, before and after something was wrong with it."""
    bound = NeedForm(request.POST or None)
    status = 422 if bound.is_bound and not bound.is_valid() else 200
    return render(request, "styleguide/form.html", {"form": bound, **FRAME}, status=status)


@require_safe
@embeddable
def embed(request: HttpRequest) -> HttpResponse:
    """A page that others may frame."""
    return render(request, "styleguide/embed.html", {"heading": "Sites by area", "counts": samples.counts(), **FRAME})


@require_safe
def evidence(request: HttpRequest, key: str) -> HttpResponse:
    """The evidence of one value: the panel for the script, a page for everybody else."""
    found = samples.evidence(key)
    if request.headers.get("X-Fragment") == "panel":
        return render(request, "kit/evidence_body.html", {"e": found, "mode": "fragment"})
    return render(request, "styleguide/evidence.html", {"e": found, **FRAME})


@require_safe
def part(request: HttpRequest) -> HttpResponse:
    """A part of a page for htmx; the page itself without script."""
    if getattr(request, "htmx", False):
        return render(request, "styleguide/part.html")
    return render(request, "styleguide/part_page.html", FRAME)


@require_safe
def error(request: HttpRequest, status: int) -> HttpResponse:
    """Fails as asked."""
    if status == 400:
        raise BadRequest
    if status == 403:
        raise PermissionDenied
    if status == 500:
        raise RuntimeError("asked for by the style guide")
    raise Http404
