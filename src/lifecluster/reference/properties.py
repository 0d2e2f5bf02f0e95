"""The vocabulary of statements: which properties there are, who bears them, which source is shown first."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from lifecluster.yaml_files import read_model

SourceRank = Literal["member", "official", "other"]
DEFAULT_ORDER: tuple[SourceRank, ...] = ("member", "official", "other")


class Kind(BaseModel):
    """A kind of subject: `label` for people, `table` of the package that holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str
    table: str


class Property(BaseModel):
    """One property: the kinds that may bear it, its type, and the order in which sources are shown.

    `keep` (where `many`): show the values of all sources together, or those of the best source alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    levels: tuple[str, ...]
    type: Literal["text", "name", "date", "int", "number", "money", "postcode", "address", "url", "code", "bool", "ref"]
    many: bool = False
    order: tuple[SourceRank, ...] = DEFAULT_ORDER
    stale_after: int | None = None
    keep: Literal["all", "best"] = "all"


class Vocabulary(BaseModel):
    """All kinds and properties; `properties.yml` beside this module is the data.

    `together`: properties whose shown values come from one record: the one that stands first for the first of them that
    anybody states.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kinds: dict[str, Kind]
    together: dict[str, tuple[str, ...]]
    properties: dict[str, Property]

    @model_validator(mode="after")
    def _known(self) -> Self:
        named = [name for group in self.together.values() for name in group]
        wrong = [n for n in named if n not in self.properties or self.properties[n].many or named.count(n) > 1]
        if wrong:
            raise ValueError(f"together: {', '.join(wrong)}: unknown, of several values, or in two groups")
        return self

    def group_of(self, name: str) -> tuple[str, ...]:
        """The properties shown together with a property, itself among them; alone where there are none."""
        return next((group for group in self.together.values() if name in group), (name,))

    def of(self, kind: str) -> dict[str, Property]:
        """Properties that subjects of `kind` may bear, in the order of the file."""
        return {name: p for name, p in self.properties.items() if kind in p.levels}


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary shipped with the library, checked once."""
    return read_model(Vocabulary, resources.files("lifecluster.reference").joinpath("properties.yml"))
