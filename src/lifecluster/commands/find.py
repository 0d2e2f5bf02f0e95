"""`lifecluster find`: organisations by words, place, licence and segment."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from lifecluster.commands.common import (
    AtOption,
    ForOption,
    JsonOption,
    PackageOption,
    as_of,
    open_package,
    out,
    print_json,
)
from lifecluster.commands.hints import hints
from lifecluster.commands.named import named
from lifecluster.errors import LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.register.aging import stale_of
from lifecluster.register.licensed import TYPE, Held, best, checked
from lifecluster.register.matches import Match
from lifecluster.register.search import Query, search, why
from lifecluster.register.segments.meant import meant


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(find)


def find(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words of its name, what it does, what it can do: all of them.")
    ] = None,
    near: Annotated[str | None, typer.Option(help="A postcode, an outward code, a town, a local authority.")] = None,
    within: Annotated[float, typer.Option(help="Kilometres from there.")] = 25.0,
    licence: Annotated[str | None, typer.Option(help="A licence it holds, e.g. MIA, WDA(H), ISO 13485.")] = None,
    segment: Annotated[
        str | None, typer.Option(help="A segment: its name, part of it, or an official code; says whose it is.")
    ] = None,
    definition: Annotated[
        str | None, typer.Option(help="Whose segment is meant; default: the first definition that knows the word.")
    ] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Also organisations that exist no more.")] = False,
    limit: Annotated[int, typer.Option(help="How many.", min=1)] = 20,
    at: AtOption = None,
    package: PackageOption = None,
    level: ForOption = "public",
    json: JsonOption = False,
) -> None:
    """Find organisations; `lifecluster show ID` then gives the evidence for each."""
    opened = open_package(package, level)
    if definition is not None and segment is None:
        raise LifeclusterError("--definition says whose segment is meant: give --segment as well")
    whose = None if segment is None else meant(segment, opened.manifest["definitions"], definition=definition)
    query = Query(words=" ".join(words or ()), near=near, within=within, licence=licence, segment=whose, ended=ended)
    found = search(opened, query)
    live = opened.scan("organisations").select("live").collect()["live"]
    left_out = 0 if ended else live.len() - int(live.sum())
    among = live.len() - left_out
    first = found.head(limit)
    rows, reasons = first.to_dicts(), why(opened, query, first)
    stale = stale_of(opened, [row["id"] for row in rows], at=as_of(at))
    held = checked(opened, found["id"] if licence else first["id"], at=as_of(at))
    rows = [{**row, "stale": stale.get(row["id"], []), "held": held.get(row["id"], []), "matched": reasons[row["id"]]}
            for row in rows]  # fmt: skip
    tried = hints(opened, query) if found.is_empty() else None
    also = named(opened, query)
    if json:
        rows = [{**row, "held": [asdict(one) for one in row["held"]],
                 "matched": [_told(match, row["held"]) for match in row["matched"]]} for row in rows]  # fmt: skip
        print_json({"package": opened.name, "segment": whose and asdict(whose), "found": found.height, "among": among,
                    "left_out": left_out, "hints": tried and asdict(tried), "named": [asdict(one) for one in also],
                    "organisations": rows})  # fmt: skip
        return
    if whose is not None:
        out.print(whose.said(), style="dim", markup=False, soft_wrap=True)
    for row in rows:
        _print(row)
    if licence is not None:
        _print_stale(licence, [held[one] for one in found["id"]])
    more = f"; {found.height - limit:,} more with --limit" if found.height > limit else ""
    sample = " All of it is invented sample data." if any(row["sample"] for row in rows) else ""
    rest = f"; the {left_out:,} that exist no more with --ended" if left_out else ""
    out.print(f"{found.height:,} found{more}, among {among:,} organisations{rest}.{sample}")
    for one in also:
        out.print(one.said(near=near is not None), markup=False, soft_wrap=True)
    for line in () if tried is None else tried.lines():
        out.print(line, style="dim", markup=False, soft_wrap=True)


def _told(match: Match, held: list[Held]) -> dict[str, Any]:
    """A match as JSON: of a licence also when it was last checked, and whether that is too long ago."""
    one = next((one for one in best(held) if match.by == "licence" and one.licence_type == match.value), None)
    return asdict(match) | ({} if one is None else {"checked_on": one.checked_on, "stale": one.stale})


def _print_stale(licence: str, held: list[list[Held]]) -> None:
    """How many of those found hold the licence by what was last checked too long ago; nothing where nobody does."""
    mine = [one for some in held for one in best(some) if one.licence_type.casefold() == licence.strip().casefold()]
    stale = sum(one.stale for one in mine)
    if stale:
        days = vocabulary().properties[TYPE].stale_after
        what = f"{stale:,} of these {len(mine):,} licences {'was' if stale == 1 else 'were'}"
        out.print(f"{what} last checked more than {days} days ago: yes if still held.", markup=False, soft_wrap=True)


def _print(row: dict[str, Any]) -> None:
    """One organisation in a few lines: an id must never be cut, whatever the width of the terminal."""
    old = " (stale)" if "employees" in row["stale"] else ""
    facts = [row["town"], None if row["km"] is None else f"{row['km']:.1f} km",
             None if row["employees"] is None else f"{row['employees']:,} staff{old}",
             ", ".join(one.said() for one in best(row["held"])) or None]  # fmt: skip
    out.print(f"[bold]{escape(row['name'] or '')}[/bold]  {row['id']}", soft_wrap=True)
    out.print(escape(" · ".join(fact for fact in facts if fact)))
    told = ["its name" if match.by == "name" else match.said() for match in row["matched"] if match.by != "place"]
    if told:
        out.print(f"found by: {'; '.join(told)}", markup=False)
    if row["description"]:
        out.print(f"[dim]{escape(row['description'])}{' (stale)' if 'description' in row['stale'] else ''}[/dim]")
    out.print()
