"""`lifecluster show`: an organisation with the evidence of every value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from json import loads
from typing import Annotated, Any

import polars as pl
import typer

from lifecluster import clock
from lifecluster.commands.common import (
    AtOption,
    ForOption,
    JsonOption,
    LogOption,
    PackageOption,
    acting,
    as_of,
    open_package,
    out,
    print_json,
)
from lifecluster.commands.told import print_all, print_part, print_summary
from lifecluster.errors import LifeclusterError
from lifecluster.reference.freshness import freshness
from lifecluster.reference.properties import vocabulary
from lifecluster.register.following import hidden_records, judgements_of
from lifecluster.register.licensed import best, checked
from lifecluster.register.lookup import ROLES, find, names_of, nearest, taking_part, things_of
from lifecluster.register.package import Package
from lifecluster.register.presence import PRESENCE
from lifecluster.register.redaction import redact_in
from lifecluster.register.seen import statements_of
from lifecluster.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(show)
    app.command()(redact)


def show(
    identifier: Annotated[str, typer.Argument(help="An id (also a retired one), a company number, or part of a name.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Every value with its evidence, and what other sources say; --json has all.")
    ] = False,
    at: AtOption = None,
    package: PackageOption = None,
    level: ForOption = "public",
    json: JsonOption = False,
) -> None:
    """Show an organisation: a summary first; with --all every value, where it comes from, and what others say."""
    opened = open_package(package, level)
    found = find(opened, identifier)
    if found.height == 0:
        alike = nearest(opened, identifier)
        hint = f"; did you mean {' or '.join(alike)}?" if alike else ""
        raise LifeclusterError(f"{identifier!r}: no such organisation in {opened.name}{hint}")
    if found.height > 1:
        _choices(found, identifier, json=json)
        return
    day = as_of(at)
    answer = explain(opened, found.row(0, named=True), at=day)
    if json:
        print_json(answer)
    elif everything:
        print_all(answer)
        print_part(answer["works_with"])
    else:
        print_summary(answer, best(checked(opened, [answer["id"]], at=day).get(answer["id"], [])))


def redact(
    statement: Annotated[
        str, typer.Argument(help="The id of a statement (`show --json` lists them), or its beginning.")
    ],
    why: Annotated[str, typer.Option("--why", help="The reason, in words; do not repeat what is to be taken out.")],
    actor: Annotated[
        str, typer.Option("--as", help="The role you act in: desk, broker or steward.", metavar="ROLE")
    ] = "steward",
    log: LogOption = None,
    package: PackageOption = None,
) -> None:
    """Order that a statement be taken out: the next build leaves a tombstone in its place."""
    path = log or Workspace.current().log
    entry = redact_in(
        open_package(package), path, statement, actor=acting(actor, "edit.review"), why=why, at=clock.now()
    )
    out.print(f"{entry.id}: {entry.subject} is taken out from the next build on; then delete the packages that hold it",
              markup=False, soft_wrap=True)  # fmt: skip


def one(package: Package, identifier: str) -> dict[str, Any]:
    """The one organisation that `identifier` means; raises LifeclusterError where there is none, or several."""
    found = find(package, identifier)
    if found.height != 1:
        names = "; ".join(f"{row['name']} ({row['id']})" for row in found.head(5).to_dicts())
        said = f"means {found.height:,} organisations: {names}" if found.height else "is no organisation"
        raise LifeclusterError(f"{identifier!r} {said} in {package.name}")
    return found.row(0, named=True)


def _choices(found: pl.DataFrame, identifier: str, *, json: bool) -> None:
    rows = found.select("id", "name", "registered_town", "registered_postcode").sort("name").to_dicts()
    if json:
        print_json({"query": identifier, "candidates": rows})
        return
    out.print(f"{found.height:,} organisations fit {identifier!r}; name one of them by its id:", markup=False)
    for row in rows[:50]:
        where = ", ".join(str(v) for v in (row["registered_town"], row["registered_postcode"]) if v)
        out.print(f"  {row['id']}  {row['name']}  {where}", markup=False, soft_wrap=True)


def explain(package: Package, organisation: dict[str, Any], *, at: date) -> dict[str, Any]:
    """Everything the package says of one organisation: values with evidence, segments, sites and what it holds.

    `at`: the day on which a value is stale or not.
    """
    own = str(organisation["id"])
    segments = package.scan("segments").filter(pl.col("organisation_id") == own).collect()
    links = package.scan("links").filter(pl.col("organisation") == own).collect()
    links = links.filter(~pl.col("record").is_in(hidden_records(package).implode()))
    records = package.scan("records").filter(pl.col("id") == own).collect()["record"].to_list()
    things = things_of(package, own)
    told = statements_of(package, [own, *(str(row["id"]) for rows in things.values() for row in rows)])
    return {
        "package": package.name,
        "id": own,
        "name": organisation["name"],
        "sample": organisation["sample"],
        "region_by": organisation["region_by"],
        "scope_by": organisation["scope_by"],
        "values": values(told, own, at=at),
        "segments": [{**row, "evidence": loads(row["evidence"])}
                     for row in segments.drop("organisation_id", PRESENCE, strict=False).iter_rows(named=True)],
        "links": links.select("record", "probability", "band", "reasons").to_dicts(),
        "judgements": judgements_of(package, records).to_dicts(),
        "things": {kind: [{**row, "values": values(told, str(row["id"]), at=at)} for row in rows]
                   for kind, rows in things.items()},
        "works_with": works_with(package, own, things),
    }  # fmt: skip


def works_with(package: Package, own: str, things: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Where it takes part, and who else does: of what it holds (`things`) and of what others hold, with names.

    Returns rows of `kind`, `id`, `title`, `roles` (its own), `others` (`role`, `id`, `name`: null for one that is not
    in this register, or has no name that everybody may see).
    """
    told = [(kind, ["holder"], row) for kind, rows in things.items() for row in rows]
    told += [(kind, row["roles"], row) for kind, rows in taking_part(package, own).items() for row in rows]
    parts = [(kind, roles, row, with_) for kind, roles, row in told if (with_ := _others(row, own))]
    names = names_of(package, [one for *_, with_ in parts for _, one in with_])
    return [{"kind": kind, "id": row["id"], "title": row.get("name") or row.get("title"), "roles": list(roles),
             "others": [{"role": role, "id": one, "name": names.get(one)} for role, one in with_]}
            for kind, roles, row, with_ in parts]  # fmt: skip


