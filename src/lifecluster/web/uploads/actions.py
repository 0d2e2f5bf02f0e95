"""Everything that changes uploads: one function each. What becomes of the register goes through `directory.adding`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction

from lifecluster.errors import ConflictError, LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.register.entry import Entry
from lifecluster.web.accounts import audit
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import adding
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads import reading, reads, slots, telling
from lifecluster.web.uploads.models import DAYS_KEPT, Upload, UploadFile, UploadRow
from lifecluster.web.uploads.purposes import ORGANISATION, PURPOSES
from lifecluster.web.uploads.understanding import Understood, proposals, understand, widened

AUDITED: Mapping[str, str] = {
    "upload.add": "a list was uploaded",
    "upload.mend": "a row of a list was mended or left out",
    "upload.accept": "rows of a list were proposed or accepted",
    "upload.decide": "what rows of a list proposed was accepted or refused",
    "upload.undo": "what an uploaded list brought was taken back",
    "upload.forget": "the file of an upload was deleted",
}
THING, EDIT = "thing", "edit"
MINE = Visibility.MEMBERS
MOST_CELLS = 40


class ChangedError(ConflictError):
    """A row is no longer what its reader saw."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says (`reading.read`); `error` why it could not be read."""

    found: Mapping[str, Any]
    error: str = ""


def permit(viewer: Viewer, organisation: str) -> None:
    """Raise PermissionDeniedError unless somebody may bring lists of an organisation ("": of several)."""
    if not viewer.may("edit.review"):
        viewer.require("organisation.edit", organisation or None)


def read_list(*, content: bytes, name: str, purpose: str, organisation: str, viewer: Viewer) -> Reading:
    """What a list says, or why it cannot be read. It may take a minute: outside of any transaction.

    Raises PermissionDeniedError (`organisation.edit` for one's own, `edit.review`), LifeclusterError for an unknown
    purpose, a file over the limit, or where as many lists of this person are being read as may be at once.
    """
    permit(viewer, organisation)
    if purpose not in PURPOSES:
        raise LifeclusterError(f"there are no lists of {purpose!r}")
    if len(content) > reading.SIZE_LIMIT:
        raise reading.UnreadableError(f"the file has {len(content) / 2**20:.1f} MB; at most 5 MB are taken")
    with slots.slot(viewer.actor):
        try:
            return Reading(reading.read(content, name, PURPOSES[purpose]))
        except reading.UnreadableError as raised:
            return Reading({}, str(raised))


def add_upload(*, content: bytes, name: str, purpose: str, organisation: str, person: Person | None, viewer: Viewer,
               at: datetime, visibility: str = "public", read: Reading | None = None) -> Upload:  # fmt: skip
    """Read a list and keep it; what cannot be read is kept with the reason. Nothing of it is proposed yet.

    Parameters: `read` what `read_list` gave, where it was read already. Raises as `read_list`, and LifeclusterError for
    an unknown level.
    """
    permit(viewer, organisation)
    level = Visibility.parse(visibility).label
    known = read or read_list(content=content, name=name, purpose=purpose, organisation=organisation, viewer=viewer)
    found = {name: value for name, value in known.found.items() if name != "rows"}
    rows, error = known.found.get("rows", []), known.error
    with transaction.atomic():
        upload = Upload.objects.create(
            purpose=purpose, organisation=organisation, visibility=level, person=person, actor=viewer.actor,
            name=reading.called(name), sha256=sha256(content).hexdigest(), size=len(content), at=at,
            kept_until=at.date() + timedelta(days=DAYS_KEPT), reading=found, error=error,
        )  # fmt: skip
        UploadFile.objects.create(upload=upload, content=content)
        UploadRow.objects.bulk_create(
            UploadRow(upload=upload, number=row["number"], cells=row["cells"], read=row["cells"]) for row in rows
        )
        after = {"purpose": purpose, "sha256": upload.sha256, "rows": len(rows), "error": bool(error)}
        audit.write("upload.add", actor=viewer.actor, subject=f"upload:{upload.key}", at=at, after=after)
    return upload


