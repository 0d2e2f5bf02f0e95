"""Things that members propose and the desk decides on: the directory's own acts, of which who proposed them hears."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from lifecluster.register import added
from lifecluster.register.entry import Entry, Json
from lifecluster.web.directory import adding
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members.actions import tell_proposer

KINDS: Mapping[str, str] = {
    "site": "Site",
    "product": "Product",
    "vacancy": "Vacancy",
    "need": "Need",
    "offer": "Offer",
    "facility": "Facility",
}
"""What can be added, in words."""


def propose(*, kind: str, organisation: str, values: Mapping[str, Json], viewer: Viewer, at: datetime,
            why: str | None = None, visibility: str = "public") -> Entry:  # fmt: skip
    """Propose a new thing of an organisation. As `directory.adding.add_thing`."""
    return adding.add_thing(kind=kind, organisation=organisation, values=values, viewer=viewer, at=at, why=why or None,
                            visibility=visibility)  # fmt: skip


def approve(*, entry: str, viewer: Viewer, at: datetime, amended: Mapping[str, Json] | None = None, why: str = "",
            home: str = "") -> Entry:  # fmt: skip
    """Accept a thing, perhaps with other values; it shows at once and who proposed it hears.

    Parameters: `home` the address of the web app, for the link in the mail. Raises as `directory.adding.approve_thing`.
    """
    with transaction.atomic():
        written = adding.approve_thing(entry=entry, viewer=viewer, at=at, why=why.strip() or None, amended=amended)
        how = "was accepted with a change" if amended is not None else "was accepted"
        _tell(entry, how, "It is shown from now on.", why=why, at=at, home=home)
    return written


def refuse(*, entry: str, viewer: Viewer, at: datetime, why: str, home: str = "") -> Entry:
    """Refuse a thing, with the reason, which who proposed it hears. As `directory.adding.refuse_thing`."""
    with transaction.atomic():
        written = adding.refuse_thing(entry=entry, viewer=viewer, at=at, why=why.strip())
        _tell(entry, "was not accepted", "It is not shown.", why=why, at=at, home=home)
    return written


def withdraw(*, entry: str, viewer: Viewer, at: datetime) -> Entry:
    """Take one's own proposal back before it is decided. As `directory.adding.withdraw_thing`."""
    return adding.withdraw_thing(entry=entry, viewer=viewer, at=at)


def retract(*, entry: str, viewer: Viewer, at: datetime, why: str, home: str = "") -> Entry:
    """Take an acceptance back, with the reason, which who proposed it hears. As `directory.adding.retract_thing`."""
    with transaction.atomic():
        written = adding.retract_thing(entry=entry, viewer=viewer, at=at, why=why.strip())
        _tell(entry, "is no longer shown", "What stood before it is shown again.", why=why, at=at, home=home)
    return written


def in_order(kind: str, values: Mapping[str, Json]) -> dict[str, Json]:
    """Values of a thing as people read them: what it is called first, then as the vocabulary has them."""
    order = ["name", "title", *adding.known(kind)]
    return dict(sorted(values.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


def _tell(entry: str, became: str, then: str, *, why: str, at: datetime, home: str) -> None:
    """Tell who proposed a thing what became of it; what it is stays behind the address."""
    found = added.fold(log.entries())[entry]
    tell_proposer(found.proposed.actor, KINDS[found.kind], found.holder, became, then, why=why, at=at, home=home)
