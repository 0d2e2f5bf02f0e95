"""Parties and contracts of many releases to one frame of each kind."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from lifecluster.reference.properties import vocabulary
from lifecluster.sources.contracts_ocds.release import Found
from lifecluster.sources.spec import Column
from lifecluster.sources.tray import Tray
from lifecluster.sources.values import parse_column

TEXTS = ("address", "town", "postcode", "country", "website")
POSTCODE_AT_END = r"(?i)\b([A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2})\W*$"


def organisations_frame(found: Found, problems: Tray) -> pl.DataFrame:
    """One organisation for each key: commonest name, other names as `trading_name`, the newest of each other value.

    Company numbers get their zeros back; one that has no company number's shape stays in `org_id` only and is noted.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for party in sorted(found.parties, key=lambda p: (p["_date"], p["file"], p["row"])):
        groups.setdefault(party["key"], []).append(party)
    rows = [_one(key, group) for key, group in sorted(groups.items())]
    schema = _schema(("name", "company_number", *TEXTS), ("org_id", "trading_name", "organisation_type"))
    frame = _typed(pl.DataFrame(rows, schema=schema), ("name", "company_number", *TEXTS), problems)
    inside = pl.col("address").str.extract(POSTCODE_AT_END)
    return _typed(frame.with_columns(_inside=inside), ("_inside",), Tray()).with_columns(
        postcode=pl.coalesce("postcode", "_inside")).drop("_inside", "_inside__original", strict=False)  # fmt: skip


def _one(key: str, group: list[dict[str, Any]]) -> dict[str, Any]:
    names = Counter(p["name"] for p in group if p["name"])
    ranked = sorted(names, key=lambda n: (-names[n], n))
    first = min(group, key=lambda p: (p["file"], p["row"]))
    roles = sorted({f"public-{r}" for p in group for r in p["_roles"] if r in {"buyer", "supplier"}})
    newest = {c: next((p[c] for p in reversed(group) if p[c]), None) for c in (*TEXTS, "company_number")}
    ids = list(dict.fromkeys(i for p in group for i in p["org_id"]))
    names_kept = {"name": ranked[0] if ranked else None, "trading_name": ranked[1:] or None}
    place = {"key": key, "file": first["file"], "row": first["row"]}
    return {**place, **names_kept, "org_id": ids or None, "organisation_type": roles or None, **newest}


def contracts_frame(found: Found, problems: Tray) -> pl.DataFrame:
    """One contract for each key: the newest notice; a procedure that has an award by now is no record of its own."""
    awarded = {c["_ocid"] for c in found.contracts if c["key"] != c["_ocid"]}
    newest: dict[str, dict[str, Any]] = {}
    for contract in sorted(found.contracts, key=lambda c: (c["_date"], c["file"], c["row"])):
        key = contract["key"]
        old = newest.get(key)
        if key in awarded:
            _note(contract, "a notice before the award; the award was used", problems)
            continue
        if old is not None:
            _note(old, "an older notice of the same award; the newer one was used", problems)
        newest[key] = contract
    texts = ("reference", "title", "amount", "currency", "starts_on", "ends_on", "state", "address", "url")
    lists = ("classification", "buyer", "holder")
    schema = _schema(texts, lists)
    rows = [{c: contract.get(c) or None for c in schema} for _, contract in sorted(newest.items())]
    return _typed(pl.DataFrame(rows, schema=schema), texts, problems)


def _schema(texts: tuple[str, ...], lists: tuple[str, ...]) -> dict[str, pl.DataType]:
    place: dict[str, pl.DataType] = {"key": pl.String(), "file": pl.String(), "row": pl.UInt32()}
    return place | {name: pl.String() for name in texts} | {name: pl.List(pl.String) for name in lists}


def _note(contract: dict[str, Any], reason: str, problems: Tray) -> None:
    problems.add(contract["file"], contract["row"], None, reason, contract["key"])


def _typed(frame: pl.DataFrame, columns: tuple[str, ...], problems: Tray) -> pl.DataFrame:
    known = vocabulary().properties
    for name in columns:
        prop = known["postcode" if name == "_inside" else name]
        column = Column(property="postcode" if name == "_inside" else name)
        parsed = parse_column(frame, name, column, prop, problems)
        frame = frame.with_columns(parsed.values.alias(name))
        if parsed.original is not None:
            frame = frame.with_columns(parsed.original.alias(f"{name}__original"))
    return frame
