"""`lifecluster jobs`: what the web app of this workspace does again and again, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from lifecluster.commands.common import out

app_jobs = typer.Typer(
    help="Jobs of the web app: what is done again and again. `serve` runs those that are due by itself.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(app_jobs, name="jobs")


def _open() -> None:
    from lifecluster.web.directory.operate import open_web, require_web

    require_web()
    open_web()


@app_jobs.command("list")
def list_jobs() -> None:
    """List all jobs: when each ran last, when it is due, and what went wrong the last time."""
    _open()
    from lifecluster.web.shell import schedule

    table = Table("job", "what it does", "ran", "due", "what came of it")
    for one in schedule.listed():
        row = one.row
        ran, due = (_said(row.ran_at), _said(row.due_at)) if row else ("", "")
        told = (f"failed {row.tries}×: {row.trouble}" if row.trouble else row.told) if row else ""
        table.add_row(*(Text(cell) for cell in (one.job.name, one.job.title, ran or "never", due or "now", told)))
    out.print(table)


def _said(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


@app_jobs.command()
def run(
    job: Annotated[str | None, typer.Argument(help="The name of a job; without one, all that are due.")] = None,
) -> None:
    """Run a job now, due or not; or all jobs that are due."""
    _open()
    from django.utils import timezone

    from lifecluster.web.shell import schedule

    if job is not None:
        told = schedule.run_now(job, timezone.now())
        out.print(f"{job}: {told or 'done'}", markup=False, soft_wrap=True)
        return
    ran = schedule.run_due(timezone.now())
    out.print(f"ran {', '.join(ran)}" if ran else "nothing is due", markup=False, soft_wrap=True)
