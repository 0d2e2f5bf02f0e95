"""The disclosure registry: per measure, what a published cell must satisfy; one table, `disclosure.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from math import floor

from pydantic import BaseModel, ConfigDict, Field

from lifecluster.yaml_files import read_model


class Rule(BaseModel):
    """Conditions for showing one cell; see `disclosure.yml` for the words.

    Source: dominance (n, k) and minimum-frequency rules, Hundepool et al., Statistical Disclosure Control, 2012, 4.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    minimum: int = Field(ge=0)
    contributors: int = Field(ge=0)
    dominance: float = Field(gt=0, le=1)
    top_two: float = Field(gt=0, le=1)
    rounding: int = Field(ge=1)
    why: str = ""

    def allows(self, contributions: Sequence[float], *, count: int | None = None) -> bool:
        """Whether a cell made of these non-negative contributions may be shown.

        `count` is what is counted, where it is not the number of contributors (jobs of firms: contributors are firms).
        A cell without any contributor is a true zero and may be shown.
        """
        if not contributions:
            return True
        if min(contributions) < 0:
            raise ValueError("contributions are amounts; a negative one cannot be checked for dominance")
        if (len(contributions) if count is None else count) < self.minimum or len(contributions) < self.contributors:
            return False
        total = sum(contributions)
        largest = sorted(contributions, reverse=True)
        return total == 0 or (largest[0] <= self.dominance * total and sum(largest[:2]) <= self.top_two * total)

    def rounded(self, value: float) -> int:
        """`value` to the nearest multiple of `rounding`, halves up."""
        return floor(value / self.rounding + 0.5) * self.rounding


class Registry(BaseModel):
    """All rules; `rule(measure)` gives the default for a measure that has none of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    default: Rule
    measures: dict[str, Rule]

    def rule(self, measure: str) -> Rule:
        """The rule of `measure`."""
        return self.measures.get(measure, self.default)


@cache
def registry() -> Registry:
    """The registry shipped with the library, checked once."""
    return read_model(Registry, resources.files("lifecluster.policy").joinpath("disclosure.yml"))
