"""Where attempts to sign in are counted, and codes that were used are remembered: files that all processes share."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class Counts(FileBasedCache):
    """Django's cache in files, where of all who add the same at once exactly one is told that it was the first.

    Django's own looks first and writes then: two processes that ask at the same moment may both be told so, and a code
    would open twice, or an attempt not be counted.
    """

    def add(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value if there is none yet; whether there was none."""
        with self._alone():
            return bool(super().add(key, value, timeout, version))

    _dir: str

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Alone among threads and processes: each opens the file anew, so that each waits for a lock of its own."""
        folder = Path(self._dir)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
