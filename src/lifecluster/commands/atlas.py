"""`lifecluster atlas`: cluster statistics of a region from its package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Column, Table
from rich.text import Text

from lifecluster.commands.common import JsonOption, PackageOption, open_package, out, plain, print_json
from lifecluster.register.package import Package

app_atlas = typer.Typer(help="Clusters of a region, each beside what chance would give.", no_args_is_help=True)
DefinitionOption = Annotated[
    str | None,
    typer.Option("--definition", "-d", help="By whose rules an organisation counts; default: the region's first."),
]
SegmentOption = Annotated[str | None, typer.Option("--segment", help="A segment, or the start of its code.")]
SectorOption = Annotated[
    bool,
    typer.Option(
        "--same-sector", help="Put each case only at companies of its own sector (SIC division of their first trade)."
    ),
]
SizeOption = Annotated[
    bool, typer.Option("--same-size", help="Put each case only at companies of its own size (by their accounts).")
]
WithinOption = Annotated[
    list[str] | None, typer.Option("--within", help="Code of an area to look at alone (authority, ITL, region).")
]
BufferOption = Annotated[
    float, typer.Option("--buffer", help="Kilometres beyond it whose companies are neighbours but no centres.", min=0)
]
BeyondOption = Annotated[
    bool, typer.Option("--beyond", help="Count companies beyond the region's own border as neighbours too.")
]
SimsOption = Annotated[int, typer.Option("--sims", help="Simulations.", min=0)]
SeedOption = Annotated[int, typer.Option("--seed", help="Of the random numbers: same seed, same figures.")]
ReachOption = Annotated[float, typer.Option("--reach", help="Largest distance, kilometres.", min=1)]
StepOption = Annotated[float, typer.Option("--step", help="Kilometres from one distance to the next.", min=0.1)]
SideOption = Annotated[str, typer.Option("--alternative", help="two-sided, greater (clustered) or less.")]
ErrorOption = Annotated[
    float | None, typer.Option("--position-error", help="Metres; default: by the quality of the places.")
]

PackagesOption = Annotated[
    list[Path] | None, typer.Option("--package", help="A package for each region; one: its districts side by side.")
]

MOST = 20
"""Areas side by side that are printed; JSON has all."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_atlas, name="atlas")


def _counted(definition: str | None, package: Package) -> str:
    """The definition that was named, else the first of the package's region, with which the web app begins too."""
    return definition or str(package.manifest["definitions"][0]["name"])


@app_atlas.command()
def kd(package: PackageOption = None, definition: DefinitionOption = None, segment: SegmentOption = None,
       same_sector: SectorOption = False, same_size: SizeOption = False, within: WithinOption = None,
       buffer: BufferOption = 20, beyond: BeyondOption = False, reach: ReachOption = 60, step: StepOption = 1,
       sims: SimsOption = 999,
       alternative: SideOption = "two-sided", position_error: ErrorOption = None, seed: SeedOption = 0,
       json: JsonOption = False) -> None:  # fmt: skip
    """K-density: are the cases nearer to each other than companies of the region in general, and at what distance?"""
    there = open_package(package)
    from lifecluster.atlas import report

    opened = report.opened(there, _counted(definition, there), segment, same_sector, same_size=same_size,
                           within=within or (), buffer=buffer * 1000, beyond=beyond)  # fmt: skip
    found = report.curve("kd", opened, reach, step, sims, alternative, position_error, seed)
    _curve(opened, found, json)


@app_atlas.command()
def m(package: PackageOption = None, definition: DefinitionOption = None, segment: SegmentOption = None,
      same_sector: SectorOption = False, same_size: SizeOption = False, within: WithinOption = None,
      buffer: BufferOption = 20, beyond: BeyondOption = False, reach: ReachOption = 60, step: StepOption = 1,
      sims: SimsOption = 999,
      alternative: SideOption = "two-sided", position_error: ErrorOption = None, seed: SeedOption = 0,
      json: JsonOption = False) -> None:  # fmt: skip
    """M: the share of cases among the neighbours of a case, relative to their share in the region."""
    there = open_package(package)
    from lifecluster.atlas import report

    opened = report.opened(there, _counted(definition, there), segment, same_sector, same_size=same_size,
                           within=within or (), buffer=buffer * 1000, beyond=beyond)  # fmt: skip
    found = report.curve("m", opened, reach, step, sims, alternative, position_error, seed)
    _curve(opened, found, json)


def _curve(opened: Any, found: dict[str, Any], json: bool) -> None:
    from lifecluster.atlas import entered, told

    who = entered.companies(opened)
    if json:
        print_json({**found, "entered": who})
        return
    out.print(told.curve(found, who), style="bold", markup=False)
    out.print(entered.line(who), markup=False)
    out.print(found["sentence"], markup=False)
    out.print(f"{found['statistic']} against {found['universe']}; {found['method']}.", style="dim", markup=False)
    for note in found["notes"]:
        out.print(note, style="dim", markup=False)


