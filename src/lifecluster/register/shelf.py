"""The packages of a folder: which there are, of when, how large, and which is current."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecluster.errors import LifeclusterError
from lifecluster.register.package import CURRENT, DESCRIPTOR, Package


@dataclass(frozen=True, slots=True)
class Shelved:
    """One package: `at` its as-of date (ISO), `organisations` how many, of which so many `ended` (None: a package
    of before does not say), `bytes` of all its files.

    `problem` says in words why what its descriptor should say cannot be read ("" if it can); then the rest is None.
    """

    name: str
    path: Path
    at: str | None
    region: str | None
    sample: bool | None
    organisations: int | None
    ended: int | None
    bytes: int
    current: bool
    problem: str = ""


def shelf(folder: Path) -> tuple[Shelved, ...]:
    """The packages in a folder, newest as-of date first, of one date the one written last; empty if there is none.

    What is being written (a hidden folder) and what has no descriptor is no package. Only descriptors are read, so a
    package whose tables are damaged is listed like any other.
    """
    current = (folder / CURRENT).resolve() if (folder / CURRENT).exists() else None
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name != CURRENT and not path.name.startswith(".") and (path / DESCRIPTOR).is_file():
            found.append(_shelved(path, current=path.resolve() == current))
    return tuple(sorted(found, key=_age, reverse=True))


def _age(one: Shelved) -> tuple[str, int]:
    """As-of date, and when it was written."""
    return one.at or "", (one.path / DESCRIPTOR).stat().st_mtime_ns


def _shelved(path: Path, *, current: bool) -> Shelved:
    size = sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    try:
        manifest = Package(path).manifest
        counts, region = manifest.get("counts") or {}, manifest.get("region") or {}
        sample = any(row.get("sample") for row in manifest.get("inputs") or ())
        return Shelved(path.name, path, str(manifest["at"]), region.get("name"), sample, counts.get("organisations"),
                       counts.get("ended"), size, current)  # fmt: skip
    except (LifeclusterError, KeyError, AttributeError) as error:
        reason = str(error) if isinstance(error, LifeclusterError) else "its descriptor says too little"
        return Shelved(path.name, path, None, None, None, None, None, size, current, reason)
