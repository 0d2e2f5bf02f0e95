"""The register of a region as the atlas needs it: companies with places, which are cases, who works with whom.

A company stands at its registered office: the universe holds every company of the region there, and the cases are
those that a definition counts. Addresses of mass registration are left out of both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from lifecluster.atlas.points import AtlasError, CannotTellError, Floats
from lifecluster.atlas.universe import Universe, universe
from lifecluster.places.areas import authorities
from lifecluster.places.places import OUTWARD, SECTOR
from lifecluster.places.spoken import listed
from lifecluster.register.package import Package

ERRORS = {SECTOR: 1_000.0, OUTWARD: 5_000.0}
"""Metres by which a place may be off, by its quality; a postcode's own reference is good to 100."""
LINKS = ("collaborations", "awards", "contracts", "trials")
BUFFER = 20_000.0
"""Metres beyond the areas looked at, within which companies are neighbours."""
SIZES = (("dormant|no accounts", "none"), ("micro", "micro"), ("total exemption|small|abridged|unaudited", "small"),
         ("medium|full|group|audited|interim|initial|partial|filing exemption|subsidiary", "larger"))  # fmt: skip
"""Words in the kind of accounts (as Companies House names it) -> class of size, the first that fits."""
CLASSES = {"sector": "each case at companies whose first trade is in the same division of SIC 2007",
           "size": "each case at companies of its own size by the accounts they file"}  # fmt: skip
"""What chance keeps apart, in words: the same sector, the same size."""
UNTOLD = {"sector": "what companies do: no source has their SIC codes",
          "size": "how large companies are: no source has their accounts"}  # fmt: skip
LIVE, OFFICE = pl.col("live").fill_null(True), ~pl.col("hub").fill_null(False)
PLACED = pl.col("easting").is_not_null() & pl.col("northing").is_not_null()
"""What a company of a table needs to stand in the universe: it lives, has an office of its own, and a place."""
SURE = 0.5
"""Probability from which a definition counts an organisation."""


@dataclass(frozen=True)
class Region:
    """One register under one definition.

    `frame` one row a company of the universe: organisation, easting, northing, lad, itl3, case (whether it counts),
    segment (of a case), probability, inside (false in the buffer), size and sector (classes of a company); `by`: those
    of these columns that chance keeps apart, putting a case at companies of its own class only.
    """

    package: Package
    definition: str
    segment: str | None
    null: str
    frame: pl.DataFrame
    by: tuple[str, ...] = ()

    @cached_property
    def xy(self) -> Floats:
        """Places of the universe in metres."""
        found: Floats = self.frame.select("easting", "northing").to_numpy().astype(np.float64)
        return found

    @cached_property
    def universe(self) -> Universe:
        """The null."""
        within = None if self.frame["inside"].all() else self.frame["inside"].to_numpy()
        strata = self.frame.select(pl.concat_str(self.by, separator="|"))[:, 0].to_list() if self.by else None
        return universe(self.xy, name=self.null, vintage=self.package.name, inside=within, strata=strata)

    @property
    def core(self) -> pl.DataFrame:
        """Rows that are not in the buffer."""
        return self.frame.filter("inside")

    @property
    def cases(self) -> pl.DataFrame:
        """The rows that count."""
        return self.frame.filter("case")

    @property
    def cases_xy(self) -> Floats:
        """Places of the cases in metres."""
        found: Floats = self.xy[self.frame["case"].to_numpy()]
        return found

    @property
    def position_error(self) -> float:
        """How far off the worst places are, metres."""
        found = self.frame["place_quality"].unique().to_list()
        return max((ERRORS.get(str(quality), 100.0) for quality in found), default=100.0)

    @property
    def sample(self) -> bool:
        """Whether any of it is invented."""
        return bool(self.frame["sample"].any())


