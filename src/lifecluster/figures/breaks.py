"""Where a series changed its method: figures of the two sides are never compared."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from lifecluster.sources.spec import Day
from lifecluster.yaml_files import read_yaml


class Break(BaseModel):
    """A change of method of one source between two releases, with the reason and where it is said."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    last_before: str
    first_after: str
    reason: str
    url: str
    checked_on: Day
    confidence: Literal["seen", "recalled", "inferred"]

    def told(self) -> str:
        """Why a comparison is refused, in a sentence."""
        return f"refused: {self.last_before} and {self.first_after} are not comparable: {self.reason} ({self.url})"


@cache
def breaks() -> tuple[Break, ...]:
    """The known breaks."""
    folder = resources.files("lifecluster.reference").joinpath("industries", "breaks.yml")
    return TypeAdapter(tuple[Break, ...]).validate_python(read_yaml(folder))


def crossed(source: str, one: str, other: str) -> Break | None:
    """The break that lies between two releases of a source (in any order), None if there is none."""
    early, late = sorted((one, other))
    return next((b for b in breaks() if b.source == source and early <= b.last_before and late >= b.first_after), None)
