"""Making, editing and sending a bulletin: one function each. A bulletin goes out five minutes after somebody said so;
until then it can be held back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit
from lifecluster.web.accounts.outbox import one_line
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit import formats
from lifecluster.web.news.actions import DECIDE, ConflictError
from lifecluster.web.news.bulletin import gather
from lifecluster.web.news.draft import TEXT, TITLE, plain_text
from lifecluster.web.news.models import Bulletin, Part, Stage

audit.declare({
    "bulletin.make": "a bulletin was gathered",
    "bulletin.change": "a bulletin was edited",
    "bulletin.send": "a bulletin was given to be sent",
    "bulletin.hold": "a bulletin was held back before it went out",
    "bulletin.discard": "a bulletin that was not sent was removed",
})  # fmt: skip
HOLD = timedelta(minutes=5)
"""How long a bulletin can be held back."""
FIRST = timedelta(days=30)
"""How far the first bulletin looks back."""


def make(*, viewer: Viewer, at: datetime, sample: bool = False) -> Bulletin:
    """Gather what is new since the last bulletin into one to be edited.

    Raises PermissionDeniedError (`edit.review`), LifeclusterError if there is one already that was not sent.
    """
    viewer.require(DECIDE)
    with transaction.atomic():
        if Bulletin.objects.select_for_update().exclude(stage=Stage.SENT).exists():
            raise LifeclusterError("there is a bulletin already that was not sent")
        last = Bulletin.objects.filter(stage=Stage.SENT).order_by("-made_at").first()
        since = last.made_at if last else at - FIRST
        made: Bulletin = Bulletin.objects.create(
            title=f"News of the cluster, {formats.day(at.date(), long=True)}".replace("\u00a0", " "), since=since,
            made_at=at, sample=sample,
        )  # fmt: skip
        _add(made, at)
        audit.write("bulletin.make", actor=viewer.actor, subject=_subject(made), at=at,
                    after={"parts": made.parts.count()})  # fmt: skip
    return made


def look_again(*, bulletin: int, viewer: Viewer, at: datetime) -> int:
    """Add what has become new since a bulletin was gathered; how many parts came."""
    viewer.require(DECIDE)
    with transaction.atomic():
        row = _locked(bulletin)
        return _add(row, at)


def change(
    *, bulletin: int, title: str, opening: str, parts: Mapping[int, tuple[int, bool]], seen: int, viewer: Viewer,
    at: datetime,
) -> Bulletin:  # fmt: skip
    """Edit a bulletin: its words, and of each part (by its key in the table) its place and whether it is left out.

    Raises PermissionDeniedError, ConflictError, LifeclusterError where it is being sent, or has no title.
    """
    viewer.require(DECIDE)
    if not one_line(title) or len(title) > TITLE or len(opening) > TEXT:
        raise LifeclusterError(f"a bulletin has a title of at most {TITLE} and words of at most {TEXT:,} characters")
    with transaction.atomic():
        row = _locked(bulletin, seen)
        row.title, row.opening, row.number = one_line(title, TITLE), plain_text(opening), row.number + 1
        row.save()
        for part in row.parts.all():
            if part.pk in parts:
                part.place, part.left_out = parts[part.pk]
                part.save(update_fields=["place", "left_out"])
        audit.write("bulletin.change", actor=viewer.actor, subject=_subject(row), at=at)
    return row


def send(*, bulletin: int, seen: int, viewer: Viewer, at: datetime) -> Bulletin:
    """Let a bulletin go out, after the time in which it can be held back.

    Raises PermissionDeniedError, ConflictError, LifeclusterError where nothing is in it, or it is being sent.
    """
    viewer.require(DECIDE)
    with transaction.atomic():
        row = _locked(bulletin, seen)
        if not row.parts.filter(left_out=False).exists():
            raise LifeclusterError("there is nothing in this bulletin")
        row.stage, row.send_at = Stage.SENDING, at + HOLD
        row.save()
        audit.write("bulletin.send", actor=viewer.actor, subject=_subject(row), at=at)
    return row


def hold(*, bulletin: int, viewer: Viewer, at: datetime) -> Bulletin:
    """Hold a bulletin back that has not gone out yet. Raises LifeclusterError where it has."""
    viewer.require(DECIDE)
    with transaction.atomic():
        row = Bulletin.objects.select_for_update().filter(pk=bulletin).first()
        if row is None or row.stage != Stage.SENDING or row.sendings.exists():
            raise LifeclusterError("it has gone out, or was not to be sent")
        row.stage, row.send_at = Stage.DRAFT, None
        row.save()
        audit.write("bulletin.hold", actor=viewer.actor, subject=_subject(row), at=at)
    return row


def discard(*, bulletin: int, viewer: Viewer, at: datetime) -> None:
    """Remove a bulletin that was not sent; what is new will be in the next."""
    viewer.require(DECIDE)
    with transaction.atomic():
        row = _locked(bulletin)
        audit.write("bulletin.discard", actor=viewer.actor, subject=_subject(row), at=at)
        row.delete()


def _add(row: Bulletin, at: datetime) -> int:
    there = set(row.parts.values_list("key", flat=True))
    last = row.parts.order_by("-place").values_list("place", flat=True).first() or 0
    new = [part for part in gather.parts(row.since, at) if part.key not in there]
    for part in new:
        part.bulletin, part.place = row, part.place + last
    Part.objects.bulk_create(new)
    if new and there:
        Bulletin.objects.filter(pk=row.pk).update(number=row.number + 1)
    return len(new)


def _locked(key: int, seen: int | None = None) -> Bulletin:
    row = Bulletin.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise LifeclusterError("there is no such bulletin any more")
    if row.stage != Stage.DRAFT:
        raise LifeclusterError("it is being sent, or was sent: nothing of it changes any more")
    if seen is not None and row.number != seen:
        raise ConflictError("somebody else has changed it since you opened it; look again")
    return row


def _subject(row: Bulletin) -> str:
    return f"bulletin:{row.pk}"
