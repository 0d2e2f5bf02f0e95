"""What a basis gives: rows by group, unit, vintage, and what is missing or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lifecluster.figures.places import League, Place, competitors
from lifecluster.figures.rows import REST, THIS, Row


@dataclass(frozen=True, slots=True)
class Missing:
    """An input that is not at hand: `file` (what it is, in the publisher's words), its source, and where it is."""

    file: str
    source: str
    url: str

    def __str__(self) -> str:
        return f"missing: {self.file} ({self.url})" if self.url else f"missing: {self.file}"


@dataclass(frozen=True)
class Collected:
    """Rows of one basis.

    `unit` of the values; `geography` that the data covers; `vintage` in words; `grid` step of the values; `notes` for
    the reader; `missing`, `refused`: why nothing is computed; `stated_rank`: a rank that the publisher itself states;
    `unknown`: organisations whose answer under the definition is unknown.
    """

    rows: tuple[Row, ...]
    unit: str
    geography: str
    vintage: str
    grid: Fraction = Fraction(1)
    notes: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    refused: str | None = None
    stated_rank: tuple[int, str] | None = None
    classes: tuple[str, ...] = ()
    unknown: int = 0


def groups(kind: str, asked: Place, league: League) -> Mapping[str, tuple[str, ...]]:
    """Group -> ITL areas whose rows belong to it, for a total, a share or a rank."""
    if kind == "rank":
        return {THIS: asked.areas, **{code: (code,) for code in competitors(asked, league)}}
    if kind == "share":
        return {THIS: asked.areas, REST: tuple(competitors(asked, league))}
    return {THIS: asked.areas}


def cannot(why: Missing | str, unit: str, geography: str) -> Collected:
    """Nothing collected, and why: a file that is missing, or a refusal in words."""
    missing = (why,) if isinstance(why, Missing) else ()
    return Collected((), unit, geography, "", missing=missing, refused=None if missing else str(why))


def fits(code: str, areas: tuple[str, ...]) -> bool:
    """Whether an ITL area lies in one of `areas`."""
    return any(code.startswith(area) for area in areas)


def absent(areas: tuple[str, ...], codes: set[str]) -> tuple[str, ...]:
    """The `areas` in which none of the ITL areas `codes` lies: a total over them would not be whole."""
    return tuple(area for area in areas if not any(fits(code, (area,)) for code in codes))
