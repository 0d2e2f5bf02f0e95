"""A claim: a sentence with slots and the recipe that tests it; YAML files, strict, shipped in reference/claims."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lifecluster.errors import InputError
from lifecluster.figures.places import League
from lifecluster.policy.disclosure import registry
from lifecluster.register.definition import SHIPPED, load_definition
from lifecluster.yaml_files import read_model

Kind = Literal["total", "share", "growth", "rank"]
SLOTS = frozenset({"region", "n", "rank", "league", "share", "growth", "from", "vintage", "unit"})
SOURCES = Literal["bres", "uk-business-counts", "sector-figures", "register", "workforce", "medical-schools"]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Coverage(Strict):
    """What a source leaves out: the true total is `low` to `high` times what it covers, anything between as likely.

    `why`: where these numbers come from.
    """

    low: float = Field(1.0, gt=0)
    high: float = Field(gt=0)
    why: str = Field(min_length=10)

    @model_validator(mode="after")
    def _in_order(self) -> Coverage:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class Basis(Strict):
    """One way to compute the measure: a source, a definition, and a part of it.

    `quantity`: what is counted (jobs, businesses, organisations, sites, turnover, people, schools). `segment`: a
    segment of the definition. `sector`, `measure`: as the published figures name them. `sections`: SIC 2007 sections
    of the workforce (`all`: every one). `coverage`: how much the source leaves out, in each region by itself. `note`:
    what a reader has to know.
    """

    source: SOURCES
    definition: str | None = None
    quantity: str = Field(min_length=2)
    segment: str | None = None
    sector: str = "all"
    measure: str | None = None
    sections: str = "all"
    coverage: Coverage | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Basis:
        if self.definition is not None and self.definition not in SHIPPED:
            raise ValueError(f"there is no definition {self.definition!r}; there are {', '.join(SHIPPED)}")
        if self.source in {"bres", "uk-business-counts", "register"}:
            if self.definition is None:
                raise ValueError(f"a basis in {self.source} names its definition")
            found = load_definition(self.definition)
            if self.source != "register" and found.method != "listed":
                raise ValueError(f"{self.definition} weighs evidence: it is no list of industries to sum up")
            if self.segment is not None and self.segment not in {s.id for s, _ in found.walk()}:
                raise ValueError(f"{self.definition} has no segment {self.segment!r}")
        if self.source == "sector-figures" and self.measure is None:
            raise ValueError("a basis in sector-figures names its measure")
        return self

    @property
    def label(self) -> str:
        """Source, definition and part in one text; the same from one computation to the next."""
        part = self.segment or (self.sector if self.source == "sector-figures" else None)
        part = self.sections if self.source == "workforce" else part
        return "/".join(filter(None, (self.source, self.definition, part, self.quantity)))


class Method(Strict):
    """How uncertainty is treated: name and version; `sampling`: whether sampling error is estimated and counted."""

    name: Literal["cells", "probabilities", "list"] = "cells"
    version: int = Field(1, ge=1)
    sampling: bool = True


class Says(Strict):
    """What the sentence asserts; exactly one of these.

    `within`: the number is right to within this share of itself. `rank`, `rank_at_most`: the place among the league.
    `at_least`: the number is this or more. `grows`: now more than before.
    """

    within: float | None = Field(None, gt=0, lt=1)
    rank: int | None = Field(None, ge=1)
    rank_at_most: int | None = Field(None, ge=1)
    at_least: float | None = None
    grows: bool | None = None

    @model_validator(mode="after")
    def _one(self) -> Says:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1 or self.grows is False:
            raise ValueError("says one thing: within, rank, rank_at_most, at_least or grows")
        return self


class Claim(Strict):
    """A sentence about a region and how to test it; `bases` side by side, the first that can be computed decides."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str = Field(min_length=3)
    sentence: str = Field(min_length=10)
    kind: Kind
    says: Says
    league: League = "gb-regions"
    vintage: str = "latest"
    base: str | None = None
    bases: tuple[Basis, ...] = Field(min_length=1)
    method: Method = Method()
    disclosure: str
    why: str = Field(min_length=10)

    @property
    def quotes(self) -> bool:
        """Whether the sentence quotes a number, which is the computed one unless somebody states another."""
        return self.says.within is not None

    @model_validator(mode="after")
    def _consistent(self) -> Claim:
        unknown = set(re.findall(r"{(\w*)}", self.sentence)) - SLOTS
        if unknown:
            raise ValueError(f"slots that do not exist: {sorted(unknown)}; there are {', '.join(sorted(SLOTS))}")
        ranked = self.says.rank is not None or self.says.rank_at_most is not None
        if ranked != (self.kind == "rank") or (self.says.grows is not None and self.kind != "growth"):
            raise ValueError(f"a {self.kind} cannot say that")
        if len({basis.label for basis in self.bases}) != len(self.bases):
            raise ValueError("two bases are the same")
        if (self.base is not None) != (self.kind == "growth"):
            raise ValueError("a growth, and nothing else, names its base")
        if self.disclosure not in registry().measures:
            raise ValueError(f"the disclosure registry has no measure {self.disclosure!r}")
        return self

    def recipe(self) -> dict[str, Any]:
        """Everything that determines how it is computed, as plain values: definitions with their content."""
        names = sorted({b.definition for b in self.bases if b.definition is not None})
        return {
            "claim": self.model_dump(mode="json", exclude_none=True),
            "definitions": {name: digest(load_definition(name).model_dump(mode="json")) for name in names},
        }


def digest(value: Any) -> str:
    """SHA-256 over the JSON of a plain value, keys sorted."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def read_claim(file: Traversable | Path) -> Claim:
    """Read and check one claim. Raises InputError that names the file and the key that is wrong."""
    claim = read_model(Claim, file)
    if claim.name != file.name.removesuffix(".yml"):
        raise InputError(f"the claim is called {claim.name!r}: the file should be too", file=file.name, field="name")
    return claim


@cache
def claims() -> tuple[Claim, ...]:
    """The claims shipped with the library, by name."""
    folder = resources.files("lifecluster.reference").joinpath("claims")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".yml")), key=lambda f: f.name)
    return tuple(read_claim(file) for file in files)


def load_claim(name: str, own: Path | None = None) -> Claim:
    """A claim by name, of the library or in a folder of one's own. Raises InputError listing those that exist."""
    if own is not None and (own / f"{name}.yml").is_file():
        return read_claim(own / f"{name}.yml")
    found = {claim.name: claim for claim in claims()}
    if name not in found:
        raise InputError(f"there is no such claim; there are {', '.join(found)}", file=name)
    return found[name]
