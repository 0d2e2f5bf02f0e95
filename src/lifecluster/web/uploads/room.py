"""What uploads add: addresses, a line of work for the desk, a kind of message, what is kept about people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lifecluster.web.accounts import audit, kept, telling
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import waiting
from lifecluster.web.shell import rooms
from lifecluster.web.uploads import jobs
from lifecluster.web.uploads.telling import KIND

NAMELESS = "a list"
"""What a list is called once who named its file is gone: a file's name may say who that was."""


def copies(person: Person) -> list[dict[str, Any]]:
    """The uploads of a person, for their copy."""
    from lifecluster.web.uploads.models import Upload

    rows = Upload.objects.filter(person=person)
    return [{"name": u.name, "purpose": u.purpose, "at": u.at.isoformat(), "sha256": u.sha256, "size": u.size}
            for u in rows]  # fmt: skip


def forget(person: Person, at: datetime) -> None:
    """Files that a person uploaded go with the account; what was taken of them is the organisation's."""
    from lifecluster.web.uploads.models import Upload, UploadFile

    UploadFile.objects.filter(upload__person=person).delete()
    for upload in Upload.objects.filter(person=person):
        upload.error = upload.error.replace(upload.name, NAMELESS)
        notes = upload.reading.get("notes", [])
        upload.reading = {**upload.reading, "notes": [str(one).replace(upload.name, NAMELESS) for one in notes]}
        upload.person, upload.name = None, NAMELESS
        upload.save(update_fields=["person", "name", "error", "reading"])


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.uploads.actions import AUDITED
    from lifecluster.web.uploads.reads import first, waits

    audit.declare(AUDITED)
    # Before "My organisation", whose addresses `my/<id>` would take `my/uploads` for an id.
    rooms.register(rooms.Room("uploads", "Uploads", 880, "lifecluster.web.uploads.urls", "", entry=None, aside=True))
    waiting.register(waiting.Line("uploads", 40, "Uploaded lists", "uploads:queue", "edit.review", waits, first))
    telling.register(telling.Kind(KIND, 60, "What became of a list that I uploaded"))
    jobs.add()
    kept.register(kept.Kept("uploads", 60, copies, forget))
