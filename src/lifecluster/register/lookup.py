"""Finding things in a package: by id, also a retired one, by company number, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
from rapidfuzz import fuzz, process

from lifecluster.reference.properties import vocabulary
from lifecluster.register import ids
from lifecluster.register.ledger import EVENTS, MEMBERS, SHAPES, Ledger, Resolver, UnknownIdError
from lifecluster.register.package import Package
from lifecluster.register.seen import scan

LEDGER_TABLES = {"identities": EVENTS, "identity_members": MEMBERS, "identity_shapes": SHAPES}
"""The tables of a package that are its ledger of identifiers, in the order of `Ledger`'s frames."""

ROLES = ("partner", "buyer")
"""What an organisation may be in a thing that another holds."""
CLUSTERED = frozenset({"organisation", "site", "group"})
"""Kinds of which no organisation is partner or buyer."""
SIMILAR = 80
"""How alike (0 to 100) a name has to be to be proposed for another."""
ID_PREFIX = 8
"""So many characters of an id are enough to look for its beginning."""


def find(package: Package, text: str) -> pl.DataFrame:
    """Organisations that `text` may mean: the one with that id or company number, else those whose name contains it.

    A retired id gives the organisation that it resolves to now. Names are compared without case; a whole name that
    fits wins over parts of names.
    """
    organisations = scan(package, "organisations")
    wanted = text.strip()
    number = wanted.upper().removeprefix("GB-COH-")
    for exact in (pl.col("id") == current_id(package, wanted), pl.col("company_number") == number.zfill(8)):
        found = organisations.filter(exact).collect()
        if found.height:
            return found
    if wanted.upper().startswith("LCO-") and len(wanted) >= ID_PREFIX:
        return organisations.filter(pl.col("id").str.starts_with(wanted.upper())).collect()
    lower = pl.col("name").str.to_lowercase()
    names = organisations.filter(lower.str.contains(wanted.lower(), literal=True)).collect()
    whole = names.filter(lower == wanted.lower())
    return whole if whole.height else names


def nearest(package: Package, text: str, *, most: int = 3) -> list[str]:
    """Names of organisations that look most like `text`, if any does."""
    names = scan(package, "organisations").select("name").collect()["name"].drop_nulls().to_list()
    found = process.extract(text, names, scorer=fuzz.WRatio, processor=str.casefold, limit=most, score_cutoff=SIMILAR)
    return [name for name, _score, _at in found]


def read_ledger(package: Package | None) -> Ledger:
    """The ledger of ids that a package carries; an empty one without a package."""
    if package is None:
        return Ledger.empty()
    return Ledger(*(package.table(name) for name in LEDGER_TABLES))


def resolver(package: Package) -> Resolver:
    """Where every id that a package's ledger knows leads today."""
    return Resolver(Ledger(package.table("identities"), MEMBERS.to_frame(), SHAPES.to_frame()))


def current_id(package: Package, text: str) -> str:
    """The id that `text` stands for today; `text` itself where the ledger does not know it."""
    if not ids.is_valid(text):
        return text
    try:
        return resolver(package).current(ids.normalise(text)).id
    except UnknownIdError:
        return text


def taking_part(package: Package, organisation: str) -> dict[str, list[dict[str, Any]]]:
    """Things of others in which an organisation is partner or buyer, by kind: rows of its tables with `roles`.

    What it holds itself is in `things_of` and not here.
    """
    parts: dict[str, list[dict[str, Any]]] = {}
    for kind, entry in vocabulary().kinds.items():
        if kind in CLUSTERED or entry.table not in package.tables:
            continue
        frame = scan(package, entry.table)
        columns = frame.collect_schema().names()
        roles = [role for role in ROLES if role in columns]
        if not roles or "holder" not in columns:
            continue
        is_in = {role: pl.col(role).list.contains(organisation).fill_null(value=False) for role in roles}
        mine = ~pl.col("holder").list.contains(organisation).fill_null(value=False)
        for row in frame.filter(mine & pl.any_horizontal(is_in.values())).sort("id").collect().to_dicts():
            row["roles"] = [role for role in roles if organisation in (row[role] or ())]
            parts.setdefault(kind, []).append(row)
    return parts


def names_of(package: Package, organisations: Iterable[str]) -> dict[str, str]:
    """The names of organisations by id, where they have one that readers of the package's clearance may see."""
    wanted = sorted(set(organisations))
    found = scan(package, "organisations").filter(pl.col("id").is_in(wanted)).select("id", "name").collect()
    return dict(found.drop_nulls().iter_rows())


def things_of(package: Package, organisation: str) -> dict[str, list[dict[str, object]]]:
    """What an organisation has, by kind: its sites, licences, awards and so on, as rows of the package's tables."""
    things = {}
    for kind, entry in vocabulary().kinds.items():
        if kind in {"organisation", "group"} or entry.table not in package.tables:
            continue
        column = (
            pl.col("organisation") == organisation if kind == "site" else pl.col("holder").list.contains(organisation)
        )
        mine = scan(package, entry.table).filter(column).sort("id").collect().to_dicts()
        if mine:
            things[kind] = mine
    return things
