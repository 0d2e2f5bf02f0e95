"""All files below a folder of inputs, through links, without hidden ones and without packages of our own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

DESCRIPTOR = "datapackage.json"
OURS = "lifecluster"
"""Key of the descriptor of a package that Lifecluster wrote."""
HIDDEN = "hidden (its name begins with a dot): not read"


@dataclass
class Walked:
    """What lies below a folder.

    `files`: name below the folder (with `/`) and path of each file, in the order of their names. `left`: name -> why it
    is not read. `packages`: folders that hold a package of ours; they are what builds make and no inputs.
    """

    files: list[tuple[str, Path]] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    packages: list[str] = field(default_factory=list)
    seen: dict[Path, str] = field(default_factory=dict)
    links: list[tuple[tuple[str, ...], Path]] = field(default_factory=list)


def walk(folder: Path) -> Walked:
    """Everything below `folder`. Each folder is entered once, by its own name if it has one here, else by a link.

    Hidden files and folders (those that begin with a dot) are not read, nor is what cannot be opened.
    """
    found = Walked()
    _enter(folder, (), found)
    while found.links:
        names, path = found.links.pop(0)
        _enter(path, names, found)
    found.files.sort(key=lambda item: item[0].split("/"))
    return found


def _enter(folder: Path, names: tuple[str, ...], found: Walked) -> None:
    """All entries of a folder; links to folders are put off until all folders that lie here were entered."""
    try:
        real = folder.resolve()
        if real in found.seen:
            other = found.seen[real]
            found.left[shown(names)] = f"a link to {other or 'the folder of inputs itself'}, which is read there"
            return
        found.seen[real] = shown(names)
        entries = sorted(folder.iterdir())
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go round in circles
        found.left[shown(names)] = f"the folder cannot be opened ({_told(error)})"
        return
    for entry in entries:
        inside = (*names, entry.name)
        try:
            _sort(entry, inside, found)
        except (OSError, RuntimeError) as error:
            found.left[shown(inside)] = f"cannot be opened ({_told(error)})"


def _sort(entry: Path, names: tuple[str, ...], found: Walked) -> None:
    if entry.name.startswith("."):
        found.left[shown(names)] = HIDDEN
    elif entry.is_file():
        found.files.append((shown(names), entry))
    elif not entry.is_dir():
        told = "a link to nothing" if entry.is_symlink() else "neither a file nor a folder"
        found.left[shown(names)] = told
    elif is_package(entry):
        found.packages.append(shown(names))
    elif entry.is_symlink():
        found.links.append((names, entry))
    else:
        _enter(entry, names, found)


def _told(error: OSError | RuntimeError) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)


def shown(names: tuple[str, ...]) -> str:
    """The name as text, also where its bytes are none: these are written `\\xff`, so that two such names stay two."""
    return "/".join(names).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_package(folder: Path) -> bool:
    """Whether Lifecluster wrote the package in this folder."""
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(descriptor, dict) and OURS in descriptor
