"""Codes of premises: kinds of facility, classes of cleanrooms, containment levels; `facilities.yml` is the data."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from lifecluster.yaml_files import read_model


class Code(BaseModel):
    """One code: its `title` for people, and `words` by which people write it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    words: tuple[str, ...] = ()


class Codes(BaseModel):
    """Codes by property, and the day on which they were last compared with their sources."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    checked_on: date
    codes: dict[str, dict[str, Code]]


CODED = frozenset({"facility_type", "cleanroom_class", "containment_level"})
"""Properties whose values are codes declared here."""


@cache
def declared() -> Codes:
    """The codes shipped with the library, checked once."""
    return read_model(Codes, resources.files("lifecluster.reference").joinpath("facilities.yml"))


def title(prop: str, code: str) -> str:
    """The title of a code; the code itself where it is not declared."""
    found = declared().codes[prop].get(code)
    return found.title if found is not None else code


def code_of(prop: str, text: str) -> str | None:
    """The code that a text means: the code itself, its title, or words that stand for it; None for anything else."""
    wanted = _plain(text)
    for code, one in declared().codes[prop].items():
        if wanted in {_plain(code), _plain(one.title), *map(_plain, one.words)}:
            return code
    return None


def check(prop: str, value: object) -> str | None:
    """What is wrong with a value of a coded property, in words; None if it is a code."""
    known = declared().codes[prop]
    if value is None or value in known:
        return None
    return f"{value!r} is none of: {', '.join(one.title for one in known.values())}"


def _plain(text: str) -> str:
    return re.sub(r"[\s\-_]+", " ", text).strip().casefold()
