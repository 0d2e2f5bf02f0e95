"""Adding things to the register: sites, products, vacancies, needs, offers, facilities; proposed, accepted, taken back.

Each function checks the permission first and writes entries of the log in one transaction with what they change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import added, edits
from lifecluster.register.entry import Draft, Entry, Json
from lifecluster.web.directory import actions, packages
from lifecluster.web.directory.actions import moment, show_decided
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Organisation, Package, Site
from lifecluster.web.directory.viewer import Viewer

_decide = partial(actions.decide, proposals=added.fold, called="proposed thing")


class UnfitError(LifeclusterError):
    """First values that will not do: `wrong` says why, in words by property ("" for the thing as a whole)."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(wrong.values()))
        self.wrong = dict(wrong)


@dataclass(frozen=True, slots=True)
class New:
    """A thing to be added: its `kind`, the id of the `organisation` whose it is, its first `values` by property, and
    the level of who may know of it."""

    kind: str
    organisation: str
    values: Mapping[str, Json]
    visibility: str = "public"


def add_thing(*, kind: str, organisation: str, values: Mapping[str, Json], viewer: Viewer, at: datetime,
              why: str | None = None, visibility: str = "public") -> Entry:  # fmt: skip
    """Propose a new thing of an organisation with its first values.

    Raises PermissionDeniedError (`organisation.edit`, for one's own; `edit.review`), UnfitError if the values will not
    do, LifeclusterError if the organisation is not in the register, or the thing is there or is proposed already.
    """
    return add_things(things=[New(kind, organisation, values, visibility)], viewer=viewer, at=at, why=why)[0]


def add_things(*, things: Sequence[New], viewer: Viewer, at: datetime, why: str | None = None,
               approved: bool = False) -> list[Entry]:  # fmt: skip
    """Propose several things at once, or, `approved`, accept them in the same act. All of them or none.

    Returns the entries that propose them, in their order. Raises as `add_thing` and, `approved`, as `approve_thing`.
    """
    if approved:
        viewer.require("edit.review")
    for thing in things:
        _permit(viewer, thing.organisation)
    written = []
    with transaction.atomic():
        for thing in things:
            draft = _draft(thing, viewer, at, why)
            entry = log.append(draft, guard=lambda entries, uid=draft.subject: _not_there(entries, uid))  # type: ignore[misc]  # mypy: a default of a lambda
            written.append(entry)
            if approved:
                _decide("thing.approve", entry.id, viewer=viewer, at=at)
        if approved:
            show_decided(at)
    return written


def approve_thing(*, entry: str, viewer: Viewer, at: datetime, why: str | None = None,
                  amended: Mapping[str, Json] | None = None) -> Entry:  # fmt: skip
    """Accept a proposed thing (`amended`: with these values instead); it shows at once.

    Raises PermissionDeniedError (`edit.review`), UnfitError, LifeclusterError if it is not pending.
    """
    viewer.require("edit.review")
    return _accepted([entry], viewer, at, why, amended)[0]


def approve_things(*, entries: Sequence[str], viewer: Viewer, at: datetime, why: str | None = None) -> list[Entry]:
    """Accept several proposed things in one act, all or none. Raises as `approve_thing`."""
    viewer.require("edit.review")
    return _accepted(entries, viewer, at, why, None)


def refuse_thing(*, entry: str, viewer: Viewer, at: datetime, why: str) -> Entry:
    """Refuse a proposed thing, with the reason. Raises as `approve_thing`."""
    viewer.require("edit.review")
    return _decide("thing.refuse", entry, viewer=viewer, at=at, why=why)


def withdraw_thing(*, entry: str, viewer: Viewer, at: datetime) -> Entry:
    """Take one's own proposal back. Raises PermissionDeniedError if it is somebody else's, else as `approve_thing`."""
    found = added.fold(log.entries()).get(entry)
    if found is not None and found.proposed.actor != viewer.actor:
        viewer.require("edit.review")
    return _decide("thing.withdraw", entry, viewer=viewer, at=at)


