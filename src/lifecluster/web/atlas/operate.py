"""What the person who runs this machine does with the atlas: compute it for the package shown, publish a part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Package

Progress = Callable[[str], None]


def after_load(package: Package, path: Path, progress: Progress) -> None:
    """Compute the atlas of a package that is shown, unless it is there; Django has started."""
    from lifecluster.web.atlas import actions
    from lifecluster.web.directory.operate import moment
    from lifecluster.web.directory.viewer import OPERATOR

    actions.compute_atlas(package=package, path=path, viewer=OPERATOR, at=moment(), progress=progress)


def refresh(path: Path | None, progress: Progress) -> int:
    """Compute the atlas of the package that is shown, anew; returns how many parts it has.

    Parameters: `path` its files, or a folder of packages; default: those of the workspace. Raises NoPackageError, and
    what `compute_atlas` raises.
    """
    from lifecluster.web.directory import operate

    operate.require_web()
    operate.open_web()
    from lifecluster.web.atlas import actions
    from lifecluster.web.directory import reads
    from lifecluster.web.directory.viewer import OPERATOR
    from lifecluster.workspace import Workspace

    where = path if path is not None else Workspace.current().packages
    return actions.compute_atlas(package=reads.current(), path=where, viewer=OPERATOR, at=operate.moment(), again=True,
                                 progress=progress)  # fmt: skip


def publish(part: str, note: str) -> str:
    """Publish a part of the atlas that is shown, as `kind` or `kind/key`; returns the path of its page.

    Raises what `publish_part` raises.
    """
    from lifecluster.web.directory import operate

    operate.require_web()
    operate.open_web()
    from django.urls import reverse

    from lifecluster.web.atlas import actions
    from lifecluster.web.atlas.models import SHORT
    from lifecluster.web.directory.viewer import OPERATOR

    kind, _, key = part.partition("/")
    made = actions.publish_part(kind=kind, key=key, viewer=OPERATOR, at=operate.moment(), note=note)
    return reverse("atlas:publication", args=[made.entry[:SHORT]])
