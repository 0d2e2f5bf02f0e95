"""Answers that did not change are not sent again: ETag and Last-Modified from the package, before any other work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from lifecluster import __version__
from lifecluster.web.accounts.tokens import bearer
from lifecluster.web.api.problem import problem
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Change, Package

F = TypeVar("F", bound=Callable[..., Any])
CACHING = "public, max-age=0, must-revalidate"


def edition(package: Package) -> str:
    """Names exactly one state of the register: package, and how often its rows changed since it was loaded."""
    return f"{package.name}:{package.revision}:{package.loaded_at and package.loaded_at.isoformat()}"


Happened = tuple[int, datetime] | None
"""Number and moment of the last change that was noted."""


def happened() -> Happened:
    """The last change: a package that is shown again is as it was, the list of changes is not. One query."""
    return Change.objects.order_by("-id").values_list("id", "at").first()


def etag(request: HttpRequest, package: Package, last: Happened) -> str:
    """A weak ETag: the same state of the register, software, day (values go stale) and address give the same answer."""
    parts = (edition(package), str(last and last[0]), __version__, today().isoformat(), request.get_host(),
             request.get_full_path(),
             request.headers.get("Accept", ""))  # fmt: skip
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"'


def modified(package: Package, last: Happened) -> datetime:
    """When an answer may last have changed: the load of the package, an edit since, or midnight."""
    midnight = datetime.combine(today(), time(), UTC)
    moments = [midnight] if midnight <= datetime.now(UTC) else []  # the day may be set by hand, to one that is to come
    moments += [moment for moment in (package.loaded_at, last and last[1]) if moment is not None]
    return max(moments, default=datetime.fromtimestamp(0, UTC))


def conditional(view: F) -> F:
    """Let a view of the public register answer 304. It also gets the headers that let others keep its answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if bearer.of(request) is not None:  # for one reader, and kept by nobody
            return cast(HttpResponseBase, view(request, *args, **kwargs))
        try:
            package = reads.current()
        except reads.NoPackageError as error:
            return problem(503, str(error))
        change = happened()
        tag, last = etag(request, package, change), int(modified(package, change).timestamp())
        response: HttpResponseBase | None = get_conditional_response(request, tag, last)
        if response is None:
            response = cast(HttpResponseBase, view(request, *args, **kwargs))
        if response.status_code in {200, 304}:
            response["ETag"], response["Last-Modified"] = tag, http_date(last)
            response.setdefault("Cache-Control", CACHING) if isinstance(response, HttpResponse) else None
        return response

    return cast(F, wrapped)
