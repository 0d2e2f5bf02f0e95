"""What changes the claims of the web app: computing them for a package, and publishing one. Permission and audit as in
the directory's actions; what computes is imported where it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lifecluster.register.entry import Draft
from lifecluster.web.directory import packages
from lifecluster.web.directory.actions import moment
from lifecluster.web.directory.computed import files_of
from lifecluster.web.directory.exclusive import exclusive
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.progress import Progress, quiet
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.figures import reads
from lifecluster.web.figures.models import COMPUTED, PUBLISHED, SHORT, ClaimRecord, ClaimResult

if TYPE_CHECKING:
    from lifecluster.web.figures.computing import Computed

BUSY = "claims are being computed by somebody else just now; try again when that is done"


def compute_claims(
    *, package: Package, path: Path, viewer: Viewer, at: datetime, again: bool = False,
    progress: Progress = quiet,
) -> int:  # fmt: skip
    """Compute every claim for a package of the database; all of them show at once, or none.

    Parameters: `path` the package's files, or a folder of packages that has them; `again` computes where there are
    results already. Returns how many claims were computed (0: they were there). Raises PermissionDeniedError
    (`package.load`), LifeclusterError if the files are not found, BusyError while another computation runs.
    """
    viewer.require("package.load")
    if not again and ClaimResult.objects.filter(package=package.name).exists():
        return 0
    from lifecluster.web.figures.computing import compute_all

    with exclusive("claims", BUSY):
        files = files_of(path, package.name)
        found = compute_all(files, at=at.date(), latest=_latest, progress=progress)
        with transaction.atomic():
            _write(package, found)
            log.append(Draft(at=moment(at), actor=viewer.actor, action="claim.compute", subject=package.name,
                             evidence={"claims": len(found), "new": sum(one.new for one in found)}))  # fmt: skip
    return len(found)


def _latest(claim: str, region: str) -> Mapping[str, Any] | None:
    found = ClaimRecord.objects.latest_of(claim, region)
    return None if found is None else found.content


def _write(package: Package, found: list[Computed]) -> None:
    """Records that are new, the results in the place of those before; the pages kept of the package go."""
    for one in found:
        if one.new:
            _add(COMPUTED, one.entry)
    keys = dict(ClaimRecord.objects.filter(entry__in=[one.entry["id"] for one in found]).values_list("entry", "number"))
    known = Package.objects.values_list("name", flat=True)
    ClaimResult.objects.exclude(package__in=list(known)).delete()
    ClaimResult.objects.filter(package=package.name).delete()
    ClaimResult.objects.bulk_create(
        ClaimResult(package=package.name, claim=one.claim, record_id=keys[one.entry["id"]], body=one.body)
        for one in found
    )
    reads.touched(package)


def _add(kind: str, entry: Mapping[str, Any]) -> ClaimRecord:
    return ClaimRecord.objects.create(
        entry=entry["id"], kind=kind, claim=entry["claim"], region=entry["region"], record=entry.get("record", ""),
        at=entry["at"], body=json.dumps(entry, ensure_ascii=False, sort_keys=True),
    )  # fmt: skip


def publish_claim(*, claim: str, viewer: Viewer, at: datetime, note: str = "") -> ClaimRecord:
    """Freeze what is shown of a claim under an address of its own; later computations leave it as it is.

    Parameters: `note` words that stand beside it. Returns the publication; the one there is where the same computation
    was published before. Raises PermissionDeniedError (`claim.publish`), LifeclusterError if there is no such claim.
    """
    viewer.require("claim.publish")
    from lifecluster.figures import history

    shown = reads.current_result(claim)
    with transaction.atomic():
        there = ClaimRecord.objects.filter(kind=PUBLISHED, record=shown.record.entry).first()
        if there is not None:
            return there
        entry = history.publish(shown.record.content, at=at.date().isoformat(), by=viewer.actor, note=note)
        made = _add(PUBLISHED, entry)
        log.append(Draft(at=moment(at), actor=viewer.actor, action="claim.publish", subject=claim, why=note or None,
                         evidence={"record": entry["record"], "publication": entry["id"][:SHORT]}))  # fmt: skip
        reads.touched(reads.current())
        packages.changed()  # of every package, as one may be gone back to
    return made
