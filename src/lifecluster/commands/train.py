"""`lifecluster judge train`: let the scorer of linkage learn from judgements, and say by how much it is better."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifecluster import clock
from lifecluster.commands.common import JsonOption, out, print_json
from lifecluster.errors import InputError, LifeclusterError
from lifecluster.workspace import Workspace

if TYPE_CHECKING:
    from lifecluster.register.entry import Entry


def train(
    log: Annotated[
        list[Path] | None,
        typer.Option("--log", help="A log of judgements (repeat for several); default: the workspace's and the web's."),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Measure only, and write nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Learn from what people judged; the next builds use it if it is better on judged pairs that were held out."""
    from lifecluster.register.linkage import learnt
    from lifecluster.register.linkage.learning import examples
    from lifecluster.register.linkage.learning import train as learn
    from lifecluster.register.linkage.scorer import shipped

    model = shipped().version
    found = learn(examples(_entries(log), model), model)
    folder, at = Workspace.current().learnt, clock.now()
    told = learnt.told(found, at) if dry else learnt.keep(folder, found, at)
    if json:
        print_json(told)
        return
    _tell(told)
    if not dry:
        kept = (
            f"the next build uses it: {folder / learnt.LAYER}" if told["accepted"] else "builds use the shipped scorer"
        )
        out.print(kept, markup=False, soft_wrap=True)


def _entries(paths: Sequence[Path] | None) -> list[Entry]:
    """The entries of the logs named, else of the workspace's and, where there is a web app, of its database.

    Raises InputError for a log that is not there; LifeclusterError where there is no workspace.
    """
    from lifecluster.register import merging
    from lifecluster.register.log import FileLog

    for path in paths or ():
        if not path.is_file():
            raise InputError("there is no such log", file=str(path))
    workspace = Workspace.current()
    own = workspace.log
    logs = [FileLog(path).entries() for path in (paths or ([own] if own.is_file() else []))]
    if not paths:
        from lifecluster.web.directory import operate

        if operate.there():
            operate.open_web()
            from lifecluster.web.directory.logbook import log

            logs.append(log.entries())
        elif not logs and not workspace.home.is_dir():
            raise LifeclusterError(workspace.lacks("web app", "load a package and judge its links, name a log (--log)"))
    return list(merging.merge(logs))


def _tell(told: dict[str, Any]) -> None:
    """A training in words."""
    out.print(f"{told['judgements']:,} judgements on pairs that the scorer saw, {told['same']:,} of them same")
    for name, when in (("before", "shipped scorer"), ("after", "with what was learnt")):
        if one := told[name]:
            out.print(f"  {when:<22} log-loss {one['log_loss']:.3f}  Brier {one['brier']:.3f}  F1 {one['f1']:.3f}")
    out.print(told["why"], markup=False, soft_wrap=True)
