"""`lifecluster link`, `judge`, `evaluate linkage`: which organisation a name means, by the machine and by people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lifecluster import clock
from lifecluster.commands.common import (
    WITHHELD,
    ForOption,
    JsonOption,
    LogOption,
    PackageOption,
    acting,
    err,
    open_package,
    out,
    print_json,
)
from lifecluster.commands.train import train
from lifecluster.errors import LifeclusterError
from lifecluster.register.package import CURRENT
from lifecluster.workspace import Workspace

evaluate_app = typer.Typer(help="Measure quality against labels.", no_args_is_help=True)
judge_app = typer.Typer(help="Write down what a person decided about two records.", no_args_is_help=True)
Record = Annotated[str, typer.Argument(help="A record, `source/kind:key`, as `lifecluster show` lists them.")]
ActorOption = Annotated[str, typer.Option("--as", help="The role you act in: desk, broker or steward.", metavar="ROLE")]
JUDGE = "link.judge"
WhyOption = Annotated[str, typer.Option("--why", help="The reason, in words.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(link)
    app.add_typer(judge_app, name="judge")
    app.add_typer(evaluate_app, name="evaluate")


def link(
    queries: Annotated[
        Path, typer.Argument(help="CSV with id,name and optionally postcode,address,town,country,company_number.")
    ],
    against: Annotated[Path, typer.Option("--register", help="BasicCompanyData, our own layout, or a package.")],
    to: Annotated[Path, typer.Option("--out", help="The CSV to write.")],
    lost_zeros: Annotated[
        bool,
        typer.Option("--lost-zeros", help="The queries lost zeros that company numbers begin with: put them back."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Link names and addresses to organisations: one answer a query, with probability, band and reasons."""
    from lifecluster.register.linkage.command import run_link

    summary = run_link(queries, against, to, lost_zeros=lost_zeros, progress=_tell if err.is_terminal else None)
    if json:
        print_json(summary.as_dict())
    else:
        out.print(
            f"{summary.queries:,} queries against {summary.register:,} organisations: {summary.auto:,} linked, "
            f"{summary.review:,} to review, {summary.none:,} without; written to {to}", markup=False, soft_wrap=True,
        )  # fmt: skip


def _tell(stage: str, done: int, total: int) -> None:
    err.print(f"[dim]{stage}: {done:,} of {total:,}[/dim]", end="\r")


def _write(kind: Literal["same", "different", "unsure"], left: str, right: str, *, actor: str, why: str,
           log: Path | None, package: Path | None, json: bool) -> None:  # fmt: skip
    from lifecluster.register.judging import by_key_alone, homeless, judge_in

    opened = open_package(package)
    path = log or Workspace.current().log
    entry = judge_in(opened, path, kind, left, right, actor=acting(actor, JUDGE), why=why, at=clock.now())
    if json:
        print_json({"entry": entry.id, "kind": kind, "left": left, "right": right})
    else:
        out.print(
            f"{entry.id}: {left} and {right} are judged {kind}; the next build goes by it", markup=False, soft_wrap=True
        )
    for record in by_key_alone(entry):
        err.print(f"{record} is not public and not in the register: the judgement holds by its key alone, "
                  "and has to be made again if the row is changed",
                  style="yellow", markup=False, soft_wrap=True)  # fmt: skip
    if lost := homeless(opened, path).height:
        err.print(f"{lost:,} judgements hold on no row of {opened.name}: `lifecluster judge list` marks them",
                  style="yellow", markup=False, soft_wrap=True)  # fmt: skip


@judge_app.command()
def same(left: Record, right: Record, why: WhyOption, actor: ActorOption = "desk", log: LogOption = None,
         package: PackageOption = None, json: JsonOption = False) -> None:  # fmt: skip
    """Two records are the same organisation."""
    _write("same", left, right, actor=actor, why=why, log=log, package=package, json=json)


@judge_app.command()
def different(left: Record, right: Record, why: WhyOption, actor: ActorOption = "desk", log: LogOption = None,
              package: PackageOption = None, json: JsonOption = False) -> None:  # fmt: skip
    """Two records are different organisations."""
    _write("different", left, right, actor=actor, why=why, log=log, package=package, json=json)


@judge_app.command()
def unsure(left: Record, right: Record, why: WhyOption, actor: ActorOption = "desk", log: LogOption = None,
           package: PackageOption = None, json: JsonOption = False) -> None:  # fmt: skip
    """Somebody looked and could not tell."""
    _write("unsure", left, right, actor=actor, why=why, log=log, package=package, json=json)


