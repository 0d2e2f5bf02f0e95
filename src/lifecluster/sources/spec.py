"""What source.yml says: who publishes a source, under which licence, what its columns mean."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import Property, SourceRank, vocabulary
from lifecluster.yaml_files import read_model

REFERENCE = "reference"
"""Kind of a source that gives tables to look things up in, and no records of its own."""
_TEXT = Property(levels=(), type="text")


def _day(value: object) -> object:
    """A date of YAML, or its text; a bare number would pass for seconds since 1970."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if value is not None and (not isinstance(day, date) or isinstance(day, datetime)):
        raise ValueError(f"{str(value)!r} is no date (YYYY-MM-DD)")
    return day


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression ({error})") from error
    return text


def _date_format(text: str) -> str:
    try:
        day = pl.Series([datetime(2026, 3, 21, tzinfo=UTC)])
        written = day.dt.strftime(text.replace("%#z", "%z"))
        wrong = written.str.strptime(pl.Date, text, strict=False).null_count() > 0
    except pl.exceptions.PolarsError:
        wrong = True
    if wrong:
        raise ValueError(f"{text!r} is no format of dates, such as %d/%m/%Y")
    return text


Day = Annotated[date, BeforeValidator(_day)]
"""A date as people write it in YAML: 2026-03-31, in quotes or not."""
Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression."""
DateFormat = Annotated[str, AfterValidator(_date_format)]
"""A format of dates, as of strptime."""
VisibilityLabel = Literal["public", "members", "desk", "broker", "owner"]
"""A level of `policy.visibility`."""
Separator = Annotated[str, Field(min_length=1)]
"""What stands between several values of one cell."""


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Licence(Strict):
    """Licence of a source: SPDX-like `id`, `title`, `url`, and the `attribution` sentence that it asks for."""

    id: str
    title: str
    url: str | None = None
    attribution: str | None = None


class Rows(Strict):
    """Bounds of the number of data rows in one build; outside them the build fails."""

    min: int = Field(1, ge=0)
    max: int = Field(10_000_000, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Rows:
        if self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


class Download(Strict):
    """One official file: https address (may hold `{yyyy}`, `{mm}`), name to store it under, size cap, checksum."""

    url: str = Field(pattern=r"^https://")
    file: str
    max_bytes: int = Field(gt=0)
    sha256: str | None = None


class Recognise(Strict):
    """How a file shows that it is of this source: header names that must all be there, or a headerless layout.

    `header`: column names (stripped) that must be present. `columns`: exact count for headerless files.
    `pattern`: column index -> regular expression that the first rows must match.
    `starts`: regular expression that the text of a JSON or XML file begins with.
    `members`: regular expression that the name of some file in a zip archive of several files must match.
    """

    header: tuple[str, ...] = ()
    columns: int | None = None
    pattern: dict[int, Pattern] = {}
    starts: Pattern | None = None
    members: Pattern | None = None


class Column(Strict):
    """What a column becomes: a `property` of the row's record, or is ignored with the reason; one of the two.

    In a source of reference tables (`kind: reference`) it becomes a `field` of the table instead of a property.

    `split`: separator of several values in one cell. `none`: texts that mean "no value".
    `required`: an empty cell rejects the row.
    `optional`: the file may lack the column.
    `format`: date format(s) of strptime, tried in turn.
    `personal`: contact details; the cell is blanked even in rejected rows. Goes with `ignore` only.
    """

    property: str | None = None
    field: str | None = None
    ignore: str | None = None
    required: bool = False
    optional: bool = False
    split: Separator | None = None
    none: tuple[str, ...] = ()
    format: tuple[DateFormat, ...] = ()
    personal: bool = False

    @model_validator(mode="after")
    def _one(self) -> Column:
        if [self.property, self.field, self.ignore].count(None) != 2:
            raise ValueError("a column has one of `property`, `field` and `ignore` (with the reason)")
        if self.personal and self.ignore is None:
            raise ValueError("a column of contact details cannot become a property")
        return self


def unknown_property(prop: str, also: str | None = None) -> str:
    """That there is no such property, in words, with those that may be meant: alike ones, and `also`."""
    names = list(vocabulary().properties)
    alike = get_close_matches(prop.casefold().replace(" ", "_").replace("-", "_"), names, n=3)
    alike = list(dict.fromkeys([also, *alike] if also is not None else alike))
    hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
    return f"{prop!r} is not in the vocabulary of properties (docs/reference/tables.md lists them){hint}"


def check_column(header: str, prop: str, kinds: tuple[str, ...], *, split: str | None, form: tuple[str, ...]) -> None:
    """Raise ValueError, naming the column, unless `prop` is a property of one of `kinds`, and `split` (several values)
    and `form` (formats of dates) fit it.
    """
    known = vocabulary().properties.get(prop)
    if known is None:
        raise ValueError(f"column {header!r}: {unknown_property(prop)}")
    if not set(kinds) & set(known.levels):
        raise ValueError(f"column {header!r}: {prop!r} is no property of {' or '.join(kinds)}")
    if split is not None and not known.many:
        raise ValueError(f"column {header!r}: split, but {prop!r} holds one value only")
    if form and known.type != "date":
        raise ValueError(f"column {header!r}: format, but {prop!r} is no date")


class SourceSpec(Strict):
    """One open register; see docs/how-to/add-a-source.md for the meaning of each key.

    `rank`: what kind of source speaks. `address_is`: what the address of an organisation's row is; a working one makes
    a site. `anchor`: organisations of this source are what others are linked to, the smaller number the better anchor
    of an id. `scope`: whether being in this source is enough to be in the register, or a definition has to agree.
    `dated_by`: the date property of a record on whose day its other values were observed; without it, and for rows
    where it is null, the date of the snapshot counts.
    `unknown`: whether a column that `columns` does not name is warned of and left out, or ends the reading.
    `visibility`: who may see its values.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: str
    publisher: str
    licence: Licence
    url: str
    hosts: tuple[str, ...] = ()
    downloads: tuple[Download, ...] = ()
    refresh: Literal["daily", "weekly", "monthly", "quarterly", "yearly", "once", "irregular"]
    rank: SourceRank
    kind: str = "organisation"
    address_is: Literal["working", "registered", "contact"] = "contact"
    anchor: int | None = Field(None, ge=0)
    scope: Literal["always", "classified"] = "classified"
    key: str | None = None
    rows: Rows = Rows()
    header: bool = True
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    recognise: Recognise = Recognise()
    columns: dict[str, Column] = {}
    unknown: Literal["warn", "refuse"] = "warn"
    visibility: VisibilityLabel = "public"
    vintage: Pattern | None = None
    dated_by: str | None = None
    notes: str | None = None

    @model_validator(mode="after")
    def _known(self) -> SourceSpec:
        known = vocabulary()
        if self.kind not in {*known.kinds, REFERENCE}:
            raise ValueError(f"kind {self.kind!r} is not in the vocabulary")
        for header, column in self.columns.items():
            if column.property is not None:
                check_column(header, column.property, tuple(known.kinds), split=column.split, form=column.format)
        if self.dated_by is not None and known.of(self.kind).get(self.dated_by, _TEXT).type != "date":
            raise ValueError(f"dated_by: {self.dated_by!r} is no date that a record of {self.kind} has")
        if self.vintage is not None and "y" not in re.compile(self.vintage).groupindex:
            raise ValueError("vintage: has no group y, (?P<y>...), for the year")
        if self.visibility != Visibility.PUBLIC.label and self.anchor is not None:
            raise ValueError("anchor: what is not public cannot be what others are linked to")
        for download in self.downloads:
            host = download.url.split("/")[2]
            if host not in self.hosts:
                raise ValueError(f"download from {host} is not among `hosts`")
        return self

    def shows(self, header: str) -> bool:
        """Whether cells of a column may be shown where a row is put aside: only those of columns that are used are.

        Others (ignored, or not known) may hold anything: nobody has looked at them. Of a source that is not public none
        is shown.
        """
        column = self.columns.get(header)
        if column is None or column.personal or self.visibility != Visibility.PUBLIC.label:
            return False
        return column.ignore is None or column.required or header == self.key


def load_spec(path: Path) -> SourceSpec:
    """Read and check one source.yml. Raises InputError naming the file and the key that is wrong."""
    return read_model(SourceSpec, path, file=f"{path.parent.name}/{path.name}")
