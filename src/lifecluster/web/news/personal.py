"""What news keeps about a person: what they wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lifecluster.web.accounts.models import Person
from lifecluster.web.news.draft import Draft
from lifecluster.web.news.models import Item, Subscriber


def copy(person: Person) -> list[dict[str, Any]]:
    """What a person wrote, and whether they get the bulletin, for their copy of their data."""
    rows = Item.objects.filter(author=person).prefetch_related("abouts").order_by("pk")
    wants = [
        {"bulletin": True, "since": row.since.isoformat(), "received": _received(row)}
        for row in Subscriber.objects.filter(person=person)
    ]
    wrote = [{"state": row.state, "written_at": row.written_at.isoformat(), **Draft.of(row).plain()} for row in rows]
    return wants + wrote


def _received(row: Subscriber) -> list[str]:
    return [one.at.isoformat() for one in row.sendings.filter(written=True).order_by("at")]


def forget(person: Person, at: datetime) -> None:
    """What was never approved goes with its author; what was shown is the cluster's, and stays without one."""
    Subscriber.objects.filter(email=person.email).delete()
    Item.objects.filter(author=person, approved_at__isnull=True).delete()
