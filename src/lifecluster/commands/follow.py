"""`lifecluster follow`: what became of the records of a source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer

from lifecluster.build.decided import DIFFERENT, SAME
from lifecluster.commands.common import WITHHELD, ForOption, JsonOption, PackageOption, open_package, out, print_json
from lifecluster.register.following import STATES, follow, withheld

WORDS = {
    "review": "waits for review",
    "none": "linked to none",
    "linked": "linked",
    "anchor": "others are linked to it",
}
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
    here = every.filter(pl.col("state") == "linked", pl.col("organisation").is_not_null()).height
    said = sentence(source, counts, here=here, rejected=rejected, closed=closed)
    if json:
        print_json({"package": opened.name, "source": source, "sentence": said, "counts": counts, "here": here,
                    "rejected": rejected, "withheld": closed,
                    "records": found.head(limit).to_dicts()})  # fmt: skip
        return
    out.print(said, markup=False, soft_wrap=True)
    if closed:
        out.print(WITHHELD.format(closed, level), style="dim", markup=False, soft_wrap=True)
    for row in found.head(limit).iter_rows(named=True):
        _print(row)
    if csv is not None:
        out.print(f"\nall {found.height:,} written to {csv}", markup=False, soft_wrap=True)
    elif found.height > limit:
        out.print(f"\n{found.height - limit:,} more with --limit, or all with --csv FILE", markup=False)


def sentence(source: str, counts: Mapping[str, int], *, here: int, rejected: int, closed: int) -> str:
    """What became of the records that a reader may know of, in words; of the others nothing but that there are any.

    Parameters: `counts` records by state; `here` how many of the linked ones belong to an organisation of this register
    (others are linked to rows from elsewhere); `rejected` rows put aside that the reader may know of; `closed` how many
    records are for fewer people.
    """
    total = sum(counts.values())
    if not total and closed:
        return f"{source} is not public: what became of its rows is told to those who may see it."
    parts = []
    if n := counts["linked"]:
        of_these = f"{here:,} of them" if n > 1 else "it is" if here else "it is not"
        parts.append(
            f"{n:,} {'is' if n == 1 else 'are'} linked to an organisation of a register ({of_these} in this one)"
        )
    if n := counts["review"]:
        parts.append(f"{n:,} {'waits' if n == 1 else 'wait'} for a person, who says whether it is one of a register")
    if n := counts["none"]:
        parts.append(f"{n:,} {'is' if n == 1 else 'are'} linked to none")
    if n := counts["anchor"]:
        parts.append(f"{n:,} {'is' if n == 1 else 'are'} of a register to which others are linked")
    told = f"{source} names {total:,} organisation{'' if total == 1 else 's'}: {', '.join(parts)}."
    if rejected:
        rows = "1 row was" if rejected == 1 else f"{rejected:,} rows were"
        told += f" {rows} put aside: `lifecluster problems --source {source} --of rows` says why."
    return told


def cleared(row: Mapping[str, Any]) -> tuple[str, str]:
    """Why a record waits no more, or what a person said of it, in words; and the machine's reasons beside that."""
    reasons = [reason for reason in (row["reasons"] or "").split(" | ") if reason]
    if not row["judged"]:
        return "", " | ".join(reasons)
    verdict = {"same": "the same", "different": "different organisations"}.get(row["judged"], row["judged"])
    said = f"judged {verdict} by {row['judged_by']}: {row['judged_why']}"
    if row["state"] == "review":
        return f"still waits: {said}", " | ".join(reasons)
    if row["state"] == "anchor" or row["judged"] == "unsure":
        return said, " | ".join(reasons)
    kept = [reason for reason in reasons if reason not in {DIFFERENT, SAME}]  # the judgement itself is told instead
    return f"cleared: {said}", f"before that: {' | '.join(kept)}" if kept else ""


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
    why, reasons = cleared(row)
    if why:
        out.print(f"    {why}", markup=False, soft_wrap=True)
    if reasons:
        out.print(f"    {reasons}", style="dim", markup=False, soft_wrap=True)
