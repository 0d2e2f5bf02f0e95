"""The long layout in which Lifecluster gives and takes values: one value a row, subjects of all kinds in one file."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.reference.properties import vocabulary
from lifecluster.sources.exchange.checks import Check, dated, known, parsed, refer, repeats
from lifecluster.sources.exchange.wide import apart, records
from lifecluster.sources.extract import PUBLIC, Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.persons import mask
from lifecluster.sources.spec import Column, SourceSpec
from lifecluster.sources.tabular import gather_cells, open_table, safe_keys
from lifecluster.sources.tray import NOT_PUBLIC, Tray
from lifecluster.sources.values import is_free, parse_column

SHOWN = ("kind", "key", "property", "value", "observed_on", "original", "visibility", "valid_from", "valid_to")


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of every kind that the files speak of, each value with its own dates and visibility.

    Of a property that holds one value the record has the one that most people may see, of those one that holds still,
    of those the newest; all others are `earlier` values beside it. A row that cannot be used (unknown kind or property,
    a value that is not of the property's type, a date to come, a reference to a subject that the files do not have, a
    repetition) is rejected with the reason. Raises InputError for a column that the layout does not have: a misspelt
    `visibility` must not make values public.
    """
    rejected, warnings, frames, count = Tray(), [], [], 0
    lines: dict[str, dict[int, int]] = {}
    for file in files:
        table = open_table(file, spec)
        header, lines[file.name] = table.header, table.lines
        warnings += table.warnings
        frame, n = gather_cells(table, spec, rejected, warnings)
        count += n
        cells = [_cell(header, name) for name in spec.columns]
        frames.append(frame.select("file", "row", *cells, _at=pl.lit(file.at, pl.Date)))
    values = pl.concat(frames).with_row_index("_n").with_columns(_why=pl.lit(None, pl.String))
    values = values.with_columns(pl.col("visibility").str.to_lowercase(), key=safe_keys(values["key"]))
    checks: tuple[Check, ...] = (known, dated, lambda v: _typed(parsed(v), warnings), refer, repeats)
    for check in checks:
        values = _put_aside(check(values), rejected)
    shown, further = apart(values)
    return Extract(spec, tuple(f.snapshot for f in files), records(shown, of=values), rejected.frame(), count,
                   values.height, tuple(warnings), earlier=records(further, of=values, by="_n"),
                   lines={name: found for name, found in lines.items() if found})  # fmt: skip


def _cell(header: list[str], name: str) -> pl.Expr:
    if name not in header:
        return pl.lit(None, pl.String).alias(name)
    text = pl.col(str(header.index(name))).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def _put_aside(values: pl.DataFrame, rejected: Tray) -> pl.DataFrame:
    """Rows with a reason go to the tray; of one that is not public, what it says stays out of it."""
    words = vocabulary()
    for row in values.filter(pl.col("_why").is_not_null()).iter_rows(named=True):
        field, reason, *quoted = row["_why"].split("\t")
        public = row["visibility"] in {None, PUBLIC}
        told = reason.replace("{}", (quoted[0] if public else NOT_PUBLIC) if quoted else "")
        if public:
            shown = [row[name] or "" for name in SHOWN]
        else:
            named = row["kind"] in words.kinds and row["property"] in words.properties
            shown = [*((row["kind"], row["key"] or "", row["property"]) if named else ("", "", "")), NOT_PUBLIC]
        rejected.add(row["file"], row["row"], field, told, [str(cell) for cell in shown])
    return values.filter(pl.col("_why").is_null())


def _typed(values: pl.DataFrame, warnings: list[str]) -> pl.DataFrame:
    """Values of one property at a time through the common parsers; `_text` holds them."""
    parts = []
    for (name,), part in values.partition_by("property", as_dict=True, include_key=True).items():
        prop = vocabulary().properties[str(name)]
        safe = mask(part["value"], telephones=is_free(str(name)))
        if taken := int(part["value"].ne_missing(safe).sum()):
            warnings.append(f"{name}: e-mail addresses or telephone numbers were taken out of values: {taken:,}")
        if prop.type == "ref":
            kind, key = (part["value"].str.extract(r"(?s)^([^:]*:)(.*)$", group) for group in (1, 2))
            whole = pl.DataFrame({"kind": kind, "key": safe_keys(key), "text": safe})
            safe = whole.select(pl.coalesce(pl.concat_str("kind", "key"), "text")).to_series()
        trouble = Tray()
        single = prop.model_copy(update={"many": False})
        asked = part.select("file", pl.col("_n").alias("row")).with_columns(_v=safe)
        read_as = parse_column(asked, "_v", Column(property=str(name)), single, trouble)
        why = dict(trouble.frame().select("row", "reason").iter_rows())
        text = read_as.values.cast(pl.String)
        before = read_as.original if read_as.original is not None else text.clear(len(text))
        default = f"cannot be read as {prop.type}"
        reason = pl.when(safe.is_null()).then(pl.lit("holds nothing but contact details")).otherwise(
            pl.col("_n").replace_strict(why, default=default, return_dtype=pl.String))  # fmt: skip
        parts.append(part.with_columns(
            pl.coalesce(mask(part["original"]), before.alias("_b")).alias("original"), text.alias("_text"),
            _why=pl.when(text.is_null()).then(pl.concat_str(pl.lit("value\t"), reason)),
        ))  # fmt: skip
    return pl.concat(parts).sort("_n") if parts else values.with_columns(_text=pl.col("value"))
