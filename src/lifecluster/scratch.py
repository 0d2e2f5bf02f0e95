"""Folders that live as long as the process which made them: held by a lock, and cleared away if it was killed.

A process that is ended by force cannot clean up. The lock on a folder goes with its process, whatever the number of the
process and wherever it ran on this machine, so the next one can tell what nobody holds any more. (`flock` on a folder;
not for network file systems, as the log.)
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

PREFIX: Final = "lifecluster-"
YOUNG: Final = 60.0
"""Seconds for which a folder is left alone: it may have been made and not locked yet."""
DRAFT: Final = re.compile(r"\.[\w-]+-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.\d+(\.spoiled)?")
"""A package that is being written, or a damaged one that made room for it."""
POINTER: Final = re.compile(r"\.current\.\d+")


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold a folder that is there: nobody sweeps it away until the end of the context, or of the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield folder
    finally:
        os.close(descriptor)


@contextmanager
def scratch(purpose: str, *, within: Path | None = None) -> Iterator[Path]:
    """A new folder for `purpose` (as `index`), removed at the end; those that killed processes left go first.

    Parameters: `within` the folder to make it in, by default the machine's temporary one.
    """
    place = within or Path(tempfile.gettempdir())
    prefix = f"{PREFIX}{purpose}-"
    sweep(place, re.compile(re.escape(prefix) + r"\w+"))
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place) as folder, held(Path(folder)) as path:
        yield path


def sweep(place: Path, wanted: re.Pattern[str]) -> int:
    """Remove folders in `place` whose whole name fits and that no process holds; returns how many.

    Only folders of this user that are older than `YOUNG` seconds. What cannot be removed is left without a word: it is
    not what the person asked for.
    """
    removed = 0
    with suppress(OSError):
        for path in sorted(place.iterdir()):
            if wanted.fullmatch(path.name) and _abandoned(path):
                shutil.rmtree(path, ignore_errors=True)
                removed += not path.exists()
    return removed


def sweep_packages(place: Path) -> int:
    """Remove drafts of packages in `place` that no process is writing any more; returns how many."""
    with suppress(OSError):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if POINTER.fullmatch(path.name) and path.is_symlink() and _old(path):
                path.unlink(missing_ok=True)
    return sweep(place, DRAFT)


def _old(path: Path) -> bool:
    """Whether something is of this user, and not of the last minute."""
    found = path.lstat()
    return found.st_uid == os.getuid() and time.time() - found.st_mtime > YOUNG


def _abandoned(path: Path) -> bool:
    """Whether a folder (never a link to one) is old enough and its lock is free."""
    if path.is_symlink() or not path.is_dir() or not _old(path):
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)
