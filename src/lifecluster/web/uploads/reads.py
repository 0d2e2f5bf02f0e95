"""What pages about uploads ask."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from lifecluster.register import added, edits
from lifecluster.web.desk.waiting import Item
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads.models import Upload, UploadQuerySet, UploadRow
from lifecluster.web.uploads.purposes import PURPOSES

MOST = 100
"""Uploads in a list."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An upload in a list: what it is called, whose it is, how many rows, how many of them were taken."""

    upload: Upload
    title: str
    whose: str
    rows: int
    taken: int
    waiting: int = 0

    @property
    def said(self) -> str:
        """What became of it, in words."""
        if self.upload.error:
            return "could not be read"
        if self.upload.undone_at:
            return "undone"
        waits = f", {self.waiting:,} of them to be decided on" if self.waiting else ""
        return f"{self.taken:,} of {self.rows:,} rows taken{waits}"


def waits(viewer: Viewer) -> int:
    """Lists with rows that nobody has taken or left out, or that wait for a decision."""
    return _open().count()


def first(viewer: Viewer, limit: int) -> list[Item]:
    """The lists that wait longest."""
    return [
        Item(one.name, reverse("uploads:upload", args=[one.key]), PURPOSES[one.purpose].title, since=one.at.date())
        for one in _open().order_by("at")[:limit]
    ]


def _open() -> UploadQuerySet:
    rows = Count("rows", filter=Q(rows__entries=[], rows__left=False))
    lists = Upload.objects.filter(undone_at=None, error="").annotate(open=rows)
    return lists.filter(Q(open__gt=0) | Q(pk__in=_undecided()))


def _undecided() -> Counter[int]:
    """Lists of which something was proposed that nobody has decided yet, and of how many rows of each."""
    entries = log.entries()
    pending = {key for key, one in added.fold(entries).items() if one.state == "pending"}
    pending |= {key for key, one in edits.fold(entries).items() if one.state == "pending"}
    if not pending:
        return Counter()
    rows = UploadRow.objects.filter(upload__undone_at=None).exclude(entries=[]).values_list("upload", "entries")
    return Counter(upload for upload, of in rows if any(one in pending for _, one in of))


def listed(viewer: Viewer, *, everybody: bool = False) -> list[Listed]:
    """Uploads, newest first: one's own, or all that the reader may see."""
    rows = Upload.objects.visible_to(viewer)
    if not everybody:
        rows = rows.filter(actor=viewer.actor)
    found = list(rows[:MOST])
    counted = (
        UploadRow.objects.filter(upload__in=found)
        .values("upload")
        .annotate(count=Count("pk"), taken=Count("pk", filter=~Q(entries=[])))
    )
    numbers = {one["upload"]: (one["count"], one["taken"]) for one in counted}
    waiting = _undecided()
    names = names_of({one.organisation for one in found} - {""}, viewer)
    return [
        Listed(one, PURPOSES[one.purpose].title, names.get(one.organisation, "several organisations"),
               *numbers.get(one.pk, (0, 0)), waiting[one.pk])
        for one in found
    ]  # fmt: skip


def names_of(uids: set[str], viewer: Viewer) -> dict[str, str]:
    """Names of organisations by id, those that others lead to included; none where no package is shown."""
    try:
        today = leads()
        found = reads.named({today(uid) for uid in uids}, viewer, reads.current())
    except reads.NoPackageError:
        return {}
    return {uid: proper(found[today(uid)].name) for uid in uids if today(uid) in found}


def fates(rows: list[UploadRow]) -> dict[int, str]:
    """Row number -> what became of what was taken of it: pending, approved, refused …, of several the first."""
    if not any(row.entries for row in rows):
        return {}
    entries = log.entries()
    states = {one: a.state for one, a in added.fold(entries).items()}
    states |= {one: e.state for one, e in edits.fold(entries).items()}
    return {row.number: states.get(row.entries[0][1], "") for row in rows if row.entries}
