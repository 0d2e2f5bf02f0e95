"""Everything that changes the register of the web app: one function each, used alike by pages, API and command line.

Each checks the permission first and writes an entry of the log in the same transaction as the change. What loads
packages is imported where it is called: a process that answers pages does without Polars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from lifecluster.errors import ConflictError, LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.register import added, edits, fitting
from lifecluster.register.entry import Draft, Entry, Json
from lifecluster.register.ids import parse
from lifecluster.register.log import Guard
from lifecluster.web.directory import still
from lifecluster.web.directory.exclusive import exclusive
from lifecluster.web.directory.loading.compare import Changed, Counts
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package, State
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.progress import Progress, quiet
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import Viewer

ALONE = "seen by nobody but the organisation"
BUSY = "a package is being loaded by somebody else just now; try again when that is done"


class StaleError(ConflictError):
    """What was previewed is no longer what would happen."""


class MeanwhileError(ConflictError):
    """Somebody else was at the same value since it was looked at."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What accepting a package would do.

    `package` its name, `replaces` the one shown now ("" if none), `same` whether they are one; `kinds` counts per kind;
    `rows` every row that would differ; `edits` approved edits that are shown over it; `lost` subjects of edits that it
    does not know; `problems` words about what is wrong with its files (then it cannot be accepted).
    """

    package: str
    replaces: str
    same: bool
    kinds: Mapping[str, Counts]
    rows: tuple[Changed, ...]
    edits: int
    lost: tuple[str, ...]
    problems: tuple[str, ...] = ()

    @property
    def organisations(self) -> list[Changed]:
        """Organisations that would differ."""
        return [row for row in self.rows if row.kind == "organisation"]


def preview_package(*, path: Path, viewer: Viewer, progress: Progress = quiet) -> Preview:
    """Say what loading the package at `path` would change, and change nothing.

    Raises PermissionDeniedError (`package.load`), InputError if there is no package at `path`.
    """
    from lifecluster.register.package import Package as Files
    from lifecluster.web.directory.loading import accept
    from lifecluster.web.directory.loading.prepare import prepare

    viewer.require("package.load")
    files = Files(path)
    shown = Package.objects.filter(state=State.CURRENT).first()
    replaces = shown.name if shown else ""
    problems = accept.problems(files)
    if problems:
        return Preview(files.name, replaces, files.name == replaces, {}, (), 0, (), tuple(problems))
    progress("reading the package")
    prepared = prepare(files, log.entries())
    progress("comparing")
    counts, rows = accept.compared(files, prepared, shown)
    counts = accept.with_evidence(counts, rows, prepared, shown)
    return Preview(files.name, replaces, files.name == replaces, counts, tuple(rows), prepared.edits, prepared.lost)


def load_package(
    *, path: Path, viewer: Viewer, at: datetime, expect: str | None = None, progress: Progress = quiet
) -> Package:
    """Load the package at `path` and show it instead of the present one; approved edits stay shown over it.

    Rows are written beside those that are shown, and one short transaction then turns to them: whoever reads sees the
    old package whole or the new one whole, whenever the process dies. Loading the package that is shown does nothing.
    Parameters: `at` the moment of loading; `expect` the name of the package that the preview said would be replaced.
    Raises PermissionDeniedError (`package.load`), InputError or LifeclusterError for files that are missing or damaged,
    StaleError if another package is shown than was expected, BusyError while another load runs.
    """
    from lifecluster.register.package import Package as Files
    from lifecluster.web.directory.loading import accept, overlay
    from lifecluster.web.directory.loading.prepare import prepare
    from lifecluster.web.directory.loading.write import write

    viewer.require("package.load")
    files = Files(path)
    with exclusive("load", BUSY):
        accept.clean_up(progress)
        shown = Package.objects.filter(state=State.CURRENT).first()
        if expect is not None and expect != (shown.name if shown else ""):
            raise StaleError(
                f"{shown.name if shown else 'nothing'} is shown now, not {expect or 'nothing'}: preview again"
            )
        if shown is not None and shown.name == files.name:
            return shown
        if found := accept.problems(files):
            raise LifeclusterError(f"{files.name} cannot be loaded: {'; '.join(found)}")
        progress("reading the package")
        prepared = prepare(files, log.entries())
        _, rows = accept.compared(files, prepared, shown)
        package = Package.objects.filter(name=files.name, state=State.SUPERSEDED).first()
        if package is None:  # else its rows are here: it was shown before
            package = accept.begin(files, prepared)
            write(package, files, prepared, progress)
        progress("accepting")
        with transaction.atomic():
            # The entry first: whoever approves an edit waits from here on, and shows it on the package shown then.
            before = shown.name if shown else None
            log.append(
                Draft(at=moment(at), actor=viewer.actor, action="package.load", subject=package.name, object=before)
            )
            overlay.catch_up(package, at=at)
            accept.turn_to(package, shown, rows if shown else [], at=at)
        accept.forget(package, progress)
    return package


def roll_back(*, viewer: Viewer, at: datetime) -> Package:
    """Show the package again that the present one replaced; edits approved since then stay. At once.

    Raises PermissionDeniedError (`package.load`), LifeclusterError if there is none to go back to.
    """
    from lifecluster.web.directory.loading import accept, overlay

    viewer.require("package.load")
    with exclusive("load", BUSY), transaction.atomic():
        shown = Package.objects.filter(state=State.CURRENT).first()
        if shown is None or shown.before is None:
            raise LifeclusterError("there is no earlier package to go back to")
        before = shown.before
        log.append(
            Draft(at=moment(at), actor=viewer.actor, action="package.roll_back", subject=before.name, object=shown.name)
        )
        overlay.catch_up(before, at=at)
        accept.turn_back(before, shown, at=at)
    return before


def clean_up(*, progress: Progress = quiet) -> int:
    """Remove what a load left behind that was killed; returns how many packages. For the start of the server.

    Does nothing while a load is running.
    """
    from lifecluster.web.directory.loading import accept

    with exclusive("load", BUSY):
        return accept.clean_up(progress)


def moment(at: datetime) -> str:
    """A moment as the log writes it."""
    return at.isoformat(timespec="seconds")


def propose_edit(*, subject: str, property: str, value: Json, viewer: Viewer, at: datetime, why: str | None = None,  # noqa: A002 - the word of the log's schema
                 visibility: str = "public", seen: str | None = None) -> Entry:  # fmt: skip
    """Propose a value for a property of an organisation, one of its sites or what it holds; None says it is unknown.

    What is for the organisation's own eyes alone nobody has to approve: no role sees it.
    Parameters: `seen` the newest entry about that value when the proposer looked (`edits.newest`); None does not ask.
    Raises PermissionDeniedError (`organisation.edit`, for one's own), LifeclusterError if the subject is not in the
    register or the value does not fit the property, MeanwhileError if somebody else was at that value since `seen`.
    """
    from lifecluster.web.directory.loading import overlay

    owner = overlay.owner_of(subject)
    if not viewer.may("edit.review"):
        viewer.require("organisation.edit", owner)
    wrong = fitting.check(property, parse(subject).kind, value)
    if wrong:
        raise LifeclusterError(wrong)
    level = Visibility.parse(visibility)
    draft = Draft(
        at=moment(at),
        actor=viewer.actor,
        action="edit.propose",
        subject=subject,
        property=property,
        value=value,
        why=why,
        visibility=level.label,
        evidence={"owner": owner},
    )
    with transaction.atomic():
        written = log.append(draft, guard=_unchanged(subject, property, seen))
        if level is Visibility.OWNER:
            log.append(Draft(at=moment(at), actor=viewer.actor, action="edit.approve", refers_to=written.id, why=ALONE))
            show_decided(at)
    return written


def show_decided(at: datetime) -> None:
    """What was decided shows at once. Within the transaction that decides it."""
    from lifecluster.web.directory.loading import overlay

    for package in Package.objects.select_for_update().filter(state=State.CURRENT):
        overlay.catch_up(package, at=at)


def confirm_value(*, subject: str, property: str, viewer: Viewer, at: datetime,  # noqa: A002 - the log's word
                  expected: Sequence[str] | None = None) -> Entry:  # fmt: skip
    """Say that the value shown is still right: it counts as verified on this day, at once, and nobody has to approve.

    Parameters: `expected` the values that the reader saw (texts of statements); None does not ask. Raises
    PermissionDeniedError (`organisation.confirm`, for one's own, and only for one's own), LifeclusterError if there is
    nothing to confirm, if it does not age, or if a source decides it that the organisation cannot stand in for;
    MeanwhileError if another value is shown than was expected.
    """
    from lifecluster.web.directory.loading import overlay

    owner = overlay.owner_of(subject)
    viewer.require("organisation.confirm", owner)
    with transaction.atomic():
        stated = values([subject], viewer, property=property).of(subject, property)
        wrong = still.cannot(stated)
        if wrong or stated is None:
            raise LifeclusterError(wrong)
        if expected is not None and sorted(set(expected)) != still.texts(stated):
            raise MeanwhileError("another value is shown now than the one you saw")
        draft = Draft(
            at=moment(at),
            actor=viewer.actor,
            action=edits.CONFIRM,
            property=property,
            **still.said(stated, owner, log.entries()),
        )
        written = log.append(draft)
        show_decided(at)
    return written


def take_back_confirmation(*, entry: str, viewer: Viewer, at: datetime) -> Entry:
    """Take back that a value is still right: it is as old as before. Raises PermissionDeniedError
    (`organisation.confirm`, for one's own), LifeclusterError if it is none, or was taken back."""

    found = edits.fold(log.entries()).get(entry)
    if found is None or not found.confirms:
        raise LifeclusterError(f"{entry[:12]} is no confirmation")
    viewer.require("organisation.confirm", leads()(str(found.proposed.evidence.get("owner"))))
    with transaction.atomic():
        written = decide("edit.retract", entry, viewer=viewer, at=at, why="confirmed by mistake", wanted="approved")
        show_decided(at)
    return written


def _unchanged(subject: str, prop: str, seen: str | None) -> Guard | None:
    """A guard of the log that refuses where somebody was at a value since `seen`."""
    if seen is None:
        return None

    def check(entries: Sequence[Entry]) -> None:
        if edits.newest(entries, subject, prop) != seen:
            raise MeanwhileError("somebody else was at this value since you opened it")

    return check


def approve_edit(*, entry: str, viewer: Viewer, at: datetime, why: str | None = None, amended: Json = None) -> Entry:
    """Accept a proposal (`amended`: with another value than was proposed); it shows at once.

    Raises PermissionDeniedError (`edit.review`), LifeclusterError if it is not pending.
    """
    viewer.require("edit.review")
    evidence: dict[str, Json] = {} if amended is None else {"amended": amended}
    with transaction.atomic():
        written = decide("edit.approve", entry, viewer=viewer, at=at, why=why, evidence=evidence)
        show_decided(at)
    return written


def refuse_edit(*, entry: str, viewer: Viewer, at: datetime, why: str) -> Entry:
    """Refuse a proposal, with the reason. Raises as `approve_edit`."""
    viewer.require("edit.review")
    return decide("edit.refuse", entry, viewer=viewer, at=at, why=why)


def withdraw_edit(*, entry: str, viewer: Viewer, at: datetime) -> Entry:
    """Take one's own proposal back. Raises PermissionDeniedError if it is somebody else's, else as `approve_edit`."""
    found = edits.fold(log.entries()).get(entry)
    if found is not None and found.proposed.actor != viewer.actor:
        viewer.require("edit.review")
    return decide("edit.withdraw", entry, viewer=viewer, at=at)


def retract_edit(*, entry: str, viewer: Viewer, at: datetime, why: str) -> Entry:
    """Take an acceptance back, with the reason: what stood before the edit shows again, at once.

    Parameters: `entry` the id of the proposal. Raises PermissionDeniedError (`edit.review`), LifeclusterError if it is
    not accepted, or if there is no reason.
    """
    return retract_edits(entries=[entry], viewer=viewer, at=at, why=why)[0]


def approve_edits(*, entries: Sequence[str], viewer: Viewer, at: datetime, why: str | None = None) -> list[Entry]:
    """Accept several proposals in one transaction: all of them, or none. Raises as `approve_edit`."""
    return _decide_all("edit.approve", entries, viewer=viewer, at=at, why=why, wanted="pending")


def retract_edits(*, entries: Sequence[str], viewer: Viewer, at: datetime, why: str) -> list[Entry]:
    """Take several acceptances back in one transaction: all of them, or none. Raises as `retract_edit`."""
    return _decide_all("edit.retract", entries, viewer=viewer, at=at, why=why, wanted="approved")


def _decide_all(
    action: str, entries: Sequence[str], *, viewer: Viewer, at: datetime, why: str | None, wanted: str
) -> list[Entry]:
    viewer.require("edit.review")
    with transaction.atomic():
        written = [decide(action, one, viewer=viewer, at=at, why=why, wanted=wanted) for one in entries]
        show_decided(at)
    return written


def decide(
    action: str,
    entry: str,
    *,
    viewer: Viewer,
    at: datetime,
    why: str | None = None,
    evidence: dict[str, Json] | None = None,
    wanted: str = "pending",
    proposals: Callable[[Iterable[Entry]], Mapping[str, edits.Edit | added.Addition]] = edits.fold,
    called: str = "proposal",
) -> Entry:
    """Write the entry that decides a proposal, and no more: whoever calls checks the permission and shows what it does.

    Parameters: `proposals` gives those of a log by the id of their entry; `called` what they are, for messages.
    Raises LifeclusterError unless the proposal is `wanted`.
    """

    def pending(entries: Iterable[Entry]) -> None:
        found = proposals(entries).get(entry)
        if found is None:
            raise LifeclusterError(f"{entry[:12]} is no {called}")
        if found.state != wanted:
            raise LifeclusterError(f"this proposal is {found.state}{' already' if wanted == 'pending' else ''}")

    draft = Draft(at=moment(at), actor=viewer.actor, action=action, refers_to=entry, why=why, evidence=evidence or {})
    return log.append(draft, guard=pending)
