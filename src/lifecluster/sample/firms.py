"""The invented life-science companies: families, names, segments, sizes, places, histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from lifecluster.sample import naming
from lifecluster.sample.model import AS_OF, Company, Group, Organisation, Postal
from lifecluster.sample.names import NameBook
from lifecluster.sample.places import outwards, town_of
from lifecluster.sample.streams import Stream, shares
from lifecluster.sample.words import Park, SegmentWords, phrases, place_words, segments

FIRMS = 1150
FAMILIES = 52
TWICE = 4
"""Pairs of companies that bear the same name."""
ANCHORS = 14
MEDIAN_JOBS, SIGMA_JOBS = 5.5, 1.5
PARK_SHARE = 0.55
VAGUE = {"82990": 4.0, "74909": 3.0, "70229": 2.0, "99999": 1.0}
"""Codes that say nothing; one firm in sixteen gives one of them first."""
STATUSES = {
    "Active": 940.0,
    "Active - Proposal to Strike off": 25.0,
    "Liquidation": 14.0,
    "In Administration": 4.0,
    "Dissolved": 17.0,
}
ACCOUNTS = ((5, "MICRO ENTITY"), (50, "TOTAL EXEMPTION FULL"), (250, "SMALL"), (10**9, "FULL"))


@dataclass(frozen=True, slots=True)
class Member:
    """One firm of a family before it has a place: `role` is flagship, holding, sibling or namesake."""

    name: str
    head: str
    segment: SegmentWords
    role: str
    family: int


@dataclass(frozen=True)
class Ground:
    """Where firms may be put."""

    ordinary: Mapping[str, tuple[Postal, ...]]
    parks: Mapping[str, tuple[Postal, ...]]
    hubs: tuple[tuple[str, Postal], ...]


def found(seed: int, ground: Ground, numbers: Sequence[str]) -> tuple[list[Organisation], list[Group]]:
    """All life-science companies and the groups that own several; `numbers` are company numbers to give out."""
    members = _members(Stream(seed, "spine/names"))
    jobs = _jobs(Stream(seed, "spine/sizes"), members)
    firms = _settle(seed, members, jobs, ground, numbers)
    groups: list[Group] = []
    for family in sorted({m.family for m in members if m.role == "holding"}):
        keys = [o.key for o, m in zip(firms, members, strict=True) if m.family == family and m.role != "namesake"]
        head = next(m.head for m in members if m.family == family)
        groups.append(Group(f"G{len(groups) + 1:05d}", f"{head} Group", tuple(keys)))
    owner = {key: group.key for group in groups for key in group.members}
    return [_in_group(o, owner.get(o.key)) for o in firms], groups


def _in_group(firm: Organisation, group: str | None) -> Organisation:
    if group is None:
        return firm
    return replace(firm, group=group)


def _members(stream: Stream) -> list[Member]:
    sizes = [int(n) for n in stream.rng.choice([2, 3, 4], size=FAMILIES, p=[0.5, 0.35, 0.15])]
    sizes += [1] * (FIRMS - TWICE - sum(sizes))
    kinds = list(segments().values())
    quota = shares(len(sizes), [kind.share for kind in kinds])
    order = [kind for kind, count in zip(kinds, quota, strict=True) for _ in range(count)]
    order = [order[i] for i in stream.rng.permutation(len(order)).tolist()]
    book, members = NameBook(), []
    for family, (size, words) in enumerate(zip(sizes, order, strict=True)):
        name, head = naming.firm(stream, words, book)
        members.append(Member(name, head, words, "flagship", family))
        for place in range(1, size):
            role = "holding" if place == 1 else "sibling"
            town = town_of(stream.one(list(outwards())))
            called = naming.sibling(stream, head, town, words, book, holding=place == 1)
            members.append(Member(called, head, words, role, family))
    singles = [m for m in members if m.family >= FAMILIES]
    for member in stream.some(singles, TWICE):
        members.append(Member(member.name, member.head, member.segment, "namesake", member.family))
    return members


def _jobs(stream: Stream, members: Sequence[Member]) -> list[int]:
    """Head counts: lognormal, a few anchors among makers and contract firms, next to none in holding companies."""
    drawn = np.maximum(1, np.round(MEDIAN_JOBS * np.exp(stream.rng.normal(0, SIGMA_JOBS, len(members))))).astype(int)
    counts = np.minimum(drawn, 480).tolist()
    large = [i for i, m in enumerate(members) if m.role == "flagship" and m.segment.group != "digital-and-other"]
    for i in stream.some(large, ANCHORS):
        counts[i] = int(np.clip(round(500 * np.exp(abs(stream.rng.normal(0, 0.7)))), 500, 2500))
    return [int(c) if m.role != "holding" else min(int(c), 6) for c, m in zip(counts, members, strict=True)]


def _settle(seed: int, members: Sequence[Member], jobs: Sequence[int], ground: Ground,
            numbers: Sequence[str]) -> list[Organisation]:  # fmt: skip
    where, past = Stream(seed, "spine/places"), Stream(seed, "spine/histories")
    book = NameBook()
    at: dict[int, tuple[Postal, str]] = {}
    firms = []
    for member, count, number in zip(members, jobs, numbers, strict=False):
        main = at.get(member.family)
        if main is None or member.role == "namesake" or (member.role == "sibling" and where.chance(0.5)):
            postal = _work_place(where, member.segment, ground)
            main = (postal, _line(where, postal))
            at.setdefault(member.family, main)
        registered = _registered(where, main, ground)
        company = _company(past, member, number=number, jobs=count, registered=registered, book=book)
        firms.append(_organisation(past, member, count, company, main))
    return firms


def _work_place(stream: Stream, words: SegmentWords, ground: Ground) -> Postal:
    if stream.chance(PARK_SHARE):
        parks = place_words().parks
        return stream.one(ground.parks[stream.pick(parks, [p.share * _lean(p, words) for p in parks]).name])
    return anywhere(stream, ground.ordinary)


def _lean(park: Park, words: SegmentWords) -> float:
    return park.leans.get(words.key, 1.0) * park.leans.get(words.group, 1.0)


def anywhere(stream: Stream, ordinary: Mapping[str, tuple[Postal, ...]]) -> Postal:
    """A place drawn as the population lies: a district by its number of real postcodes, then one of its postcodes."""
    places = list(outwards().values())
    return stream.one(ordinary[stream.pick(places, [place.n for place in places]).code])


def _line(stream: Stream, postal: Postal) -> str:
    if postal.park is not None:
        return f"UNIT {stream.whole(1, 40)} {postal.street}"
    return f"{stream.whole(1, 190)} {postal.street}"


def _registered(stream: Stream, main: tuple[Postal, str], ground: Ground) -> tuple[Postal, str]:
    draw = stream.rng.random()
    if draw < 0.64:
        return main
    if draw < 0.71:
        line, postal = stream.one(ground.hubs)
        return postal, line
    postal = anywhere(stream, ground.ordinary)
    return postal, _line(stream, postal)


def _company(
    stream: Stream, member: Member, *, number: str, jobs: int, registered: tuple[Postal, str], book: NameBook
) -> Company:
    status = "Dissolved" if member.role == "namesake" and stream.chance(0.75) else stream.weighted(STATUSES)
    status = "Active" if jobs >= 500 else status
    start = date(1958, 1, 1) if jobs >= 100 else date(1992, 1, 1)
    incorporated = stream.day(start, date(2025, 12, 31))
    if stream.chance(0.45):
        incorporated = max(incorporated, stream.day(date(2014, 1, 1), date(2025, 12, 31)))
    dissolved = stream.day(max(incorporated, date(2023, 1, 1)), AS_OF) if status == "Dissolved" else None
    previous: tuple[tuple[date, str], ...] = ()
    if stream.chance(0.13):
        changed = stream.day(incorporated, AS_OF)
        previous = ((changed, naming.earlier(stream, member.head, member.segment, book)),)
    form = member.name.rsplit(" ", 1)[-1]
    accounts = "DORMANT" if stream.chance(0.03) else next(label for top, label in ACCOUNTS if jobs < top)
    return Company(number, member.name, registered[1], registered[0], naming.CATEGORIES[form], status, incorporated,
                   _sic(stream, member), dissolved, previous, accounts=accounts)  # fmt: skip


def _sic(stream: Stream, member: Member) -> tuple[str, ...]:
    if member.role == "holding":
        return ("64209",) if stream.chance(0.6) else ("70100",)
    weights = {code: w if code else w * 0.3 for code, w in member.segment.sic.items()}
    first = stream.weighted(VAGUE) if stream.chance(1 / 16) else stream.weighted(weights)
    if first == "" or not stream.chance(0.2):
        return (first,)
    second = stream.weighted({code: w for code, w in {**weights, **VAGUE}.items() if code not in {"", first}})
    return (first, second)


def _organisation(
    stream: Stream, member: Member, jobs: int, company: Company, main: tuple[Postal, str]
) -> Organisation:
    owned = phrases()["ownership"]
    trading = f"{member.head} {stream.one(member.segment.words)}".title() if stream.chance(0.06) else None
    ownership = stream.weighted(owned) if member.role == "flagship" else "uk-group"
    return Organisation(company.number, "company", member.name, member.head, 0 if company.dissolved else jobs, company,
                        member.segment.key, main[0], main[1], None, company.incorporated, company.dissolved, ownership,
                        trading=trading, holding=member.role == "holding")  # fmt: skip
