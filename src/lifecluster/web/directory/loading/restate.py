"""Organisations whose statements are not all public, or that were edited: assembled anew, each row at its own level.

A package's tables show of each row what the readers of its own presence may know. Here the same assembly makes the rows
that edits change, and those that a reader with more rights sees; what was computed from a value that the reader may not
know is left out or computed again.
Classes stay the package's: it made them of what all readers of the organisation may know, and no build classifies by
what edits say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from lifecluster.build import tables
from lifecluster.reference.properties import vocabulary
from lifecluster.register.living import row_is_live
from lifecluster.register.seen import COMPUTED
from lifecluster.web.directory.loading.register import LEVELS, OWNER, Register, Row, assembled

PLACED_BY = frozenset({"postcode", "address", "town", "easting", "northing", "lad", "registered_postcode",
                       "registered_address", "registered_town"})  # fmt: skip
POSTCODES = frozenset({"postcode", "registered_postcode"})
COORDINATES = ("easting", "northing", "lad", "place_quality", "place_basis")


def with_kin(register: Register, subjects: Iterable[str]) -> set[str]:
    """`subjects`, and the whole family (organisation and sites) of each organisation or site among them."""
    found = set(subjects)
    if not found:
        return found
    holders = register.statements.filter((pl.col("kind") == "site") & (pl.col("property") == "holder"))
    heads = set(holders.filter(pl.col("subject").is_in(list(found)))["value"])
    heads |= set(register.statements.filter(pl.col("kind") == "organisation")["subject"]) & found
    return found | heads | set(holders.filter(pl.col("value").is_in(list(heads)))["subject"])


def restated(register: Register, subjects: Iterable[str], clearance: int | None = None) -> Register:
    """The register with the rows of `subjects` and their kin assembled anew; the given one stays as it is.

    Parameters: `clearance` the level to look from; None assembles each row at its own level, which is the least
    restricted one at which anything of it is known. Rows that nobody with the clearance may know are left out.
    """
    wanted = with_kin(register, subjects)
    if not wanted:
        return register
    mine = register.statements.filter(pl.col("subject").is_in(list(wanted)))
    levels = {uid: level for uid, level in register.levels.items() if uid not in wanted}
    own = _own_levels(mine)
    levels |= {uid: level for uid, level in own.items() if level}
    clearances = sorted(set(own.values())) if clearance is None else [clearance]
    made = {c: assembled(mine, c, register.presence, at=register.at) for c in clearances}
    kinds = {kind: dict(rows) for kind, rows in register.kinds.items()}
    speaking = _sources(mine)
    for kind, uid in mine.select("kind", "subject").unique().iter_rows():
        level = own[uid] if clearance is None else clearance
        if own[uid] >= OWNER or own[uid] > level:
            kinds[kind].pop(uid, None)
            continue
        old = kinds[kind].get(uid, {"id": uid})
        kinds[kind][uid] = _merged(kind, old, made[level].get(kind, {}).get(uid, {"id": uid}), register.at)
        if "sources" in old:
            kinds[kind][uid]["sources"] = sorted({source for at, source in speaking.get(uid, ()) if at <= level})
    changed = replace(register, kinds=kinds, levels=levels)
    _jobs(changed, wanted)
    _places(changed, wanted, _hidden(mine, own, clearance))
    return changed


def _own_levels(statements: pl.DataFrame) -> dict[str, int]:
    """The least restricted level of each subject; OWNER where everything is only to be counted."""
    level = pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
    shown = pl.when(pl.col("aggregate_only")).then(pl.lit(OWNER, pl.Int8)).otherwise(level)
    return dict(statements.group_by("subject").agg(shown.min().alias("level")).iter_rows())


def _merged(kind: str, old: Row, new: Row, at: str) -> Row:
    """Stated values of `new`, computed ones of `old`."""
    stated = vocabulary().of(kind).keys() - COMPUTED.get(kind, frozenset())
    row = {k: v for k, v in old.items() if k not in stated}
    row |= {k: v for k, v in new.items() if k in stated}
    if kind == "site":
        row |= {"_jobs": new["jobs"]} if "jobs" in new else {}  # as stated; shared out below
        row |= {"organisation": row["holder"][0]} if "holder" in row else {}
    if kind == "organisation":
        row["live"] = row_is_live(row, at=at)
    return row


def _sources(statements: pl.DataFrame) -> dict[str, list[tuple[int, str]]]:
    """Subject -> the levels at which a source speaks of it, and the source."""
    level = pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
    said = statements.filter(~pl.col("aggregate_only")).select("subject", level.alias("level"), "source").unique()
    found: dict[str, list[tuple[int, str]]] = {}
    for subject, at, source in said.iter_rows():
        found.setdefault(subject, []).append((at, source))
    return found


def _hidden(statements: pl.DataFrame, own: dict[str, int], clearance: int | None) -> dict[str, dict[str, int]]:
    """Subject -> property -> strictest level, of statements that the subject's row is not made from."""
    level = pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
    strict = pl.when(pl.col("aggregate_only")).then(pl.lit(OWNER, pl.Int8)).otherwise(level)
    grouped = statements.group_by("subject", "property").agg(strict.max().alias("level")).filter(pl.col("level") > 0)
    found: dict[str, dict[str, int]] = {}
    for subject, prop, strictest in grouped.iter_rows():
        if strictest > (own.get(subject, 0) if clearance is None else clearance):
            found.setdefault(subject, {})[prop] = strictest
    return found


