"""What stands before every operation that asks for a token: permission, limit, one transaction, one act for one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer

from lifecluster.policy.roles import OF_A_PERSON, PERMISSIONS
from lifecluster.web.accounts import audit, rights
from lifecluster.web.accounts.tokens import bearer as tokens
from lifecluster.web.accounts.tokens.bearer import Bearer
from lifecluster.web.api import once
from lifecluster.web.api.middleware import spend
from lifecluster.web.api.problem import ProblemError, problem
from lifecluster.web.api.v1.common import checked
from lifecluster.web.api.v1.schemas import Problem
from lifecluster.web.directory.viewer import Viewer

if TYPE_CHECKING:
    from lifecluster.web.api.writing import Operation

READING = (400, 401, 403, 404, 422, 429, 503)
CHANGING = (*READING, 409, 412, 413)


class Token(HttpBearer):
    """A personal token. The middleware has looked at it already; this tells the description of the API."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        """Who asks."""
        return tokens.of(request)


def responses(gives: Any, method: str) -> dict[int, Any]:
    """Answers of an operation."""
    return {200: gives, **dict.fromkeys(READING if method == "GET" else CHANGING, Problem)}


def asker(request: HttpRequest) -> Bearer:
    """Who asks, behind `guard`."""
    found = tokens.of(request)
    if found is None:
        raise ProblemError(401, "this address asks for a token")
    return found


def viewer(request: HttpRequest) -> Viewer:
    """What the token sees and may do, for an action."""
    return asker(request).viewer


def expected(request: HttpRequest) -> str | None:
    """What a client says that it saw (`If-Match`), for an action that takes `expect`; None where it says nothing."""
    stated = request.headers.get("If-Match", "").strip()
    return stated.removeprefix("W/").strip('"') or None if stated != "*" else None


def guard(operation: Operation) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What stands before an operation."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            who = asker(request)
            with audit.by_token(who.token.prefix):
                return answer(who, request, *args, **kwargs)

        def answer(who: Bearer, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if (words := missing(operation, who)) is not None:
                return problem(403, words)
            if not operation.changes:
                shown: HttpResponse = view(request, *args, **kwargs)
                return shown
            if (refusal := spend(request, "write", who=who.token.prefix)) is not None:
                return refusal
            if int(request.META.get("CONTENT_LENGTH") or 0) > operation.largest:
                return problem(413, f"a body has at most {operation.largest} bytes")
            if operation.first is not None and not once.known(request, who.token):
                operation.first(request)
            return once.answer(request, who.token, lambda: _whole(lambda: view(request, *args, **kwargs)))

        return checked(wrapped)  # type: ignore[no-any-return]  # the same function with a check before it

    return decorate


def missing(operation: Operation, who: Bearer) -> str | None:
    """Why a token may not do this, in words that say what to change; None if it may."""
    if not operation.needs or any(_may(one, who.viewer) for one in operation.needs):
        return None
    wanted = operation.needs[0]
    words = PERMISSIONS.get(wanted) or OF_A_PERSON[wanted]
    owner = rights.viewer(who.person, rights.moment(), second_step=True)
    if wanted not in OF_A_PERSON and wanted not in owner.permissions:
        return f"you may not {words}"
    if wanted not in who.token.scopes:
        return f"this token may not {words}: make one for which that is chosen"
    return f"to {words} asks for a second step: make the token in a session that was begun with one"


def _may(need: str, viewer: Viewer) -> bool:
    return viewer.within(need) if need in OF_A_PERSON else need in viewer.permissions


def _whole(act: Callable[[], HttpResponse]) -> HttpResponse:
    """An answer; what was changed stays only where it tells of success."""
    with transaction.atomic():
        response = act()
        if not 200 <= response.status_code < 300:
            transaction.set_rollback(True)
    return response
