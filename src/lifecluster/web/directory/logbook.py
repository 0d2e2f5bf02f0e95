"""The log in the database: the library's schema, chain and guard, with the database's own serialisation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from lifecluster.register.entry import (
    CORE_ACTIONS,
    START,
    Actions,
    ActionSpec,
    Draft,
    Entry,
    LogDamagedError,
    check_next,
    from_json,
    verify_chain,
)
from lifecluster.register.log import Guard
from lifecluster.web.directory.models import LogRow

WEB_ACTIONS: Final = CORE_ACTIONS.extend(
    ActionSpec("package.load", ("subject",), "a package was accepted and is shown"),
    ActionSpec("claim.compute", ("subject",), "the claims of the package `subject` were computed"),
    ActionSpec("atlas.compute", ("subject",), "the atlas of the package `subject` was computed"),
    ActionSpec(
        "atlas.publish", ("subject", "evidence"), "what is shown of the part `subject` of the atlas was published"
    ),
    ActionSpec("claim.publish", ("subject", "evidence"), "what is shown of the claim `subject` was published"),
    ActionSpec("package.roll_back", ("subject", "object"), "the package `object` was taken back; `subject` is shown"),
)
"""The actions of the register and of its web app."""
_LOCK: Final = 0x6C63_6C6F_67
"""Key of PostgreSQL's advisory lock of the log."""


class DatabaseLog:
    """See `lifecluster.register.log.Log`. Keeps what it has read and checked, so reading costs what is new.

    `append` is one transaction that no other append can overlap: SQLite's transactions begin by taking the write lock
    (`transaction_mode` IMMEDIATE), on PostgreSQL an advisory lock is held until the end. Called inside a transaction
    of the caller, the entry stands or falls with it: a change of the register and its audit are one.
    """

    def __init__(self, *, actions: Actions = WEB_ACTIONS) -> None:
        self._actions = actions
        self._known: list[Entry] = []

    def entries(self, after: int = 0) -> Sequence[Entry]:
        """See `Log.entries`."""
        found = self._read()
        if not connection.in_atomic_block:  # what may still be rolled back is not remembered
            self._known = found
        return found[after:]

    def append(self, draft: Draft, *, guard: Guard | None = None) -> Entry:
        """See `Log.append`."""
        self._actions.check(draft)
        with transaction.atomic():
            self.hold()
            if guard is not None:
                guard(self._read())
            last = LogRow.objects.order_by("-seq").values_list("seq", "entry").first() or (0, START)
            entry = Entry.seal(draft, seq=last[0] + 1, previous=last[1])
            LogRow.objects.create(
                seq=entry.seq, entry=entry.id, action=entry.action, subject=entry.subject, refers_to=entry.refers_to,
                body=entry.to_json(),
            )  # fmt: skip
        return entry

    def hold(self) -> None:
        """Within a transaction: nobody else appends until it ends. On SQLite it holds the database already."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

    def head(self) -> str:
        """See `Log.head`."""
        last = LogRow.objects.order_by("-seq").values_list("entry", flat=True).first()
        return last or START

    def verify(self, *, head: str | None = None) -> int:
        """Read the whole log afresh and check every entry; returns their number. See `verify_chain`."""
        return verify_chain(DatabaseLog(actions=self._actions).entries(), head=head)

    def _read(self) -> list[Entry]:
        """All entries: those known, if the last of them still stands, and what was added; each checked."""
        found = list(self._known)
        if found:
            stands = LogRow.objects.filter(seq=found[-1].seq).values_list("entry", flat=True).first()
            if stands != found[-1].id:
                raise LogDamagedError(f"the log was cut or changed: entry {found[-1].seq} is no longer {found[-1].id}")
        for body in LogRow.objects.filter(seq__gt=len(found)).order_by("seq").values_list("body", flat=True):
            entry = from_json(body)
            check_next(entry, seq=len(found) + 1, previous=found[-1].id if found else START)
            found.append(entry)
        return found


log = DatabaseLog()
"""The log of this process's database."""
