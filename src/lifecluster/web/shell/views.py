"""Pages of the frame itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lifecluster.web.shell import panels


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page: whatever panels the rooms have for it."""
    return render(request, "shell/home.html", {"panels": panels.shown("home", request)})


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """`ok`, for a monitor; touches neither database nor template."""
    return HttpResponse("ok\n", content_type="text/plain")
