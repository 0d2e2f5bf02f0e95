"""The region that a register is about: a profile, never a constant in code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from rapidfuzz import fuzz, process

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.places.areas import area_name, authorities, code_history
from lifecluster.places.codes import itl
from lifecluster.places.grid import EAST, NORTH
from lifecluster.yaml_files import load_yaml

SLUG = r"^[a-z][a-z0-9-]*$"
ALIKE = 80
"""How alike (0 to 100) a name has to be to be proposed for one that there is not."""


class Frame(BaseModel):
    """What a map shows at first: centre (easting, northing in metres, EPSG:27700) and its wider span in metres."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    centre: tuple[float, float]
    span: float = Field(gt=0, le=1_300_000)

    def model_post_init(self, _: object) -> None:
        """Refuse degrees and places off the grid."""
        east, north = self.centre
        if not (EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]) or (
            abs(east) <= 180 and abs(north) <= 90
        ):
            raise ValueError(f"centre {self.centre} is not in metres of the National Grid")


class Region(BaseModel):
    """A region profile.

    It covers all authorities named in `lads` and those of `regions`, `combined_authorities`, `itl` (level 1, 2 or 3;
    NUTS codes of the same areas will do) and `countries`; at least one. `peers`: names of profiles or areas to compare
    with. `definitions`: which counts to show, in order. `map`: the first view.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=SLUG)
    title: str = Field(min_length=1)
    lads: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    combined_authorities: tuple[str, ...] = ()
    itl: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    map: Frame | None = None

    @cached_property
    def codes(self) -> frozenset[str]:
        """Active codes of all authorities of the region.

        Raises LifeclusterError for a code that is not known, naming it, and for a region without any authority.
        """
        found = {self._active(code) for code in self.lads}
        for column, wanted in (("region", self.regions), ("combined_authority", self.combined_authorities),
                               ("country", self.countries)):  # fmt: skip
            for code in wanted:
                found |= self._members(column, code)
        for code in self.itl:
            tidy = itl(code)
            found |= self._members(f"itl{len(tidy) - 2}", tidy)
        if not found:
            raise LifeclusterError(f"profile {self.name!r} names no authority: give lads, regions or another area")
        return frozenset(found)

    def _active(self, code: str) -> str:
        active = code_history().active_code(code)
        if active is None:
            raise LifeclusterError(f"profile {self.name!r}: {code!r} is no code of a local authority")
        return active

    def _members(self, column: str, code: str) -> set[str]:
        members = set(authorities().filter(pl.col(column) == code)["lad"])
        if not members:
            raise LifeclusterError(f"profile {self.name!r}: no authority has {column} {code!r}")
        return members

    def contains(self, frame: pl.DataFrame, column: str = "lad") -> pl.Series:
        """For each row, whether its authority (any code, past or active, in `column`) is in the region; never null."""
        return code_history().active_codes(frame[column]).is_in(sorted(self.codes)).fill_null(False).alias("in_region")

    def authorities(self) -> pl.DataFrame:
        """The authorities of the region: lad, name and the areas they belong to, by name."""
        return authorities().filter(pl.col("lad").is_in(sorted(self.codes))).sort("name")

    def described(self) -> str:
        """In one line: title and what it is made of."""
        areas = [area_name(c) or c for c in (*self.countries, *self.regions, *self.combined_authorities, *self.itl)]
        parts = areas + [area_name(c) or c for c in self.lads]
        return f"{self.title}: {', '.join(parts)} ({len(self.codes)} local authorities)"


def profiles() -> tuple[str, ...]:
    """Names of the profiles shipped with the library."""
    folder = resources.files("lifecluster").joinpath("profiles")
    return tuple(sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir() if entry.name.endswith(".yml")))


def slug(text: str) -> str:
    """`Yorkshire and The Humber` as `yorkshire-and-the-humber`."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def did_you_mean(text: str, known: Mapping[str, str]) -> str:
    """` (did you mean east-midlands?)` for a name that is not known; empty where none is alike.

    Parameters: `known` name -> title. The title of one in place of its name, or the name in other letters, goes before
    what is merely spelt alike.
    """
    wanted = slug(text)
    same = [name for name, title in known.items() if wanted and wanted in {slug(name), slug(title)}]
    alike = same or [name for name, *_ in process.extract(wanted, list(known), scorer=fuzz.ratio, limit=2,
                                                          score_cutoff=ALIKE)]  # fmt: skip
    return f" (did you mean {' or '.join(alike)}?)" if alike else ""


def load_region(name: str | Path) -> Region:
    """The profile of that name, or in that file (a Path, or a text that ends in .yml or .yaml).

    Raises InputError for a file that is missing or wrong, LifeclusterError for a name that does not exist (and lists
    those that do).
    """
    if isinstance(name, Path) or name.endswith((".yml", ".yaml")):
        path = Path(name)
        if not path.is_file():
            raise InputError(
                f"there is no such profile file; shipped profiles: {', '.join(profiles())}", file=str(name)
            )
        return _own(_parse(path.read_bytes(), path.name), path.name)
    if name not in profiles():
        perhaps = did_you_mean(name, {known: load_region(known).title for known in profiles()})
        raise LifeclusterError(f"there is no profile {name!r}{perhaps}; there are {', '.join(profiles())}, or give the "
                               "path of your own .yml")  # fmt: skip
    return _parse(resources.files("lifecluster").joinpath("profiles", f"{name}.yml").read_bytes(), f"{name}.yml")


def definitions() -> tuple[str, ...]:
    """Names of the definitions that a profile may list."""
    folder = resources.files("lifecluster.reference.definitions")
    return tuple(sorted(entry.name.removesuffix(".yml") for entry in folder.iterdir() if entry.name.endswith(".yml")))


def _own(region: Region, file: str) -> Region:
    """A profile from a file. Its packages carry its name, so it must not be that of a shipped one with other areas."""
    if region.name in profiles() and region != load_region(region.name):
        raise InputError(
            f"{region.name!r} is a profile of the library; give yours another name", file=file, field="name"
        )
    return region


def _parse(data: bytes, file: str) -> Region:
    try:
        region = Region.model_validate(load_yaml(data, file=file))
        _ = region.codes
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise InputError(first["msg"], file=file, field=field) from error
    except InputError:
        raise
    except LifeclusterError as error:
        raise InputError(str(error), file=file) from error
    unknown = [name for name in region.definitions if name not in definitions()]
    if unknown:
        told = f"there is no definition {unknown[0]!r}; there are {', '.join(definitions())}"
        raise InputError(told, file=file, field="definitions")
    return region
