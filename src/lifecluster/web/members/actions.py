"""Everything that members and the desk change about what organisations say, one function each.

What the log holds is written by the directory's actions; here the people it concerns are told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Entry, Json
from lifecluster.web.accounts import telling
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import reads
from lifecluster.web.directory.show import words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members import proposals

DECIDED = telling.Kind("edit.decided", 10, "What became of a value or a thing that you proposed")


def propose(*, subject: str, property: str, value: Json, viewer: Viewer, at: datetime, why: str | None = None,  # noqa: A002 - the log's word
            visibility: str = "public", seen: str | None = None) -> Entry:  # fmt: skip
    """Propose a value; what only one's own organisation sees is taken at once, as there is nobody else to mislead.

    Parameters and errors as `directory.actions.propose_edit`.
    """
    return register.propose_edit(subject=subject, property=property, value=value, viewer=viewer, at=at, why=why or None,
                                 visibility=visibility, seen=seen)  # fmt: skip


def confirm(*, subject: str, property: str, viewer: Viewer, at: datetime,  # noqa: A002 - the log's word
            expected: Sequence[str] | None = None) -> Entry:  # fmt: skip
    """Say that a value is still right. As `directory.actions.confirm_value`."""
    return register.confirm_value(subject=subject, property=property, viewer=viewer, at=at, expected=expected)


def withdraw(*, entry: str, viewer: Viewer, at: datetime) -> Entry:
    """Take one's own proposal back before it is decided. As `directory.actions.withdraw_edit`."""
    return register.withdraw_edit(entry=entry, viewer=viewer, at=at)


def approve(*, entry: str, viewer: Viewer, at: datetime, amended: Json = None, why: str = "", home: str = "") -> Entry:
    """Accept a proposal, perhaps with another value; it shows at once and the member hears.

    Parameters: `home` the address of the web app, for the link in the mail. Raises as `directory.actions.approve_edit`.
    """
    with transaction.atomic():
        written = register.approve_edit(entry=entry, viewer=viewer, at=at, why=why.strip() or None, amended=amended)
        how = "was accepted with a change" if amended is not None else "was accepted"
        _tell(entry, how, "It is shown from now on.", why=why, at=at, home=home)
    return written


def refuse(*, entry: str, viewer: Viewer, at: datetime, why: str, home: str = "") -> Entry:
    """Refuse a proposal, with the reason, which the member hears. Raises as `directory.actions.refuse_edit`."""
    with transaction.atomic():
        written = register.refuse_edit(entry=entry, viewer=viewer, at=at, why=why.strip())
        _tell(entry, "was not accepted", "What was shown before is still shown.", why=why, at=at, home=home)
    return written


def retract(*, entry: str, viewer: Viewer, at: datetime, why: str, home: str = "") -> Entry:
    """Take an acceptance back, with the reason, which the member hears. As `directory.actions.retract_edit`."""
    with transaction.atomic():
        written = register.retract_edit(entry=entry, viewer=viewer, at=at, why=why.strip())
        _tell(entry, "is no longer shown", "What stood before it is shown again.", why=why, at=at, home=home)
    return written


def person_of(actor: str) -> Person | None:
    """The person whom the log calls so, if they have an account still."""
    kind, _, uid = actor.partition(":")
    return Person.objects.filter(uid=uid, is_active=True).first() if kind == "person" and uid else None


def _tell(entry: str, became: str, then: str, *, why: str, at: datetime, home: str) -> None:
    """Tell who proposed a value what became of it. The value itself stays behind the address: it may be for few."""
    edit = proposals.one(entry)
    if edit is None:
        raise LifeclusterError(f"{entry[:12]} is no proposal")
    tell_proposer(edit.proposed.actor, words.label(edit.proposed.property or ""), proposals.owner(edit), became, then,
                  why=why, at=at, home=home)  # fmt: skip


def tell_proposer(
    actor: str, what: str, owner: str, became: str, then: str, *, why: str, at: datetime, home: str
) -> None:
    """Tell who proposed something (`what` it is, in a word or two) for an organisation what became of it, if they are
    still here."""
    person = person_of(actor)
    if person is None:
        return
    name = names_of([owner], None).get(owner, "your organisation")  # a mail is read by whoever reads the mailbox
    said = f"\n\nThe cluster team says: {why.strip()}" if why.strip() else ""
    text = f"What you proposed for {name} ({what}) {became}. {then}{said}\n\n{home}/my/{owner}\n"
    telling.tell(person, kind=DECIDED.name, subject=f"{what} of {name}: your proposal {became}", text=text, at=at)


def names_of(uids: Collection[str], user: object) -> dict[str, str]:
    """What organisations are called that a reader may know of."""
    return {uid: proper(one.name) for uid, one in reads.named(uids, user, reads.current()).items()}
