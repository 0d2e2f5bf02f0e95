"""What all machine-read addresses share: other origins may read them, and nobody may ask too often."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lifecluster.web.api import origins
from lifecluster.web.api.limits import Counters, limit_of
from lifecluster.web.api.problem import problem

log = logging.getLogger(__name__)
OPEN = ("/api/", "/reconcile", "/id/", "/export/", "/feeds/", "/oembed")
"""Paths that scripts of other origins may read. They never look at a cookie, so nothing private can leak."""
SEARCHING = ("q", "near", "prefix")
LOCAL = ("127.0.0.1", "::1")


@cache
def counters() -> Counters:
    """The counters of this process, on the file that all share."""
    return Counters(Path(settings.HOME) / "cache" / "rates")


def rule_of(request: HttpRequest) -> str | None:
    """Which limit a request counts against. Reconciliation counts its own queries; see `spend`."""
    if request.path.startswith("/export/"):
        return "export"
    if any(request.GET.get(name) for name in SEARCHING):
        return "search"
    return "api" if request.path.startswith("/api/v1/") else None


def client_of(request: HttpRequest) -> str:
    """Address of the client: of the last proxy's word if settings say that there is one of ours."""
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None):
        forwarded = request.headers.get("X-Forwarded-For", "")
        return forwarded.rsplit(",", 1)[-1].strip() or str(request.META.get("REMOTE_ADDR", ""))
    return str(request.META.get("REMOTE_ADDR", ""))


def spend(request: HttpRequest, rule: str, cost: int = 1, *, who: str = "") -> HttpResponse | None:
    """Count a request; the refusal (429 with Retry-After) if that was too much, else None.

    Counted by the client's address, or by `who`, the public prefix of a token, from wherever it is used. Clients on
    this machine are not limited unless `settings.RATE_LIMIT_LOCAL` says so: it is their own machine; tokens are.
    """
    limit = limit_of(rule)
    client = who or client_of(request)
    if limit is None or (client in LOCAL and not getattr(settings, "RATE_LIMIT_LOCAL", False)):
        return None
    try:
        counted = counters().add(f"{rule} {client}".encode(), limit, time.time(), cost)
    except OSError:  # a full disk must not close the web app
        log.exception("rate limit")
        return None
    if counted <= limit.hits:
        return None
    wait = max(1, int(limit.seconds - time.time() % limit.seconds) + 1)
    by = "with this token" if who else "from this address"
    words = f"more than {limit.hits} requests in {limit.seconds} seconds {by}; wait {wait} seconds"
    refusal = problem(429, words)
    refusal["Retry-After"] = str(wait)
    return refusal


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """The refusal of an address with a NUL in it: no text of the register has one, and PostgreSQL would not take it."""
    values = (value for one in request.GET.lists() for value in (one[0], *one[1]))
    if "\x00" in request.path or any("\x00" in value for value in values):
        return problem(400, "the address holds a NUL character")
    return None


class MachinesMiddleware:
    """Limits, and the headers of cross-origin reading (CORS) on open paths."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a preflight at once; count; answer."""
        is_open = request.path.startswith(OPEN)
        if is_open and request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: HttpResponseBase = origins.preflight(request)
        else:
            rule = rule_of(request)
            refusal = (spend(request, rule) if rule else None) or (_unreadable(request) if is_open else None)
            response = refusal or self._get_response(request)
        if is_open:
            origins.allow(request, response)
        return response
