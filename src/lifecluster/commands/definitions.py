"""`lifecluster definitions`: which organisations count, under whose definition, and why the counts differ."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from lifecluster.commands.common import ForOption, JsonOption, PackageOption, open_package, out, print_json
from lifecluster.register.definition import Definition, load_definition, load_definitions
from lifecluster.register.package import Package
from lifecluster.register.presence import PRESENCE
from lifecluster.register.seen import rows

app_definitions = typer.Typer(help="Which organisations count, and why definitions differ.", no_args_is_help=True)
DefinitionOption = Annotated[
    list[str] | None, typer.Option("--definition", "-d", help="A definition (repeat for several); default: all.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_definitions, name="definitions")


def _chosen(names: list[str] | None) -> tuple[Definition, ...]:
    return tuple(load_definition(name) for name in names) if names else load_definitions()


EVIDENCE = pl.List(pl.Struct({"kind": pl.String, "value": pl.String, "weight": pl.Float64, "detail": pl.String}))


def classified(package: Package, definitions: tuple[Definition, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The organisations of a package, and their classes under `definitions` as its build found them,
    as readers of its clearance are shown them."""
    columns = ("name", "description", "sic", "organisation_type", "sources", "status", "segment")
    frame = rows(package, "organisations").select(*columns, organisation_id="id")
    classes = package.table("segments").filter(pl.col("definition").is_in([d.name for d in definitions]))
    classes = classes.drop(PRESENCE, strict=False)
    return frame, classes.with_columns(pl.col("evidence").str.json_decode(EVIDENCE))


@app_definitions.command("list")
def list_definitions(json: JsonOption = False) -> None:
    """List the definitions with their source and what each does to the count."""
    found = load_definitions()
    if json:
        print_json([d.model_dump(mode="json") for d in found])
        return
    for d in found:
        out.print(d.name, style="bold", markup=False)
        for line in (f"{d.title}. {d.publisher}; {d.source.confidence}", d.effect):
            out.indented(line)


@app_definitions.command()
def compare(
    package: PackageOption = None,
    definition: DefinitionOption = None,
    examples: Annotated[
        int, typer.Option(help="Name so many organisations under each reason; --json has all.", min=0)
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Compare counts under several definitions, and say organisation by organisation why they differ."""
    from lifecluster.register.segments.compare import compare as run
    from lifecluster.register.segments.render import render_comparison

    definitions = _chosen(definition)
    organisations, classes = classified(open_package(package), definitions)
    found = run(organisations, classes, definitions)
    if json:
        print_json(found.to_dict())
    else:
        out.print(render_comparison(found, examples=examples, width=out.width))


@app_definitions.command()
def explain(
    identifier: Annotated[str, typer.Argument(help="An id, a company number, or a name.")],
    package: PackageOption = None,
    definition: DefinitionOption = None,
    level: ForOption = "public",
    json: JsonOption = False,
) -> None:
    """What every definition says of one organisation, and why."""
    from lifecluster.commands.show import one
    from lifecluster.register.segments.explain import explain as run
    from lifecluster.register.segments.render import render_explanation

    opened = open_package(package, level)
    definitions = _chosen(definition)
    organisations, classes = classified(opened, definitions)
    found = run(str(one(opened, identifier)["id"]), organisations, classes, definitions)
    if json:
        print_json(found.to_dict())
    else:
        out.print(render_explanation(found))
