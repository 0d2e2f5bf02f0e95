"""What changes the atlas of the web app: computing it for a package, and publishing a part. Permission and audit as in
the directory's actions; what computes is imported where it is called."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from lifecluster.register.entry import Draft
from lifecluster.web.atlas import reads
from lifecluster.web.atlas.models import SHORT, AtlasPublication, AtlasResult, entry_of
from lifecluster.web.directory import packages
from lifecluster.web.directory.actions import moment
from lifecluster.web.directory.computed import files_of, touched
from lifecluster.web.directory.exclusive import exclusive
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.progress import Progress, quiet
from lifecluster.web.directory.viewer import Viewer

if TYPE_CHECKING:
    from lifecluster.web.atlas.computing import Computed

BUSY = "the atlas is being computed by somebody else just now; try again when that is done"


def compute_atlas(
    *, package: Package, path: Path, viewer: Viewer, at: datetime, again: bool = False,
    progress: Progress = quiet,
) -> int:  # fmt: skip
    """Compute the atlas of a package of the database; all its parts show at once, or none.

    Parameters: `path` the package's files, or a folder of packages that has them; `again` computes where there are
    results already. Returns how many parts it has (0: they were there). Raises PermissionDeniedError
    (`package.load`), LifeclusterError if the files are not found, BusyError while another computation runs.
    """
    viewer.require("package.load")
    if not again and AtlasResult.objects.filter(package=package.name).exists():
        return 0
    from lifecluster.web.atlas.computing import compute_all

    with exclusive("atlas", BUSY):
        found = compute_all(files_of(path, package.name), at=package.at, progress=progress)
        with transaction.atomic():
            _write(package, found)
            log.append(Draft(at=moment(at), actor=viewer.actor, action="atlas.compute", subject=package.name,
                             evidence={"parts": len(found)}))  # fmt: skip
    return len(found)


def _write(package: Package, found: list[Computed]) -> None:
    """The parts in the place of those before; those of packages that are gone go; kept pages are made anew."""
    known = Package.objects.values_list("name", flat=True)
    AtlasResult.objects.exclude(package__in=list(known)).delete()
    AtlasResult.objects.filter(package=package.name).delete()
    AtlasResult.objects.bulk_create(
        AtlasResult(package=package.name, kind=one.kind, key=one.key, number=i, body=one.body)
        for i, one in enumerate(found)
    )
    touched(package)


def publish_part(*, kind: str, key: str, viewer: Viewer, at: datetime, note: str = "") -> AtlasPublication:
    """Freeze a part that is shown under an address of its own; later computations leave it as it is.

    Parameters: `kind` and `key` of the part; `note` words that stand beside it. Returns the publication; the one there
    is where the same was published before. Raises PermissionDeniedError (`claim.publish`), NoSuchPartError.
    """
    viewer.require("claim.publish")
    shown = reads.part(kind, key)
    entry = entry_of(shown.body)
    with transaction.atomic():
        there = AtlasPublication.objects.filter(entry=entry).first()
        if there is not None:
            return there
        made = AtlasPublication.objects.create(
            entry=entry, package=shown.package.name, kind=kind, key=key, at=at.date(), note=note,
            body=json.dumps(shown.body, ensure_ascii=False, sort_keys=True),
        )  # fmt: skip
        log.append(Draft(at=moment(at), actor=viewer.actor, action="atlas.publish", subject=f"{kind}/{key}".rstrip("/"),
                         why=note or None, evidence={"publication": entry[:SHORT]}))  # fmt: skip
        touched(shown.package)
        packages.changed()  # of every package, as one may be gone back to
    return made
