"""From a postcode to a place: grid reference, district by its active code, and how good the answer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.places.areas import code_history, outwards
from lifecluster.places.codes import CodeHistory
from lifecluster.places.postcodes import area, outward, tidy

UNIT, SECTOR, OUTWARD = "unit", "sector", "outward"
"""Quality of a place: the postcode's own grid reference; one estimated from its sector; the middle of its district of
post (`S11`), which may lie several kilometres off and in another authority."""
SECTOR_QUALITY = 60
"""Positional quality of Code-Point for references that come from the postcode sector."""
NOWHERE = {
    "BT": "Code-Point has no Northern Ireland",
    "GY": "Code-Point has no Channel Islands",
    "JE": "Code-Point has no Channel Islands",
    "IM": "Code-Point has no Isle of Man",
    "BF": "a forces' post office number, which is no place",
    "BX": "a postcode without a place (large users of post)",
    "XX": "a postcode without a place (returns of parcels)",
}
"""Postcode areas that cannot be placed, and why."""
LOCATED = {"easting": pl.Int64, "northing": pl.Int64, "lad": pl.String, "quality": pl.String, "unplaced": pl.String}
"""Columns that `Places.locate` adds."""


@dataclass(frozen=True)
class Places:
    """Postcodes of Great Britain with grid reference and active district, laid out for millions of look-ups.

    Build it with `Places.of` from extracts, or `Places.coarse()` where no Code-Point file is at hand. The arrays are
    parallel and sorted by `codes` (the eight bytes of a tidy postcode as a number); `lads` is an index into `names`.
    """

    codes: npt.NDArray[np.uint64]
    eastings: npt.NDArray[np.int32]
    northings: npt.NDArray[np.int32]
    lads: npt.NDArray[np.int32]
    qualities: npt.NDArray[np.int16]
    names: pl.Series
    centres: pl.DataFrame
    history: CodeHistory

    @classmethod
    def of(
        cls, postcodes: pl.DataFrame, *, history: CodeHistory | None = None, centres: pl.DataFrame | None = None
    ) -> Places:
        """From the table `postcodes` of source code-point-open.

        `history` (default: the one shipped) maps its districts to active codes; `centres` (default: the table
        shipped) are the outward codes. Raises LifeclusterError for a district whose code the history does not know.
        """
        history = history or code_history()
        districts = postcodes["lad"].drop_nulls().unique().sort()
        active = history.active_codes(districts)
        unknown = districts.filter(active.is_null())
        if len(unknown):
            raise LifeclusterError(
                f"districts {', '.join(unknown[:5])} are not in the code history: is it out of date?"
            )
        names = active.unique().sort()
        rank = {name: i for i, name in enumerate(names)}
        index = postcodes["lad"].replace_strict(districts, pl.Series([rank[name] for name in active], dtype=pl.Int32),
                                                default=-1, return_dtype=pl.Int32)  # fmt: skip
        codes = encode(postcodes["postcode"])
        order = np.argsort(codes)
        east, north = (postcodes[c].fill_null(-1).cast(pl.Int32).to_numpy()[order] for c in ("easting", "northing"))
        quality = postcodes["quality"].cast(pl.Int16).to_numpy()[order]
        return cls(codes[order], east, north, index.to_numpy()[order], quality, names,
                   outwards() if centres is None else centres, history)  # fmt: skip

    @classmethod
    def coarse(cls) -> Places:
        """Without any Code-Point file: every postcode gets the middle of its outward code, and says so."""
        empty = pl.DataFrame(schema={"postcode": pl.String, "quality": pl.Int16, "easting": pl.Int32,
                                     "northing": pl.Int32, "lad": pl.String})  # fmt: skip
        return cls.of(empty)

    def locate(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """`frame` with `easting`, `northing` (metres, EPSG:27700), `lad` (active code), `quality`, `unplaced`.

        `column` holds postcodes in any spelling. Where Code-Point lacks the postcode or gives it no location, the
        middle of its outward code stands in (`quality` says so). Where there is none, the first four are null and
        `unplaced` says why in words. Order and number of rows stay.
        """
        tidied = tidy(frame[column])
        found, position = self._find(tidied)
        known = found & (self.eastings[position] >= 0) if len(self.codes) else found
        exact = pl.DataFrame({
            "easting": _take(self.eastings, position, known), "northing": _take(self.northings, position, known),
            "lad": self.names.gather(_take(self.lads, position, known, also=self.lads >= 0).cast(pl.UInt32)),
            "sector": _take(self.qualities, position, known) == SECTOR_QUALITY,
        })  # fmt: skip
        rest = self._by_outward(tidied, frame[column], ~known, found)
        here = pl.Series(known)
        return frame.drop(LOCATED, strict=False).with_columns(
            easting=exact["easting"].cast(pl.Int64).zip_with(here, rest["easting"]),
            northing=exact["northing"].cast(pl.Int64).zip_with(here, rest["northing"]),
            lad=exact["lad"].zip_with(here, rest["lad"]),
            quality=exact.select(pl.when("sector").then(pl.lit(SECTOR)).otherwise(pl.lit(UNIT))).to_series()
            .zip_with(here, rest["quality"]),
            unplaced=pl.Series([None], dtype=pl.String).new_from_index(0, len(here)).zip_with(here, rest["unplaced"]),
        )  # fmt: skip

    def _find(self, tidied: pl.Series) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        wanted = encode(tidied)
        if not len(self.codes):
            return np.zeros(len(wanted), dtype=bool), np.zeros(len(wanted), dtype=np.int64)
        position = np.minimum(np.searchsorted(self.codes, wanted), len(self.codes) - 1)
        return self.codes[position] == wanted, position

    def _by_outward(
        self, tidied: pl.Series, given: pl.Series, missing: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]
    ) -> pl.DataFrame:
        """Centres of outward codes for the rows that are `missing`, null elsewhere, as long as the frame."""
        rows = pl.DataFrame({"postcode": tidied, "given": given, "found": found})
        rows = rows.with_columns(i=pl.int_range(pl.len(), dtype=pl.UInt32)).filter(missing)
        rows = rows.with_columns(outward=outward(pl.col("postcode")), area=area(pl.col("postcode")))
        centres = self.centres.select("outward", "easting", "northing", "lad")
        rows = rows.join(centres, on="outward", how="left", maintain_order="left")
        placed = pl.col("easting").is_not_null()
        rows = rows.with_columns(quality=pl.when(placed).then(pl.lit(OUTWARD)),
                                 unplaced=pl.when(~placed).then(_why()))  # fmt: skip
        full = pl.DataFrame({"i": pl.int_range(len(tidied), dtype=pl.UInt32, eager=True)})
        columns = [pl.col(name).cast(dtype) for name, dtype in LOCATED.items()]
        return full.join(rows.select("i", *columns), on="i", how="left", maintain_order="left")

    def within(self, lads: frozenset[str], column: str = "registered_postcode") -> Callable[[pl.DataFrame], pl.Series]:
        """A test of rows: does the postcode in `column` lie in one of `lads` (active codes)? Never null."""

        def inside(frame: pl.DataFrame) -> pl.Series:
            return self.locate(frame.select(column), column)["lad"].is_in(list(lads)).fill_null(False)

        return inside


def _why() -> pl.Expr:
    return (
        pl.when(pl.col("given").is_null() | (pl.col("given").str.strip_chars() == ""))
        .then(pl.lit("no postcode is given"))
        .when(pl.col("postcode").is_null())
        .then(pl.lit("is no postcode of the United Kingdom"))
        .when(pl.col("area").is_in(list(NOWHERE)))
        .then(pl.lit("cannot place: ") + pl.col("area").replace_strict(NOWHERE, default="", return_dtype=pl.String))
        .when("found")
        .then(pl.lit("cannot place: Code-Point knows this postcode and gives it no location"))
        .otherwise(pl.lit("cannot place: no such outward code in Code-Point"))
    )


def encode(tidied: pl.Series) -> npt.NDArray[np.uint64]:
    """Tidy postcodes as numbers that sort as their text does; 0 for null."""
    padded = tidied.fill_null("").str.pad_end(8, "\0").cast(pl.Binary)
    return padded.bin.reinterpret(dtype=pl.UInt64, endianness="big").to_numpy()


def _take(
    values: npt.NDArray[np.generic], position: npt.NDArray[np.int64], known: npt.NDArray[np.bool_],
    *, also: npt.NDArray[np.bool_] | None = None,
) -> pl.Series:  # fmt: skip
    """Values at `position` where `known` (and `also` holds of the value), else null."""
    if not len(values):
        return pl.repeat(None, len(position), dtype=pl.Int32, eager=True)
    good = known if also is None else known & also[position]
    taken = pl.Series(values[position]).to_frame("v")
    return taken.select(pl.when(pl.Series(good)).then("v")).to_series()
