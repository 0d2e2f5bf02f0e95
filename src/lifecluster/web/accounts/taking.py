"""A copy of all that is kept about a person, for the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q

from lifecluster.web.accounts import audit, kept
from lifecluster.web.accounts.models import AuditRow, Mail, Person


def copy(*, person: Person, at: datetime) -> dict[str, Any]:
    """Everything about a person in plain values; that it was taken is written to the audit. Passwords and what codes
    are made from are not in it: they open the account and say nothing about anybody."""
    acts = AuditRow.objects.filter(Q(actor=person.actor) | Q(subject=person.actor)).order_by("pk")
    found = {
        "taken_at": at.isoformat(),
        "person": {
            "id": person.uid, "email": person.email, "name": person.name, "joined_at": person.joined_at.isoformat(),
            "last_signed_in_at": person.last_login.isoformat() if person.last_login else None,
        },
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "roles": [_span(row, role=row.role) for row in person.grants.order_by("pk")],
        "memberships": [
            _span(row, organisation=row.organisation, administrator=row.administrator)
            for row in person.memberships.order_by("pk")
        ],
        "second_steps": [
            {"kind": row.type, "name": str(row), "added_at": row.created_at.isoformat(),
             "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None}
            for row in Authenticator.objects.filter(user=person).order_by("pk")
        ],
        "sessions": [
            {"began_at": row.created_at.isoformat(), "address": row.ip, "browser": row.user_agent}
            for row in UserSession.objects.filter(user=person).order_by("pk")
        ],
        "mail": [
            {"subject": row.subject, "written_at": row.written_at.isoformat(),
             "sent_at": row.sent_at.isoformat() if row.sent_at else None}
            for row in Mail.objects.filter(to=person.email).order_by("pk")
        ],
        "acts": [
            {"at": row.at.isoformat(), "actor": row.actor, "action": row.action, "subject": row.subject, **row.content}
            for row in acts
        ],
        **kept.copies(person),
    }  # fmt: skip
    audit.write("person.export", actor=person.actor, subject=person.actor, at=at)
    return found


def _span(row: Any, **said: Any) -> dict[str, Any]:
    ends = row.ends_at.isoformat() if row.ends_at else None
    return {**said, "from": row.begins_at.isoformat(), "until": ends, "given_by": row.given_by, "why": row.why}
