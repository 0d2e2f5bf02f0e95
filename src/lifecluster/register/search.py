"""Finding organisations of a package by words, place, licence and segment."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from rapidfuzz import fuzz, process

from lifecluster.errors import LifeclusterError
from lifecluster.places import Places, distance
from lifecluster.places.areas import authorities
from lifecluster.register.licensed import held as held_in
from lifecluster.register.matches import TEXT, Match, by_words, nearly, wanted_words
from lifecluster.register.package import Package
from lifecluster.register.seen import rows as rows_of
from lifecluster.register.seen import scan
from lifecluster.register.segments.meant import Meant

ALIKE = 80
"""How alike (0 to 100) the name of a place has to be to be proposed for another."""
RESULT = pl.Schema([
    ("id", pl.String()), ("name", pl.String()), ("town", pl.String()), ("km", pl.Float64()), ("employees", pl.Int64()),
    ("licences", pl.List(pl.String())), ("segments", pl.List(pl.String())), ("description", pl.String()),
    ("sample", pl.Boolean()),
])  # fmt: skip
"""One row per organisation found; `km` from the place asked about to its nearest site, else to its main place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; every part that is given has to fit.

    `words` all in the texts of the organisation (a slip of the hand is forgiven); `near` a postcode, an outward code,
    a town or a local authority; `within` kilometres of it; `licence` type of one that it holds today (the distance is
    then to the site it is held at); `segment` as `segments.meant` found it; `ended` also organisations that exist no
    more.
    """

    words: str = ""
    near: str | None = None
    within: float = 25.0
    licence: str | None = None
    segment: Meant | None = None
    ended: bool = False


def search(package: Package, query: Query) -> pl.DataFrame:
    """Organisations that fit, a frame of `RESULT`, nearest first where a place is given, else by name.

    Raises LifeclusterError for a place that is not known, and for a licence type that nobody in the package holds.
    """
    found = rows_of(package, "organisations")
    if not query.ended:
        found = found.filter("live")
    held = held_in(package)
    found = found.join(_licences(held), on="id", how="left").join(_segments(package), on="id", how="left")
    if query.licence is not None:
        found = _holding(found, query.licence)
    if query.segment is not None:
        found = found.join(_counted(package, query.segment), on="id", how="semi")
    found = found.filter(_fits(found, query.words))
    towns = pl.coalesce("town", "registered_town")
    found = found.with_columns(town=towns, km=pl.lit(None, pl.Float64))
    if query.near is not None:
        where = None if query.licence is None else _held_at(held, query.licence)
        found = _nearby(package, found, point_of(package, query.near), query.within, where)
    order = ["km", "name", "id"] if query.near is not None else ["name", "id"]
    return found.select(RESULT.names()).cast(RESULT).sort(order, nulls_last=True)


def why(package: Package, query: Query, found: pl.DataFrame) -> dict[str, list[Match]]:
    """Why each organisation of `found` (rows that `search` gave for this query) fits, by its id."""
    mine = scan(package, "organisations").filter(pl.col("id").is_in(found["id"].implode()))
    rows = {row["id"]: row for row in mine.select("id", *TEXT).collect().to_dicts()}
    inside = {} if query.segment is None else _inside(package, query.segment, found["id"])
    words = wanted_words(query.words)
    told: dict[str, list[Match]] = {}
    for row in found.to_dicts():
        matches = by_words(rows[row["id"]], words)
        if query.licence is not None:
            wanted = query.licence.strip().casefold()
            matches += [Match("licence", held) for held in row["licences"] or () if held.casefold() == wanted]
        if query.segment is not None:
            matches += [Match("segment", one) for one in inside.get(row["id"], ())]
        if query.near is not None:
            matches += [Match("place", f"{row['km']:.1f} km from {query.near}")]
        told[row["id"]] = matches
    return told


def point_of(package: Package, place: str) -> tuple[float, float]:
    """Easting and northing of a postcode or outward code, of a town by its sites, or of a local authority."""
    text = place.strip()
    sites = package.table("sites").drop_nulls("easting")
    folded = text.casefold()
    for where in (pl.col("postcode").str.to_lowercase() == folded, pl.col("town").str.to_lowercase() == folded):
        mine = sites.filter(where)
        if mine.height:
            return _middle(mine)
    coarse = Places.coarse()
    outward = coarse.centres.filter(pl.col("outward") == text.upper().split(" ")[0])
    located = coarse.locate(pl.DataFrame({"p": [text]}), "p").row(0, named=True)
    if located["easting"] is not None:
        return float(located["easting"]), float(located["northing"])
    if outward.height:
        return _middle(outward)
    names = authorities().filter(pl.col("name").str.to_lowercase() == folded)["lad"]
    mine = sites.filter(pl.col("lad").is_in(names.implode())) if len(names) else sites.clear()
    if mine.height:
        return _middle(mine)
    known = [*sites["town"].drop_nulls().unique().sort(), *authorities()["name"].unique().sort()]
    alike = process.extract(text, list(dict.fromkeys(known)), scorer=fuzz.ratio, processor=str.casefold, limit=3,
                            score_cutoff=ALIKE)  # fmt: skip
    hint = f"; did you mean {' or '.join(name for name, *_ in alike)}?" if alike else ""
    raise LifeclusterError(
        f"{place!r} is no postcode, outward code, town or local authority that {package.name} knows{hint}"
    )


def _middle(frame: pl.DataFrame) -> tuple[float, float]:
    east, north = frame.select(pl.col("easting").median(), pl.col("northing").median()).row(0)
    return float(east), float(north)


def _licences(held: pl.DataFrame) -> pl.DataFrame:
    long = held.select("licence_type", id="holder").explode("id").drop_nulls()
    return long.group_by("id").agg(licences=pl.col("licence_type").unique().sort())


def _held_at(held: pl.DataFrame, licence: str) -> pl.DataFrame:
    """`organisation` and `site` for each licence of a type that names the site it is held at."""
    mine = held.filter(pl.col("licence_type").str.to_lowercase() == licence.strip().lower())
    pairs = mine.select(organisation="holder", site="held_at").explode("organisation").explode("site")
    return pairs.drop_nulls().unique()


def _likely(package: Package) -> pl.DataFrame:
    """Rows of the table of segments that count."""
    return package.scan("segments").filter((pl.col("probability") >= 0.5) & pl.col("segment").is_not_null()).collect()


def _counted(package: Package, wanted: Meant) -> pl.DataFrame:
    """`id` of the organisations that a definition counts in one of these segments."""
    mine = _likely(package).filter(definition=wanted.definition).filter(pl.col("segment").is_in(wanted.segments))
    return mine.select(id="organisation_id").unique()


def _inside(package: Package, wanted: Meant, ids: pl.Series) -> dict[str, list[str]]:
    """Which of these segments each organisation is counted in."""
    mine = _likely(package).filter(pl.col("definition") == wanted.definition, pl.col("segment").is_in(wanted.segments))
    mine = mine.filter(pl.col("organisation_id").is_in(ids.implode()))
    return dict(mine.group_by("organisation_id").agg(pl.col("segment").unique().sort()).iter_rows())


def _segments(package: Package) -> pl.DataFrame:
    likely = _likely(package)
    return likely.group_by(id="organisation_id").agg(segments=pl.col("segment").unique().sort())


def _holding(found: pl.DataFrame, licence: str) -> pl.DataFrame:
    known = found["licences"].explode(keep_nulls=False, empty_as_null=False).unique().sort().to_list()
    wanted = [name for name in known if name.casefold() == licence.strip().casefold()]
    if not wanted:
        raise LifeclusterError(f"nobody here holds a licence {licence!r}; there are {', '.join(known) or 'none'}")
    return found.filter(pl.col("licences").list.contains(wanted[0]))


def _fits(found: pl.DataFrame, words: str) -> pl.Series:
    """Whether all words are in an organisation's texts; where nobody has them all, whether they nearly are."""
    wanted = wanted_words(words)
    if not wanted:
        return pl.Series([True] * found.height, dtype=pl.Boolean)
    columns = [pl.col(c).list.join(" ") if found[c].dtype == pl.List else pl.col(c) for c in TEXT if c in found.columns]
    joined = pl.concat_str(columns, separator=" ", ignore_nulls=True).str.to_lowercase().str.replace_all("-", " ")
    texts = [text or "" for text in found.select(t=joined)["t"]]
    fits = [all(word in text for word in wanted) for text in texts]
    if not any(fits):
        fits = [all(nearly(text, word) for word in wanted) for text in texts]
    return pl.Series(fits, dtype=pl.Boolean)


