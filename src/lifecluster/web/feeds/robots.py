"""robots.txt: pages may be indexed; endless combinations of filters and whole files need not be fetched by crawlers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

CLOSED = ("/export/", "/reconcile", "/api/v1/", "/*?*q=", "/*?*near=", "/*?*page=")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The file."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "",
             f"Sitemap: {request.build_absolute_uri(reverse('feeds:sitemap'))}"]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
