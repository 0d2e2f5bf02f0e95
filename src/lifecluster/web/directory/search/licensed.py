"""Where licences are held: a search for one near a place measures to the site that the licence names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Package, Thing, Tie
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.index import Index
from lifecluster.web.directory.search.places import Nearest, Place, nearest
from lifecluster.web.directory.values import values
from lifecluster.web.directory.viewer import reader_of

Held = Mapping[str, Mapping[int, frozenset[str]]]
"""Type of licence -> number of an organisation -> uids of the sites that its licences of that type name.

An organisation whose licences name no site with a place is not there: it is measured to wherever it is.
"""


def _holding(index: Index) -> dict[str, str]:
    """The type of each licence that holds today, by uid. One query."""
    held = Thing.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today()), package_id=index.package, kind="licence", live=True,
        level__lte=index.level,
    ).values_list("uid", "data__licence_type")  # fmt: skip
    return dict(held)


@dataclass(frozen=True, slots=True)
class Checked:
    """When a licence was last seen or verified, and whether that is too long ago."""

    on: date | None
    stale: bool


def checked(index: Index, package: Package) -> Mapping[str, Mapping[int, Checked]]:
    """By type of licence and number of the organisation that holds one today, the one that was checked last.

    Four queries, once a day for a package and a level.
    """
    key = ("checked", today())
    if key not in index.made:
        index.made[key] = _checked(index, package)
    found: Mapping[str, Mapping[int, Checked]] = index.made[key]
    return found


def _checked(index: Index, package: Package) -> dict[str, dict[int, Checked]]:
    kinds = _holding(index)
    told = values(kinds, reader_of(index.level), package=package, property="licence_type")
    ties = Tie.objects.filter(package_id=index.package, level__lte=index.level, kind="licence", role="holder")
    found: dict[str, dict[int, Checked]] = defaultdict(dict)
    for uid, party in ties.values_list("thing", "party"):
        if uid not in kinds or party not in index.numbers:
            continue
        stated, number, mine = told.of(uid, "licence_type"), index.numbers[party], found[kinds[uid]]
        age = stated.shown[0].freshness if stated and stated.shown else None
        one = Checked(age.since, age.state == "stale") if age else Checked(None, stale=False)
        mine[number] = max(mine.get(number, one), one, key=lambda c: c.on or date.min)
    return found


def licensed(index: Index) -> Held:
    """The sites that licences name, of licences that hold today. One query."""
    kinds = _holding(index)
    ties = Tie.objects.filter(package_id=index.package, level__lte=index.level, kind="licence",
                              role__in=("holder", "held_at"))  # fmt: skip
    holders: dict[str, set[int]] = defaultdict(set)
    sites: dict[str, set[str]] = defaultdict(set)
    for thing, role, party in ties.values_list("thing", "role", "party"):
        if thing not in kinds:
            continue
        if role == "held_at":
            sites[thing].add(party)
        elif party in index.numbers:
            holders[thing].add(index.numbers[party])
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for thing, kind in kinds.items():
        for number in holders[thing]:
            found[kind][number] |= {site for site in sites[thing] if (number, site) in index.spot_of}
    return {kind: {n: frozenset(s) for n, s in of.items() if s} for kind, of in found.items()}


def out_of_reach(index: Index, held: Held, kind: str, place: Place, within: float) -> int:
    """The set of organisations whose licence of a type is held at sites that are all farther off than `within` km."""
    far = [
        number
        for number, sites in held.get(kind, {}).items()
        if nearest((index.spot_of[number, site] for site in sites), place).km > within
    ]
    return bits.of(far, index.size)


def measured(
    index: Index, held: Held, kinds: Collection[str], place: Place, away: Mapping[int, Nearest]
) -> dict[int, Nearest]:
    """`away`, but measured to where licences of these types are held, for those whose licences name a site."""
    found = dict(away)
    for number in away:
        sites = {site for kind in kinds for site in held.get(kind, {}).get(number, ())}
        if sites:
            found[number] = nearest((index.spot_of[number, site] for site in sorted(sites)), place)
    return found
