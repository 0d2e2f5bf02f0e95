"""The columns of exported tables: name, type, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lifecluster.reference.computed import COMPUTED
from lifecluster.reference.properties import Property, vocabulary

Type = Literal["text", "int", "number", "bool", "date", "list"]
SEPARATOR = "; "
"""Between the values of a list in a cell; a `;` within a value is written `;;`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `words` explain it."""

    name: str
    type: Type
    words: str = ""


PLACED = (
    Column("easting", "number", COMPUTED["easting"]),
    Column("northing", "number", COMPUTED["northing"]),
    Column("longitude", "number", "degrees, WGS 84"),
    Column("latitude", "number", "degrees, WGS 84"),
    Column("place_quality", "text", COMPUTED["place_quality"]),
)
ORIGIN = (
    Column("source", "list", "sources that speak of this row"),
    Column("source_licence", "list", "the licence of each, in the same order"),
    Column("attribution", "list", "what each licence asks to be said, in the same order; empty where it asks nothing"),
    Column("package", "text", "the package that this was cut from"),
    Column("sample", "bool", COMPUTED["sample"]),
)
"""What stands at the end of every row."""


def _stated(kind: str, *, besides: tuple[str, ...]) -> tuple[Column, ...]:
    """A column for each property of the vocabulary that `kind` may bear."""
    found = vocabulary().of(kind).items()
    return tuple(
        Column(name, _type(p), f"{name.replace('_', ' ')}, as shown") for name, p in found if name not in besides
    )


def _type(prop: Property) -> Type:
    if prop.many:
        return "list"
    kinds: dict[str, Type] = {"int": "int", "number": "number", "money": "number", "date": "date", "bool": "bool"}
    return kinds.get(prop.type, "text")


_HEAD = (Column("id", "text", "identifier, for good"), Column("url", "text", "the address that stands for it"))
_OWN = ("name", "employees", "company_number", "town", "postcode", "easting", "northing", "lad")
ORGANISATIONS = (
    *_HEAD,
    Column("name", "text"),
    Column("live", "bool", COMPUTED["live"]),
    Column("ended_on", "date", "the day it ended"),
    Column("company_number", "text"),
    Column("town", "text"),
    Column("postcode", "text"),
    Column("lad", "text", COMPUTED["lad"]),
    *PLACED,
    Column("employees", "int"),
    Column("size", "text", "size band"),
    Column("sites", "int", COMPUTED["sites"]),
    Column("records", "int", COMPUTED["records"]),
    Column("observed_on", "date", "newest observation of any of its values"),
    Column("verified_on", "date", "newest verification of any of its values"),
    *_stated("organisation", besides=_OWN),
    Column("licences_held", "list", "types of licence that hold on the day of the export"),
    Column("segments", "list", "definition and code of each segment that it counts in"),
    Column("segment_names", "list", "the same segments in words, in the same order"),
    Column("stale", "list", "columns of this row whose value is past the day on which it was to be checked again"),
    Column("licences_stale", "list", "of licences_held, those last checked too long ago: held only if nothing changed"),
    *ORIGIN,
)
SITES = (
    *_HEAD,
    Column("organisation", "text", COMPUTED["organisation"]),
    Column("name", "text"),
    Column("town", "text"),
    Column("postcode", "text"),
    Column("lad", "text", COMPUTED["lad"]),
    *PLACED,
    Column("jobs", "number"),
    Column("jobs_low", "number", COMPUTED["jobs_low"]),
    Column("jobs_high", "number", COMPUTED["jobs_high"]),
    Column("jobs_method", "text", "how the jobs were worked out"),
    Column("live", "bool"),
    *ORIGIN,
)
THINGS = (
    *_HEAD,
    Column("kind", "text", "licence, award, contract, trial, collaboration, product, vacancy, need, offer or facility"),
    Column("title", "text"),
    Column("state", "text"),
    Column("starts_on", "date"),
    Column("ends_on", "date"),
    Column("live", "bool"),
    Column("holder", "list", COMPUTED["holder"]),
    Column("partner", "list", "organisations that take part (ids)"),
    Column("buyer", "list", "organisations that buy (ids)"),
    Column("licence_type", "text"),
    Column("last_checked", "date", "of a licence: the day on which it was last seen or verified"),
    Column("stale", "bool", "of a licence: whether that is too long ago, so that it is held only if nothing changed"),
    Column("reference", "text"),
    Column("programme", "text"),
    Column("funder", "text"),
    Column("amount", "number"),
    Column("currency", "text"),
    Column("phase", "text"),
    *ORIGIN,
)
STATEMENTS = (
    Column("id", "text", "content hash"),
    Column("subject", "text", "what is spoken of (id)"),
    Column("kind", "text"),
    Column("property", "text"),
    Column("value", "text", "empty: stated to be unknown"),
    Column("original", "text", "as it stood, where reading changed it"),
    Column("place", "int", "0: comes first among the statements of this property"),
    Column("record", "text"),
    Column("locator", "text", "file and row"),
    Column("snapshot", "text", "hash of the file"),
    Column("observed_on", "date"),
    Column("verified_on", "date"),
    Column("valid_from", "date"),
    Column("valid_to", "date"),
    *ORIGIN,
)
SOURCES = (
    Column("source", "text"),
    Column("title", "text"),
    Column("publisher", "text"),
    Column("source_licence", "text"),
    Column("licence_title", "text"),
    Column("licence_url", "text"),
    Column("attribution", "text", "what the licence asks to be said"),
    Column("url", "text"),
    Column("file", "text"),
    Column("sha256", "text"),
    Column("observed_on", "date"),
    Column("package", "text"),
    Column("sample", "bool", COMPUTED["sample"]),
)
TABLES: dict[str, tuple[Column, ...]] = {
    "organisations": ORGANISATIONS,
    "sites": SITES,
    "things": THINGS,
    "statements": STATEMENTS,
    "sources": SOURCES,
}


def cell(value: object) -> str | int | float | bool | None:
    """A value as one cell: lists joined, dates ISO."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (list, tuple)):
        return SEPARATOR.join(str(v).replace(";", ";;") for v in value if v is not None)
    return str(value)
