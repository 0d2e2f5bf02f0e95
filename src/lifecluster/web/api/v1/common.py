"""Shared by the routers: documented errors, and the decorator that makes an operation conditional."""

from __future__ import annotations

import re
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.decorators import decorate_view

from lifecluster.web.accounts.tokens import bearer
from lifecluster.web.api.conditional import conditional
from lifecluster.web.api.problem import problem
from lifecluster.web.api.v1.schemas import Problem
from lifecluster.web.directory.search import unknown_parameters
from lifecluster.web.directory.viewer import ANYBODY, Viewer

UNCHANGED = {304: None}
MOVED = {301: None}
PAGED = ("page", "per_page")
"""Parts of an address of the directory that mean nothing here, where `cursor` and `limit` do."""
ERRORS = {400: Problem, 401: Problem, 404: Problem, 410: Problem, 422: Problem, 429: Problem, 503: Problem}


def answers(schema: Any) -> dict[int, Any]:
    """Responses of an operation: `schema`, nothing where nothing changed, or a problem."""
    return {200: schema, **UNCHANGED, **ERRORS}


def one(schema: Any) -> dict[int, Any]:
    """Responses of an operation on one id, which may have been merged into another."""
    return {**answers(schema), **MOVED}


def reader(request: HttpRequest) -> Viewer:
    """For whom an answer is: the owner of the token that was sent, within its limits, else anybody."""
    found = bearer.of(request)
    return found.viewer if found else ANYBODY


def section(tag: str) -> Router:
    """A router under a heading of the documentation."""
    return Router(tags=[tag])


@cache
def _parameters() -> dict[tuple[str, str], tuple[str, ...]]:
    """The parameters of each address, as the URL conf writes it, and method, by the description that is published."""
    from lifecluster.web.api.v1.service import api

    paths = api.get_openapi_schema()["paths"]
    return {
        (path.strip("/"), method): tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query")
        for path, methods in paths.items() for method, operation in methods.items()
    }  # fmt: skip


def checked(view: Any) -> Any:
    """Refuse (400) a parameter that an operation does not have: it would else give another answer than was meant."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        route = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", request.resolver_match.route if request.resolver_match else "")
        known = _parameters()[route.strip("/"), str(request.method).lower()]
        quiet = PAGED if "counted" in known else ()
        wrong = unknown_parameters((name for name in request.GET if name not in quiet), known)
        return problem(400, wrong) if wrong else view(request, *args, **kwargs)

    return wrapped


unchanged = decorate_view(checked, conditional)
"""Refuse what there is not, and answer 304 where the client has this answer already."""
