"""What people do with link reviews: judge a pair, take a judgement back; and filling in the pairs of a package."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from lifecluster.errors import ConflictError, LifeclusterError
from lifecluster.register.deciding import Side, decide
from lifecluster.register.entry import Entry
from lifecluster.register.judgement import KINDS, JudgementError, retract
from lifecluster.register.linkage import scored
from lifecluster.web.directory.actions import moment, show_decided
from lifecluster.web.directory.computed import files_of
from lifecluster.web.directory.exclusive import exclusive
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package, State
from lifecluster.web.directory.progress import Progress, quiet
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.links import queue
from lifecluster.web.links.models import Filled, Pair

BUSY = "link reviews are being filled in by somebody else just now; try again when that is done"
REVIEWED = "reviewed at the desk"
TAKEN_BACK = "taken back at the desk"
LONGEST = 500
"""Letters of a reason."""


class TakenError(ConflictError):
    """Somebody else has judged the pair since it was shown; `entry` is what they wrote."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        said = entry.action.removeprefix("judgement.")
        super().__init__(f"somebody has judged this pair since you opened it: {said} ({entry.id[:12]}, {entry.why})")


def judge_link(*, key: str, kind: str, viewer: Viewer, at: datetime, why: str = "", seen: str = "") -> Entry:
    """Write down that the two rows of a pair are the same, are different, or that it is unsure.

    Parameters: `kind` same, different or unsure; `why` in words (default: that it was reviewed at the desk); `seen` id
    of the judgement on this pair that its reader saw, "" where there was none. Raises PermissionDeniedError
    (`link.judge`), NoSuchPairError, TakenError, ContradictionError with the entries that stand against it.
    """
    viewer.require("link.judge")
    if kind not in KINDS:
        raise JudgementError(f"{kind!r} is no judgement; it is one of {', '.join(KINDS)}")
    if len(why) > LONGEST:
        raise LifeclusterError(f"the reason has {len(why)} letters; {LONGEST} are the most")
    pair = queue.pair(key, viewer)
    now = queue.queue()
    numbers = now.filled.body.get("numbers", {}) if now.filled else {}
    told = scored.read(pair.body.get("scored"))
    sides = [_side(pair.body[which]) for which in ("left", "right")]
    known = len(now.standing.taken)
    latest = now.standing.said(now.standing.by_key[key])
    with transaction.atomic():
        _not_taken(latest, log.entries()[known:], pair, seen)
        entry = decide(log, kind, *sides, actor=viewer.actor, why=why.strip() or REVIEWED, at=moment(at),
                       live_numbers=numbers, model=told.model if told else None,
                       scored=told.seen() if told else None)  # fmt: skip
        # The log is locked from the entry to the end: whoever judged at the same time is in it already, or waits.
        _not_taken(latest, log.entries()[known:-1], pair, seen)
    return entry


def _not_taken(known: Entry | None, more: Iterable[Entry], pair: Pair, seen: str) -> None:
    """Raise TakenError if, after `more` entries, the pair has a judgement that its reader has not `seen`."""
    latest = _latest(known, more, pair)
    if latest is not None and latest.id != seen:
        raise TakenError(latest)


def _side(said: dict[str, Any]) -> Side:
    """A row of a pair, as a judgement keeps it."""
    words = {prop: values[0] for prop, values in said["words"].items() if values}
    return Side(said["record"], words.get("name"), words.get("postcode"), words.get("address"), said["open"])


def _latest(known: Entry | None, more: Iterable[Entry], pair: Pair) -> Entry | None:
    """The judgement on a pair that holds and was made last, after `more` entries."""
    for entry in more:
        if entry.action == "judgement.retract" and known is not None and entry.refers_to == known.id:
            known = None
        elif entry.action.startswith("judgement.") and {entry.subject, entry.object} == {pair.record, pair.target}:
            known = entry
    return known


def undo_judgement(*, entry: str, viewer: Viewer, at: datetime, why: str = TAKEN_BACK) -> Entry:
    """Take a judgement back: what held before it holds again, and the log keeps both.

    Raises PermissionDeniedError (`link.judge`), JudgementError if `entry` is not the id of a judgement that holds.
    """
    viewer.require("link.judge")
    return retract(log, entry, actor=viewer.actor, why=why.strip() or TAKEN_BACK, at=moment(at))


def show_judged(*, viewer: Viewer, at: datetime) -> bool:
    """Show in the register what was judged or taken back since it was last changed. Where it has both rows of a
    pair, they become one organisation as by a merge. Returns whether anything of the log had not been looked at.

    Judging leaves it to this: it takes several times as long as a person may be kept waiting between two pairs. Any
    change of the register that is shown at once does the same on its way. Raises PermissionDeniedError
    (`package.load`).
    """
    viewer.require("package.load")
    shown = Package.objects.filter(state=State.CURRENT)
    if not any(package.log_seq < len(log.entries()) for package in shown):
        return False
    with transaction.atomic():
        log.hold()
        show_decided(at)
    return True


def fill_queue(*, package: Package, path: Path, viewer: Viewer, again: bool = False,
               progress: Progress = quiet) -> int:  # fmt: skip
    """Fill in the pairs of a package that wait; all of them show at once, or none. Those of packages that are gone go.

    Parameters: `path` the package's files, or a folder of packages that has them; `again` where they are there already.
    Returns how many there are (0: they were there). Raises PermissionDeniedError (`package.load`), LifeclusterError if
    the files are not found.
    """
    viewer.require("package.load")
    if not again and Filled.objects.filter(package=package.name).exists():
        return 0
    from lifecluster.web.links.filling import read

    with exclusive("links", BUSY):
        files = files_of(path, package.name)
        progress("collecting the links that wait for a person")
        found = read(files, log.entries())
        with transaction.atomic():
            known = [*Package.objects.values_list("name", flat=True)]
            for table in (Pair, Filled):
                table.objects.exclude(package__in=known).delete()
                table.objects.filter(package=package.name).delete()
            Pair.objects.bulk_create((Pair(package=package.name, **one) for one in found.pairs), batch_size=500)
            Filled.objects.create(package=package.name, kept=len(found.pairs), left_out=found.left_out, body=found.body)
    return len(found.pairs)
