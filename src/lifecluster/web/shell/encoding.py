"""Whom pages are compressed for: `Accept-Encoding` read as RFC 9110, section 12.5.3, says."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

NAMES = ("gzip", "x-gzip")
"""What the coding is called; the second is the older name of the same."""
WEIGHT = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def reads_gzip(header: str) -> bool:
    """Whether a reader with this `Accept-Encoding` takes gzip: named, or meant by `*`, with a weight above nothing.

    What cannot be read counts as a refusal: a body that is not compressed can be read by all.
    """
    said: dict[str, bool] = {}
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        said[name] = all(_wanted(parameter) for parameter in parameters)
    named = [said[name] for name in NAMES if name in said]
    return any(named) if named else said.get("*", False)


def _wanted(parameter: str) -> bool:
    key, _, weight = parameter.partition("=")
    return key.strip() == "q" and WEIGHT.fullmatch(weight.strip()) is not None and float(weight) > 0


class CompressMiddleware(GZipMiddleware):
    """Django's compression, which pads at random so that lengths tell nothing (BREACH), for those who read it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed if the reader takes that."""
        if reads_gzip(request.headers.get("Accept-Encoding", "")):
            return super().process_response(request, response)
        if not response.has_header("Content-Encoding"):
            patch_vary_headers(response, ("Accept-Encoding",))
        return response