def retract_thing(*, entry: str, viewer: Viewer, at: datetime, why: str) -> Entry:
    """Take an acceptance back: the thing is gone at once, as if it never was; edits of it wait in the log.

    Parameters: `entry` the id of the proposal. Raises PermissionDeniedError (`edit.review`), LifeclusterError if it is
    not accepted, or if there is no reason.
    """
    return retract_things(entries=[entry], viewer=viewer, at=at, why=why)[0]


def retract_things(*, entries: Iterable[str], viewer: Viewer, at: datetime, why: str) -> list[Entry]:
    """Take several acceptances back in one act, all or none. Raises as `retract_thing`."""
    viewer.require("edit.review")
    with transaction.atomic():
        written = [_decide("thing.retract", one, viewer=viewer, at=at, why=why, wanted="approved") for one in entries]
        show_decided(at)
    return written


def _permit(viewer: Viewer, organisation: str) -> None:
    if not viewer.may("edit.review"):
        viewer.require("organisation.edit", organisation)


def _draft(thing: New, viewer: Viewer, at: datetime, why: str | None) -> Draft:
    """The entry that proposes a thing; raises UnfitError or LifeclusterError."""
    shown = packages.current()
    if not Organisation.objects.filter(package=shown, uid=thing.organisation).exists():
        raise LifeclusterError(f"{thing.organisation} is no organisation of the register")
    values = {k: v for k, v in thing.values.items() if v not in (None, "", [])}
    wrong = added.check(thing.kind, values, at=at.date()) | _places(shown, thing, values)
    if wrong:
        raise UnfitError(wrong)
    namespace = str(shown.manifest.data.get("namespace") or "lifecluster")
    uid = added.id_of(thing.kind, thing.organisation, values, namespace)
    return Draft(
        at=moment(at), actor=viewer.actor, action=added.ADD, subject=uid, object=thing.organisation, value=values,
        why=why, visibility=Visibility.parse(thing.visibility).label, evidence={"owner": thing.organisation},
    )  # fmt: skip


def _places(shown: Package, thing: New, values: Mapping[str, Json]) -> dict[str, str]:
    """What is wrong with where a thing is: a second site at a postcode, a site that the organisation does not have."""
    sites = Site.objects.filter(package=shown, organisation=thing.organisation)
    if thing.kind == "site":
        postcode = values.get("postcode")
        if postcode and sites.filter(postcode=postcode).exists():
            return {"postcode": f"the organisation has a site at {postcode} already: propose changes to that one"}
        return {}
    there = values.get("held_at")
    named = list(there) if isinstance(there, list | tuple) else [there] if there else []
    if sites.filter(uid__in=[str(one) for one in named]).count() != len({str(one) for one in named}):
        return {"held_at": "the organisation has no such site"}
    return {}


def _not_there(entries: Iterable[Entry], uid: str | None) -> None:
    """Refuse what is proposed already, or is there."""
    for addition in added.fold(entries).values():
        if addition.uid == uid and addition.state in {"pending", "approved"}:
            words = "waits to be accepted" if addition.state == "pending" else "is in the register"
            raise LifeclusterError(f"the same thing with the same values {words} already: {uid}")


def _accepted(entries: Sequence[str], viewer: Viewer, at: datetime, why: str | None,
              amended: Mapping[str, Json] | None) -> list[Entry]:  # fmt: skip
    evidence: dict[str, Json] = {} if amended is None else {"amended": dict(amended)}
    with transaction.atomic():
        if amended is not None:
            _fits(entries, amended, at)
        written = [_decide("thing.approve", one, viewer=viewer, at=at, why=why, evidence=evidence) for one in entries]
        show_decided(at)
    return written


def _fits(entries: Sequence[str], amended: Mapping[str, Json], at: datetime) -> None:
    """Raise UnfitError if amended values will not do."""
    found = added.fold(log.entries())
    for one in entries:
        known = found.get(one)
        wrong = {} if known is None else added.check(known.kind, amended, at=at.date())
        if wrong:
            raise UnfitError(wrong)


