"""The queue as this process keeps it: read once for a package, and brought up to date by what is new in the log."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any, ClassVar

from django.db import connection
from django.http import Http404

from lifecluster.errors import LifeclusterError
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.packages import NoPackageError
from lifecluster.web.links.models import Filled, Pair
from lifecluster.web.links.standing import Place, Standing

COLUMNS = ("number", "key", "record", "target", "probability", "level", "bunch", "label", "source")


class NoSuchPairError(LifeclusterError, Http404):
    """There is no such pair among those of the package that is shown, or the reader may not know of it."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The pairs of the package that is shown, and what holds of them; `filled` is None where none were filled in."""

    package: str
    filled: Filled | None
    standing: Standing


class _Kept:
    key: ClassVar[tuple[Any, ...]] = ()
    queue: ClassVar[Queue | None] = None
    lock: ClassVar[Lock] = Lock()


def queue() -> Queue:
    """The queue as it is now. Raises NoPackageError where no package is shown."""
    package = reads.current()
    filled = Filled.objects.filter(package=package.name).first()
    key = (connection.settings_dict["NAME"], package.name, filled and filled.pk)
    entries = log.entries()
    with _Kept.lock:
        kept = _Kept.queue if _Kept.key == key else None
        taken = kept.standing.taken if kept else []
        behind = len(entries) < len(taken) or (bool(taken) and entries[len(taken) - 1].id != taken[-1])
        if kept is None or behind:  # another package; or what was taken in was rolled back
            kept = _fresh(package.name, filled)
            _Kept.key, _Kept.queue = key, kept
        kept.standing.advance(entries[len(kept.standing.taken) :])
        return kept


def forget() -> None:
    """Read everything anew the next time."""
    _Kept.key, _Kept.queue = (), None


def _fresh(package: str, filled: Filled | None) -> Queue:
    rows = Pair.objects.filter(package=package).order_by("number").values_list(*COLUMNS)
    body = filled.body if filled else {}
    return Queue(package, filled, Standing([Place(*row) for row in rows], body.get("moved", {}), body.get("lost", ())))


def waiting(clearance: int) -> list[Place]:
    """Pairs that wait, in order; none where no package is shown."""
    try:
        return queue().standing.waiting(clearance)
    except NoPackageError:
        return []


def pair(key: str, user: object) -> Pair:
    """A pair of the package that is shown. Raises NoSuchPairError, NoPackageError."""
    found = Pair.objects.visible_to(user).filter(package=reads.current().name, key=key).first()
    if found is None:
        raise NoSuchPairError("no such pair waits in the package that is shown")
    return found
