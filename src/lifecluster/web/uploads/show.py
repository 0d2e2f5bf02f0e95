"""What pages of uploads show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from lifecluster.sources.uploaded import NOT_KNOWN
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.packages import current
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads import reads
from lifecluster.web.uploads.models import Upload, UploadFile, UploadRow
from lifecluster.web.uploads.purposes import PURPOSES
from lifecluster.web.uploads.understanding import STATES, Understood, shown_text, understand

FATES = {"pending": "with the desk", "approved": "accepted", "refused": "refused", "withdrawn": "taken back",
         "retracted": "taken back", "redacted": "taken out"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview: `made`, its values in words, and what became of it, where it was taken; whether it `waits`
    for the reader to decide."""

    made: Understood
    said: list[tuple[str, str]]
    fate: str
    waits: bool


def organisations(viewer: Viewer) -> list[tuple[str, str]]:
    """The organisations that somebody may bring lists of, by name: one's own; for the desk all."""
    rows = Organisation.objects.visible_to(viewer, current()).order_by("number")
    if not viewer.may("edit.review"):
        rows = rows.filter(uid__in=viewer.organisations)
    return [(uid, proper(name)) for uid, name in rows.values_list("uid", "name")]


def page(upload: Upload, viewer: Viewer, *, at: datetime, chosen: str = "") -> dict[str, Any]:
    """All that the preview shows; `chosen` a state of STATES to show alone."""
    rows = list(UploadRow.objects.filter(upload=upload))
    made = understand(upload, rows, viewer, at=at.date())
    fates, titles = reads.fates(rows), PURPOSES[upload.purpose].titles
    desk = viewer.may("edit.review")
    lines = [Line(one, _said(one, titles), FATES.get(fates.get(one.row.number, ""), ""),
                  desk and fates.get(one.row.number) == "pending")
             for one in made if not chosen or one.state == chosen]  # fmt: skip
    counts = [(name, word, sum(one.state == name for one in made)) for name, word in STATES.items()]
    names = reads.names_of({upload.organisation} - {""}, viewer)
    return {
        "upload": upload, "purpose": PURPOSES[upload.purpose], "previewed": lines, "chosen": chosen,
        "counts": [one for one in counts if one[2]], "rows": len(made),
        "ready": sum(one.ready for one in made), "wrong": sum(one.state == "wrong" for one in made),
        "taken": any(one.row.entries for one in made), "desk": desk,
        "waits": any(line.waits for line in lines) and not upload.undone_at,
        "whose": names.get(upload.organisation, ""), "kept": UploadFile.objects.filter(upload=upload).exists(),
        "unread": [one for one in upload.reading.get("columns", []) if one["reason"] == NOT_KNOWN],
        "open": not upload.undone_at and not upload.error,
    }  # fmt: skip


def _said(made: Understood, titles: dict[str, str]) -> list[tuple[str, str]]:
    """The values of a row that is new, in words."""
    if made.subject:
        return []
    return [(titles[prop], shown_text(prop, value)) for prop, value in made.values.items() if prop in titles]


def undoing(upload: Upload, viewer: Viewer) -> dict[str, Any]:
    """What an undo would take back."""
    rows = list(UploadRow.objects.filter(upload=upload))
    fates = reads.fates(rows)
    accepted = sum(state == "approved" for state in fates.values())
    return {
        "upload": upload, "back": reverse("uploads:upload", args=[upload.key]), "accepted": accepted,
        "pending": sum(state == "pending" for state in fates.values()),
        "may": viewer.may("edit.review") or not accepted,
    }  # fmt: skip