def _nearby(package: Package, found: pl.DataFrame, point: tuple[float, float], within: float,
            where: pl.DataFrame | None) -> pl.DataFrame:  # fmt: skip
    """Keep what is within so many kilometres: by the nearest site (one of `where`, for organisations that it names),
    by the main place where there is no site."""
    sites = package.table("sites").select("id", "organisation", "easting", "northing", at="town").drop_nulls("easting")
    if where is not None:
        named = sites.join(where, left_on=["organisation", "id"], right_on=["organisation", "site"], how="semi")
        sites = pl.concat([named, sites.join(named, on="organisation", how="anti")])
    sites = sites.drop("id")
    main = found.select("easting", "northing", organisation="id", at="town").drop_nulls("easting")
    main = main.join(sites, on="organisation", how="anti").select("organisation", "easting", "northing", "at")
    places = pl.concat([sites, main])
    metres = distance(places["easting"].to_numpy(), places["northing"].to_numpy(), *point)
    nearest = places.with_columns(km=pl.Series(metres) / 1000).sort("km", "organisation")
    nearest = nearest.unique("organisation", keep="first", maintain_order=True).filter(pl.col("km") <= within)
    chosen = found.drop("km", "town").join(nearest.select("km", id="organisation", town="at"), on="id", how="inner")
    return chosen.with_columns(pl.col("km").round(1))
