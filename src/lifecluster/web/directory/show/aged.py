"""What a list rests on that was last checked long ago: licences that were asked for, and numbers of staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from lifecluster.places.spoken import listed
from lifecluster.reference.properties import vocabulary
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.licensed import Checked, checked
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import reader_of
from lifecluster.web.kit import formats
from lifecluster.web.kit.states import Badge

if TYPE_CHECKING:
    from lifecluster.web.directory.models import Package
    from lifecluster.web.directory.search import Page
    from lifecluster.web.directory.search.index import Index


def said(page: Page) -> str:
    """A sentence: how many of the licences of the list are stale; empty where none is, or none was asked for."""
    hits = frozenset(bits.members(page.hits.chosen))
    mine = [one for found in _asked(page).values() for number, one in found.items() if number in hits]
    stale = sum(one.stale for one in mine)
    if not stale:
        return ""
    kinds = listed(sorted(page.query.licence))
    were = "was" if stale == 1 else "were"
    what = f"{formats.number(stale)} of these {formats.number(len(mine))} {kinds} licences {were}"
    if len(mine) == 1:
        what = f"This {kinds} licence was"
    days = vocabulary().properties["licence_type"].stale_after or 0
    return f"{what} last checked more than {formats.number(days)} days ago and marked so: held only if nothing changed."


def marks(page: Page) -> Mapping[int, SafeString]:
    """Badges for the organisations of this page whose licence is stale, by number."""
    asked = _asked(page)
    found = {}
    for number in page.numbers:
        stale = [(kind, of[number]) for kind, of in sorted(asked.items()) if number in of and of[number].stale]
        if stale:
            badges = [Badge("stale", f"{kind} last checked {formats.day(one.on)}").render() for kind, one in stale]
            found[number] = SafeString(" ".join(badges))
    return found


def told(page: Page, number: int) -> dict[str, Checked]:
    """Of each type that was asked for and that an organisation holds, the licence that was checked last."""
    return {kind: of[number] for kind, of in _asked(page).items() if number in of}


def staff(index: Index, package: Package) -> frozenset[int]:
    """Numbers of the organisations whose staff, as readers of the index are shown it, was last told too long ago.

    Two queries, once a day for a package and a level.
    """
    key = ("staff", today())
    if key not in index.made:
        told = values(index.uids, reader_of(index.level), package=package, property="employees")
        stated = ((number, told.of(uid, "employees")) for number, uid in enumerate(index.uids))
        index.made[key] = frozenset(
            number for number, one in stated if one and one.shown and one.shown[0].freshness.stale
        )
    found: frozenset[int] = index.made[key]
    return found


def _asked(page: Page) -> dict[str, Mapping[int, Checked]]:
    """The licences of each type that was asked for."""
    if not page.query.licence:
        return {}
    every = checked(page.hits.index, page.package)
    return {kind: every[kind] for kind in page.query.licence if kind in every}
