"""The spine of the sample region, put together once and read by every theme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lifecluster.sample.bodies import bodies
from lifecluster.sample.firms import Ground, anywhere, found
from lifecluster.sample.model import AS_OF, Organisation, Postal, Site, World
from lifecluster.sample.places import inwards, lay_out, outwards, town_of
from lifecluster.sample.streams import Stream, generator
from lifecluster.sample.texts import titled
from lifecluster.sample.words import phrases, place_words, segments

PREFIX = "ZZ"
"""First letters of all company numbers here; no registrar of the United Kingdom gives numbers that begin so."""
BLOCK = 60_000
RESERVED = 2_000
"""Numbers kept for the spine, so that the background takes none of them however many the spine uses."""


def build_world(seed: int) -> World:
    """Places, organisations, groups and sites; depends on `seed` alone."""
    ordinary, parks = lay_out(seed)
    hubs, hub_postals = _hubs(ordinary)
    ground = Ground(ordinary, parks, hubs)
    numbers = [f"{PREFIX}{n + 1:06d}" for n in generator(seed, "spine/numbers").permutation(BLOCK).tolist()]
    firms, groups = found(seed, ground, numbers[:RESERVED])
    organisations = (*firms, *bodies(seed, ground))
    postals = (*(p for c in ordinary.values() for p in c), *(p for c in parks.values() for p in c), *hub_postals)
    sites = tuple(_sites(Stream(seed, "spine/sites"), organisations, ground))
    index = {o.key: o for o in organisations}
    return World(seed, postals, ordinary, parks, organisations, tuple(groups), sites, hubs,
                 tuple(numbers[RESERVED:]), index)  # fmt: skip


def _hubs(ordinary: dict[str, tuple[Postal, ...]]) -> tuple[tuple[tuple[str, Postal], ...], list[Postal]]:
    """Addresses of formation agents, each at a postcode of its own at the centre of its district."""
    hubs: list[tuple[str, Postal]] = []
    postals: list[Postal] = []
    for hub in place_words().hubs:
        place = outwards()[hub.outward]
        code = inwards(360)[-1 - len(postals)]
        postal = Postal(
            f"{hub.outward} {code}", town_of(hub.outward), hub.line, place.easting, place.northing, place.lad
        )
        postals.append(postal)
        hubs.append((hub.line, postal))
    return tuple(hubs), postals


@dataclass
class _Keys:
    last: int = 0

    def next(self) -> str:
        self.last += 1
        return f"S{self.last:05d}"


def _sites(stream: Stream, organisations: Sequence[Organisation], ground: Ground) -> list[Site]:
    keys, sites = _Keys(), []
    for body in organisations:
        if body.postal is None or (body.kind == "company" and stream.chance(0.03)):
            continue
        sites += _of_one(stream, body, _count(stream, body), ground, keys)
    return sites


def _count(stream: Stream, body: Organisation) -> int:
    if body.kind == "nhs-trust":
        return stream.whole(2, 5)
    if body.kind == "university":
        return stream.whole(1, 3)
    if body.kind != "company":
        return 1
    return 1 + int(stream.rng.poisson(0.038 * math.log1p(body.jobs) ** 1.6))


def _of_one(stream: Stream, body: Organisation, count: int, ground: Ground, keys: _Keys) -> list[Site]:
    weights = [1.0] + [float(stream.rng.uniform(0.08, 0.5)) for _ in range(count - 1)]
    jobs = [round(body.jobs * w / sum(weights)) for w in weights[1:]]
    jobs = [body.jobs - sum(jobs), *jobs]
    sites: list[Site] = []
    for place, at_site in enumerate(jobs):
        site = _site(stream, body, place, jobs=at_site, ground=ground, key=keys.next())
        if place and stream.chance(0.08):
            site = replace(site, closed_on=stream.day(max(site.opened_on, date(2022, 1, 1)), AS_OF), jobs=0)
            sites[0] = replace(sites[0], jobs=sites[0].jobs + at_site)
        sites.append(site)
    return sites


def _site(stream: Stream, body: Organisation, place: int, *, jobs: int, ground: Ground, key: str) -> Site:
    postal, line = body.place, body.line
    if place:
        postal = anywhere(stream, ground.ordinary)
        line = f"{stream.whole(1, 150)} {postal.street}"
    name = f"{body.head} {titled(postal.town)}" if body.kind == "company" else _public_name(stream, body, place)
    opened = body.founded if not place else stream.day(body.founded, AS_OF)
    return Site(key, body.key, name, line, postal, jobs, _activities(stream, body), opened, body.closed_on)


def _public_name(stream: Stream, body: Organisation, place: int) -> str:
    if body.kind == "nhs-trust":
        return f"{body.head} {phrases()['bodies']['hospital'][place]}"
    if body.kind == "university":
        return f"{body.head} {phrases()['bodies']['campus'][place]}"
    return body.name.title() if body.name.isupper() else body.name


def _activities(stream: Stream, body: Organisation) -> tuple[str, ...]:
    fixed = {"nhs-trust": "care", "university": "research", "rto": "research", "icb": "office", "charity": "office"}
    if body.segment is None:
        return (fixed[body.kind],)
    chances = phrases()["activity"][segments()[body.segment].group]
    return tuple(stream.each(chances)) or ("office",)