def mend_row(*, upload: Upload, number: int, viewer: Viewer, at: datetime, cells: Mapping[str, str] | None = None,
             left: bool | None = None, seen: int | None = None) -> UploadRow:  # fmt: skip
    """Mend the cells of a row, or leave it out (`left`) and take it back in.

    Parameters: `seen` the number of change that its reader saw. Raises PermissionDeniedError, ChangedError if somebody
    mended it since, LifeclusterError for a row that is not there or is taken already.
    """
    _own(upload, viewer)
    purpose = PURPOSES[upload.purpose]
    with transaction.atomic():
        row = UploadRow.objects.select_for_update().filter(upload=upload, number=number).first()
        if row is None or upload.undone_at is not None:
            raise LifeclusterError(f"there is no row {number} to mend")
        if row.entries:
            raise LifeclusterError(f"row {number} is taken already: undo the upload, or propose a change to it")
        if seen is not None and seen != row.changed:
            raise ChangedError(f"row {number} was mended by somebody else meanwhile")
        before = dict(row.cells)
        if cells is not None:
            known = {k: str(v).replace("\x00", "").strip()[:2000] for k, v in cells.items() if purpose.column(k)}
            row.cells = {k: v for k, v in known.items() if v}
        if left is not None:
            row.left = left
        row.changed += 1
        row.save()
        names = sorted(k for k in {*before, *row.cells} if before.get(k) != row.cells.get(k))
        audit.write("upload.mend", actor=viewer.actor, subject=f"upload:{upload.key}", at=at,
                    after={"row": number, "columns": names, "left": row.left})  # fmt: skip
    return row


def accept_rows(*, upload: Upload, numbers: Collection[int] | None, viewer: Viewer, at: datetime) -> list[Understood]:
    """Take rows of a list: proposals where a member does it, accepted at once where the desk does. All or none.

    Parameters: `numbers` of the rows, None for all that are ready. What cannot be taken (wrong, left out, the same,
    taken) stays as it is. Returns the rows taken. Raises PermissionDeniedError, LifeclusterError if none is ready.
    """
    _own(upload, viewer)
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.undone_at is not None:
            raise LifeclusterError("this upload was undone: upload the list again")
        rows = list(UploadRow.objects.select_for_update().filter(upload=upload))
        found = understand(upload, rows, viewer, at=at.date())
        ready = [one for one in found if one.ready and (numbers is None or one.row.number in numbers)]
        if not ready:
            raise LifeclusterError("none of these rows can be taken: mend them, or choose others")
        _propose(upload, ready, viewer, at)
        UploadRow.objects.bulk_update([one.row for one in ready], ["entries"])
        count = {"rows": len(ready), "accepted": viewer.may("edit.review")}
        audit.write("upload.accept", actor=viewer.actor, subject=f"upload:{upload.key}", at=at, after=count)
        if viewer.may("edit.review"):
            telling.accepted(upload, len(ready), viewer, at)
    return ready


def _propose(upload: Upload, ready: Iterable[Understood], viewer: Viewer, at: datetime) -> None:
    approved = viewer.may("edit.review")
    new = [one for one in ready if not one.subject]
    changed = proposals(one for one in ready if one.subject)
    things = [adding.New(PURPOSES[upload.purpose].kind, one.organisation, one.values, upload.visibility) for one in new]
    said = [adding.Said(subject, prop, value, upload.visibility) for (subject, prop), (value, _) in changed.items()]
    made: tuple[list[Entry], list[Entry]] = adding.take(things=things, said=said, viewer=viewer, at=at,
                                                        approved=approved)  # fmt: skip
    for one, entry in zip(new, made[0], strict=True):
        one.row.entries = [[THING, entry.id]]
    for (_, from_rows), entry in zip(changed.values(), made[1], strict=True):
        for one in from_rows:
            one.row.entries = [*one.row.entries, [EDIT, entry.id]]


