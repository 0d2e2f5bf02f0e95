"""What is looked for, as a value and as the query part of an address: one query, one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from math import isfinite
from typing import Any, Self
from urllib.parse import urlencode

from lifecluster.web.directory.loading.facets import FACETS

SORTS = ("best", "name", "size", "recent", "distance")
WITHIN = 25.0
FARTHEST = 1000.0
PER_PAGE = 50
MOST_PER_PAGE = 200
LONGEST = 200
MOST_VALUES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; every part that is given has to fit, and one of the values of a facet.

    `q` words; `definition` the definition whose segments are meant ("" is everything in the register) and `counted`
    what it says of an organisation (yes, likely, unlikely, unknown, no; nothing means yes, likely); `near` a
    postcode, outward code, town or district and `within` kilometres of it; `sort` one of SORTS, "" is best with
    words, distance with a place, else
    name; `ended` also organisations that exist no more. `ignored`: sentences about what could not be understood.
    """

    q: str = ""
    definition: str = ""
    counted: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    capability: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    ownership: tuple[str, ...] = ()
    mission: tuple[str, ...] = ()
    member: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    facility: tuple[str, ...] = ()
    near: str = ""
    within: float = WITHIN
    ended: bool = False
    sort: str = ""
    page: int = 1
    per_page: int = PER_PAGE
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def parse(cls, params: Mapping[str, Any]) -> Self:
        """From the parameters of an address (a QueryDict, or a mapping to texts or lists). Never raises."""
        read: dict[str, Any] = {}
        ignored: list[str] = []
        for name, _ in _parts():
            given = [text for text in _texts(params, name) if text]
            if not given:
                continue
            if name in FACETS:
                read[name] = tuple(sorted(set(given))[:MOST_VALUES])
            elif name in {"within", "page", "per_page"}:
                number = _number(name, given[-1])
                if number is None:
                    ignored.append(f"“{given[-1][:30]}” is no number that “{name}” can be.")
                else:
                    read[name] = number
            elif name == "ended":
                read[name] = given[-1].lower() in {"1", "true", "yes", "on"}
            elif name == "sort" and given[-1] not in SORTS:
                ignored.append(f"Results cannot be sorted by “{given[-1][:30]}”.")
            else:
                read[name] = given[-1]
        return cls(**read, ignored=tuple(ignored))

    def encode(self) -> str:
        """The query part of the address, always the same for the same query; parts as usual are left out."""
        return "&".join(self.pieces().values())

    def pieces(self) -> dict[str, str]:
        """The pieces of `encode`, in their order, each by the name of its part."""
        found: dict[str, str] = {}
        for name, default in _parts():
            value = getattr(self, name)
            if value == default:
                continue
            if isinstance(value, tuple):
                found[name] = urlencode([(name, one) for one in sorted(set(value))])
            else:
                text = "1" if value is True else f"{value:g}" if isinstance(value, float) else str(value)
                found[name] = urlencode({name: text})
        return found

    def with_(self, **changes: Any) -> Self:
        """The same with changes; at the first page, unless that is what changes."""
        return replace(self, ignored=(), **({"page": 1} | changes))

    def toggled(self, facet: str, value: str) -> Self:
        """The same with a value of a facet put in, or out if it is in."""
        chosen = set(getattr(self, facet)) ^ {value}
        return self.with_(**{facet: tuple(sorted(chosen))})

    def without(self, facet: str, value: str | None = None) -> Self:
        """The same without a value of a facet, or without the facet; or without another part."""
        if facet not in FACETS:
            default = next(f.default for f in fields(self) if f.name == facet)
            return self.with_(**{facet: default})
        left = () if value is None else tuple(v for v in getattr(self, facet) if v != value)
        return self.with_(**{facet: left})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Facets and values that are set, in the order of the facets."""
        return [(facet, value) for facet in FACETS for value in getattr(self, facet)]

    @property
    def order(self) -> str:
        """The sort that applies."""
        if self.sort == "distance" and not self.near:
            return "name"
        if self.sort == "best" and not self.q:
            return "distance" if self.near else "name"
        return self.sort or ("best" if self.q else "distance" if self.near else "name")

    @property
    def empty(self) -> bool:
        """Whether nothing narrows the directory down."""
        return not (self.q or self.near or self.definition or self.chosen)


@cache
def _parts() -> tuple[tuple[str, Any], ...]:
    """The parts of an address in their order, and how each is as usual."""
    return tuple((part.name, part.default) for part in fields(Query) if part.name != "ignored")


NAMES = tuple(name for name, _ in _parts())
"""The parameters of an address."""


def _texts(params: Mapping[str, Any], name: str) -> Iterable[str]:
    """All values of a parameter as trimmed texts."""
    getlist = getattr(params, "getlist", None)
    values = getlist(name) if getlist else params.get(name, ())
    if isinstance(values, str | int | float | bool):
        values = [values]
    return [" ".join(str(value).replace("\x00", " ").split())[:LONGEST] for value in values]


def _number(name: str, text: str) -> float | int | None:
    try:
        number = float(text) if name == "within" else int(text)
    except ValueError:
        return None
    if not isfinite(number):
        return None
    if name == "within":
        return float(min(max(number, 0.1), FARTHEST))
    return int(min(max(number, 1), MOST_PER_PAGE if name == "per_page" else 1_000_000))
