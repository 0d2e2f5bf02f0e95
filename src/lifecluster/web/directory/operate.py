"""What the person who runs this machine does from the command line: load, roll back, serve. Plain functions.

Importing this module starts nothing; `open_web` does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from lifecluster import clock
from lifecluster.errors import LifeclusterError
from lifecluster.web.directory.progress import Progress, quiet
from lifecluster.workspace import Workspace

if TYPE_CHECKING:
    from lifecluster.web.directory.actions import Preview
    from lifecluster.web.directory.models import Package

LATE = "import sys; from lifecluster.web.directory.operate import make_the_rest; make_the_rest(int(sys.argv[1]))"
WORK = "import sys; from lifecluster.web.accounts.operate import work_beside; work_beside(int(sys.argv[1]))"


def there() -> bool:
    """Whether this workspace has a database of the web app, or one on a server is named."""
    return bool(os.environ.get("DATABASE_URL")) or Workspace.current().database.is_file()


def require_web() -> None:
    """Raise LifeclusterError, naming the workspace, where there is no web app to ask: to ask must not make one."""
    if not there():
        raise LifeclusterError(Workspace.current().lacks("web app", "`lifecluster load` a package"))


def open_web() -> None:
    """Start Django in the mode of this process and bring the database up to date."""
    _start()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _start() -> None:
    import django

    from lifecluster.web import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
    django.setup()


def shown() -> str | None:
    """Name of the package that the web app shows; None where it shows none. Nothing is made and nothing brought up to
    date: where there is no database, Django is not even started. Raises LifeclusterError where it cannot be read.
    """
    if not there():
        return None
    _start()
    from django.db import DatabaseError

    from lifecluster.web.directory.models import Package, State

    try:
        return Package.objects.filter(state=State.CURRENT).values_list("name", flat=True).first()
    except DatabaseError as error:
        raise LifeclusterError(f"the web app's database cannot be read ({str(error).splitlines()[0]})") from error


def moment() -> datetime:
    """Now, by the clock of commands."""
    return datetime.fromisoformat(clock.now())


def load(path: Path | None, *, confirm: Callable[[Preview], bool], progress: Progress = quiet) -> Package | None:
    """Preview the package at `path` (default: the workspace's current one), ask, and load it.

    Returns the package that is shown afterwards, None if `confirm` said no. Raises what `load_package` raises.
    """
    open_web()
    from lifecluster.web.directory import actions, afterwards, failures
    from lifecluster.web.directory.viewer import OPERATOR

    where = path if path is not None else Workspace.current().packages
    with failures.telling("package", where.name, moment):
        preview = actions.preview_package(path=where, viewer=OPERATOR, progress=progress)
        failures.tell_all("package", preview.package, preview.problems, at=moment())
        if not confirm(preview):
            return None
        before = preview.replaces
        shown = actions.load_package(path=where, viewer=OPERATOR, at=moment(), expect=before, progress=progress)
    afterwards.run(shown, where, progress)
    return shown


def roll_back() -> Package:
    """Show the package before again. Raises what `actions.roll_back` raises."""
    open_web()
    from lifecluster.web.directory import actions
    from lifecluster.web.directory.viewer import OPERATOR

    return actions.roll_back(viewer=OPERATOR, at=moment())


def ensure_loaded(progress: Progress = quiet, *, late: bool | None = None) -> Package | None:
    """Clear away what a killed load left, and load the workspace's current package if none is shown.

    Django has started. `late` as `afterwards.run` takes it.

    Returns the package that is shown, None where there is none to load. Another process that loads is left in peace.
    """
    from lifecluster.register.package import CURRENT, DESCRIPTOR
    from lifecluster.web.directory import actions, afterwards, failures
    from lifecluster.web.directory.exclusive import BusyError
    from lifecluster.web.directory.models import Package, State
    from lifecluster.web.directory.viewer import OPERATOR

    try:
        actions.clean_up(progress=progress)
        shown = Package.objects.filter(state=State.CURRENT).first()
        packages = Workspace.current().packages
        if shown is None and (packages / CURRENT / DESCRIPTOR).is_file():
            with failures.telling("package", packages.name, moment):
                shown = actions.load_package(path=packages, viewer=OPERATOR, at=moment(), progress=progress)
    except BusyError:
        shown = Package.objects.filter(state=State.CURRENT).first()
    if shown is not None:
        afterwards.run(shown, Workspace.current().packages, progress, late=late)
    return shown


def serve(arguments: list[str], progress: Progress = quiet) -> None:
    """Bring the database up to date, load a package if none is shown, and serve until stopped.

    `arguments` as `python -m lifecluster.web serve` takes them.
    """
    from lifecluster.web import serve as server
    from lifecluster.web import settings
    from lifecluster.web.accounts import mailserver

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
    options = server.parse(arguments)
    options.name()
    mailserver.stated()  # an address that is none is told before anything starts
    child = get_context("spawn").Process(target=make_ready, args=(progress,))
    child.start()
    child.join()
    if child.exitcode:
        raise LifeclusterError("the web app was not started: see the message above")
    # The same Python with a constant of this module; it ends with its work or with the server, whichever is first.
    subprocess.Popen([sys.executable, "-c", LATE, str(os.getpid())])  # noqa: S603 - nothing in it comes from outside
    subprocess.Popen([sys.executable, "-c", WORK, str(os.getpid())])  # noqa: S603 - as above
    server.run(options)


def make_ready(progress: Progress) -> None:
    """All that is done before serving, in a process of its own.

    What it loads (Polars and its threads, the package) must not be in the process that the server's workers are forked
    from.
    """
    from lifecluster.web import serve as server
    from lifecluster.web.accounts import operate as people

    try:
        server.prepare()
        ensure_loaded(progress, late=False)
        if words := people.sample_sign_ins():
            server.sys_stdout_line(words)
    except LifeclusterError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(1)


def make_the_rest(server: int) -> None:
    """The steps after a load that take long, beside a server that answers already, and giving way to it.

    `server`: number of the process that serves. When it has ended, however it ended, this one ends too: what was not
    committed is not there, and the next start computes it.
    """
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    os.nice(10)
    open_web()
    from lifecluster.web.directory import afterwards
    from lifecluster.web.directory.models import Package, State

    def tell(text: str) -> None:
        if "not computed" in text:
            sys.stderr.write(f"{text}\n")

    shown = Package.objects.filter(state=State.CURRENT).first()
    if shown is not None:
        afterwards.run(shown, Workspace.current().packages, tell, late=True)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)
