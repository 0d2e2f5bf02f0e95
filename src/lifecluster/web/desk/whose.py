"""Whom rows are about: organisations under their ids of today, and people of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import ROLES, permissions
from lifecluster.register.ids import IdError
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk.models.base import WORKS
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Identity
from lifecluster.web.directory.search import search
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer

WORKERS = [name for name in ROLES if WORKS in permissions({name})]
"""Roles that work at the desk."""
OFFERED = 5
"""Organisations named where several fit."""


@dataclass(frozen=True, slots=True)
class Whose:
    """An organisation as it is called today; `here` whether the register has it."""

    uid: str
    name: str
    here: bool = True


def today(uids: Iterable[str], viewer: Viewer) -> dict[str, Whose]:
    """Each id with the organisation that it leads to today; merged ids lead on. Two questions to the database."""
    asked = set(uids) - {""}
    if not asked:
        return {}
    try:
        package = reads.current()
    except reads.NoPackageError:
        return {uid: Whose(uid, uid, here=False) for uid in asked}
    known = Identity.objects.leading(viewer, package).filter(uid__in=asked).exclude(status="absent")
    leads = dict(known.values_list("uid", "target"))
    names = reads.named(set(leads.values()), viewer, package)
    found = {}
    for uid in asked:
        named = names.get(leads.get(uid, ""))
        found[uid] = Whose(named.uid, proper(named.name)) if named else Whose(uid, uid, here=False)
    return found


def behind(uid: str) -> set[str]:
    """All ids under which rows about an organisation may have been written: its own and those merged into it."""
    try:
        package = reads.current()
    except reads.NoPackageError:
        return {uid}
    merged = Identity.objects.filter(package=package, target=uid).values_list("uid", flat=True)
    return {uid, *merged}


def organisation_of(text: str, viewer: Viewer) -> str:
    """The id of today of the organisation that somebody typed, by id or by name; "" for nothing typed.

    Raises LifeclusterError, naming what fits, if none fits or several do.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    try:
        found = reads.resolve(text, viewer)
    except (IdError, reads.UnknownIdError):
        return _named(text, viewer)
    if found.status == "absent" or found.kind != "organisation":
        raise LifeclusterError(f"{text} is no organisation of the register today.")
    return found.uid


def _named(text: str, viewer: Viewer) -> str:
    """The one organisation of this name, or else the only one whose words fit."""
    hits = search(text, viewer, limit=OFFERED)
    exact = [
        hit for hit in hits if proper(hit.name).casefold() == text.casefold() or hit.name.casefold() == text.casefold()
    ]
    chosen = exact if len(exact) == 1 else hits
    if len(chosen) == 1:
        return chosen[0].uid
    if not chosen:
        raise LifeclusterError(
            "No organisation of the register is called so. Write its id, or other words of its name."
        )
    offered = "; ".join(f"{proper(hit.name)} ({hit.uid})" for hit in chosen)
    raise LifeclusterError(f"Several fit. Write the id of the one you mean: {offered}")


def person_of(viewer: Viewer) -> Person | None:
    """The person that a viewer is, None for a command."""
    kind, _, uid = viewer.actor.partition(":")
    return Person.objects.filter(uid=uid).first() if kind == "person" else None


def workers(at: datetime) -> list[Person]:
    """People who work at the desk, by name."""
    from lifecluster.web.accounts.models import Grant

    holders = Grant.objects.at(at).filter(role__in=WORKERS).values("person")
    return sorted(Person.objects.filter(pk__in=holders, is_active=True), key=lambda one: one.shown_name.casefold())


def worker(uid: str, at: datetime) -> Person | None:
    """The person of the desk called `uid`, None for "". Raises LifeclusterError for somebody who does not work here."""
    if not uid:
        return None
    for one in workers(at):
        if one.uid == uid:
            return one
    raise LifeclusterError("The owner must be somebody who works at the desk.")


def actors(names: Iterable[str]) -> dict[str, str]:
    """What people are called, by the opaque names that rows keep."""
    uids = {name.partition(":")[2] for name in names if name.startswith("person:")}
    return {one.actor: one.shown_name for one in Person.objects.filter(uid__in=uids)}