def _others(row: dict[str, Any], own: str) -> list[tuple[str, str]]:
    """Role and id of everybody else in a thing."""
    return [(role, one) for role in ("holder", *ROLES) for one in row.get(role) or () if one != own]


def values(told: pl.DataFrame, subject: str, *, at: date) -> list[dict[str, Any]]:
    """Each property of a subject: the shown statements first, then what other sources say; `stale` on the day `at`.

    Parameters: `told` what its reader may see, as given by `seen.statements_of`.
    """
    mine = told.filter(pl.col("subject") == subject)
    order = {name: i for i, name in enumerate(vocabulary().properties)}
    mine = mine.with_columns(_p=pl.col("property").replace_strict(order, return_dtype=pl.Int32)).sort(
        "_p", ~pl.col("shown"), "place"
    )
    keep = ("id", "value", "original", "source", "locator", "snapshot", "licence", "observed_on", "verified_on",
            "valid_to", "visibility", "sample", "shown")  # fmt: skip
    return [
        {"property": name, "statements": _aged(str(name), rows.drop("property"), at)}
        for (name,), rows in mine.select("property", *keep).group_by("property", maintain_order=True)
    ]


def _aged(prop: str, rows: pl.DataFrame, at: date) -> list[dict[str, Any]]:
    """Statements of a property as rows, each with whether it is `stale`."""
    told = rows.to_dicts()
    for row in told:
        row["stale"] = freshness(prop, observed_on=row["observed_on"], verified_on=row["verified_on"], at=at).stale
    return told
