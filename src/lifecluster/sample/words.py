"""The word lists of the sample: read once, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict

from lifecluster.yaml_files import load_yaml


class Frozen(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SegmentWords(Frozen):
    """What firms of one segment are called, do, make, hold; see `data/segments.yml`."""

    key: str
    group: str
    ols: str
    share: float
    sic: dict[str, float]
    words: tuple[str, ...]
    does: tuple[str, ...]
    for_: tuple[str, ...]
    made: tuple[str, ...]
    capability: dict[str, float]
    licence: dict[str, float]
    mission: tuple[str, ...]


class Park(Frozen):
    """An invented science park: real district `outward`, `spread` in metres (1 sd), who `leans` to it."""

    name: str
    outward: str
    share: float
    spread: float
    leans: dict[str, float] = {}


class Hub(Frozen):
    """An address of a formation agent with very many registrations."""

    line: str
    outward: str


class PlaceWords(Frozen):
    """Post towns by area and outward code, parks and hubs; see `data/places.yml`."""

    areas: dict[str, str]
    towns: dict[str, str]
    parks: tuple[Park, ...]
    hubs: tuple[Hub, ...]


def _text(name: str) -> str:
    return resources.files("lifecluster.sample").joinpath("data", name).read_text("utf-8")


def _yaml(name: str) -> Any:
    return load_yaml(_text(name), file=name)


@cache
def segments() -> Mapping[str, SegmentWords]:
    """All segments by key."""
    return {row["key"]: SegmentWords.model_validate(row) for row in _yaml("segments.yml")}


@cache
def place_words() -> PlaceWords:
    """Towns, parks and hubs."""
    return PlaceWords.model_validate(_yaml("places.yml"))


@cache
def trades() -> Mapping[str, tuple[float, tuple[str, ...]]]:
    """SIC code of ordinary firms -> weight and words of names."""
    return {code: (float(row[0]), tuple(row[1])) for code, row in _yaml("trades.yml").items()}


@cache
def sic_titles() -> Mapping[str, str]:
    """SIC 2007 code -> title, for the codes that the sample uses."""
    return dict(_yaml("sic.yml"))


@cache
def phrases() -> Mapping[str, Any]:
    """Building blocks of texts; see `data/phrases.yml`."""
    return dict(_yaml("phrases.yml"))


@cache
def syllables() -> Mapping[str, tuple[str, ...]]:
    """Parts of invented names by place in the name; `-` in the file stands for nothing."""
    rows = _yaml("syllables.yml")
    return {place: tuple(part.replace("-", "") for part in text.split()) for place, text in rows.items()}


@cache
def listed(name: str) -> tuple[str, ...]:
    """Lines of a word list `data/<name>.txt` without comments."""
    return tuple(line.strip() for line in _text(f"{name}.txt").splitlines() if line.strip() and line[0] != "#")
