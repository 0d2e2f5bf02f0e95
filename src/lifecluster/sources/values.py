"""Reading one column of text into the type of its property, keeping what was written where it changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from lifecluster.places.postcodes import PSEUDO
from lifecluster.places.postcodes import tidy as tidy_postcodes
from lifecluster.reference.properties import Property, vocabulary
from lifecluster.sources.companies_house.number import PREFIXES
from lifecluster.sources.headcount import COUNTS, is_range, single
from lifecluster.sources.persons import mask, mask_text, nothing_else
from lifecluster.sources.repair import repair_address, repair_text
from lifecluster.sources.spec import Column
from lifecluster.sources.tray import Tray

DATE_FORMATS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d-%m-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d.%m.%Y",
    "%Y-%m-%dT%H:%M:%S%#z",
    "%Y-%m-%d %H:%M:%S",
)
"""Ways a date is written in the registers, tried in turn; day before month, as everywhere in the United Kingdom."""
EXPONENT = r"^[0-9]+([.,][0-9]+)?[eE]\+[0-9]+$|^[0-9]+[.,][0-9]+[eE][0-9]+$"
"""What a spreadsheet makes of a long number: the digits after the first few are lost for good."""
PLAIN_NUMBER = r"^[-+]?£?\s*([0-9]+|[0-9]{1,3}([, ][0-9]{3})+)(\.[0-9]+)?$"

MOST = {"int": 10**9, "number": 10**15, "money": 10**15}
"""The largest number that is believed, by type of property: no region has a thousand million staff or metres, and money
beyond a thousand million million is a mistyped cell (and near what whole numbers can hold exactly)."""
NUMBERED = frozenset(
    {"company_number", "ods_code", "ukprn", "org_id", "sic", "lad", "reference", "classification", "icb", "nhs_region"}
)
"""Codes that are made of digits, none of which is a telephone number."""
ONE_BY_ONE = 20
"""Rows of a file with one and the same oddity of dates that are noted one by one."""
PLACEHOLDERS = ("00000000", "99999999")
"""What people write where a form wants a company number and there is none."""
PLACEHOLDER = "is a placeholder, not the number of a company: nothing is linked by it"
FREE = frozenset({"text", "name", "address", "code"})


def is_free(prop: str | None) -> bool:
    """Whether people write what they like in a column of this property (a telephone number among it)."""
    return prop in vocabulary().properties and vocabulary().properties[prop].type in FREE and prop not in NUMBERED


@dataclass(frozen=True, slots=True)
class Parsed:
    """Typed values of one column, and the text as it stood where reading changed it (None: nowhere)."""

    values: pl.Series
    original: pl.Series | None = None


def parse_column(frame: pl.DataFrame, name: str, column: Column, prop: Property, problems: Tray) -> Parsed:
    """The typed values of column `name` of `frame` (which has `file` and `row` too).

    Cells that cannot be read become null and are put into `problems`; the row stays. A postcode that stands for no
    place is noted there and stays. E-mail addresses are taken out of all text, telephone numbers out of free text,
    before anything else is made of it.
    """
    text = mask(frame[name], telephones=is_free(column.property))
    if column.split is not None:
        parts = text.str.split(column.split).list.eval(pl.element().str.strip_chars())
        return Parsed(parts.list.filter((pl.element() != "") & ~nothing_else(pl.element())))
    values = _typed(text, column, prop)
    bad = frame.select("file", "row", text.alias("_t")).filter(values.is_null() & text.is_not_null())
    for file, row, raw in bad.iter_rows():
        problems.add(file, row, name, _why(raw, prop, column.property), mask_text(raw[:200]))
    if prop.type == "postcode":
        pseudo = frame.select("file", "row", text.alias("_t")).filter(values.str.contains(PSEUDO))
        for file, row, raw in pseudo.iter_rows():
            problems.add(file, row, name, "stands for no place: nothing is placed or linked by it", raw, kept=True)
    if prop.many:
        return Parsed(values)
    changed = _changed(values, text, prop)
    if not changed.any():
        return Parsed(values)
    kept = pl.DataFrame({"c": changed, "t": text}).select(pl.when("c").then("t").alias("t"))["t"]
    return Parsed(values, kept)


def _why(raw: str, prop: Property, name: str | None) -> str:
    if name in COUNTS and is_range(raw):
        return "is a range or a bound, not one number"
    number = tidy_numbers(pl.Series([raw])).item() if prop.type in MOST else None
    if number is not None and abs(number) > MOST[prop.type]:
        return f"is too large to be true (over {MOST[prop.type]:,})"
    if number is not None and number < 0 and prop.type == "int":
        return "is below zero"
    if prop.type in {"code", "int", "number", "money"} and any(pl.Series([raw]).str.contains(EXPONENT)):
        return "a number in exponent notation: its last digits are lost, take it from the source again"
    if name == "company_number":
        placeholder = re.fullmatch(r"0{4,8}|9{8}", re.sub(r"[\s.]", "", raw))
        return PLACEHOLDER if placeholder else "is no company number that a register issues"
    return f"cannot be read as {prop.type}"


def _changed(values: pl.Series, text: pl.Series, prop: Property) -> pl.Series:
    if prop.type in {"int", "number", "money"}:
        return values.is_not_null() & ~text.str.contains(r"^-?[0-9]+(\.[0-9]+)?$").fill_null(True)
    return (values.is_not_null() & (values.cast(pl.String) != text)).fill_null(False)


def _typed(text: pl.Series, column: Column, prop: Property) -> pl.Series:
    if prop.type == "date":
        return _dates(text, column.format or DATE_FORMATS)
    if prop.type in {"int", "number", "money"}:
        plain = single(text) if column.property in COUNTS else text
        values = tidy_numbers(plain, whole=prop.type == "int")
        wrong = values.abs() > MOST[prop.type]
        return values.set((wrong | (values < 0) if prop.type == "int" else wrong).fill_null(False), None)
    if prop.type == "code":
        text = text.set(text.str.contains(EXPONENT).fill_null(False), None)
        return TIDY.get(column.property or "", _same)(text)
    return TIDY.get(prop.type, _same)(text)


def _same(text: pl.Series) -> pl.Series:
    return text


def tidy_numbers(text: pl.Series, *, whole: bool = False) -> pl.Series:
    """Numbers with thousands groups and a pound sign at most; null for exponents, decimal commas, and words.

    `whole`: Int64, and null where there is a fraction.
    """
    plain = text.set(~text.str.contains(PLAIN_NUMBER).fill_null(True), None)
    values = plain.str.replace_all(r"[,£\s]", "").cast(pl.Float64, strict=False)
    values = values.set((values.is_nan() | values.is_infinite()).fill_null(False), None)
    if not whole:
        return values
    return values.set((values != values.floor()).fill_null(False), None).cast(pl.Int64, strict=False)


def _dates(text: pl.Series, formats: tuple[str, ...]) -> pl.Series:
    tries = [pl.col("t").str.strptime(pl.Date, f, strict=False) for f in formats]
    values = text.to_frame("t").select(pl.coalesce(tries).alias("d"))["d"]
    years = values.dt.year()
    return values.set(((years < 1200) | (years > 2200)).fill_null(False), None)


def tidy_company_numbers(text: pl.Series) -> pl.Series:
    """Company numbers in eight characters: lost leading zeros put back; null for other shapes.

    Shapes: eight digits, or two letters (or R0-style `R` and a digit for Northern Ireland) and six digits. Zeros are
    put back after a prefix in use alone: of another no register issues a number, and a broken one is not made whole.
    Placeholders (all noughts, all nines) are null, too.
    Source: Companies House, uniform resource identifiers and number prefixes.
    """
    number = text.str.to_uppercase().str.replace_all(r"[\s.]", "").str.replace(r"^0+([A-Z])", "$1")
    digits = number.str.contains(r"^[0-9]{4,8}$")
    short = number.str.contains(r"^[A-Z]{2}[0-9]{1,6}$") & number.str.slice(0, 2).is_in(sorted(PREFIXES))
    prefixed = short | number.str.contains(r"^[A-Z]{2}[0-9]{6}$")
    fixed = pl.DataFrame({"n": number, "d": digits, "p": prefixed}).select(
        pl.when("d").then(pl.col("n").str.zfill(8))
        .when("p").then(pl.col("n").str.slice(0, 2) + pl.col("n").str.slice(2).str.zfill(6))
        .when(pl.col("n").str.contains(r"^[A-Z]{2}[0-9]{5}[A-Z]$")).then("n").alias("n"))["n"]  # fmt: skip
    return fixed.set(fixed.is_in(PLACEHOLDERS).fill_null(False), None)


def tidy_ukprns(text: pl.Series) -> pl.Series:
    """UK Provider Reference Numbers: eight digits that begin with 1; null for other shapes."""
    return text.set(~text.str.contains(r"^1[0-9]{7}$").fill_null(True), None)


def tidy_ods_codes(text: pl.Series) -> pl.Series:
    """Codes of the NHS Organisation Data Service, which are in capitals, without blanks."""
    return text.str.to_uppercase().str.replace_all(r"\s", "")


def tidy_urls(text: pl.Series) -> pl.Series:
    """Web addresses with a scheme (https:// where none was given); null for what has no dotted host, or blanks."""
    full = pl.DataFrame({"t": text}).select(
        pl.when(pl.col("t").str.contains(r"(?i)^https?://")).then("t").otherwise(pl.lit("https://") + pl.col("t"))
    )["t"]
    return full.set(~full.str.contains(r"(?i)^https?://[^\s/@]+\.[^\s/@.]{2,}(:[0-9]+)?([/?#][^\s]*)?$")
                    .fill_null(True), None)  # fmt: skip


TIDY: dict[str, Callable[[pl.Series], pl.Series]] = {
    "company_number": tidy_company_numbers,
    "ods_code": tidy_ods_codes,
    "ukprn": tidy_ukprns,
    "postcode": tidy_postcodes,
    "url": tidy_urls,
    "name": repair_text,
    "text": repair_text,
    "address": repair_address,
}
"""Parsers of texts by type of property, and of codes with a shape of their own by property."""


def check_periods(records: pl.DataFrame, problems: Tray, warnings: list[str]) -> None:
    """Notes records that end on the day they start, or before; their values stay as they are.

    Where over `ONE_BY_ONE` rows of a file end on the day they start, the file was written so: that is said once, as a
    warning with their number and the first of them, and not of each row.
    """
    if not {"starts_on", "ends_on"} <= set(records.columns):
        return
    late = records.filter(pl.col("ends_on") <= pl.col("starts_on"))
    same = late.filter(pl.col("ends_on") == pl.col("starts_on"))
    for (file,), rows in same.group_by("file", maintain_order=True):
        if rows.height > ONE_BY_ONE:
            of = records.filter(file=file)["ends_on"].count()
            first = ", ".join(f"{row} ({day})" for row, day in rows.select("row", "ends_on").head(3).iter_rows())
            warnings.append(f"{file}: {rows.height:,} of {of:,} records with an end date end on the day they start, "
                            f"rows {first} and so on; the dates are kept as they are")  # fmt: skip
            late = late.filter(~((pl.col("file") == file) & (pl.col("ends_on") == pl.col("starts_on"))))
    for file, row, start, end in late.select("file", "row", "starts_on", "ends_on").iter_rows():
        reason = "ends on the day it starts" if start == end else "ends before it starts"
        problems.add(file, row, "ends_on", f"{reason}", [str(start), str(end)], kept=True)
