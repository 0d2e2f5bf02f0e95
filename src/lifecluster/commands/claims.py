"""`lifecluster claims`: what a region says of itself, tested."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Column, Table
from rich.text import Text

from lifecluster.commands.common import AtOption, JsonOption, PackageOption, as_of, open_package, out, plain, print_json
from lifecluster.errors import LifeclusterError
from lifecluster.register.package import CURRENT, Package
from lifecluster.workspace import Workspace

HISTORY = "claims.jsonl"
"""File of the workspace that keeps the history of claims."""
DEFAULT = "midlands"
app_claims = typer.Typer(help="Figures as claims: what a region says of itself, and whether it is true.",
                         no_args_is_help=True)  # fmt: skip
NameArgument = Annotated[str, typer.Argument(help="The claim, as `lifecluster claims list` names it.")]
RegionOption = Annotated[
    str | None,
    typer.Option("--region", "-r", help="A profile, a region (north-west), an ITL code, great-britain or "
                 "united-kingdom; default: the region of the package, else midlands."),
]  # fmt: skip

YearOption = Annotated[str | None, typer.Option("--year", help="A year or release (2019, 2021/22); default: latest.")]
StatedOption = Annotated[
    float | None, typer.Option("--stated", help="A number somebody quotes: is it true? (Of a rank: the rank.)")
]
FromOption = Annotated[
    Path | None, typer.Option("--from", help="A folder of statistical files, to add to the tables that ship.")
]
KeepOption = Annotated[bool, typer.Option("--keep", help="Add what came out to the history of the workspace.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_claims, name="claims")


@app_claims.command("list")
def list_claims(json: JsonOption = False) -> None:
    """List the claims that ship, with the sentence each tests and what it rests on."""
    from lifecluster.figures.claim import claims
    from lifecluster.figures.explain import listed

    found = [listed(claim) for claim in claims()]
    if json:
        print_json(found)
        return
    table = Table(Column("name", no_wrap=True), "sentence", Column("rests on", overflow="fold"))
    for claim in found:
        table.add_row(claim["name"], claim["sentence"], "\n".join(claim["bases"]))
    out.table(table)


@app_claims.command()
def compute(
    name: NameArgument,
    region: RegionOption = None,
    year: YearOption = None,
    stated: StatedOption = None,
    source: FromOption = None,
    package: PackageOption = None,
    keep: KeepOption = False,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:  # fmt: skip
    """Compute a claim: value, interval, verdict, every definition beside it, and what changed since last time."""
    from lifecluster.figures import history
    from lifecluster.figures.claim import load_claim
    from lifecluster.figures.compute import compute as run
    from lifecluster.figures.inputs import from_folder, shipped

    found = _package(package)
    inputs = from_folder(source) if source is not None else shipped()
    inputs = inputs if found is None else inputs.with_register(found)
    asked = _place(region, found)
    path = Workspace.current().home / HISTORY
    entries = history.read(path)
    before = history.states(history.latest(entries, name, asked.name))
    result = run(load_claim(name), asked, inputs, at=as_of(at), year=year, stated=stated, previous=before)
    if keep:
        history.keep(path, history.computed(result, entries))
    told = result.to_dict()
    if json:
        print_json(told)
    else:
        _show(told)


@app_claims.command()
def explain(name: NameArgument, json: JsonOption = False) -> None:
    """The recipe of a claim: definitions, method, when it is true, the disclosure rule, and its history here."""
    from lifecluster.figures import history
    from lifecluster.figures.claim import load_claim
    from lifecluster.figures.explain import explained

    told = explained(load_claim(name), history.read(Workspace.current().home / HISTORY))
    if json:
        print_json(told)
        return
    out.print(told["sentence"], style="bold", markup=False)
    for key in ("why", "asserts", "verdicts", "uncertainty"):
        out.print(told[key], markup=False, soft_wrap=True)
    for basis in told["bases"]:
        out.print(f"\n{basis['basis']}", style="bold", markup=False)
        for key in ("publisher", "definition_title", "effect", "note"):
            if basis[key]:
                out.print(f"  {basis[key]}", markup=False, soft_wrap=True)
    for entry in told["history"]:
        out.print(f"{entry['at']} {entry['region']} {entry['entry']}: {entry['sentence']} ({entry['verdict']})",
                  markup=False)  # fmt: skip


@app_claims.command()
def refresh(package: PackageOption = None) -> None:
    """Compute every claim for the package that the web app shows; its pages show them all at once."""
    from lifecluster.commands.common import progress
    from lifecluster.web.figures import operate

    out.print(f"{operate.refresh(package, progress)} claims are computed.")


@app_claims.command()
def publish(
    name: NameArgument,
    note: Annotated[str, typer.Option("--note", help="Words that stand beside the publication.")] = "",
) -> None:
    """Freeze what the web app shows of a claim under an address of its own, to be cited."""
    from lifecluster.web.figures import operate

    out.print(operate.publish(name, note), markup=False, soft_wrap=True)


def _package(path: Path | None) -> Package | None:
    """The package named, else the workspace's current one if there is any: claims do without a register."""
    if path is None and not (Workspace.current().packages / CURRENT).exists():
        return None
    return open_package(path)