@app_atlas.command()
def lq(package: PackageOption = None, definition: DefinitionOption = None, segment: SegmentOption = None,
       sims: SimsOption = 999, seed: SeedOption = 0,
       json: JsonOption = False) -> None:  # fmt: skip
    """Location quotients of districts and of ITL3 areas, and how concentrated the cases are over them."""
    there = open_package(package)
    from lifecluster.atlas import entered, report, told

    opened = report.opened(there, _counted(definition, there), segment)
    found, who = report.quotients(opened, sims, seed), entered.companies(opened)
    if json:
        print_json({**found, "entered": who})
        return
    out.print(told.quotients(found, who), style="bold", markup=False)
    out.print(entered.line(who), markup=False)
    for one in found["geographies"]:
        sure = [row for row in one["areas"] if row["q"] is not None and row["q"] <= 0.05]
        names = "; ".join(told.quotient(row) for row in sure) or "none beyond chance"
        out.print(f"By {one['geography']}: {names}", markup=False)
    out.print(told.QUOTIENT, style="dim", markup=False)


@app_atlas.command()
def hotspots(package: PackageOption = None, definition: DefinitionOption = None, segment: SegmentOption = None,
             same_sector: SectorOption = False, sims: SimsOption = 999,
             share: Annotated[float, typer.Option("--share", help="Largest share of companies in a circle.", min=0.001,
                                                  max=0.5)] = 0.1,
             seed: SeedOption = 0, json: JsonOption = False) -> None:  # fmt: skip
    """Hot spots: circles with more cases than chance puts into any circle, their shape and how firm they are."""
    there = open_package(package)
    from lifecluster.atlas import entered, report, told

    opened = report.opened(there, _counted(definition, there), segment, same_sector)
    found, who = report.hot(opened, sims, share, seed), entered.companies(opened)
    if json:
        print_json({**found, "entered": who})
        return
    out.print(told.spots(found, who), style="bold", markup=False)
    out.print(entered.line(who), markup=False)
    for one in found["clusters"]:
        out.print(f"\n{one['name']}: {one['place']}", style="bold", markup=False)
        out.indented(told.spot(one))


@app_atlas.command()
def network(package: PackageOption = None, sims: Annotated[int, typer.Option("--sims", help="Rewired networks.")] = 99,
            seed: SeedOption = 0, json: JsonOption = False) -> None:  # fmt: skip
    """Who works with whom: communities, brokers, and whether the region works with itself or with others."""
    there = open_package(package)
    from lifecluster.atlas import report

    found = report.net(there, sims, seed)
    if json:
        print_json(found)
        return
    if found["modularity"]["value"] is None:
        told = found["modularity"]["note"]
        out.print(f"{told[0].upper()}{told[1:]}.", markup=False)
        return
    from lifecluster.atlas import told

    first, *others = told.net(found, there)
    out.print(first, style="bold", markup=False)
    for line in others:
        out.print(line, markup=False)


@app_atlas.command()
def benchmark(
    package: PackagesOption = None,
    definition: DefinitionOption = None, segment: SegmentOption = None, seed: SeedOption = 0,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Areas side by side by number of organisations, each rank with its probability."""
    paths: list[Path | None] = [*package] if package else [None]
    there = [open_package(path) for path in paths]
    from lifecluster.atlas import entered, report, told

    counted = _counted(definition, there[0])
    found = report.side_by_side(there, counted, segment, seed)
    who = [entered.districts(one, counted, segment) for one in there]
    if json:
        print_json({**found, "entered": who})
        return
    out.print(told.side_by_side(found), style="bold", markup=False)
    for one in who:
        out.print(entered.line(one), markup=False)
    table = Table(Column("rank", justify="right"), "area", Column("expected", justify="right"), "95 %", "rank, 95 %")
    for row in found["regions"][:MOST]:
        low, high = (int(rank) for rank in row["ranks"])
        ranks = str(low) if low == high else f"{low} to {high}"
        ends = row["interval"] or (row["value"], row["value"])
        span = f"{ends[0]:,.0f} to {ends[1]:,.0f}"
        table.add_row(str(row["rank"]), Text(plain(row["area"])), f"{row['value']:,.0f}", span, ranks)
    out.table(table)
    if (more := len(found["regions"]) - MOST) > 0:
        out.print(f"{more:,} more {found['geography']}: --json has all", style="dim")
    out.print(told.RANKS, style="dim", markup=False)


@app_atlas.command()
def refresh(package: PackageOption = None) -> None:
    """Compute the atlas of the package that the web app shows; its pages show all of it at once."""
    from lifecluster.commands.common import progress
    from lifecluster.web.atlas import operate

    out.print(f"The atlas is computed: {operate.refresh(package, progress)} parts.")


@app_atlas.command()
def publish(
    part: Annotated[str, typer.Argument(help="What to publish: overview, areas, segment/dental, cluster/1, …")],
    note: Annotated[str, typer.Option("--note", help="Words that stand beside it.")] = "",
) -> None:
    """Freeze a part of the atlas that the web app shows, under an address of its own."""
    from lifecluster.web.atlas import operate

    out.print(f"Published at {operate.publish(part, note)}", soft_wrap=True, markup=False)
