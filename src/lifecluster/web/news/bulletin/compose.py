"""A bulletin for one reader: as a page, and as a mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from lifecluster.web.accounts import letter, stopping
from lifecluster.web.directory import packages
from lifecluster.web.directory import reads as register
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Identity
from lifecluster.web.directory.viewer import reader_of
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import markdown, words
from lifecluster.web.news.models import Bulletin, Part, Section, State

SUMMARY = 320


@dataclass(frozen=True, slots=True)
class Group:
    """Parts under one heading."""

    title: str
    entries: tuple[dict[str, Any], ...]


def parts(bulletin: Bulletin, level: int) -> list[Part]:
    """What a reader who sees up to a level finds in a bulletin: nothing left out, no item that is withdrawn or has not
    begun, and nothing of the register that they may not know of today, whatever it was when it was gathered."""
    shown = Q(item__state=State.SHOWN, item__level__lte=level, item__shown_from__lte=today())
    rows = bulletin.parts.filter(Q(item__isnull=True) | shown, left_out=False, level__lte=level).select_related("item")
    found = list(rows.order_by("place", "pk"))
    known = _known({_uid(part) for part in found if part.item_id is None}, level)
    return [part for part in found if part.item_id is not None or _uid(part) in known]


def _uid(part: Part) -> str:
    """The id in the register of what a part without an item tells of."""
    return part.key.partition(":")[2]


def _known(uids: Collection[str], level: int) -> set[str]:
    """Those of these ids that lead to something that a reader who sees up to a level may know of. One question."""
    if not uids:
        return set()
    try:
        package = register.current()
    except register.NoPackageError:
        return set()
    rows = Identity.objects.leading(reader_of(level), package).filter(uid__in=uids).exclude(status="absent")
    return set(rows.values_list("uid", flat=True))


def groups(found: Iterable[Part], day: date) -> list[Group]:
    """Parts under their headings, which stand in the order of their first parts."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for part in found:
        kept.setdefault(part.section, []).append(_entry(part, day))
    return [Group(Section(name).label, tuple(entries)) for name, entries in kept.items()]


def _entry(part: Part, day: date) -> dict[str, Any]:
    item = part.item
    if item is None:
        return {"title": part.title, "url": part.url, "note": part.note, "summary": "", "level": part.level}
    return {"title": item.title, "url": part.url, "note": words.note(item, day), "level": max(part.level, item.level),
            "summary": markdown.words(item.text, SUMMARY)}  # fmt: skip


def address(bulletin: Bulletin) -> str:
    """Its page in the archive."""
    return f"{path_of('news:bulletins')}/{bulletin.pk}"


def mail(bulletin: Bulletin, level: int, *, stop: str, why: str, day: date) -> letter.Letter | None:
    """The mail to a reader; None where nothing is in it for them."""
    found = groups(parts(bulletin, level), day)
    if not found:
        return None
    sections = tuple(
        letter.Part(group.title, tuple(
            letter.Entry(entry["title"], stopping.public(entry["url"]), entry["note"].replace("\u00a0", " "),
                         entry["summary"])
            for entry in group.entries))
        for group in found
    )  # fmt: skip
    return letter.Letter(
        bulletin.title, opening=bulletin.opening, rich=markdown.html(bulletin.opening), parts=sections, why=why,
        stops=(letter.Stop("the bulletin", stop),), online=stopping.public(address(bulletin)),
        sample=bulletin.sample or packages.info().sample,
    )  # fmt: skip
