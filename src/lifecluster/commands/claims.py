"""`lifecluster claims`: what a region says of itself, tested."""

from __future__ import annotations

import re
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
SAID = "--stated {0:.0f} changes nothing: rank {0:.0f} is what the sentence of this claim says by itself"
"""Said where the rank to be tested is the one that is tested anyway."""
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
    for claim in found:
        out.print(claim["name"], style="bold", markup=False)
        out.indented(claim["sentence"])
        out.indented(f"rests on {', '.join(claim['bases'])}", style="dim")
    out.print("\nWords in braces are filled in for a region: lifecluster claims compute NAME --region REGION")


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
    from lifecluster.figures.folder import read_from
    from lifecluster.figures.inputs import from_folder, shipped

    found = _package(package)
    inputs = from_folder(source) if source is not None else shipped()
    inputs = inputs if found is None else inputs.with_register(found)
    asked = _place(region, found)
    path = Workspace.current().home / HISTORY
    entries = history.read(path)
    before = history.states(history.latest(entries, name, asked.name))
    claim = load_claim(name)
    result = run(claim, asked, inputs, at=as_of(at), year=year, stated=stated, previous=before)
    if keep:
        history.keep(path, history.computed(result, entries))
    told = {**result.to_dict(), "read": None if source is None else read_from(source, inputs)}
    if json:
        print_json(told)
    else:
        _show(told)
        if stated is not None and stated in {claim.says.rank, claim.says.rank_at_most}:
            out.print(SAID.format(stated), markup=False)


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
        out.print(told[key], markup=False)
    for basis in told["bases"]:
        out.print(f"\n{basis['basis']}", style="bold", markup=False)
        for key in ("publisher", "definition_title", "effect", "note"):
            if basis[key]:
                out.indented(basis[key])
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
    """A result for people: the sentence, the verdict and why; then every basis with its figure in words."""
    _show_read(told["read"])
    out.print(told["sentence"], style="bold", markup=False)
    out.print(f"{told['verdict']}, because {told['because']}" if told["word"] != "no verdict" else
              f"no verdict: {told['because']} (--stated tests a number)", markup=False)  # fmt: skip
    for why in told["why"]:
        if why.removeprefix("missing: ").removeprefix("refused: ") not in told["because"]:
            out.indented(why)
    table = Table("rests on", "figure", "expected", "95 %", "verdict")
    for basis in told["bases"]:
        middle = _number(basis["expected"]) if basis["tells_expected"] else ""
        cells = (
            _broken(basis["basis"]),
            basis["shown"],
            middle,
            _span(basis),
            basis["verdict"].replace("no verdict", ""),
        )
        table.add_row(*(Text(plain(cell)) for cell in cells))
    out.table(table)
    for basis in told["bases"]:
        _show_basis(basis)
    _show_league(told)
    _show_change(told)


def _show_read(read: dict[str, Any] | None) -> None:
    """What the folder of `--from` gave; where nothing, what is recognised."""
    if read is None:
        return
    if read["files"]:
        files = "; ".join(f"{one['file']} ({one['source']}, {one['vintage']})" for one in read["files"])
        out.print(f"Read from {read['folder']}: {files}", markup=False)
        return
    out.print(f"Nothing in {read['folder']} is a statistical file, so what ships is used. Recognised are:",
              style="yellow", markup=False)  # fmt: skip
    for name, layout in read["expected"].items():
        out.indented(f"{name}: {layout}")


def _show_basis(basis: dict[str, Any]) -> None:
    """One basis in words: what the figure is, of where and when, and what has to be known of it."""
    lines = [*filter(None, [basis["reading"]]), *basis["notes"], *basis["missing"], *filter(None, [basis["refused"]])]
    of = ", ".join(filter(None, [basis["geography"], basis["vintage"]]))
    out.print(f"{basis['basis']}" + (f" ({of})" if of else ""), style="bold", markup=False)
    for line in lines:
        out.indented(line)


def _broken(label: str, width: int = 28) -> str:
    """The name of a basis on lines of its parts, none of them cut."""
    lines = [""]
    for part in re.findall("[^/]+/?", label):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _span(basis: dict[str, Any]) -> str:
    """The interval of a basis; a share or a growth in per cent."""
    if basis["low"] is None:
        return ""
    if basis["shown"].endswith("%"):
        return f"{100 * basis['low']:.1f} to {100 * basis['high']:.1f} %"
    if basis["high"] is None:
        return f"{_number(basis['low'])} or more"
    return f"{_number(basis['low'])} to {_number(basis['high'])}"


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
    table = Table("region", "figure", Column("95 %", no_wrap=True), "P(1st)", "P(1st or 2nd)")
    for line in lines:
        figure = "" if line["value"] is None else _number(line["value"])
        if line["low"] is not None and not line["low"] <= line["value"] <= line["high"]:
            figure = f"{figure} ({_number(line['expected'])} expected)"
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
            out.indented(change["refused"])
        for reason in change["reasons"]:
            out.print(f"  {reason['difference']:+,.6g} {reason['reason']} ({reason['rows']} rows): {reason['words']}",
                      markup=False)  # fmt: skip
