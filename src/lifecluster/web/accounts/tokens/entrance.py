"""How a token comes in: looked at on addresses of the API alone, good or refused, never passed over in silence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.tokens import bearer
from lifecluster.web.api.middleware import spend
from lifecluster.web.api.problem import problem

TAKEN = "/api/v1/"
"""Where tokens are taken."""
NEEDED = (
    "this address asks for a token: send it as `Authorization: Bearer lct_…`; people make theirs on /account/tokens"
)
BAD = "this is no token, or one that was revoked, has ended, or whose owner is gone"
ELSEWHERE = "this address takes no token and reads as a visitor: what a token may see is under /api/v1/"


def refused(*, stated: bool) -> HttpResponse:
    """401: there is no token, or a bad one was `stated` (RFC 6750, 3)."""
    response = problem(401, BAD if stated else NEEDED)
    response["WWW-Authenticate"] = 'Bearer realm="lifecluster"' + (', error="invalid_token"' if stated else "")
    return response


def admit(request: HttpRequest) -> HttpResponse | None:
    """Put the bearer of a token on a request for machines (`bearer.of`); the refusal if what was sent is not good."""
    stated = bearer.stated(request)
    if stated is None:
        return None
    if not request.path.startswith(TAKEN):
        return problem(400, ELSEWHERE) if stated.lower().startswith(bearer.SCHEME) else None
    now = moment()
    try:
        found = bearer.check(stated, now)
    except bearer.BadTokenError:
        return refused(stated=True)
    if (refusal := spend(request, "token", who=found.token.prefix)) is not None:
        return refusal
    bearer.used(found.token, now)
    bearer.put(request, found)
    return None


def finish(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let no cache give one reader's answer to another."""
    if not request.path.startswith(TAKEN):
        return
    patch_vary_headers(response, ["Authorization"])
    if bearer.stated(request) is not None:
        response.headers["Cache-Control"] = "private, no-store"
        for name in ("ETag", "Last-Modified"):
            response.headers.pop(name, None)
