"""What rooms do when a package is shown that was not shown before: compute what their pages read.

Each step runs in the process that loads, after the package is accepted, and does nothing where its work is done
already. Steps that take long are `late`: a server that starts runs them beside itself, so that no visitor waits for
them. A step that fails is told and leaves the load as it is: its pages say what is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lifecluster.errors import LifeclusterError

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Package

Progress = Callable[[str], None]
Step = Callable[["Package", Path, Progress], None]
"""Gets the package that is shown, where its files may be found (a package or a folder of packages), and progress."""
_steps: dict[str, Step] = {}
_late: set[str] = set()


def register(name: str, step: Step, *, late: bool = False) -> None:
    """Add a step. Raises ValueError if another has its name."""
    if _steps.get(name, step) is not step:
        raise ValueError(f"there is already a step called {name!r}")
    _steps[name] = step
    if late:
        _late.add(name)


def run(package: Package, path: Path, progress: Progress, *, late: bool | None = None) -> None:
    """All steps, in the order of their names and the late ones last; with `late` only those that are, or are not."""
    for name in sorted(_steps, key=lambda name: (name in _late, name)):
        if late is not None and late != (name in _late):
            continue
        try:
            _steps[name](package, path, progress)
        except LifeclusterError as error:
            progress(f"{name} were not computed: {error}")
