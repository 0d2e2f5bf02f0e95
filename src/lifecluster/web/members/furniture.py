"""What people of the sample region have said and asked for, so that the desk has something to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Json
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import SAMPLE_DOMAIN, viewer
from lifecluster.web.accounts.sample import Furniture
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.members import actions, belonging, proposals

CLAIMANTS = ("provider", "adopter")
"""People of the sample who ask to belong to an organisation."""


def make(package: Package, at: datetime) -> None:
    """A few proposals of the two sample members, and two claims; nothing where proposals wait already."""
    people = {one.email.partition("@")[0]: one for one in Person.objects.filter(email__endswith=f"@{SAMPLE_DOMAIN}")}
    if not proposals.waiting_count():
        for name in ("member", "other-member"):
            if name in people:
                _propose(people[name], at)
    free = Organisation.objects.visible_to(ANYBODY, package).filter(live=True).order_by("number")[2:4]
    for name, organisation in zip(CLAIMANTS, free, strict=False):
        if name in people:
            reader = viewer(people[name], at, second_step=False)
            with suppress(LifeclusterError):
                belonging.claim(organisation=organisation.uid, person=people[name], viewer=reader, at=at,
                                words="I keep the records of our site up to date.")  # fmt: skip


def _propose(person: Person, at: datetime) -> None:
    reader = viewer(person, at, second_step=False)
    for uid in reader.organisations:
        for prop, value, level, why in _changes(uid):
            with suppress(LifeclusterError):
                actions.propose(
                    subject=uid, property=prop, value=value, viewer=reader, at=at, visibility=level, why=why
                )


def _changes(uid: str) -> Iterator[tuple[str, Json, str, str | None]]:
    """Property, value, level and note of what is proposed of an organisation."""
    stated = reads.values([uid], ANYBODY).of(uid, "employees")
    now = stated.text if stated else ""
    yield "employees", int(now) + 7 if now.isdecimal() else 24, "public", "as of the end of last month"
    yield "description", "Makes parts for devices that people wear, and tests them.", "public", None
    yield "capability", ["injection-moulding", "clean-room-iso-8"], "members", None


FURNITURE = Furniture("members", 20, make)
