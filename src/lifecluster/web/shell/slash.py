"""No page has an address with a closing slash: such a one is led for good to the same without it, if that is one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes

SAFE = ("GET", "HEAD")


class ClosingSlashMiddleware:
    """Leads only by what addresses there are, never by what is behind them: an id is not looked up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Redirect (301) with the query, or answer; what is sent to an address is never led elsewhere."""
        path = request.path_info
        if request.method in SAFE and path.endswith("/") and not is_valid_path(path):
            shorter = path.rstrip("/")
            if shorter and is_valid_path(shorter):
                query = request.META.get("QUERY_STRING", "")
                address = escape_leading_slashes(escape_uri_path(request.path.rstrip("/")))
                return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
        return self._get_response(request)
