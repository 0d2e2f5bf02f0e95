"""How often one address may ask. Counters lie in one small file that all processes of this machine share.

No cache server and no write to the database; no address is kept: a client is two places in a table of counters, found
by a keyed hash that is new with every start of the machine's workspace key. Two windows are weighed, so that a client
cannot spend two allowances around the turn of a minute. Counters that two clients share by chance are told apart by
the smaller of the two places, as in a count-min sketch.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SLOTS = 1 << 16
CELL = struct.Struct("<IHH")  # number of the window, hits in it, hits in the one before
SIZE = SLOTS * CELL.size
MOST = 0xFFFF


@dataclass(frozen=True, slots=True)
class Limit:
    """`hits` in `seconds`; what a hit costs is up to the caller."""

    hits: int
    seconds: int


LIMITS: Mapping[str, Limit] = {
    "search": Limit(120, 60),
    "api": Limit(600, 60),
    "reconcile": Limit(3000, 60),
    "export": Limit(30, 60),
    "token": Limit(600, 60),
    "write": Limit(120, 60),
    "enquiry": Limit(5, 3600),
    "mail": Limit(10, 600),
    "invitation": Limit(30, 3600),
    "upload": Limit(30, 3600),
}
"""By rule; `settings.RATE_LIMITS` may name others. `reconcile` counts queries, `mail` and
`invitation` forms that have a mail sent to somebody (by address where nobody is signed in, else by person), `upload`
lists of a person, the others requests; `token` and `write` (requests that change something) count by token, the others
by address."""


class Counters:
    """Counters in a file, shared between processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)  # open as long as the process lives
        if os.fstat(self._file).st_size < SIZE:
            os.ftruncate(self._file, SIZE)
        self._map = mmap.mmap(self._file, SIZE)
        self._lock = threading.Lock()

    def add(self, key: bytes, limit: Limit, now: float, cost: int = 1) -> float:
        """Count `cost` hits of `key` and return how many count now, after them; refused hits count too, up to a bound.

        Parameters: `now` seconds of a clock that all processes share.
        """
        digest = hashlib.blake2b(key, digest_size=8, key=settings.SECRET_KEY.encode()[:64]).digest()
        places = {int.from_bytes(digest[i : i + 4], "little") % SLOTS for i in (0, 4)}
        window, passed = int(now // limit.seconds) & 0xFFFFFFFF, (now % limit.seconds) / limit.seconds
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)  # of this process against the others; threads wait above
            try:
                return min(self._bump(place, window, cost, passed) for place in places)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _bump(self, place: int, window: int, cost: int, passed: float) -> float:
        at = place * CELL.size
        stored, hits, before = CELL.unpack_from(self._map, at)
        if stored != window:
            before, hits = (hits, 0) if stored == window - 1 else (0, 0)
        hits = min(hits + cost, MOST)
        CELL.pack_into(self._map, at, window, hits, before)
        return float(hits + before * (1 - passed))

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
        os.close(self._file)


def limit_of(rule: str) -> Limit | None:
    """The limit of a rule; None where it is off (`settings.RATE_LIMITS = {"search": None}`, or None for all)."""
    stated = getattr(settings, "RATE_LIMITS", {})
    if stated is None:
        return None
    if rule in stated:
        found = stated[rule]
        return None if found is None else Limit(*found)
    return LIMITS[rule]
