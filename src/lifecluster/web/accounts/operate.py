"""What the person who runs this machine does for people: accounts, roles, mail. Plain functions for commands."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import mailserver

if TYPE_CHECKING:
    from lifecluster.web.accounts.models import Mail, Person
    from lifecluster.web.accounts.outbox import Delivered

log = logging.getLogger(__name__)
PAUSE = 5
"""Seconds between two looks into the outbox."""


def find(email: str) -> Person:
    """The person with an address. Raises LifeclusterError if there is none. Django has started."""
    from lifecluster.web.accounts.addresses import as_kept
    from lifecluster.web.accounts.models import Person

    found = Person.objects.filter(email=as_kept(email)).first()
    if found is None:
        raise LifeclusterError(f"nobody here has the address {email}; `lifecluster people list` shows who does")
    return found


def sample_sign_ins(*, again: bool = False) -> str:
    """Lines with a sign-in for each role of the sample region, made where there are none yet (or `again`), else a line
    that says how to have new ones.

    Empty where no sample is shown; sample people that are left are then removed. Django has started.
    """
    from lifecluster.web.accounts import sample
    from lifecluster.web.accounts.rights import moment
    from lifecluster.web.directory.models import Package, State

    package = Package.objects.filter(state=State.CURRENT).first()
    if package is None or not package.sample:
        sample.remove(at=moment())
        return ""
    if not again and any(True for _ in sample.people()):
        return sample.SHOWN_BEFORE
    return sample.shown(sample.make(package, at=moment()))


def deliver() -> Delivered:
    """Send what is due now. Raises LifeclusterError where no mail server is named."""
    from django.utils import timezone

    from lifecluster.web.accounts import outbox

    server = mailserver.stated()
    if server is None:
        raise LifeclusterError(f"no mail server is named: set {mailserver.VARIABLE} to {mailserver.HOW}")
    return outbox.deliver(server, at=timezone.now())


def pending() -> list[Mail]:
    """Messages that wait, the longest waiting first."""
    from lifecluster.web.accounts.models import Mail

    return list(Mail.objects.filter(due_at__isnull=False).order_by("written_at", "pk"))


def work_beside(server: int) -> None:
    """Run jobs that are due and send mail beside a server until that ends: for a process that the server (by the id of
    its process) started. Mail goes where a mail server is named."""
    from lifecluster.web.directory.operate import open_web

    os.nice(5)
    open_web()
    from django.db import close_old_connections

    steps = [run_jobs, deliver] if mailserver.stated() else [run_jobs]
    while os.getppid() == server:
        for step in steps:
            try:
                step()
            except Exception:  # whatever it was, the next round may go well; mail and jobs wait in their tables
                log.exception("beside the server")
        close_old_connections()
        time.sleep(PAUSE)


def run_jobs() -> list[str]:
    """Run the jobs that are due now; their names. Django has started."""
    from django.utils import timezone

    from lifecluster.web.shell import schedule

    return schedule.run_due(timezone.now())