@judge_app.command()
def retract(entry: Annotated[str, typer.Argument(help="The id of the judgement, or its beginning.")], why: WhyOption,
            actor: ActorOption = "desk", log: LogOption = None, json: JsonOption = False) -> None:  # fmt: skip
    """Take a judgement back: all is as it was before, and the log keeps both."""
    from lifecluster.register.judging import retract_in

    done = retract_in(log or Workspace.current().log, entry, actor=acting(actor, JUDGE), why=why, at=clock.now())
    if json:
        print_json({"entry": done.id, "retracts": done.refers_to})
    else:
        out.print(f"{done.id}: {done.refers_to} is retracted", markup=False, soft_wrap=True)


@judge_app.command("list")
def list_judgements(log: LogOption = None, package: PackageOption = None, json: JsonOption = False) -> None:
    """List the judgements that hold, with who, why and when; those that the package has no row for are marked."""
    from lifecluster.register.judgement import Judgements
    from lifecluster.register.judging import homeless
    from lifecluster.register.log import FileLog

    path = log or Workspace.current().log
    live = Judgements(FileLog(path).entries()).live if path.is_file() else {}
    if json:
        print_json([{"entry": e.id, "kind": e.action.removeprefix("judgement."), "left": e.subject, "right": e.object,
                     "actor": e.actor, "why": e.why, "at": e.at} for e in live.values()])  # fmt: skip
        return
    there = package is not None or (Workspace.current().packages / CURRENT).exists()
    lost = {row["entry"]: row["reason"] for row in homeless(open_package(package), path).to_dicts()} if there else {}
    for e in live.values():
        out.print(f"{e.id[:12]}  {e.action.removeprefix('judgement.')}  {e.subject}  {e.object}  {e.actor}: {e.why}",
                  markup=False, soft_wrap=True)  # fmt: skip
        if e.id in lost:
            out.print(f"      holds on no row: {lost[e.id]}", style="yellow", markup=False, soft_wrap=True)
    if not live:
        out.print("no judgements yet: `lifecluster judge same LEFT RIGHT --why …` writes one", markup=False)


judge_app.command("train")(train)


@judge_app.command("queue")
def queue(package: PackageOption = None, limit: Annotated[int, typer.Option(help="How many.", min=1)] = 20,
          level: ForOption = "public", json: JsonOption = False) -> None:  # fmt: skip
    """List links that wait for a person: most probable first, with the two records, file and row, and the reasons."""
    from lifecluster.register.judging import waiting

    opened = open_package(package, level)
    every = waiting(opened)
    rows = every.head(limit).to_dicts()
    if json:
        print_json(rows)
        return
    for row in rows:
        named = row["name"] or "(not public: what it says is in its file alone)"
        where = f"{row['locator']}  {row['record']}" if row["locator"] else row["record"]
        lines = (f"{row['probability']:.3f}  {named}  {where}",
                 f"      {row['target']}  {row['target_name']}", f"      {row['reasons']}")  # fmt: skip
        out.print("\n".join(lines), markup=False, soft_wrap=True)
    if not rows:
        out.print("nothing waits for a person", markup=False)
    if more := waiting(opened.whole).height - every.height:
        out.print(WITHHELD.format(more, level), style="dim", markup=False, soft_wrap=True)


@evaluate_app.command()
def linkage(
    labels: Annotated[Path, typer.Option("--labels", help="CSV with id,company_number (blank: no true match).")],
    links: Annotated[Path | None, typer.Option("--links", help="Answers of `lifecluster link`.")] = None,
    queries: Annotated[Path | None, typer.Option("--queries", help="Or queries to be linked first.")] = None,
    against: Annotated[Path | None, typer.Option("--register", help="... to this register.")] = None,
    meta: Annotated[Path | None, typer.Option("--meta", help="CSV with id,noise_class,kind: figures by class.")] = None,
    json: JsonOption = False,
) -> None:
    """Precision, recall and F1 of links against labels, with intervals."""
    from lifecluster.register.linkage.command import evaluate_files

    if links is None and (queries is None or against is None):
        raise LifeclusterError("give --links, or --queries and --register")
    found = evaluate_files(labels, links=links, queries=queries, register=against, meta=meta)
    if json:
        print_json(found.as_dict())
        return
    low, high = found.f1_interval
    out.print(
        f"F1 {found.f1:.3f} ({low:.3f} to {high:.3f}), precision {found.precision:.3f}, recall {found.recall:.3f}"
    )
    out.print(f"{found.queries:,} queries, {found.labelled:,} with a true match; recall at precision .99: "
              f"{found.recall_at_p99:.3f}")  # fmt: skip
    out.print(f"auto {found.auto_share:.0%} at precision {found.auto_precision:.3f}; review {found.review_share:.0%}")
