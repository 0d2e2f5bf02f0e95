"""Digests: all that waits for a person in one mail.

What waits goes and the mail is written in one transaction for each person: whoever dies in between has done neither,
so that nothing is lost and nothing told twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from lifecluster.web.accounts import letter, outbox, stopping, telling
from lifecluster.web.accounts.models import How, Person, Told
from lifecluster.web.kit import formats

TITLES = {How.DAY: "Today for you", How.WEEK: "This week for you"}
MOST = 200
"""Messages in one digest; the rest is in the next that is made, at once."""


def send(how: How, at: datetime) -> str:
    """Write the digest of everybody for whom something waits; how many, in words."""
    people = Told.objects.filter(how=how).order_by("person").values_list("person", flat=True).distinct()
    count = sum(_whole(key, how, at) for key in list(people))
    return formats.plural(count, "digest")


def _whole(key: int, how: How, at: datetime) -> int:
    """All that waits for a person, in as many digests as it takes."""
    count = 0
    while one(key, how, at):
        count += 1
    return count


@transaction.atomic
def one(key: int, how: How, at: datetime) -> bool:
    """Write one person's digest; False if nothing waits, or the account is closed."""
    person = Person.objects.select_for_update().filter(pk=key, is_active=True).first()
    if person is None:
        return False
    waits = list(Told.objects.select_for_update().filter(person=person, how=how).order_by("at", "pk")[:MOST])
    if not waits:
        return False
    made = compose(person, how, waits, at)
    every = stopping.address(person, *sorted({row.kind for row in waits}))
    outbox.write(to=person.email, subject=made.title, text=made.text(), html=made.html(), person=person,
                 headers=stopping.headers(every))  # fmt: skip
    Told.objects.filter(pk__in=[row.pk for row in waits]).delete()
    return True


def compose(person: Person, how: How, waits: Iterable[Told], at: datetime) -> letter.Letter:
    """The digest as a letter: a part for each kind, the oldest message first, and a link that stops each kind."""
    known = {kind.name: kind for kind in telling.kinds()}
    kinds: dict[str, list[Told]] = {}
    for row in waits:
        kinds.setdefault(row.kind, []).append(row)
    ordered = sorted(kinds, key=lambda name: (known[name].order if name in known else 10**6, name))
    parts = tuple(
        letter.Part(
            known[name].title if name in known else name,
            tuple(letter.Entry(row.subject, note=formats.day(row.at.date(), long=True), text=row.text)
                  for row in kinds[name]),
        )
        for name in ordered
    )  # fmt: skip
    stops = tuple(letter.Stop(known[name].title, stopping.address(person, name)) for name in ordered if name in known)
    count = sum(len(rows) for rows in kinds.values())
    title = f"{TITLES[how]}: {formats.plural(count, 'message')}, {formats.day(at.date(), long=True)}"
    return letter.Letter(title, parts=parts, why=letter.of_account(person.email), stops=stops)


def copy(person: Person) -> list[dict[str, Any]]:
    """What a person chose, and what waits for them, for their copy of their data."""
    chosen = [{"kind": row.kind, "how": row.how} for row in person.choices.order_by("kind")]
    waits = [
        {"kind": row.kind, "how": row.how, "subject": row.subject, "text": row.text, "at": row.at.isoformat()}
        for row in person.told.order_by("at", "pk")
    ]
    return chosen + waits
