"""What is kept of a person's tokens, for the copy of their data; they go with the person."""

from __future__ import annotations

from typing import Any

from lifecluster.web.accounts.models import Person, Token


def tokens_of(person: Person) -> list[dict[str, Any]]:
    """Every token that was ever made, without what opens anything."""
    return [
        {
            "name": row.name, "prefix": row.prefix, "scopes": row.scopes, "second_step": row.second_step,
            "made_at": row.made_at.isoformat(), "expires_at": row.expires_at.isoformat(),
            "last_used_on": row.last_used_on.isoformat() if row.last_used_on else None,
            "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in Token.objects.filter(person=person).order_by("pk")
    ]  # fmt: skip
