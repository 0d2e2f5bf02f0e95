"""Several logs as one, for a build: that of the command line and that of the web app, say.

What is merged is read and never written: each log stays the chain it is in its own home.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import START, Entry, LogDamagedError, verify_chain
from lifecluster.register.judgement import Judgements


def merge(logs: Iterable[Sequence[Entry]]) -> tuple[Entry, ...]:
    """The entries of all logs, each once, numbered anew by the moment they were written; the same in whichever order
    the logs are given.

    An entry stands after the one before it in its own log and after the one that it retracts or decides, whatever its
    clock said; entries of the same moment stand by id. Raises LogDamagedError for a log that is not as it was written
    (also for one id with two contents), LifeclusterError for judgements that contradict each other.
    """
    known: dict[str, Entry] = {}
    for entries in logs:
        verify_chain(entries)
        for entry in entries:
            if known.setdefault(entry.id, entry) != entry:
                raise LogDamagedError(f"two logs have an entry {entry.id[:12]} and do not say the same in it")
    ordered = tuple(replace(entry, seq=seq) for seq, entry in enumerate(_in_order(known), 1))
    clash = Judgements(ordered).contradictions()
    if clash:
        told = "; ".join(
            f"{e.subject} and {e.object} {e.action.removeprefix('judgement.')} ({e.id[:12]})" for e in clash[0]
        )
        raise LifeclusterError(
            f"the logs contradict each other: {told}; retract one of these (`lifecluster judge retract`)"
        )
    return ordered


def heads(logs: Iterable[Sequence[Entry]]) -> tuple[str, ...]:
    """The ids of the last entries of the logs that have any, sorted, each once; not of a log that is in another."""
    chains = [entries for entries in logs if entries]
    before = {entry.previous for entries in chains for entry in entries}
    return tuple(sorted({entries[-1].id for entries in chains} - before))


def require_heads(entries: Iterable[Entry], known: Iterable[str | None]) -> None:
    """Raise LogDamagedError unless every id of `known` (what the package before was built with) is among `entries`."""
    missing = sorted({one for one in known if one not in {None, START}} - {entry.id for entry in entries}, key=str)
    if missing:
        raise LogDamagedError(
            f"the package before was built with a log that is not given, or was cut since: no log given here holds its "
            f"entry {missing[0][:12]}. Give that log as well (--log may be repeated; entries about rows that are not "
            "in these files are kept and not applied); for another region take another folder of packages (--out); "
            "--fresh goes on from no package"
        )


def _in_order(known: dict[str, Entry]) -> list[Entry]:
    """Of the entries whose forerunners are all told, the oldest is told next."""
    waits: dict[str, int] = {}
    after: dict[str, list[str]] = {}
    free: list[tuple[datetime, str]] = []
    for entry in known.values():
        before = {one for one in (entry.previous, entry.refers_to) if one is not None and one in known}
        waits[entry.id] = len(before)
        for one in before:
            after.setdefault(one, []).append(entry.id)
        if not before:
            heappush(free, (_moment(entry), entry.id))
    told = []
    while free:
        entry = known[heappop(free)[1]]
        told.append(entry)
        for one in after.get(entry.id, ()):
            waits[one] -= 1
            if not waits[one]:
                heappush(free, (_moment(known[one]), one))
    return told


def _moment(entry: Entry) -> datetime:
    """When it was written. Raises LogDamagedError for a time without offset, which stands in no order to others."""
    try:
        at = datetime.fromisoformat(entry.at)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise LogDamagedError(f"entry {entry.id[:12]} says {entry.at!r}, which is no moment with an offset from UTC")
    return at
