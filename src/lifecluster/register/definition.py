"""Definitions: which organisations count, as data; a YAML file each, strict, with source and effect on the count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from lifecluster.errors import InputError
from lifecluster.reference.taxonomy import ols_segments, plain_sic, sic_title
from lifecluster.yaml_files import read_yaml

Role = Literal["core", "service-supply", "not-industry"]
Weights = dict[str, float]
SHIPPED = ("ols-segments", "bahtss", "dbt-sic", "scottish-sic", "broad")


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DefinitionSource(Strict):
    """Who defined it, where it is written and how well we know it.

    `confidence`: seen (we read the text), recalled (from memory, to be checked), inferred (our own reading).
    """

    title: str
    url: str = Field(pattern=r"^https?://")
    vintage: str
    checked_on: date | None = None
    confidence: Literal["seen", "recalled", "inferred"]
    note: str | None = None

    @model_validator(mode="after")
    def _dated(self) -> DefinitionSource:
        if self.confidence == "seen" and self.checked_on is None:
            raise ValueError("a source that was seen says when: `checked_on`")
        return self


class Predicate(Strict):
    """Evidence for (weight > 0) or against (weight < 0), in log-odds; a plain list stands for weight 1 each.

    `sic`: prefixes of 2 to 5 digits, with or without dots. `words`: phrases in names and description; `*` at an end
    lets the word go on. `name_words`: the same, in names alone: a description that says "nhs" or "surgeon" speaks of
    customers, a name that says it speaks of its bearer. `registers`: names of sources. `organisation_types`,
    `licences`: codes of the vocabulary.
    `stated`: segment codes, or their beginnings, that the organisation or a register says of it.
    """

    sic: Weights = {}
    words: Weights = {}
    name_words: Weights = {}
    registers: Weights = {}
    organisation_types: Weights = {}
    licences: Weights = {}
    stated: Weights = {}

    @field_validator(
        "sic", "words", "name_words", "registers", "organisation_types", "licences", "stated", mode="before"
    )
    @classmethod
    def _weights(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(set(map(str, value))) != len(value):
                raise ValueError("an entry is listed twice")
            return dict.fromkeys(value, 1.0)
        return value

    @field_validator("sic")
    @classmethod
    def _prefixes(cls, value: Weights) -> Weights:
        plain = {plain_sic(prefix): weight for prefix, weight in value.items()}
        for prefix in plain:
            if not 2 <= len(prefix) <= 5 or sic_title(prefix) is None:
                raise ValueError(f"{prefix!r} is no division, group, class or subclass of SIC 2007")
        if len(plain) != len(value):
            raise ValueError("the same SIC prefix is given twice")
        return plain

    @field_validator("stated")
    @classmethod
    def _stated(cls, value: Weights) -> Weights:
        official = ols_segments()["code"].to_list()
        unknown = [start for start in value if not start or not any(code.startswith(start) for code in official)]
        if unknown:
            raise ValueError(f"no segment code begins with: {sorted(unknown)}")
        return value

    @field_validator("words", "name_words")
    @classmethod
    def _phrases(cls, value: Weights) -> Weights:
        for phrase in value:
            bare = phrase.removeprefix("*").removesuffix("*")
            if "*" in bare or len(bare.strip()) < 2 or bare != bare.strip():
                raise ValueError(f"{phrase!r}: two letters at least, `*` only at an end, no space there")
        return value

    @model_validator(mode="after")
    def _decided(self) -> Predicate:
        both = sorted(set(self.words) & set(self.name_words))
        if both:
            raise ValueError(f"stand in words and in name_words: {both}")
        if any(not weight for _, _, weight in self.entries()):
            raise ValueError("a weight of 0 says nothing: leave the entry out")
        return self

    def entries(self) -> Iterator[tuple[str, str, float]]:
        """All evidence as (field, value, weight)."""
        for field in type(self).model_fields:
            for value, weight in getattr(self, field).items():
                yield field, value, weight


class Segment(Strict):
    """A node of the tree: its own predicate, and segments below it, which it contains.

    `codes`: official segment codes. `inferred`: the assignment of organisations to it is ours. `evidence`: names of the
    shared evidence sets that were merged into `predicate` when the file was read. `recalled`: entries of the predicate
    that are known from memory alone, until a person finds where they are written; every answer that rests on one says
    so.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str
    role: Role
    codes: tuple[str, ...] = ()
    inferred: bool = True
    note: str | None = None
    evidence: tuple[str, ...] = ()
    predicate: Predicate = Predicate()
    recalled: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()

    @field_validator("recalled")
    @classmethod
    def _plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(plain_sic(entry) if plain_sic(entry).isdigit() else entry for entry in value)

    @model_validator(mode="after")
    def _recalled_entries(self) -> Segment:
        unknown = set(self.recalled) - {value for _, value, _ in self.predicate.entries()}
        if unknown:
            raise ValueError(f"recalled, but no entry of the predicate: {sorted(unknown)}")
        return self

    @field_validator("codes")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = set(value) - set(ols_segments()["code"])
        if unknown:
            raise ValueError(f"no such segment codes: {sorted(unknown)}")
        return value


