"""Tokens for tests, and clients that send them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpResponse
from django.test import Client

from lifecluster.web.accounts import rights
from lifecluster.web.accounts.models import Person, Token
from lifecluster.web.accounts.tokens.actions import make_token
from lifecluster.web.accounts.tokens.scopes import offered


def token(who: Person, *scopes: str, second_step: bool = False, name: str = "") -> str:
    """A token with these scopes, or with all that this person can choose."""
    if second_step and not who.authenticator_set.exists():
        TOTP.activate(who, generate_totp_secret())
    now = rights.moment()
    viewer = rights.viewer(who, now, second_step=second_step)
    chosen = scopes or tuple(offered(viewer))
    called = name or f"number {Token.objects.count()}"
    return make_token(person=who, name=called, scopes=chosen, expires_at=now + timedelta(days=30), at=now,
                      second_step=second_step, viewer=viewer)[1]  # fmt: skip


class Program:
    """A program that sends a token (or none) and JSON; `client` one that is used again, as each reads the settings of
    all middleware."""

    def __init__(self, text: str | None, client: Client | None = None) -> None:
        self.client = client or Client(raise_request_exception=False)
        self.headers = {} if text is None else {"Authorization": f"Bearer {text}"}

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read."""
        return self.client.get(f"/api/v1{path}", headers={**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """Change."""
        sent = body if isinstance(body, (str, bytes)) else json.dumps({} if body is None else body)
        return self.client.post(f"/api/v1{path}", sent, content_type="application/json",
                                headers={**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}})  # fmt: skip
