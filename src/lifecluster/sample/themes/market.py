"""Vacancies, needs and offers."""

from __future__ import annotations

from datetime import date, timedelta

from lifecluster.sample.model import AS_OF, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import fill
from lifecluster.sample.theme import Output, organisation
from lifecluster.sample.themes.ties import Circles
from lifecluster.sample.words import phrases

VACANCIES, NEEDS, OFFERS = 380, 230, 210


def vacancies(world: World, stream: Stream) -> Output:
    """Posts that firms want to fill, named by the role; a quarter is filled or withdrawn."""
    out, circles, at = Output(), Circles(world), world.first_sites()
    titles = {row["title"]: float(row["weight"]) for row in phrases()["vacancies"]}
    for i in range(VACANCIES):
        firm = circles.lead(stream)
        start = stream.day(date(2026, 2, 1), AS_OF)
        site = at.get(firm.key)
        out.sheet.add("vacancy", f"V{i + 1:05d}", start, holder=organisation(firm.key),
                      held_at=f"site:{site.key}" if site else None, title=stream.weighted(titles), starts_on=start,
                      ends_on=start + timedelta(days=stream.whole(21, 90)),
                      state=stream.weighted({"open": 75.0, "filled": 20.0, "withdrawn": 5.0}),
                      url=f"https://vacancies.example/V{i + 1:05d}")  # fmt: skip
    return out


def needs(world: World, stream: Stream) -> Output:
    """What firms look for."""
    return _notices(world, stream, "need", "N", NEEDS)


def offers(world: World, stream: Stream) -> Output:
    """What firms have to give."""
    return _notices(world, stream, "offer", "O", OFFERS)


def _notices(world: World, stream: Stream, kind: str, letter: str, count: int) -> Output:
    out, firms = Output(), world.operating()
    states = {key: float(weight) for key, weight in phrases()["need_states"].items()}
    for i in range(count):
        firm = stream.one(firms)
        title = fill(stream, stream.one(phrases()[f"{kind}s"]), firm, world)
        out.sheet.add(kind, f"{letter}{i + 1:05d}", stream.day(date(2025, 6, 1), AS_OF), holder=organisation(firm.key),
                      title=title, topic=stream.some(phrases()["topics"], stream.whole(1, 2)),
                      state=stream.weighted(states))  # fmt: skip
    return out