def region(package: Package, *, definition: str, segment: str | None = None, same_sector: bool = False,
           same_size: bool = False, within: Collection[str] = (), buffer: float = BUFFER,
           beyond: bool = False) -> Region:  # fmt: skip
    """The companies of a package's region, and which of them are cases.

    Parameters: `definition` by whose rules an organisation counts; `segment` its segment or the start of its code;
    `same_sector` lets chance put a case only at companies whose first trade is in the same division of SIC 2007 (two
    digits); `same_size` only at those of its size, by the kind of accounts they file; `within` codes
    of areas (authority, ITL 1 to 3, region) that are looked at instead of the whole region: companies up to `buffer`
    metres beyond them are neighbours but no centres; `beyond` lets in companies on the other side of the region's own
    border as such neighbours (up to BUFFER). Raises CannotTellError where no company counts, no size is known, or no
    company beyond the border is at hand; AtlasError for a buffer that packages do not hold.
    """
    frame = _counting(_placed(package, "universe"), counted(package, definition, segment), "organisation")
    frame = frame.with_columns(ours=pl.lit(value=True))
    if beyond:
        if buffer > BUFFER:
            raise AtlasError(
                f"buffer: packages hold companies up to {BUFFER / 1000:g} km beyond the border, no farther"
            )
        frame = pl.concat([frame, _neighbours(package, definition, segment)])
    areas = authorities().select("lad", "itl3", "itl2", "itl1", "region")
    frame = frame.join(areas, on="lad", how="left", maintain_order="left")
    where = f"{len(set(within))} of its areas" if within else "the region"
    wanted = pl.col("ours") if not within else _lies(set(within))
    frame = _buffered(frame.with_columns(inside=wanted), sorted(within), buffer)
    if not frame.filter("inside")["case"].any():
        raise CannotTellError(
            f"no company of the region counts under {definition}" + (f", {segment}" if segment else "")
        )
    null = f"all live companies of {where} at their registered offices, without addresses of mass registration"
    if within or beyond:
        null += f", beside those up to {buffer / 1000:g} km beyond"
        null += "" if beyond else " as far as the region reaches"
    by = tuple(name for name, wanted in (("sector", same_sector), ("size", same_size)) if wanted)
    for name in by:
        if frame.filter("case")[name].null_count() == frame["case"].sum():
            raise CannotTellError(f"the register does not say {UNTOLD[name]}")
        null += f", {CLASSES[name]}"
    frame = frame.with_columns(pl.col(by).fill_null("not known")) if by else frame
    return Region(package, definition, segment, null, frame, by)


def _size(table: pl.DataFrame) -> pl.Expr:
    """Class of a company by the kind of accounts it files; null where nothing is said or an older package."""
    if "accounts_category" not in table.columns:
        return pl.lit(None, pl.String)
    kind = pl.col("accounts_category").str.to_lowercase()
    first = pl.when(kind.str.contains(SIZES[0][0])).then(pl.lit(SIZES[0][1]))
    for words, name in SIZES[1:]:
        first = first.when(kind.str.contains(words)).then(pl.lit(name))  # type: ignore[assignment]  # a longer chain
    return first.otherwise(None)


def _placed(package: Package, name: str) -> pl.DataFrame:
    """Live companies of a table that stand somewhere, but not at addresses of mass registration, with their classes."""
    columns = ["record", "easting", "northing", "lad", "sic", "place_quality", "sample"]
    table = package.table(name)
    if missing := set(columns) - set(table.columns):
        raise CannotTellError(f"the table {name} of {package.name} has no {', '.join(sorted(missing))}")
    table = table.with_columns(size=_size(table), sector=pl.col("sic").list.first().str.slice(0, 2))
    organisation = pl.col("organisation") if "organisation" in table.columns else pl.lit(None, pl.String)
    standing = table.filter(LIVE & OFFICE & PLACED)
    return standing.select("record", organisation.alias("organisation"), *columns[1:], "size", "sector")


def _counting(companies: pl.DataFrame, classes: pl.DataFrame, by: str) -> pl.DataFrame:
    """Companies with segment and probability of those that count (`classes`, joined on `by`), and `case`."""
    return companies.join(classes, on=by, how="left", maintain_order="left").with_columns(
        case=pl.col("probability").is_not_null()
    )