def _jobs(register: Register, wanted: set[str]) -> None:
    """Jobs of the families' sites, shared out anew from what these rows state."""
    organisations, sites = register.kinds["organisation"], register.kinds["site"]
    mine = {uid: row for uid, row in sites.items() if uid in wanted}
    if not mine:
        return
    ints = pl.Int64
    stated = pl.DataFrame(
        [(uid, row.get("organisation"), _stated_jobs(register, uid, row)) for uid, row in mine.items()],
        schema={"id": pl.String, "organisation": pl.String, "jobs": ints}, orient="row",
    )  # fmt: skip
    staff = pl.DataFrame([(uid, organisations[uid].get("employees")) for uid in wanted & organisations.keys()],
                         schema={"id": pl.String, "employees": ints}, orient="row")  # fmt: skip
    of = {level: label for label, level in LEVELS.items()}
    labelled = (f.with_columns(presence=pl.Series([of[register.level(uid)] for uid in f["id"]], dtype=pl.String))
                for f in (stated, staff))  # fmt: skip
    for share in tables.with_jobs(*labelled).to_dicts():
        row = {k: v for k, v in mine[share["id"]].items() if not k.startswith("jobs") and k != "_jobs"}
        row |= {k: v for k, v in share.items() if k.startswith("jobs") and v is not None}
        sites[share["id"]] = row


def _stated_jobs(register: Register, uid: str, row: Row) -> int | None:
    """What the site's row states of jobs, before any sharing out."""
    value = row.get("_jobs")
    return None if value is None else int(value)


def _places(register: Register, wanted: set[str], hidden: dict[str, dict[str, int]]) -> None:
    """Coordinates that come from a hidden value go; an organisation then stands where its first shown site is."""
    sites, organisations = register.kinds["site"], register.kinds["organisation"]
    settled = register.settled
    stripped = {uid for uid in wanted & sites.keys() if _told(sites[uid], hidden.get(uid, {}), settled)}
    for uid in stripped:
        sites[uid] = {k: v for k, v in sites[uid].items() if k not in COORDINATES}
    by_head: dict[str, list[Row]] = {}
    for uid in sorted(wanted & sites.keys()):
        by_head.setdefault(sites[uid].get("organisation", ""), []).append(sites[uid])
    for uid in wanted & organisations.keys():
        row, level = organisations[uid], register.level(uid)
        kept = [s for s in by_head.get(uid, []) if register.level(s["id"]) <= level]
        secret = _told(row, hidden.get(uid, {}), settled) or any(s["id"] in stripped for s in by_head.get(uid, []))
        if secret or len(kept) < row.get("sites", 0):
            row = {k: v for k, v in row.items() if k not in COORDINATES}
            first = next((s for s in kept if "easting" in s), None)
            if first is not None:
                row |= {k: first[k] for k in COORDINATES if k in first} | {"place_basis": "site"}
        organisations[uid] = row | {"sites": len(kept)}


def _told(row: Row, hidden: Mapping[str, int], settled: bool) -> bool:
    """Whether coordinates might tell a hidden value. Where they were made of what the row's readers may know, and these
    know a postcode, they stay: that they were gone would tell that somebody else knows another."""
    return bool(PLACED_BY & hidden.keys()) and not (settled and POSTCODES & row.keys())
