"""What is new since the last bulletin: items, what closes soon, and what the register has that it had not.

Nothing that only the desk reads is gathered: mail is no place for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lifecluster.policy.visibility import Visibility
from lifecluster.web.directory import reads as register
from lifecluster.web.directory.models import Change, Organisation, Package, Thing, Tie
from lifecluster.web.directory.show import addresses
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import ANYBODY, reader_of
from lifecluster.web.kit import formats
from lifecluster.web.news import words
from lifecluster.web.news.models import Item, Kind, Part, Section, Stage

MOST_READERS = Visibility.MEMBERS
"""The most restricted level that goes by mail."""
SOON = timedelta(days=21)
MOST = 12
"""Organisations, licences and awards of each kind; the rest is in the directory."""
SECTIONS = {Kind.NEWS: Section.NEWS, Kind.OPPORTUNITY: Section.OPPORTUNITY, Kind.EVENT: Section.EVENT}


def parts(since: datetime, at: datetime) -> list[Part]:
    """Parts for a bulletin that is not saved yet, in order; those of the same thing have the same key each time."""
    new, closing = _items(since, at)
    found = [*new, *closing]
    try:
        package = register.current()
    except register.NoPackageError:
        package = None
    if package is not None:
        found += [*_organisations(package, since), *_things(package, "licence", since, at),
                  *_things(package, "award", since, at)]  # fmt: skip
    order = {section: number for number, section in enumerate(Section)}
    found.sort(key=lambda part: order[Section(part.section)])
    for number, part in enumerate(found, 1):
        part.place = number * 10
    return found


def _items(since: datetime, at: datetime) -> tuple[list[Part], list[Part]]:
    """Items that no bulletin has told of and that were approved or begun since then; and opportunities of before that
    close soon. What was approved at the very moment of the last bulletin, and is not in it, is new."""
    rows = Item.objects.listed(reader_of(int(MOST_READERS)), at.date()).filter(level__lte=MOST_READERS)
    told_of = Part.objects.filter(bulletin__stage=Stage.SENT, item__in=rows.values("pk"))
    told = set(told_of.values_list("item", flat=True))
    new: list[Part] = []
    closing: list[Item] = []
    for row in rows.order_by("shown_from", "pk"):
        lately = row.approved_at is not None and (row.approved_at >= since or row.shown_from >= since.date())
        if lately and row.pk not in told:
            new.append(_of(row, SECTIONS[Kind(row.kind)], at))
        elif row.closes_on is not None and at.date() <= row.closes_on <= (at + SOON).date():
            closing.append(row)
    closing.sort(key=lambda row: (row.closes_on or at.date(), row.pk))
    return new, [_of(row, Section.CLOSING, at) for row in closing]


def _of(row: Item, section: Section, at: datetime) -> Part:
    return Part(key=f"item:{row.pk}", section=section, item=row, title=row.title, url=words.address(row),
                note=words.note(row, at.date()), level=row.level)  # fmt: skip


def _organisations(package: Package, since: datetime) -> Iterator[Part]:
    """Organisations that came into the register and are still there, once each."""
    news = Change.objects.filter(what="new", at__gt=since, undone=False, level__lte=MOST_READERS).order_by("id")
    uids = list(dict.fromkeys(news.values_list("uid", flat=True)))
    shown = Organisation.objects.visible_to(reader_of(int(MOST_READERS)), package).filter(uid__in=uids)
    for row in shown.order_by("name", "uid")[:MOST]:
        note = f"in {row.town}" if row.town else ""
        yield Part(key=f"organisation:{row.uid}", section=Section.ORGANISATION, title=proper(row.name),
                   url=addresses.organisation(row.uid, row.slug), note=note, level=row.level)  # fmt: skip


def _things(package: Package, kind: str, since: datetime, at: datetime) -> Iterator[Part]:
    """Licences or awards that began since then, with who holds them; public ones alone."""
    rows = Thing.objects.visible_to(ANYBODY, package).filter(
        kind=kind, starts_on__gt=since.date(), starts_on__lte=at.date()
    )
    found = list(rows.order_by("-starts_on", "uid")[:MOST])
    ties = Tie.objects.visible_to(ANYBODY, package).filter(role="holder", thing__in=[row.uid for row in found])
    holders = dict(ties.order_by("-party").values_list("thing", "party"))
    names = register.named(set(holders.values()), ANYBODY, package)
    for row in found:
        name = names.get(holders.get(row.uid, ""))
        title = row.title or str(row.data.get("licence_type") or row.data.get("reference") or row.uid)
        begun = formats.day(row.starts_on, long=True)
        note = f"{proper(name.name)}, from {begun}" if name else f"from {begun}"
        yield Part(key=f"{kind}:{row.uid}", section=Section(kind), title=title, url=addresses.address(row.uid, kind),
                   note=note, level=row.level)  # fmt: skip
