"""Writing the audit: one row for an act, in the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lifecluster.web.accounts.models import AuditRow

ACTIONS: Mapping[str, str] = {
    "person.add": "an account was made",
    "person.confirm": "the e-mail address was confirmed",
    "person.change": "what is shown of a person was changed",
    "person.password": "the password was changed",
    "person.delete": "an account was deleted with all that hung on it",
    "person.export": "a person took a copy of their data",
    "step.add": "a second step was set up",
    "step.remove": "a second step was removed",
    "step.change": "a second step was changed",
    "session.begin": "a session began",
    "session.end": "a session was ended",
    "role.grant": "a role was given",
    "role.revoke": "a role was taken",
    "member.join": "a person joined an organisation",
    "member.leave": "a person left an organisation",
}
"""Every action there is, in words."""


def write(
    action: str, *, actor: str, subject: str, at: datetime, before: Any = None, after: Any = None, why: str = ""
) -> AuditRow:
    """Add a row. Raises ValueError for an action that does not exist."""
    if action not in ACTIONS:
        raise ValueError(f"there is no action {action!r}")
    body = json.dumps({"before": before, "after": after, "why": why}, ensure_ascii=False, sort_keys=True)
    row: AuditRow = AuditRow.objects.create(at=at, actor=actor, action=action, subject=subject, body=body)
    return row
