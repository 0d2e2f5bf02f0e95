"""One act for one key: a client that hears nothing sends the same again, and gets the answer of the first time.

`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-06): within a day, the same key of the same token with the
same request gives the same answer without another act; with another request it is refused (409). Only answers of
success are kept: what failed changed nothing and may be tried again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from lifecluster.web.accounts.models import Token
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api.models import Answer
from lifecluster.web.api.problem import problem

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 200


def answer(request: HttpRequest, token: Token, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to a request: that of the first time, or of `act`, which then happens."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        return problem(400, f"{HEADER} has 1 to {LONGEST} printable characters of ASCII")
    now, asked = moment(), _hash(request)
    with transaction.atomic():
        forget(now)
        try:
            with transaction.atomic():  # two at once: the second waits here until the first is done
                row = Answer.objects.create(token=token, key=key, asked=asked, made_at=now)
        except IntegrityError:
            return _again(Answer.objects.get(token=token, key=key), asked)
        response = act()
        if 200 <= response.status_code < 300:
            row.status, row.body = response.status_code, response.content.decode()
            row.save(update_fields=["status", "body"])
        else:
            transaction.set_rollback(True)
    return response


def known(request: HttpRequest, token: Token) -> bool:
    """Whether there is an answer to a request already."""
    key = request.headers.get(HEADER, "")
    return Answer.objects.filter(token=token, key=key, made_at__gt=moment() - KEPT).exists() if key else False


def forget(at: datetime) -> int:
    """Remove what has been kept for a day; returns how many."""
    return Answer.objects.filter(made_at__lte=at - KEPT).delete()[0]


def _again(row: Answer, asked: str) -> HttpResponse:
    if row.asked != asked:
        return problem(409, f"this {HEADER} was sent with another request: take a new one for each act")
    response = HttpResponse(row.body, status=row.status, content_type="application/json; charset=utf-8")
    response["Idempotency-Replayed"] = "true"
    return response


def _hash(request: HttpRequest) -> str:
    parts = (request.method or "", request.get_full_path(), request.headers.get("If-Match", ""))
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + request.body).hexdigest()
