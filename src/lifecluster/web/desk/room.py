"""What the desk adds to the frame: its link, its lines of work, its acts, and what it keeps about people."""

from __future__ import annotations

from django.http import HttpRequest

from lifecluster.web.accounts import audit, telling
from lifecluster.web.accounts.sample import rooms as rooms_of_the_sample
from lifecluster.web.desk import badge, copies, jobs, lines, waiting
from lifecluster.web.desk.actions.cases import GIVEN
from lifecluster.web.desk.actions.imports import fail_import
from lifecluster.web.desk.acts import ACTS
from lifecluster.web.desk.models.base import WORKS
from lifecluster.web.desk.sample import FURNITURE
from lifecluster.web.directory import failures
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.shell import footer, panels, rooms

ENQUIRIES = "lifecluster.web.desk.enquiry_urls"


def works_here(request: HttpRequest) -> bool:
    """Whether the reader works at the desk."""
    return viewer_of(getattr(request, "user", None)).may(WORKS)


def open_room() -> None:
    """Register everything."""
    rooms.register(
        rooms.Room(
            "desk", "Desk", 900, "lifecluster.web.desk.urls", "desk/", aside=True, visible=works_here, covers="/desk/"
        )
    )
    rooms.register(rooms.Room("enquiries", "Move in, or ask us", 910, ENQUIRIES, "", entry=None))
    footer.register(footer.FooterLink("enquiries", "Move in, or ask us", 5, "about", "enquiries:ask"))
    audit.declare(ACTS)
    telling.register(telling.Kind(GIVEN, 90, "A case or a task is given to me"))
    for line in lines.LINES:
        waiting.register(line)
    copies.register()
    jobs.add()
    rooms_of_the_sample.register(FURNITURE)
    failures.register("desk", fail_import)
    panels.register(badge.PANEL)
