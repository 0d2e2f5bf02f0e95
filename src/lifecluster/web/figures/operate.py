"""What the person who runs this machine does with claims: compute them for the package shown, publish one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Package

Progress = Callable[[str], None]


def after_load(package: Package, path: Path, progress: Progress) -> None:
    """Compute the claims of a package that was just accepted, unless they are there; Django has started."""
    from lifecluster.web.directory.operate import moment
    from lifecluster.web.directory.viewer import OPERATOR
    from lifecluster.web.figures import actions

    actions.compute_claims(package=package, path=path, viewer=OPERATOR, at=moment(), progress=progress)


def refresh(path: Path | None, progress: Progress) -> int:
    """Compute all claims of the package that is shown, anew; returns how many.

    Parameters: `path` its files, or a folder of packages; default: those of the workspace. Raises NoPackageError, and
    what `compute_claims` raises.
    """
    from lifecluster.web.directory import operate

    operate.require_web()
    operate.open_web()
    from lifecluster.web.directory import reads
    from lifecluster.web.directory.viewer import OPERATOR
    from lifecluster.web.figures import actions
    from lifecluster.workspace import Workspace

    where = path if path is not None else Workspace.current().packages
    return actions.compute_claims(package=reads.current(), path=where, viewer=OPERATOR, at=operate.moment(), again=True,
                                  progress=progress)  # fmt: skip


def publish(claim: str, note: str) -> str:
    """Publish what is shown of a claim; returns the path of its page. Raises what `publish_claim` raises."""
    from lifecluster.web.directory import operate

    operate.require_web()
    operate.open_web()
    from django.urls import reverse

    from lifecluster.web.directory.viewer import OPERATOR
    from lifecluster.web.figures import actions
    from lifecluster.web.figures.models import SHORT

    made = actions.publish_claim(claim=claim, viewer=OPERATOR, at=operate.moment(), note=note)
    return reverse("figures:publication", args=[made.claim, made.record[:SHORT]])
