"""Where exported rows come from: each source with its own licence and what that asks to be said, in one order.

A place that was worked out from a postcode comes from Ordnance Survey's open data, which asks to be named too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lifecluster.web.directory.models import SourceFile
from lifecluster.yaml_files import read_yaml

SHIPPED = 0
"""Key of the tables of areas that the library ships, among the sources of a package."""
POSTCODES = "code-point-open"
"""The source of postcodes; where a package was not built with it, the shipped means of outward codes stand in."""
OUTWARD, STATED = "outward", "stated"


@cache
def areas() -> dict[str, Any]:
    """What the shipped tables of areas say of themselves (reference/areas/areas.yml)."""
    found: dict[str, Any] = read_yaml(resources.files("lifecluster.reference").joinpath("areas", "areas.yml"))
    return found


def shipped() -> SourceFile:
    """The shipped tables of areas as one more source; it stands in no table of the database."""
    said, licence = areas(), areas()["licence"]
    return SourceFile(
        pk=SHIPPED, source="areas", title=said["title"], publisher="Ordnance Survey; Office for National Statistics",
        rank="official", licence=licence["id"], licence_title=licence["title"], licence_url=licence["url"],
        attribution=licence["attribution"].strip(), file="shipped reference/areas",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origins:
    """Which sources speak of which rows. `files` by key, `found` the keys by uid."""

    package: str
    files: Mapping[int, SourceFile]
    found: Mapping[str, set[int]]

    def of(self, uid: str, placed: str | None = None) -> dict[str, Any]:
        """The columns of columns.ORIGIN, without `sample`: three lists of which the first entries belong together, and
        so on. `placed`: how exact the coordinates are, None for a row without."""
        keys = self.found.get(uid, set()) | self._of_place(placed)
        mine = dict.fromkeys(
            (file.source, file.licence, file.attribution) for key, file in self.files.items() if key in keys
        )
        return {"source": [s for s, _, _ in mine], "source_licence": [licence for _, licence, _ in mine],
                "attribution": [asked for _, _, asked in mine], "package": self.package}  # fmt: skip

    def _of_place(self, quality: str | None) -> set[int]:
        """The source of coordinates that no source of the row states."""
        if quality is None or quality == STATED:
            return set()
        exact = {key for key, file in self.files.items() if file.source == POSTCODES} if quality != OUTWARD else set()
        return exact or {SHIPPED}