def title_of(values: Mapping[str, Json]) -> str:
    """What a proposed thing is called in a list: its name, title, or where it is."""
    parts = [values.get(prop) for prop in ("name", "title", "address", "town", "postcode")]
    first = next((str(one) for one in parts[:2] if one), "")
    return first or ", ".join(str(one) for one in parts[2:] if one)


def known(kind: str) -> list[str]:
    """Properties that the first values of a kind may have, in the order of the vocabulary."""
    return [
        name for name in vocabulary().of(kind) if name != added.HOLDER and name not in {"easting", "northing", "lad"}
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """A value said of something that is there."""

    subject: str
    property: str
    value: Json
    visibility: str = "public"


def take(*, things: Sequence[New], said: Sequence[Said], viewer: Viewer, at: datetime, approved: bool = False,
         why: str | None = None) -> tuple[list[Entry], list[Entry]]:  # fmt: skip
    """Propose new things and values of things that are there in one act, or, `approved`, accept them at once.

    Returns the entries that propose things, and those that propose values. Raises as `add_things` and `propose_edit`.
    """
    if approved:
        viewer.require("edit.review")
    with transaction.atomic():
        new = add_things(things=things, viewer=viewer, at=at, why=why)
        edited = [actions.propose_edit(subject=one.subject, property=one.property, value=one.value, viewer=viewer,
                                       at=at, why=why, visibility=one.visibility) for one in said]  # fmt: skip
        if approved:
            for entry in new:
                _decide("thing.approve", entry.id, viewer=viewer, at=at)
            for entry in edited:
                actions.decide("edit.approve", entry.id, viewer=viewer, at=at)
            show_decided(at)
    return new, edited


def take_back(*, things: Sequence[str], said: Sequence[str], viewer: Viewer, at: datetime, why: str) -> int:
    """Take back proposals of things and values in one act: those that wait are withdrawn, those accepted retracted.

    Returns how many. Raises PermissionDeniedError (`edit.review` for what was accepted or is somebody else's).
    """
    count = 0
    with transaction.atomic():
        for verb, decide, known in _proposed(things, said):
            if known.state not in {"pending", "approved"}:
                continue
            if known.state == "approved" or known.proposed.actor != viewer.actor:
                viewer.require("edit.review")
            act = "retract" if known.state == "approved" else "withdraw"
            decide(f"{verb}.{act}", known.proposed.id, viewer=viewer, at=at, why=why if act == "retract" else None,
                   wanted=known.state)  # fmt: skip
            count += 1
        show_decided(at)
    return count


def settle(*, things: Sequence[str], said: Sequence[str], accepted: bool, viewer: Viewer, at: datetime,
           why: str | None = None, amended: Mapping[str, Json] = MappingProxyType({})) -> int:  # fmt: skip
    """Accept, or else refuse with the reason, those proposals of things and values that wait, in one act.

    Parameters: `amended` other values than were proposed, by entry. Returns how many. Raises PermissionDeniedError
    (`edit.review`), LifeclusterError without a reason to refuse.
    """
    viewer.require("edit.review")
    with transaction.atomic():
        waiting = [one for one in _proposed(things, said) if one[2].state == "pending"]
        for verb, decide, known in waiting:
            one = known.proposed.id
            evidence: dict[str, Json] = {"amended": amended[one]} if one in amended else {}
            decide(f"{verb}.{'approve' if accepted else 'refuse'}", one, viewer=viewer, at=at, why=why,
                   evidence=evidence)  # fmt: skip
        if accepted:
            show_decided(at)
    return len(waiting)


def _proposed(
    things: Iterable[str], said: Iterable[str]
) -> list[tuple[str, Callable[..., Entry], added.Addition | edits.Edit]]:
    """Proposals that the log knows, each with the verb of its entries and what decides it."""
    entries = log.entries()
    new, values = added.fold(entries), edits.fold(entries)
    return [
        *(("thing", _decide, new[one]) for one in things if one in new),
        *(("edit", actions.decide, values[one]) for one in said if one in values),
    ]
