"""Everything that changes news: one function each, used alike by pages, commands and the sample.

Each checks the permission and writes the audit in the same transaction (kept for ever: no word of an item stands in
it, as people are named there), and lets pages that are kept for everybody be
made anew where they show another thing afterwards.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lifecluster import errors
from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts import audit
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import packages
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer
from lifecluster.web.news import words
from lifecluster.web.news.draft import Draft, DraftError
from lifecluster.web.news.models import About, Item, State, Version

audit.declare({
    "news.propose": "news was proposed",
    "news.post": "news was posted by the desk",
    "news.change": "news was changed",
    "news.approve": "news was approved and is shown",
    "news.refuse": "news was refused",
    "news.withdraw": "news was withdrawn",
    "news.remove": "news that its author took back was removed",
})  # fmt: skip
PROPOSE, DECIDE = "member.read", "edit.review"
"""Who reads what members share may propose; who reviews edits decides."""


class ConflictError(errors.ConflictError):
    """Somebody else has changed it since it was looked at."""


def propose(*, draft: Draft, viewer: Viewer, at: datetime) -> Item:
    """Propose an item; it is shown once the desk approves it.

    Raises PermissionDeniedError (`member.read`), DraftError; what only the desk reads, members do not propose.
    """
    viewer.require(PROPOSE)
    tidy = _for(draft.tidy(), viewer)
    with transaction.atomic():
        item = _new(tidy, viewer, at, State.WAITING)
        audit.write("news.propose", actor=viewer.actor, subject=_subject(item), at=at, after={"kind": item.kind})
    return item


def post(*, draft: Draft, viewer: Viewer, at: datetime, sample: bool = False) -> Item:
    """Post an item of the desk's own; it is shown from its day on. Raises PermissionDeniedError (`edit.review`),
    DraftError."""
    viewer.require(DECIDE)
    tidy = draft.tidy()
    with transaction.atomic():
        item = _new(tidy, viewer, at, State.SHOWN, sample=sample)
        Item.objects.filter(pk=item.pk).update(approved_at=at)
        audit.write("news.post", actor=viewer.actor, subject=_subject(item), at=at, after={"kind": item.kind})
        packages.changed()
    return item


def change(*, item: int, draft: Draft, seen: int, viewer: Viewer, at: datetime, why: str = "") -> Item:
    """Change an item and keep what it said before. The desk changes any; who wrote one changes it as long as it is not
    shown, and it then waits for the desk again.

    Parameters: `item` its key; `seen` the number of the version that the draft was written over. Raises
    PermissionDeniedError, DraftError, ConflictError.
    """
    tidy = _for(draft.tidy(), viewer)
    with transaction.atomic():
        row = _locked(item, seen)
        if not (viewer.may(DECIDE) or (writes(viewer, row) and row.state in {State.WAITING, State.REFUSED})):
            raise PermissionDeniedError("you may not change this")
        before = Draft.of(row)
        if before == tidy and row.state != State.REFUSED:
            return row
        Version.objects.create(item=row, number=row.number, said=before.plain(), actor=viewer.actor, at=row.changed_at)
        for name in _COLUMNS:
            setattr(row, name, getattr(tidy, name))
        row.number, row.changed_at = row.number + 1, at
        if not viewer.may(DECIDE):
            row.state, row.why = State.WAITING, ""
        row.save()
        _about(row, tidy)
        changed = sorted(name for name, value in tidy.plain().items() if before.plain()[name] != value)
        audit.write("news.change", actor=viewer.actor, subject=_subject(row), at=at, why=why.strip(),
                    after={"changed": changed, "version": row.number})  # fmt: skip
        _forget(row)
    return row


def approve(*, item: int, seen: int, viewer: Viewer, at: datetime) -> Item:
    """Approve an item as it was seen; one that was refused or withdrawn is shown again. Its author hears.

    Raises PermissionDeniedError (`edit.review`), ConflictError, LifeclusterError where it is shown already.
    """
    viewer.require(DECIDE)
    with transaction.atomic():
        row = _locked(item, seen)
        before = row.state
        if before == State.SHOWN:
            raise LifeclusterError("it is shown already")
        row.state, row.why = State.SHOWN, ""
        row.approved_at = row.approved_at or at
        row.save()
        audit.write("news.approve", actor=viewer.actor, subject=_subject(row), at=at,
                    before={"state": before}, after={"version": row.number})  # fmt: skip
        words.tell_author(row, viewer, at)
        packages.changed()
    return row


def refuse(*, item: int, seen: int, viewer: Viewer, at: datetime, why: str) -> Item:
    """Refuse a proposed item, with the reason, which its author reads.

    Raises PermissionDeniedError (`edit.review`), ConflictError, LifeclusterError without a reason, or where it does not
    wait.
    """
    return _against(State.WAITING, State.REFUSED, item=item, seen=seen, viewer=viewer, at=at, why=why)


def withdraw(*, item: int, seen: int, viewer: Viewer, at: datetime, why: str) -> Item:
    """Take an item off all pages; approving it puts it back. Raises as `refuse`."""
    return _against(State.SHOWN, State.WITHDRAWN, item=item, seen=seen, viewer=viewer, at=at, why=why)


def remove(*, item: int, viewer: Viewer, at: datetime) -> None:
    """Take back what one has proposed and nobody has approved; nothing of it stays.

    Raises PermissionDeniedError for somebody else's, LifeclusterError for what was shown once.
    """
    with transaction.atomic():
        row = _locked(item)
        if not writes(viewer, row):
            raise PermissionDeniedError("you may not take back what somebody else wrote")
        if row.approved_at is not None:
            raise LifeclusterError("it was shown already: the desk can withdraw it")
        audit.write("news.remove", actor=viewer.actor, subject=_subject(row), at=at)
        row.delete()


def writes(viewer: Viewer, item: Item) -> bool:
    """Whether a reader wrote an item."""
    return item.author is not None and item.author.actor == viewer.actor


_COLUMNS = tuple(name for name in Draft.__dataclass_fields__ if name != "organisations")


def _against(before: State, after: State, *, item: int, seen: int, viewer: Viewer, at: datetime, why: str) -> Item:
    viewer.require(DECIDE)
    reason = why.strip()
    if not reason:
        raise LifeclusterError("say why: who wrote it reads the reason")
    with transaction.atomic():
        row = _locked(item, seen)
        if row.state != before:
            raise LifeclusterError(f"it {'is not waiting' if before == State.WAITING else 'is not shown'} any more")
        row.state, row.why = after, reason
        row.save()
        act = "news.refuse" if after == State.REFUSED else "news.withdraw"
        audit.write(act, actor=viewer.actor, subject=_subject(row), at=at, why=reason)
        words.tell_author(row, viewer, at)
        _forget(row, anyhow=before == State.SHOWN)
    return row


def _new(draft: Draft, viewer: Viewer, at: datetime, state: State, *, sample: bool = False) -> Item:
    uid = viewer.actor.removeprefix("person:")
    author = Person.objects.filter(uid=uid).first() if uid != viewer.actor else None
    own = {name: getattr(draft, name) for name in _COLUMNS}
    row: Item = Item.objects.create(**own, state=state, author=author, written_at=at, changed_at=at, sample=sample)
    _about(row, draft)
    return row


def _about(row: Item, draft: Draft) -> None:
    row.abouts.exclude(organisation__in=draft.organisations).delete()
    there = set(row.abouts.values_list("organisation", flat=True))
    About.objects.bulk_create(About(item=row, organisation=uid) for uid in draft.organisations if uid not in there)
    row.__dict__.pop("_prefetched_objects_cache", None)


def _for(draft: Draft, viewer: Viewer) -> Draft:
    if draft.level >= Visibility.DESK and not viewer.may(DECIDE):
        raise DraftError({"level": "Choose who may read it."})
    return draft


def _locked(key: int, seen: int | None = None) -> Item:
    row = Item.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise LifeclusterError("there is no such item any more")
    if seen is not None and row.number != seen:
        raise ConflictError("somebody else has changed it since you opened it; what it says now stands below")
    return row


def _forget(row: Item, *, anyhow: bool = False) -> None:
    if anyhow or row.state == State.SHOWN:
        packages.changed()


def _subject(row: Item) -> str:
    return f"news:{row.pk}"
