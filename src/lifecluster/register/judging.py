"""Judging records of a package: what was in front of the person goes into the log with the decision."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.register.closed import closed_frame, closed_rows
from lifecluster.register.deciding import Side, decide, require_reason
from lifecluster.register.entry import Entry, Json
from lifecluster.register.following import hidden_records
from lifecluster.register.judgement import Judgements, Kind, retract
from lifecluster.register.linkage import scored
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package

ENTRY_PREFIX = 4
"""So many characters of an entry's id are needed to name it."""


def judge_in(package: Package, log: Path, kind: Kind, left: str, right: str, *, actor: str, why: str, at: str) -> Entry:
    """Write a judgement about two records of `package` into the log at `log` (made if need be).

    The names and addresses of both go along as evidence, so that the judgement finds its rows again after their source
    gave them new keys; of a row that is not public only salted hashes of them. Raises LifeclusterError for a
    record that the package does not know and for an empty reason, ContradictionError.
    """
    require_reason(why)
    rows = {row["record"]: row for row in _rows(package, [left, right]).to_dicts()}
    missing = [record for record in (left, right) if record not in rows]
    if missing:
        raise LifeclusterError(f"{', '.join(missing)}: no such record in {package.name}")
    closed = closed_rows(package, [left, right])
    sides = [_side(rows[record], closed.get(record)) for record in (left, right)]
    log.parent.mkdir(parents=True, exist_ok=True)
    book = FileLog(log)
    numbers = _live_numbers(package, Judgements(book.entries()), [left, right])
    model, seen = _scored(package, left, right)
    return decide(book, kind, *sides, actor=actor, why=why, at=at, live_numbers=numbers, model=model, scored=seen)


def _side(row: Mapping[str, str | None], closed: Mapping[str, str | None] | None) -> Side:
    """A row as it is judged: its own words if they are public, else those of its statements, if there are any."""
    record, is_open = str(row["record"]), row["visibility"] == Visibility.PUBLIC.label
    said = row if is_open else closed or {}
    return Side(record, said.get("name"), said.get("postcode"), said.get("address"), is_open)


def _scored(package: Package, left: str, right: str) -> tuple[str | None, dict[str, Json] | None]:
    """Version of the scorer that the link of two records was shown by, and what it saw of them; None where it saw none
    of them, or the package was written before that was kept."""
    links = package.scan("links")
    if "scored" not in links.collect_schema():
        return None, None
    pair = [left, right]
    found = links.filter(pl.col("record").is_in(pair), pl.col("target").is_in(pair)).select("scored").collect()
    text = next((one for one in found["scored"] if one), None)
    told = scored.read(text)
    return (told.model, told.seen()) if told else (None, None)


def by_key_alone(entry: Entry) -> list[str]:
    """Records of a judgement of which nothing was kept: it holds on them as long as their key stays."""
    sides = (("left", entry.subject), ("right", entry.object))
    return [record or "" for side, record in sides if not entry.evidence.get(side)]


def homeless(package: Package, log: Path) -> pl.DataFrame:
    """Live judgements whose rows the build of `package` did not find: `entry`, `left`, `right`, `reason`."""
    live = list(Judgements(FileLog(log).entries()).live) if log.is_file() else []
    gone = package.scan("conflicts").filter(pl.col("kind") == "row not found", pl.col("evidence").is_in(live))
    return gone.select("left", "right", "reason", entry="evidence").collect()


def _live_numbers(package: Package, judgements: Judgements, records: list[str]) -> dict[str, str]:
    """Numbers of live companies among the records and all that judgements say are the same as one of them."""
    everyone = {one for record in records for one in (record, *judgements.closure(record))}
    return {
        row["record"]: row["live_number"] for row in _rows(package, sorted(everyone)).to_dicts() if row["live_number"]
    }


def retract_in(log: Path, entry: str, *, actor: str, why: str, at: str) -> Entry:
    """Retract the live judgement whose id begins with `entry`.

    Raises LifeclusterError if there is none, or several, and for an empty reason.
    """
    require_reason(why)
    if not log.is_file():
        raise LifeclusterError(f"there is no log at {log.name} yet")
    book = FileLog(log)
    if len(entry) < ENTRY_PREFIX:
        raise LifeclusterError(f"{entry!r} is too short: give at least {ENTRY_PREFIX} characters of the judgement's id")
    fits = [found for found in Judgements(book.entries()).live if found.startswith(entry)]
    if len(fits) != 1:
        raise LifeclusterError(f"{entry!r} is the beginning of {len(fits)} live judgements; `lifecluster judge list`")
    return retract(book, fits[0], actor=actor, why=why, at=at)


def waiting(package: Package) -> pl.DataFrame:
    """Links in the band `review`, most probable first: record with file and row, target, names, postcodes, reasons.

    Only rows that readers of the package's clearance may know of; what those of closed lists say is taken from their
    statements, and null where there is none: the locator leads to it.
    """
    links = package.scan("links").filter(pl.col("band") == "review").collect()
    links = links.filter(~pl.col("record").is_in(hidden_records(package).implode()))
    records = links["record"].to_list()
    rows = _rows(package, [*records, *links["target"].drop_nulls().to_list()])
    said = closed_frame(package, records).select("record", _locator="locator", _name="name", _postcode="postcode")
    rows = rows.join(said, on="record", how="left", maintain_order="left")
    place = pl.when(pl.col("name").is_null()).then("_postcode").otherwise("postcode")
    rows = rows.with_columns(
        name=pl.coalesce("name", "_name"), locator=pl.coalesce("locator", "_locator"), postcode=place
    )
    names = rows.select("record", "name", "postcode")
    return (
        links.join(rows.select("record", "locator", "name", "postcode"), on="record", how="left")
        .join(
            names.rename({"record": "target", "name": "target_name", "postcode": "target_postcode"}),
            on="target",
            how="left",
        )
        .select(
            "probability",
            "record",
            "locator",
            "name",
            "postcode",
            "target",
            "target_name",
            "target_postcode",
            "reasons",
        )
        .sort("probability", "record", descending=[True, False])
    )


def _rows(package: Package, records: list[str]) -> pl.DataFrame:
    """What the package knows of records: record, name, postcode, address, live_number, visibility, locator.

    Companies of the universe too.
    """
    columns = ["record", "name", "postcode", "address", "live_number", "visibility"]
    known = package.scan("linked_records").filter(pl.col("record").is_in(records)).collect()
    where = pl.col("locator") if "locator" in known.columns else pl.lit(None, pl.String).alias("locator")
    known = known.select(*columns, where)
    number = pl.when(pl.col("live")).then("company_number")
    companies = package.scan("universe").filter(pl.col("record").is_in(records)).select(
        "record", "name", "postcode", address=pl.lit(None, pl.String), live_number=number,
        visibility=pl.lit(Visibility.PUBLIC.label), locator=pl.lit(None, pl.String),
    )  # fmt: skip
    return pl.concat([known, companies.collect()]).unique("record", keep="first", maintain_order=True)
