"""`inputs.yml`: what a person says of single files of a folder of inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field, StrictBool, ValidationError

from lifecluster.errors import InputError
from lifecluster.sources.spec import Day, Rows, Strict
from lifecluster.yaml_files import read_yaml

INPUTS_FILE = "inputs.yml"
"""A folder of inputs may hold this file: per file name `source`, `observed_on`, `sample`, `rows`, or `skip: reason`."""


class Note(Strict):
    """What is said of one file.

    `source`: whose file it is, where its header does not tell; `observed_on`: the day it speaks of; `sample`: whether
    it is invented; `rows`: bounds of its number of rows; `skip`: why it is not to be read.
    """

    source: str | None = None
    observed_on: Day | None = None
    sample: StrictBool = False
    rows: Rows | None = None
    skip: str | None = Field(None, min_length=1)


def read_notes(folder: Path, known: Iterable[str]) -> dict[str, Note]:
    """File name -> what `inputs.yml` of `folder` says of it; empty if there is no such file.

    Parameters: `known` names of all sources. Raises InputError naming the file and the key that is wrong.
    """
    path = folder / INPUTS_FILE
    if not path.is_file():
        return {}
    stated = read_yaml(path)
    stated = {} if stated is None else stated
    if not isinstance(stated, dict) or not all(isinstance(k, str) and isinstance(v, dict) for k, v in stated.items()):
        raise InputError("expects a mapping of file names to settings", file=INPUTS_FILE)
    notes = {name: _note(name, content) for name, content in stated.items()}
    unknown = sorted({note.source for note in notes.values() if note.source is not None} - set(known))
    if unknown:
        raise InputError(f"no such source: {', '.join(unknown)}", file=INPUTS_FILE)
    return notes


def _note(name: str, content: object) -> Note:
    try:
        return Note.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key, *below = (str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        raise InputError(": ".join([f"{key} of {name}", *below, told]), file=INPUTS_FILE) from error


def note_of(name: str, notes: Mapping[str, Note]) -> Note:
    """What is said of the file `name` (its path below the folder), by that path or by its bare name."""
    return notes.get(name, notes.get(name.rpartition("/")[2], Note()))


def check_names(notes: Mapping[str, Note], names: Iterable[str]) -> None:
    """Raise InputError if `inputs.yml` speaks of a file that is not among `names`."""
    there = {form for name in names for form in (name, name.rpartition("/")[2])}
    lost = sorted(set(notes) - there)
    if lost:
        raise InputError(f"there is no file {', '.join(map(repr, lost))} in this folder", file=INPUTS_FILE)
