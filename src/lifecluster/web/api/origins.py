"""Which scripts of other origins may read what (CORS).

What everybody may know is for all origins. With a token a page of another origin may ask only where the setting
`API_TOKEN_ORIGINS` lists it (none unless `LIFECLUSTER_TOKEN_ORIGINS` says so): a token does not belong into a browser.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

EVERYBODY = "Accept, Content-Type, If-None-Match, If-Modified-Since"
TRUSTED = f"{EVERYBODY}, Authorization, Idempotency-Key, If-Match"
EXPOSED = "Content-Disposition, ETag, Last-Modified, Link, Retry-After, Idempotency-Replayed, WWW-Authenticate"


def _trusted(request: HttpRequest) -> str:
    """The origin of a request, if it is listed; else empty."""
    origin = request.headers.get("Origin", "")
    return origin if origin in getattr(settings, "API_TOKEN_ORIGINS", ()) else ""


def preflight(request: HttpRequest) -> HttpResponse:
    """What a browser asks before it lets a script ask."""
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS, POST"
    response["Access-Control-Allow-Headers"] = TRUSTED if _trusted(request) else EVERYBODY
    response["Access-Control-Max-Age"] = "86400"
    return response


def allow(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say who may read an answer: all origins, but of one that was given for a token only those that are listed."""
    trusted = _trusted(request)
    if getattr(settings, "API_TOKEN_ORIGINS", ()):
        patch_vary_headers(response, ["Origin"])
    if "Authorization" not in request.headers:
        response["Access-Control-Allow-Origin"] = trusted or "*"
    elif trusted:
        response["Access-Control-Allow-Origin"] = trusted
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