def decide_rows(*, upload: Upload, accepted: bool, viewer: Viewer, at: datetime,
                numbers: Collection[int] | None = None, why: str = "") -> int:  # fmt: skip
    """Accept what rows of a member's list propose, or refuse it with the reason: in one act, of which the member hears
    once. Returns how many rows were decided.

    Parameters: `numbers` of the rows, None for all that wait. Raises PermissionDeniedError (`edit.review`),
    LifeclusterError if none of them waits, or without a reason to refuse.
    """
    viewer.require("edit.review")
    reason = why.strip()
    if not accepted and not reason:
        raise LifeclusterError("say why: who uploaded the list reads it")
    with transaction.atomic():
        Upload.objects.select_for_update().get(pk=upload.pk)
        rows = list(UploadRow.objects.filter(upload=upload))
        fates = reads.fates(rows)
        chosen = [row for row in rows if numbers is None or row.number in numbers]
        waiting = [row for row in chosen if fates.get(row.number) == "pending"]
        if not waiting:
            raise LifeclusterError("none of these rows waits for a decision")
        things, said = _entries(waiting)
        count = adding.settle(things=things, said=said, accepted=accepted, viewer=viewer, at=at, why=reason or None,
                              amended=widened(said) if accepted else {})  # fmt: skip
        audit.write("upload.decide", actor=viewer.actor, subject=f"upload:{upload.key}", at=at, why=reason,
                    after={"rows": len(waiting), "entries": count, "accepted": accepted})  # fmt: skip
        telling.decided(upload, len(waiting), viewer, at, accepted=accepted, why=reason)
    return len(waiting)


def _entries(rows: Iterable[UploadRow]) -> tuple[list[str], list[str]]:
    """The entries that propose things and those that propose values, each once: of several rows one may say all."""
    entries = dict.fromkeys((str(kind), str(one)) for row in rows for kind, one in row.entries)
    return [one for kind, one in entries if kind == THING], [one for kind, one in entries if kind == EDIT]


def undo_upload(*, upload: Upload, viewer: Viewer, at: datetime, why: str) -> int:
    """Take back all that a list brought: proposals are withdrawn, what was accepted is retracted; returns how many.

    Raises PermissionDeniedError: what was accepted is taken back by the desk alone (`edit.review`).
    """
    _own(upload, viewer)
    if not why.strip():
        raise LifeclusterError("say why: the log keeps it")
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.undone_at is not None:
            raise LifeclusterError("this upload was undone already")
        things, said = _entries(UploadRow.objects.filter(upload=upload))
        count = adding.take_back(things=things, said=said, viewer=viewer, at=at, why=why)
        Upload.objects.filter(pk=upload.pk).update(undone_at=at)
        upload.undone_at = at
        audit.write("upload.undo", actor=viewer.actor, subject=f"upload:{upload.key}", at=at, after={"entries": count},
                    why=why)  # fmt: skip
        telling.undone(upload, viewer, at)
    return count


def forget_files(*, viewer: Viewer, at: datetime) -> int:
    """Delete the files of uploads that were kept long enough; what was read of them stays. Returns how many."""
    viewer.require("edit.review")
    with transaction.atomic():
        old = list(UploadFile.objects.filter(upload__kept_until__lt=at.date()).select_related("upload"))
        for file in old:
            audit.write("upload.forget", actor=viewer.actor, subject=f"upload:{file.upload.key}", at=at)
            file.delete()
    return len(old)


def _own(upload: Upload, viewer: Viewer) -> None:
    permit(viewer, upload.organisation)
    if not viewer.may("edit.review") and upload.actor != viewer.actor:
        viewer.require("edit.review")


__all__ = ["AUDITED", "ORGANISATION", "ChangedError", "accept_rows", "add_upload", "decide_rows", "forget_files",
           "mend_row", "undo_upload"]  # fmt: skip
