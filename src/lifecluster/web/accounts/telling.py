"""Telling people what became of something: one way for all rooms, so that each person can choose how they hear.

Words say what happened and where to read more; what is for some eyes alone stays behind its address. The message is a
row of the outbox, or one that waits for the person's digest, written in the transaction of what it tells of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lifecluster.web.accounts import letter, outbox, stopping
from lifecluster.web.accounts.models import Choice, How, Person, Told
from lifecluster.web.shell.registry import Registry


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message: `name` as `edit.decided`, `title` for the page where people choose, `always` if nobody can
    choose not to hear of it (security of one's account, an answer that was asked for); `usual` how somebody hears of it
    who chose nothing."""

    name: str
    order: int
    title: str
    always: bool = False
    usual: How = How.NOW


_kinds: Registry[Kind] = Registry("kind of message")
register = _kinds.register
remove = _kinds.remove
kinds = _kinds.all


def kind_of(name: str) -> Kind:
    """The kind called `name`. Raises ValueError for one that nobody registered."""
    found = next((one for one in kinds() if one.name == name), None)
    if found is None:
        raise ValueError(f"there is no kind of message {name!r}")
    return found


def how(person: Person, kind: Kind) -> How:
    """How a person hears of a kind of message."""
    if kind.always:
        return How.NOW
    chosen = Choice.objects.filter(person=person, kind=kind.name).values_list("how", flat=True).first()
    return How(chosen) if chosen else kind.usual


def tell(person: Person, *, kind: str, subject: str, text: str, at: datetime) -> None:
    """Tell somebody something, by mail: at once, with their next digest, or not at all, as they chose.

    Parameters: `kind` a registered name; `text` plain, with the address of the page that says more; `at` when it
    happened. Raises ValueError for a kind that nobody registered.
    """
    known = kind_of(kind)
    when = how(person, known) if person.is_active else How.NEVER
    if when in {How.DAY, How.WEEK}:
        Told.objects.create(person=person, kind=kind, how=when, subject=outbox.one_line(subject), text=text, at=at)
    elif when == How.NOW:
        _at_once(person, known, subject, text)


def _at_once(person: Person, kind: Kind, subject: str, text: str) -> None:
    stops = [] if kind.always else [letter.Stop(kind.title, stopping.address(person, kind.name))]
    one = letter.Letter(outbox.one_line(subject), opening=text, why=letter.of_account(person.email), stops=tuple(stops))
    outbox.write(to=person.email, subject=subject, text=one.text(), html=one.html(), person=person,
                 headers=stopping.headers(stops[0].url) if stops else None)  # fmt: skip
