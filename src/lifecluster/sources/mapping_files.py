"""Where the mappings of a list lie: beside it, or in a folder of the workspace."""

from __future__ import annotations

import glob
from pathlib import Path

from lifecluster.sources.mapping import SUFFIX


def find_mappings(path: Path, folder: Path | None = None, *, below: str | None = None) -> list[Path]:
    """The mappings of a list: beside it, else in `folder`, there in the same folders (`below`: the list's name with
    them), else by its bare name.

    A workbook may have several, `<list>.<sheet>.mapping.yml`, one for each of its sheets.
    """
    places = [path]
    if folder is not None:
        places += [folder / below] if below is not None else []
        places += [folder / path.name]
    for place in places:
        found = [place.with_name(place.name + SUFFIX)]
        found += sorted(p for p in place.parent.glob(f"{glob.escape(place.name)}.*{SUFFIX}") if _of_sheet(p, path))
        there = [p for p in found if p.is_file()]
        if there:
            return there
    return []


def list_of(mapping: str, names: set[str]) -> str | None:
    """The list among `names` that a mapping file called `mapping` belongs to; None if it is not there."""
    stem = mapping.removesuffix(SUFFIX)
    return next((name for name in (stem, stem.rpartition(".")[0]) if name in names), None)


def _of_sheet(kept: Path, path: Path) -> bool:
    """Whether a mapping is of a sheet of the list, and not of another list whose name begins with this one's."""
    middle = kept.name.removesuffix(SUFFIX)
    return not path.with_name(middle).exists() and "." not in middle.removeprefix(f"{path.name}.")
