"""What is asked of premises, as a value and as the query part of an address."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

FACETS = ("type", "cleanroom", "containment", "shared")
PROPERTY = {"type": "facility_type", "cleanroom": "cleanroom_class", "containment": "containment_level",
            "shared": "shared"}  # fmt: skip
"""The property that each filter looks at."""
WITHIN = (5, 10, 25, 50, 100)
LONGEST = 100
UNITS = re.compile(r"\s*(?:m2|m²|sq\.? ?m|square met(?:re|er)s?|km)\s*$", re.IGNORECASE)
"""Units that people write after a number, those that it is asked in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Every part that is given has to fit, and one of the values of a filter: words `q`; codes of FACETS; `free` square
    metres at least; `near` a place and `within` kilometres of it. `ignored`: what could not be understood."""

    q: str = ""
    type: tuple[str, ...] = ()
    cleanroom: tuple[str, ...] = ()
    containment: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    free: float = 0
    near: str = ""
    within: int = 25
    page: int = 1
    ignored: tuple[str, ...] = ()

    @classmethod
    def parse(cls, params: QueryDict) -> Self:
        """From the parameters of an address; never raises."""
        ignored: list[str] = []
        many = {name: tuple(sorted({one[:40] for one in params.getlist(name) if one}))[:20] for name in FACETS}
        free = _number(params.get("free", ""), "square metres", ignored)
        within = int(_number(params.get("within", ""), "kilometres", ignored) or 25)
        page = int(_number(params.get("page", ""), "a page", ignored) or 1)
        q, near = ((params.get(name) or "").strip()[:LONGEST] for name in ("q", "near"))
        return cls(q=q, near=near, free=free, within=min(max(within, 1), 500), page=min(max(page, 1), 9999),
                   ignored=tuple(ignored), **many)  # fmt: skip

    def encode(self) -> str:
        """The query part of the address; parts as usual are left out."""
        parts: list[tuple[str, Any]] = []
        usual = type(self)()
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name != "ignored" and value != getattr(usual, one.name):
                shown = f"{value:g}" if isinstance(value, float) else value
                parts += [(one.name, v) for v in value] if isinstance(value, tuple) else [(one.name, shown)]
        return urlencode(parts)

    def toggled(self, facet: str, value: str) -> Self:
        """The same with a value of a filter put in, or taken out again; at the first page."""
        now = getattr(self, facet)
        then = tuple(v for v in now if v != value) if value in now else tuple(sorted({*now, value}))
        changes: dict[str, Any] = {facet: then, "page": 1, "ignored": ()}
        return replace(self, **changes)


def _number(text: str, of: str, ignored: list[str]) -> float:
    if not text.strip():
        return 0
    try:
        number = float(UNITS.sub("", text).replace(",", ""))
    except ValueError:
        number = -1
    if not isfinite(number) or not 0 <= number <= 10_000_000:
        ignored.append(f"“{text[:30]}” is no number of {of}.")
        return 0
    return number
