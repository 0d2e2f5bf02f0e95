"""Writing the audit: one row for an act, in the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lifecluster.web.accounts.models import AuditRow

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
    body = json.dumps({"before": before, "after": after, "why": why}, ensure_ascii=False, sort_keys=True)
    row: AuditRow = AuditRow.objects.create(at=at, actor=actor, action=action, subject=subject, body=body)
    return row
