"""What is new: changes of the register, one line for each package, and the organisations that changed last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.utils.html import format_html
from django.utils.safestring import SafeString

from lifecluster.places.spoken import listed
from lifecluster.web.directory import memo, reads
from lifecluster.web.directory.models import Change, Organisation, Package, Thing
from lifecluster.web.directory.show import addresses, words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.kit import formats
from lifecluster.web.kit.rendering import join

SINGLE, PACKAGES, READ = 4, 3, 2000
ENOUGH = 6
"""Lines; where fewer changes are known, dates of the register fill the rest."""
VERBS = {
    "new": "new",
    "changed": "changed",
    "gone": "left the register",
    "redirected": "merged",
    "merged": "merged by the desk",
    "split": "set apart by the desk",
    "edited": "edited by their organisations",
}

SINGLY = {
    "new": "is new.",
    "gone": "left the register.",
    "redirected": "was merged with another.",
    "merged": "was merged with another.",
    "split": "was set apart from another.",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A line: the day and what happened."""

    day: date
    text: SafeString


def news(package: Package, user: object) -> list[Item]:
    """The newest first."""
    rows = reads.changes(user, limit=READ, newest=True)
    by_package: dict[tuple[date, str], Counter[str]] = {}
    for row in rows:
        if row.what != "edited":
            by_package.setdefault((row.at.date(), row.package), Counter())[row.what] += 1
    items = [Item(day, _package(name, counts)) for (day, name), counts in list(by_package.items())[:PACKAGES]]
    items += [Item(row.at.date(), _single(row)) for row in rows if row.what == "edited" or row.package == package.name][
        :SINGLE
    ]
    if not items:
        loaded = package.loaded_at.date() if package.loaded_at else package.at
        items.append(
            Item(loaded, format_html("{} was loaded. What the next one changes will stand here.", _name(package.name)))
        )
    if len(items) < ENOUGH:
        items += memo.kept("home-dated", package, lambda: dated(package))[: ENOUGH - len(items)]
    return sorted(items, key=lambda item: item.day, reverse=True)


def dated(package: Package) -> list[Item]:
    """What happened last by the dates that the register itself has: awards and contracts that began, organisations
    that closed; one of each in turn."""
    begun = Thing.objects.visible_to(ANYBODY, package).filter(starts_on__lte=package.at)
    awards = list(begun.filter(kind="award").order_by("-starts_on", "uid")[:ENOUGH])
    contracts = list(begun.filter(kind="contract").order_by("-starts_on", "uid")[:ENOUGH])
    closed = Organisation.objects.visible_to(ANYBODY, package).filter(live=False, ended_on__lte=package.at)
    holders = {str(uid) for thing in (*awards, *contracts) for uid in thing.data.get("holder", ())[:1]}
    names = {uid: found.name for uid, found in reads.named(holders, ANYBODY, package).items()}
    lists = (
        [_begun(thing, names, "won") for thing in awards],
        [_begun(thing, names, "began") for thing in contracts],
        [_closed(row) for row in closed.order_by("-ended_on", "uid")[:ENOUGH]],
    )
    return [item for some in zip_longest(*lists) for item in some if item is not None]


def _begun(thing: Thing, names: Mapping[str, str], verb: str) -> Item:
    holder = next(iter(thing.data.get("holder", ())), "")
    name = names.get(holder, "")
    who = addresses.link(addresses.organisation(holder), proper(name)) if name else "An organisation"
    what = addresses.link(addresses.address(thing.uid, thing.kind), thing.title or words.kind(thing.kind))
    kind = {"award": "the award", "contract": "the public contract"}[thing.kind]
    day = thing.starts_on or date.min
    return Item(day, format_html("{} {} {} {}.", who, verb, kind, what))


def _closed(row: Organisation) -> Item:
    link = addresses.link(addresses.organisation(row.uid, row.slug), proper(row.name))
    return Item(row.ended_on or date.min, format_html("{} closed.", link))


def _name(name: str) -> SafeString:
    return format_html('<a href="/package">Package {}</a>', name.rpartition("/")[2])


def _package(name: str, counts: Counter[str]) -> SafeString:
    said = [f"{formats.number(counts[what])} {VERBS[what]}" for what in VERBS if counts[what]]
    if said:
        first = next(counts[what] for what in VERBS if counts[what])
        number, verb = said[0].split(" ", 1)
        said[0] = f"{number} {'organisation' if first == 1 else 'organisations'} {verb}"
    return format_html("{}: {}.", _name(name), listed(said))


def _single(row: Change) -> SafeString:
    name = addresses.link(addresses.organisation(row.uid) if row.what != "gone" else "", proper(row.name) or row.uid)
    fields = [words.label(f).lower() for f in sorted(row.fields)[:3]]  # PostgreSQL keeps keys in an order of its own
    more = f" and {len(row.fields) - 3} more" if len(row.fields) > 3 else ""
    what = SINGLY.get(row.what)
    return join([name, " ", what or f"changed: {', '.join(fields)}{more}."])