def _place(region: str | None, package: Package | None) -> Any:
    from lifecluster.figures.places import of_region, place
    from lifecluster.region import Region

    if region is not None:
        return place(region)
    if package is None:
        return place(DEFAULT)
    try:
        return of_region(Region.model_validate(package.manifest["region"]))
    except (KeyError, ValueError) as error:
        raise LifeclusterError(f"{package.name} does not say what its region is; give --region") from error


def _show(told: dict[str, Any]) -> None:
    """A result for people: the sentence and the verdict, then every basis."""
    out.print(told["sentence"], style="bold", markup=False, soft_wrap=True)
    chance = "" if told["probability"] is None else f" (probability {told['probability']:.2f})"
    out.print(f"{told['verdict']}{chance}", markup=False)
    for why in told["why"]:
        out.print(f"  {why}", markup=False, soft_wrap=True)
    table = Table(Column("rests on", overflow="fold"), "vintage", "of", "figure", "95 %", "verdict")
    for basis in told["bases"]:
        span = "" if basis["low"] is None else f"{_number(basis['low'])} to {_number(basis['high'])}"
        cells = (basis["basis"], basis["vintage"] or "", basis["geography"], basis["shown"], span, basis["verdict"])
        table.add_row(*(Text(plain(cell)) for cell in cells))
    out.table(table)
    for basis in told["bases"]:
        for note in (*basis["notes"], *basis["missing"], *filter(None, [basis["refused"]])):
            out.print(f"{basis['basis']}: {note}", markup=False, soft_wrap=True)
    _show_league(told)
    _show_change(told)


def _number(value: float | None) -> str:
    """A number for people; `?` where there is none."""
    if value is None:
        return "?"
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.4g}"


def _show_league(told: dict[str, Any]) -> None:
    deciding = next((b for b in told["bases"] if b["basis"] == told["basis"]), None)
    lines = [] if deciding is None else [*deciding["league"], *deciding["beside"]]
    if not lines:
        return
    table = Table(
        "region", "figure", Column("95 %", no_wrap=True), "P(first)", Column("P(first or second)", no_wrap=True)
    )
    for line in lines:
        figure = "" if line["value"] is None else _number(line["value"])
        span = "" if line["low"] is None else f"{_number(line['low'])} to {_number(line['high'])}"
        chances = ["" if line[k] is None else f"{line[k]:.3f}" for k in ("first", "first_or_second")]
        table.add_row(line["region"], figure, span, *chances)
    out.table(table)


def _show_change(told: dict[str, Any]) -> None:
    for basis in told["bases"]:
        change = basis["change"]
        if change is None:
            continue
        out.print(f"since last time, {basis['basis']}: {change['before']} to {change['after']}", markup=False)
        if change["refused"]:
            out.print(f"  {change['refused']}", markup=False, soft_wrap=True)
        for reason in change["reasons"]:
            out.print(f"  {reason['difference']:+,.6g} {reason['reason']} ({reason['rows']} rows): {reason['words']}",
                      markup=False)  # fmt: skip