def _neighbours(package: Package, definition: str, segment: str | None) -> pl.DataFrame:
    """Companies beyond the region's border, as `_counting` gives those within, and not `ours`."""
    if "surroundings" not in package.tables or package.table("surroundings").is_empty():
        raise CannotTellError(
            f"{package.name} holds no company beyond the border of its region: build it with a file of companies that "
            "reaches beyond, such as the whole register"
        )
    rows = package.table("surroundings_segments").filter(pl.col("definition") == definition)
    classes = _counted(rows.rename({"record": "organisation"}), segment).rename({"organisation": "record"})
    found = _counting(_placed(package, "surroundings"), classes, "record")
    return found.with_columns(ours=pl.lit(value=False))


def _lies(areas: set[str]) -> pl.Expr:
    """Whether a company lies in one of some areas."""
    levels = ("lad", "itl3", "itl2", "itl1", "region")
    return pl.any_horizontal(pl.col(level).is_in(sorted(areas)).fill_null(value=False) for level in levels)


def _buffered(frame: pl.DataFrame, areas: Sequence[str], buffer: float) -> pl.DataFrame:
    """Companies that are `inside`, and those up to `buffer` metres from one of them."""
    core = frame["inside"].to_numpy()
    if not core.any():
        raise CannotTellError(f"no company of the region lies in {', '.join(areas)}")
    if core.all():
        return frame
    xy = frame.select("easting", "northing").to_numpy().astype(np.float64)
    away, _ = cKDTree(np.unique(xy[core], axis=0)).query(xy, distance_upper_bound=buffer)
    return frame.filter(pl.Series(core | (away <= buffer)))


def counted(package: Package, definition: str, segment: str | None) -> pl.DataFrame:
    """Organisations that count, with their segment and probability: columns organisation, segment, probability."""
    table = (
        package.table("segments").filter(pl.col("definition") == definition).rename({"organisation_id": "organisation"})
    )
    if table.is_empty():
        there = ", ".join(sorted(package.table("segments")["definition"].unique().to_list()))
        raise CannotTellError(f"the package knows no definition {definition!r}; it has {there}")
    return _counted(table, segment)


def _counted(table: pl.DataFrame, segment: str | None) -> pl.DataFrame:
    """The same of the rows of one definition."""
    whole = table.filter(pl.col("segment").is_null(), pl.col("probability") >= SURE)
    parts = table.filter(pl.col("segment").is_not_null(), pl.col("probability") >= SURE).sort(
        "probability", "segment", descending=[True, False]
    )
    best = parts.group_by("organisation", maintain_order=True).agg(pl.col("segment").first())
    found = whole.select("organisation", "probability").unique("organisation", keep="first", maintain_order=True)
    found = found.join(best, on="organisation", how="left", maintain_order="left")
    if segment is None:
        return found.select("organisation", "segment", "probability")
    chosen = parts.filter(pl.col("segment").str.starts_with(segment))
    of = chosen.select("organisation", "segment", "probability").unique(
        "organisation", keep="first", maintain_order=True
    )
    return of.select("organisation", "segment", "probability")


def together(package: Package) -> str | None:
    """None where some award, contract, trial or collaboration names two organisations; else what is missing."""
    if projects(package):
        return None
    counts = {name: package.table(name).height if name in package.tables else 0 for name in LINKS}
    alone = listed([f"{n:,} {name}" for name, n in counts.items() if n])
    absent = listed([name for name, n in counts.items() if not n])
    said = [f"{alone} name one organisation of the register each" if alone else "",
            f"there are no {absent}" if absent else ""]  # fmt: skip
    return (
        f"nobody is known to work with anybody: {'; '.join(part for part in said if part)}. Missing is a file that "
        "names two: notices of contracts with buyer and supplier (source contracts-ocds), or an exchange file (source "
        "exchange) with the property partner of awards or collaborations"
    )


def projects(package: Package) -> list[list[str]]:
    """Who takes part in what: organisations of each collaboration, award, contract and trial, two or more."""
    found: list[list[str]] = []
    for name in LINKS:
        if name not in package.tables:
            continue
        table = package.table(name)
        columns = [column for column in ("holder", "partner", "buyer") if column in table.columns]
        rows = table.select(
            members=pl.concat_list([pl.col(c).fill_null([]) for c in columns]).list.unique().list.sort()
        )
        found += [row for row in rows["members"].to_list() if len(row) >= 2]
    return found
