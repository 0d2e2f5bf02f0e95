"""What all parts of the atlas share: the package, the definition, recipes, effort."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lifecluster import __version__
from lifecluster.atlas.region import Region, region
from lifecluster.register.package import Package as Files

SEED = 0
SIMS = 999
LEAST = 99
PAIRS = 5_000_000
"""Pairs of cases that all simulations of one curve may have together: large segments get fewer simulations."""
FEWEST = 5
"""Companies below which nothing is said of a segment."""


@dataclass(frozen=True)
class Computed:
    """A part of the atlas: `body` is what everybody may read of it."""

    kind: str
    key: str
    body: dict[str, Any]


@dataclass
class Job:
    """One computation: the package, the definition, the day; what is worked out once is `kept`."""

    files: Files
    definition: str
    at: date
    progress: Callable[[str], None]
    notes: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def region(self) -> Region:
        """All companies of the region, those that count as cases."""
        if "region" not in self.kept:
            self.kept["region"] = region(self.files, definition=self.definition)
        found: Region = self.kept["region"]
        return found

    def told(self) -> Mapping[str, Any]:
        """The definition in words."""
        return next(d for d in self.files.manifest["definitions"] if d["name"] == self.definition)

    def segments(self) -> list[tuple[str, str, int]]:
        """Code, title and depth of every segment, parents before their parts."""
        found: list[tuple[str, str, int]] = []

        def walk(rows: list[Any], depth: int) -> None:
            for row in rows:
                found.append((row["id"], row["label"], depth))
                walk(row.get("segments", []), depth + 1)

        walk(self.told()["segments"], 0)
        return found

    def titles(self) -> dict[str, str]:
        """Title of every segment by its code."""
        return {code: title for code, title, _ in self.segments()}

    def head(self, what: str, **parameters: Any) -> dict[str, Any]:
        """What every part says first: region, package, definition, and the recipe by which it is made again."""
        said = self.files.manifest.get("region", {})
        universe = self.region()
        return {
            "region": said.get("title", "the region"), "package": self.files.name, "at": self.at.isoformat(),
            "sample": universe.sample, "definition": self.definition, "definition_title": self.told()["title"],
            "universe": universe.null, "position_error": universe.position_error, "suppression": None,
            "recipe": {"part": what, "package": self.files.name, "definition": self.definition, "seed": SEED,
                       "software": f"lifecluster {__version__}", "universe": universe.null,
                       "position_error_m": universe.position_error, **parameters},
        }  # fmt: skip


def effort(n: int, most: int = SIMS) -> int:
    """Simulations for a curve of n cases."""
    pairs = max(1, n * (n - 1) // 2)
    return int(min(most, max(LEAST, (PAIRS // pairs + 1) // 100 * 100 - 1)))
