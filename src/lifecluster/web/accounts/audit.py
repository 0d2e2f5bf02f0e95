"""Writing the audit: one row for an act, in the transaction of the act.

Of an act that came by a token the row keeps the token's public prefix, which opens nothing and names nobody; what its
owner calls it is looked up when the row is read, and goes with the account.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lifecluster.web.accounts.models import AuditRow, Token

_DECLARED: dict[str, str] = {
    "person.add": "an account was made",
    "person.confirm": "the e-mail address was confirmed",
    "person.change": "what is shown of a person was changed",
    "person.address_asked": "another e-mail address was asked for",
    "person.address": "the e-mail address was changed",
    "person.password": "the password was changed",
    "person.delete": "an account was deleted with all that hung on it",
    "person.export": "a person took a copy of their data",
    "step.add": "a second step was set up",
    "step.remove": "a second step was removed",
    "step.change": "a second step was changed",
    "connection.add": "another service was connected, to sign in through it",
    "connection.remove": "another service was disconnected",
    "session.begin": "a session began",
    "session.end": "a session was ended",
    "role.grant": "a role was given",
    "role.revoke": "a role was taken",
    "member.join": "a person joined an organisation",
    "member.leave": "a person left an organisation",
    "token.make": "a token was made",
    "token.revoke": "a token was revoked",
}
ACTIONS: Mapping[str, str] = MappingProxyType(_DECLARED)
"""Every action there is, in words: those of accounts, and what rooms declared while Django started."""

_token: ContextVar[str] = ContextVar("token", default="")


@contextmanager
def by_token(prefix: str) -> Iterator[None]:
    """For the length of a block, acts come by the token with this public prefix."""
    before = _token.set(prefix)
    try:
        yield
    finally:
        _token.reset(before)


def tokens(rows: Iterable[AuditRow]) -> dict[str, str]:
    """What the tokens by which acts came are called, by their prefixes; those of people who are gone are left out."""
    prefixes = {row.content.get("token") for row in rows} - {None}
    return dict(Token.objects.filter(prefix__in=prefixes).values_list("prefix", "name")) if prefixes else {}


def declare(actions: Mapping[str, str]) -> None:
    """Add a room's actions, `thing.verb`, with what each means. Raises ValueError if one is declared already with
    other words."""
    for name, means in actions.items():
        if _DECLARED.setdefault(name, means) != means:
            raise ValueError(f"there is already an action {name!r}")


def write(
    action: str, *, actor: str, subject: str, at: datetime, before: Any = None, after: Any = None, why: str = ""
) -> AuditRow:
    """Add a row. Raises ValueError for an action that does not exist."""
    if action not in ACTIONS:
        raise ValueError(f"there is no action {action!r}")
    said = {"before": before, "after": after, "why": why}
    if prefix := _token.get():
        said["token"] = prefix
    body = json.dumps(said, ensure_ascii=False, sort_keys=True)
    row: AuditRow = AuditRow.objects.create(at=at, actor=actor, action=action, subject=subject, body=body)
    return row
