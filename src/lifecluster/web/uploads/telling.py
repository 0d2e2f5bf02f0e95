"""What uploaders hear: that the desk took rows of their list, or undid it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from lifecluster.web.accounts import telling
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads.models import Upload

KIND = "upload.decided"


def accepted(upload: Upload, rows: int, viewer: Viewer, at: datetime) -> None:
    """The desk took rows of somebody else's list."""
    what = _rows(rows)
    _tell(upload, viewer, f"Your list {upload.name}: {what} taken", f"The desk took {what} of it; they show now.",
          at)  # fmt: skip


def decided(upload: Upload, rows: int, viewer: Viewer, at: datetime, *, accepted: bool, why: str) -> None:
    """The desk decided on rows that somebody had taken of their own list: one message, however many there are."""
    what = f"{_rows(rows)} {'accepted' if accepted else 'not accepted'}"
    then = "What they say shows now." if accepted else "What was shown before is still shown."
    said = f"\n\nThe cluster team says: {why}" if why else ""
    _tell(upload, viewer, f"Your list {upload.name}: {what}", f"{then}{said}", at)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def undone(upload: Upload, viewer: Viewer, at: datetime) -> None:
    """Somebody else undid a list."""
    _tell(upload, viewer, f"Your list {upload.name} was undone", "The desk took back all that your list brought.", at)


def _tell(upload: Upload, viewer: Viewer, subject: str, text: str, at: datetime) -> None:
    if upload.person is None or upload.actor == viewer.actor:
        return
    where = reverse("uploads:upload", args=[upload.key])
    telling.tell(upload.person, kind=KIND, subject=subject[:180], text=f"{text}\n\nMore: {where}\n", at=at)
