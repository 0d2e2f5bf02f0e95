"""Where licences are held: a search for one near a place measures to the site that the licence names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q

from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.models import Thing, Tie
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.index import Index
from lifecluster.web.directory.search.places import Nearest, Place, nearest

Held = Mapping[str, Mapping[int, frozenset[str]]]
"""Type of licence -> number of an organisation -> uids of the sites that its licences of that type name.

An organisation whose licences name no site with a place is not there: it is measured to wherever it is.
"""


def licensed(index: Index) -> Held:
    """The sites that licences name, of licences that hold today. One query."""
    held = Thing.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today()), package_id=index.package, kind="licence", live=True,
        level__lte=index.level,
    ).values_list("uid", "data__licence_type")  # fmt: skip
    kinds = dict(held)
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
