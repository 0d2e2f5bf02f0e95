"""Errors as problem details: what went wrong, in words, under `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


class ProblemError(Exception):
    """Ends a request with a problem. `detail` is read by people; `extra` are further members of the answer."""

    def __init__(self, status: int, detail: str, **extra: Any) -> None:
        self.status, self.detail, self.extra = status, detail, extra
        super().__init__(detail)

    def response(self) -> HttpResponse:
        """The answer."""
        return problem(self.status, self.detail, **self.extra)


class MovedError(Exception):
    """Ends a request with a permanent redirection to `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


def problem(status: int, detail: str, **extra: Any) -> HttpResponse:
    """A problem answer: `type` about:blank, so `title` is the phrase of the status."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
