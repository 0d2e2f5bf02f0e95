"""Which records of sites are one site, once it is known which organisation each record is of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

PAIRS = pl.Schema({"record_id": pl.String, "cluster": pl.String})


@dataclass(frozen=True, slots=True)
class _Said:
    """What site records say: whom they were of (`was`), whom they are of now (`owner`), where they are (`postcode`)."""

    was: Mapping[str, frozenset[str]]
    owner: Mapping[str, str]
    postcode: Mapping[str, str]


def _said(statements: pl.DataFrame, now: Mapping[str, str], leads: Callable[[str], str]) -> _Said:
    said = statements.filter(pl.col("kind") == "site").sort("record", "value")
    was: dict[str, set[str]] = {}
    owner: dict[str, str] = {}
    held = said.filter(pl.col("property") == "holder").select("record", "value", "original")
    for record, value, original in held.iter_rows():
        was.setdefault(record, set()).add(value)
        owner.setdefault(record, now.get(original or "", leads(value)))
    placed = said.filter(pl.col("property") == "postcode").unique("record", keep="first", maintain_order=True)
    return _Said({r: frozenset(v) for r, v in was.items()}, owner, dict(placed.select("record", "value").iter_rows()))


def same_sites(sites: pl.DataFrame, statements: pl.DataFrame, now: Mapping[str, str],
               leads: Callable[[str], str]) -> pl.DataFrame:  # fmt: skip
    """Records of sites (`record_id`, `id` by the package) as `PAIRS`: as before, but those of two organisations are two
    sites, and those at one postcode of organisations that are one now are one site (`build.sites.same_site`).

    Parameters: `now` the organisation of each record of an organisation; `leads` where an id leads today.
    """
    said = _said(statements, now, leads)
    groups: dict[tuple[str, str], list[str]] = {}
    for record, uid in sites.sort("record_id").select("record_id", "id").iter_rows():
        groups.setdefault((uid, said.owner.get(record, "")), []).append(record)
    cluster: dict[str, str] = {}
    there: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
    for (_, owner), of in sorted(groups.items(), key=lambda item: item[1][0]):
        holders = frozenset().union(*(said.was.get(record, frozenset()) for record in of))
        postcode = next((said.postcode[record] for record in of if record in said.postcode), "")
        others = there.setdefault((owner, postcode), [])
        label = next((name for name, whose in others if postcode and not whose & holders), of[0])
        others.append((label, holders))
        cluster |= dict.fromkeys(of, label)
    return pl.DataFrame(list(cluster.items()), schema=PAIRS, orient="row")