class Decision(Strict):
    """One organisation set in or out by hand, with the reason."""

    id: str
    reason: str = Field(min_length=3)


class Model(Strict):
    """The additive evidence model: logit p = prior + words (capped) + strongest SIC + register + licence + stated.

    `prior`: log-odds without evidence. `words_cap`: the most that words can add. `description_factor`: how much a
    phrase in the description counts beside the same phrase in a name. `lead`: evidence of this weight opens a segment;
    weaker evidence only accompanies (a software company is no candidate for digital health by its SIC code alone).
    """

    prior: float = -5.5
    lead: float = Field(2.5, gt=0)
    words_cap: float = Field(9.0, gt=0)
    description_factor: float = Field(0.6, gt=0, le=1)


class Definition(Strict):
    """Which organisations count: predicate, unit, location rule and vintage.

    `method`: `listed` (any entry decides: probability 1; without a SIC code the answer is unknown) or `weighed`
    (log-odds). `predicate`: evidence that holds for every segment, mostly counter-evidence. `effect`: what it does to
    the count.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    publisher: str
    source: DefinitionSource
    unit: Literal["group", "organisation", "site"]
    location: Literal["registered_office", "working_site", "jobs_allocated"]
    method: Literal["listed", "weighed"]
    effect: str = Field(min_length=20)
    model: Model = Model()
    excluded_statuses: tuple[str, ...] = ()
    excluded_types: dict[str, str] = {}
    include: tuple[Decision, ...] = ()
    exclude: tuple[Decision, ...] = ()
    evidence: tuple[str, ...] = ()
    predicate: Predicate = Predicate()
    segments: tuple[Segment, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Definition:
        ids = [segment.id for segment, _ in self.walk()]
        twice = {name for name in ids if ids.count(name) > 1}
        both = {item.id for item in self.include} & {item.id for item in self.exclude}
        if twice or both:
            raise ValueError(f"segments named twice: {sorted(twice)}; ids both in and out: {sorted(both)}")
        if self.method == "listed" and (set(self.predicate.entries()) or any(w < 0 for _, _, w in self._weights())):
            raise ValueError("a listed definition knows no counter-evidence and nothing outside its segments")
        if not any(weight > 0 for _, _, weight in self._weights()):
            raise ValueError("no evidence leads into any segment")
        loose = {value for _, value, _ in self._weights()} - set(self.recalled())
        if self.source.confidence == "recalled" and loose:
            raise ValueError(f"the source is recalled, so are its entries; not marked: {sorted(loose)}")
        return self

    def recalled(self) -> tuple[str, ...]:
        """Entries of all segments that are known from memory alone, sorted."""
        return tuple(sorted({value for segment, _ in self.walk() for value in segment.recalled}))

    def _weights(self) -> Iterator[tuple[str, str, float]]:
        for segment, _ in self.walk():
            yield from segment.predicate.entries()

    def walk(self) -> Iterator[tuple[Segment, tuple[str, ...]]]:
        """Every segment with the ids of those above it, outermost first; parents before children."""

        def below(segments: tuple[Segment, ...], above: tuple[str, ...]) -> Iterator[tuple[Segment, tuple[str, ...]]]:
            for segment in segments:
                yield segment, above
                yield from below(segment.segments, (*above, segment.id))

        return below(self.segments, ())

    @property
    def vintage(self) -> str:
        """The vintage of the source, carried into every row that the definition makes."""
        return self.source.vintage

    @property
    def needs_sic(self) -> bool:
        """Whether a missing SIC code leaves the answer open."""
        return any(field == "sic" for field, _, _ in self._weights())

    def sic_prefixes(self) -> tuple[str, ...]:
        """Prefixes that lead into the definition, sorted."""
        return tuple(sorted({value for field, value, weight in self._weights() if field == "sic" and weight > 0}))


def evidence_sets(folder: Traversable | Path | None = None) -> dict[str, Predicate]:
    """The shared evidence sets by name, from every YAML file in `folder` (default: those shipped).

    Raises InputError naming the file where one is invalid or a name is taken twice.
    """
    root = folder or resources.files("lifecluster.reference.definitions").joinpath("evidence")
    found: dict[str, Predicate] = {}
    for file in sorted((f for f in root.iterdir() if f.name.endswith(".yml")), key=lambda f: f.name):
        for name, content in (read_yaml(file) or {}).items():
            if name in found:
                raise InputError(f"evidence set {name!r} is defined twice", file=file.name)
            try:
                found[name] = Predicate.model_validate(content)
            except ValidationError as error:
                raise InputError(f"evidence set {name!r}: {error}", file=file.name) from error
    return found


@cache
def _shipped_sets() -> dict[str, Predicate]:
    return evidence_sets()


def _merge(node: Any, library: Mapping[str, Predicate], file: str) -> Any:
    """`node` (definition or segment) with its named evidence sets in `predicate`; the node's own entries win."""
    if not isinstance(node, dict):
        return node
    merged: dict[str, Weights] = {}
    for name in node.get("evidence") or ():
        if name not in library:
            raise InputError(f"no evidence set is called {name!r}", file=file)
        for field, value, weight in library[name].entries():
            kept = merged.setdefault(field, {})
            kept[value] = max(weight, kept.get(value, weight), key=abs)
    own = Predicate.model_validate(node.get("predicate") or {})
    for field, value, weight in own.entries():
        merged.setdefault(field, {})[value] = weight
    below = [_merge(child, library, file) for child in node.get("segments") or ()]
    return {**node, "predicate": merged, **({"segments": below} if below else {})}


def read_definition(file: Traversable | Path, library: Mapping[str, Predicate] | None = None) -> Definition:
    """Read and check one definition. Raises InputError that names the file and the key that is wrong."""
    try:
        node = _merge(read_yaml(file), _shipped_sets() if library is None else library, file.name)
        return Definition.model_validate(node)
    except ValidationError as error:
        raise InputError(str(error), file=file.name) from error


@cache
def load_definition(name: str) -> Definition:
    """One of the definitions shipped with the library. Raises InputError if there is none of that name."""
    if name not in SHIPPED:
        raise InputError(f"no such definition; there are {', '.join(SHIPPED)}", file=name)
    file = resources.files("lifecluster.reference.definitions").joinpath(f"{name}.yml")
    return read_definition(file, _shipped_sets())


def load_definitions(names: tuple[str, ...] = SHIPPED) -> tuple[Definition, ...]:
    """The shipped definitions of the given names, in that order."""
    return tuple(load_definition(name) for name in names)
