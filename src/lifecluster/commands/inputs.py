"""`lifecluster sources`, `fetch`, `mapping`, `regions`: where data comes from and how a list of one's own is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from lifecluster.commands.common import AtOption, JsonOption, as_of, out, print_json, progress
from lifecluster.errors import LifeclusterError
from lifecluster.workspace import Workspace

mapping_app = typer.Typer(help="Say what the columns of a list of organisations mean.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("sources")(list_sources)
    app.command()(fetch)
    app.add_typer(mapping_app, name="mapping")
    app.command()(regions)


def list_sources(json: JsonOption = False) -> None:
    """List the sources: publisher, licence, how often they change, where to get them."""
    from lifecluster.sources.registry import describe

    frame = describe(Workspace.current().sources)
    if json:
        print_json(frame.to_dicts())
        return
    for row in frame.iter_rows(named=True):
        how = "`lifecluster fetch`" if row["fetch"] else "by hand"
        out.print(f"[bold]{escape(row['name'])}[/bold]  {escape(row['title'])}")
        out.print(f"  {row['publisher']} · {row['licence']} · {row['refresh']} · {how}", markup=False)
        out.print(f"  {row['url']}", markup=False, soft_wrap=True)


def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Sources to fetch; none: all that can be.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for the files; default: the workspace's inputs.")
    ] = None,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """Download official files from their publishers: https only, resumed where they were cut."""
    from lifecluster.sources.fetch import fetch as get
    from lifecluster.sources.registry import sources

    known = sources(Workspace.current().sources)
    wrong = sorted(set(names or ()) - set(known))
    if wrong:
        raise LifeclusterError(f"no such source: {', '.join(wrong)}; there are {', '.join(known)}")
    wanted = names or [name for name, source in known.items() if source.spec.downloads]
    folder = to or Workspace.current().inputs
    done, failed = [], {}
    for name in wanted:
        progress(f"fetching {name}")
        try:
            done += [(name, found) for found in get(known[name].spec, folder, at=as_of(at))]
        except (LifeclusterError, OSError) as error:
            failed[name] = str(error)
    rows = [{"source": n, "file": f.path.name, "bytes": f.bytes, "sha256": f.sha256} for n, f in done]
    if json:
        print_json({"fetched": rows, "failed": failed})
    else:
        for row in rows:
            out.print(f"{row['source']}: {row['file']}, {row['bytes']:,} bytes", markup=False)
        for name, reason in failed.items():
            out.print(f"{name}: {reason}", style="red", markup=False)
    if failed:
        raise typer.Exit(1)


@mapping_app.command()
def guess(
    path: Annotated[Path, typer.Argument(help="A list: CSV, XLSX or ODS.")],
    sheet: Annotated[str | None, typer.Option(help="Name of the sheet, where there are several.")] = None,
    json: JsonOption = False,
) -> None:
    """Guess what each column means and write it beside the list, for you to check and confirm."""
    from lifecluster.sources.mapping import look, mapping_path, save_mapping

    looked = look(path, sheet=sheet)
    found = looked.mapping
    target = mapping_path(path, sheet)
    if target.exists():
        raise LifeclusterError(f"{target.name} is there already; edit it, or remove it to guess anew")
    save_mapping(found, target)
    if json:
        print_json({"mapping": str(target), **found.model_dump(mode="json")})
        return
    table = Table("column", "becomes", "sure", "examples", title=escape(path.name), title_justify="left")
    for name, column in found.columns.items():
        becomes = column.property or f"ignored: {column.ignore}"
        sure = "" if column.confidence is None else f"{column.confidence:.0%}"
        table.add_row(escape(name), escape(becomes), sure, escape(" · ".join(looked.examples.get(name, ()))))
    out.table(table)
    which = "" if sheet is None else f" --sheet '{sheet}'"
    if looked.others:
        taken = f"sheet {found.sheet!r} was taken; " if found.sheet is not None else ""
        others = ", ".join(repr(name) for name in looked.others)
        out.print(f"{taken}others hold something too: {others}. To read one of them: lifecluster mapping guess {path} "
                  f"--sheet {looked.others[0]!r}", style="yellow", markup=False, soft_wrap=True)  # fmt: skip
    out.print(f"Written to {target}. Check it, then: lifecluster mapping confirm {path}{which}", markup=False,
              soft_wrap=True)  # fmt: skip


@mapping_app.command()
def confirm(
    path: Annotated[Path, typer.Argument(help="The list whose mapping is right.")],
    sheet: Annotated[str | None, typer.Option(help="Name of the sheet, if it was guessed for one.")] = None,
) -> None:
    """Confirm a mapping as it stands; from now on a build reads the list."""
    from lifecluster.sources.mapping import load_mapping, mapping_path, save_mapping

    target = mapping_path(path, sheet)
    found = load_mapping(target).model_copy(update={"confirmed": True})
    save_mapping(found, target)
    out.print(f"{target.name}: confirmed", markup=False)


def regions(json: JsonOption = False) -> None:
    """List the region profiles."""
    from lifecluster.region import load_region, profiles

    found = [load_region(name) for name in profiles()]
    if json:
        print_json([{"name": r.name, "title": r.title, "authorities": len(r.codes)} for r in found])
        return
    for region in found:
        out.print(f"[bold]{region.name}[/bold]  {escape(region.described())}")
