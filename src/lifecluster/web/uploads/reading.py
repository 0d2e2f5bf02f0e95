"""Reading an uploaded file in a process of its own: whatever the file does, it does it there, and not for long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from lifecluster.errors import LifeclusterError
from lifecluster.web.uploads.purposes import Purpose

SIZE_LIMIT: Final = 5 * 2**20
"""Bytes of one file."""
TIME: Final = 60
"""Seconds that one file may take."""
SHOWN: Final = 120
PASSED: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT")
"""What the reading process gets of the environment: none of the secrets."""


class UnreadableError(LifeclusterError):
    """A file that could not be read; the message is for whoever uploaded it."""


def read(content: bytes, name: str, purpose: Purpose) -> dict[str, Any]:
    """The reading of a file (see `sources.uploaded`). Raises UnreadableError with what is wrong and how to mend it."""
    if not content:
        raise UnreadableError("the file is empty")
    if len(content) > SIZE_LIMIT:
        raise UnreadableError(f"the file has {len(content) / 2**20:.1f} MB; at most 5 MB are taken")
    with tempfile.TemporaryDirectory(prefix="lifecluster-upload-") as folder:
        path = Path(folder) / "upload.xlsx"  # the ending lets openpyxl open it; what it is, its content says
        path.write_bytes(content)
        try:
            done = subprocess.run(  # noqa: S603 - our own module; the file's name is an argument, never a command
                [sys.executable, "-m", "lifecluster.sources.uploaded", str(path), called(name)],
                input=json.dumps(purpose.headings).encode(), capture_output=True, timeout=TIME, check=False,
                env={k: os.environ[k] for k in PASSED if k in os.environ} | {"POLARS_MAX_THREADS": "1"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise UnreadableError("reading it took too long; save the list alone as CSV") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise UnreadableError("it could not be read; save the list alone as CSV") from None
    if "error" in answer:
        raise UnreadableError(str(answer["error"]))
    found: dict[str, Any] = answer
    return found


def called(name: str) -> str:
    """A file's name as pages show it: without folders and control characters."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(ch for ch in bare if ch.isprintable())[:SHOWN].lstrip("-") or "list"
