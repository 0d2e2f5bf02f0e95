"""What happens to link reviews when a package is loaded; see `directory.afterwards`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Package

Progress = Callable[[str], None]


def after_load(package: Package, path: Path, progress: Progress) -> None:
    """Fill in the pairs of a package that is shown, unless they are there; Django has started."""
    from lifecluster.web.directory.viewer import OPERATOR
    from lifecluster.web.links import actions

    actions.fill_queue(package=package, path=path, viewer=OPERATOR, progress=progress)
