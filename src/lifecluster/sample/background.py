"""About 40,000 ordinary companies of the region: the null against which the life sciences are compared."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from lifecluster.sample.model import AS_OF, Company, Postal, World
from lifecluster.sample.names import NameBook, rooted
from lifecluster.sample.places import outwards
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import trades

COMPANIES = 40_000
HUB_SHARE = 0.006
"""Share registered at the formation agents' addresses."""
_HEADS = 9_000
_STATUS = {"Active": 906.0, "Active - Proposal to Strike off": 67.0, "Liquidation": 24.0, "In Administration": 3.0}
_CATEGORY = {
    "Private Limited Company": 958.0,
    "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)": 20.0,
    "Community Interest Company": 7.0,
    "Limited Liability Partnership": 5.0,
    "Public Limited Company": 1.0,
}
_ENDINGS = {
    "Limited Liability Partnership": "LLP",
    "Community Interest Company": "CIC",
    "Public Limited Company": "PLC",
}


def background(world: World) -> list[Company]:
    """Ordinary companies with numbers from the spare block, placed as the population lies."""
    stream = Stream(world.seed, "background")
    rng = stream.rng
    heads = [rooted(stream).upper() for _ in range(_HEADS)]
    codes = list(trades())
    weights = np.array([trades()[code][0] for code in codes])
    trade = [codes[i] for i in rng.choice(len(codes), size=COMPANIES, p=weights / weights.sum()).tolist()]
    second = [codes[i] for i in rng.choice(len(codes), size=COMPANIES, p=weights / weights.sum()).tolist()]
    places = _places(world, rng)
    dates = _dates(rng)
    status = _drawn(rng, _STATUS)
    category = _drawn(rng, _CATEGORY)
    twice = rng.random(COMPANIES) < 0.16
    book = NameBook(o.name for o in world.organisations)
    companies = []
    for i in range(COMPANIES):
        name = _name(stream, heads, trade[i], category[i], book)
        postal, line = places[i]
        sic = (trade[i], second[i]) if twice[i] and trade[i] and second[i] not in {"", trade[i]} else (trade[i],)
        companies.append(Company(world.spare_numbers[i], name, line, postal, category[i], status[i], dates[i], sic,
                                 previous=_previous(stream, heads, name, dates[i])))  # fmt: skip
    return companies


def _drawn(rng: np.random.Generator, weights: dict[str, float]) -> list[str]:
    keys, p = list(weights), np.array(list(weights.values()))
    return [keys[i] for i in rng.choice(len(keys), size=COMPANIES, p=p / p.sum()).tolist()]


def _places(world: World, rng: np.random.Generator) -> list[tuple[Postal, str]]:
    """Districts by their number of real postcodes; within one, few postcodes hold many firms (by rank)."""
    codes = list(outwards())
    sizes = np.array([outwards()[code].n for code in codes], dtype=float)
    district = rng.choice(len(codes), size=COMPANIES, p=sizes / sizes.sum()).tolist()
    position, house, at_hub = rng.random(COMPANIES), rng.integers(1, 220, COMPANIES), rng.random(COMPANIES)
    edges = {code: _falling(len(world.by_outward[code])) for code in codes}
    placed = []
    for where, at, number, hub in zip(district, position.tolist(), house.tolist(), at_hub.tolist(), strict=True):
        if hub < HUB_SHARE:
            line, postal = world.hubs[0 if hub < HUB_SHARE * 0.62 else 1]
            placed.append((postal, line))
            continue
        code = codes[where]
        postal = world.by_outward[code][int(np.searchsorted(edges[code], at, side="right"))]
        placed.append((postal, f"{number} {postal.street}"))
    return placed


def _falling(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    weights = 1.0 / np.sqrt(np.arange(1, count + 1, dtype=np.float64))
    edges: np.ndarray[tuple[int], np.dtype[np.float64]] = np.cumsum(weights) / weights.sum()
    edges[-1] = 1.0
    return edges


def _dates(rng: np.random.Generator) -> list[date]:
    """Dates of incorporation: half of the firms are younger than four years, as in the real register."""
    ages = np.minimum(rng.exponential(2200, COMPANIES), 24_000).astype(int) + 30
    return [AS_OF - timedelta(days=int(age)) for age in ages]


def _name(stream: Stream, heads: list[str], trade: str, category: str, book: NameBook) -> str:
    words = trades()[trade][1]
    ending = _ENDINGS.get(category) or ("LIMITED" if stream.chance(0.44) else "LTD")
    while True:
        head, word = stream.one(heads), stream.one(words).upper()
        draw = stream.rng.random()
        if draw < 0.08:
            name = f"{head} & {stream.one(heads)} {word} {ending}"
        elif draw < 0.14:
            name = f"{head} {word} ({stream.one(['UK', 'MIDLANDS', 'EAST', 'WEST', 'NORTH', 'SOUTH'])}) {ending}"
        else:
            name = f"{head} {word} {ending}"
        if book.take(name):
            return name


def _previous(stream: Stream, heads: list[str], name: str, since: date) -> tuple[tuple[date, str], ...]:
    if not stream.chance(0.05):
        return ()
    return ((stream.day(since, AS_OF), f"{stream.one(heads)} {name.split(' ', 1)[1]}"),)
