"""`lifecluster follow`: what became of the records of a source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer

from lifecluster.commands.common import WITHHELD, ForOption, JsonOption, PackageOption, open_package, out, print_json
from lifecluster.register.following import STATES, follow, withheld

WORDS = {"review": "waits for review", "none": "none", "linked": "linked", "anchor": "others are linked to it"}
UNKNOWN = "(not public, and not in the register: its words are in its file alone)"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
State = Literal["review", "none", "linked", "anchor"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("follow")(follow_source)


def follow_source(
    source: Annotated[str, typer.Argument(help="A source, as `lifecluster build` names it.")],
    state: Annotated[State | None, typer.Option(help="Only records of which this became.")] = None,
    limit: Annotated[int, typer.Option(help="How many are listed; --csv has all.", min=1)] = 20,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all of them to this file.")] = None,
    package: PackageOption = None,
    level: ForOption = "public",
    json: JsonOption = False,
) -> None:
    """Follow the records of a source: linked, waiting for review or none, with the organisation and the reasons."""
    opened = open_package(package, level)
    every = follow(opened, source)
    counts = {name: every.filter(pl.col("state") == name).height for name in STATES}
    closed = withheld(opened, source)
    rejected = opened.scan("rejected").filter(pl.col("source") == source).collect().height
    found = every if state is None else every.filter(pl.col("state") == state)
    if csv is not None:
        neutral(found).write_csv(csv, include_bom=True)
    if json:
        print_json({"package": opened.name, "source": source, "counts": counts, "rejected": rejected,
                    "withheld": closed,
                    "records": found.head(limit).to_dicts()})  # fmt: skip
        return
    said = ", ".join(f"{n:,} {WORDS[name]}" for name, n in counts.items() if n)
    out.print(f"{source}: {said}; {rejected:,} rows put aside", markup=False, soft_wrap=True)
    if closed:
        out.print(WITHHELD.format(closed, level), style="dim", markup=False, soft_wrap=True)
    for row in found.head(limit).iter_rows(named=True):
        _print(row)
    if csv is not None:
        out.print(f"\nall {found.height:,} written to {csv}", markup=False, soft_wrap=True)
    elif found.height > limit:
        out.print(f"\n{found.height - limit:,} more with --limit, or all with --csv FILE", markup=False)


def neutral(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with texts that a spreadsheet would run as formulas marked as text by a leading apostrophe."""
    return frame.with_columns(
        pl.when(pl.any_horizontal(pl.col(name).str.starts_with(sign) for sign in FORMULA))
        .then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, dtype in frame.schema.items() if dtype == pl.String
    )  # fmt: skip


def _print(row: dict[str, Any]) -> None:
    chance = "" if row["probability"] is None else f"  {row['probability']:.3f}"
    where = f"{row['locator']}  {row['record']}" if row["locator"] else row["record"]
    out.print(f"\n{WORDS[row['state']]}{chance}  {row['name'] or UNKNOWN}  {where}", markup=False, soft_wrap=True)
    if row["target"]:
        verb = "with" if row["state"] == "linked" else "perhaps with"
        out.print(f"    {verb} {row['target_name'] or UNKNOWN}  {row['target']}", markup=False, soft_wrap=True)
    home = f"{row['organisation_name'] or ''}  {row['organisation']}" if row["organisation"] else "not in this register"
    out.print(f"    organisation: {home}", markup=False, soft_wrap=True)
    if row["reasons"]:
        out.print(f"    {row['reasons']}", style="dim", markup=False, soft_wrap=True)
    if row["judged"]:
        out.print(
            f"    judged {row['judged']} by {row['judged_by']}: {row['judged_why']}", markup=False, soft_wrap=True
        )
