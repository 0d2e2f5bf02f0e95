"""Awards and collaborations: who works with whom, near and far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from lifecluster.sample.model import AS_OF, Organisation, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import fill
from lifecluster.sample.theme import Output, organisation, organisations
from lifecluster.sample.words import phrases

AWARDS, COLLABORATIONS = 430, 560
CIRCLES = {
    "same-park": 24.0,
    "same-segment": 22.0,
    "university": 24.0,
    "nhs-trust": 8.0,
    "anyone": 9.0,
    "outside": 13.0,
}
"""Where a partner is looked for, with weights; if a circle is empty, anyone."""


class Circles:
    """The pools in which a firm looks for partners."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.firms = world.operating()
        self.weights = [1.0 + float(np.sqrt(firm.jobs)) for firm in self.firms]
        self.park: Mapping[str, list[Organisation]] = defaultdict(list)
        self.segment: Mapping[str, list[Organisation]] = defaultdict(list)
        for firm in self.firms:
            self.segment[firm.segment or ""].append(firm)
            if firm.postal is not None and firm.postal.park is not None:
                self.park[firm.postal.park].append(firm)

    def lead(self, stream: Stream) -> Organisation:
        """A firm, larger ones more often."""
        return stream.pick(self.firms, self.weights)

    def partner(self, stream: Stream, lead: Organisation) -> Organisation:
        """Somebody else than `lead`, from a circle drawn by its weight."""
        circle = stream.weighted(CIRCLES)
        pool: Sequence[Organisation] = self.firms
        if circle == "same-park" and lead.postal is not None and lead.postal.park is not None:
            pool = self.park[lead.postal.park]
        elif circle == "same-segment":
            pool = self.segment[lead.segment or ""]
        elif circle in {"university", "nhs-trust", "outside"}:
            pool = self.world.of(circle)
        others = [o for o in pool if o.key != lead.key]
        return stream.one(others or [o for o in self.firms if o.key != lead.key])

    def partners(self, stream: Stream, lead: Organisation, count: int) -> list[str]:
        """Keys of up to `count` different partners."""
        return list(dict.fromkeys(self.partner(stream, lead).key for _ in range(count)))


def awards(world: World, stream: Stream) -> Output:
    """Awards of invented programmes, led by firms and universities, half of them with partners."""
    out, circles = Output(), Circles(world)
    for i in range(AWARDS):
        lead = circles.lead(stream) if stream.chance(0.75) else stream.one(world.of("university", "rto"))
        programme = stream.one(phrases()["programmes"])
        start = stream.day(date(2018, 4, 1), AS_OF)
        end = start + timedelta(days=30 * stream.whole(6, 42))
        amount = 100 * round(np.exp(stream.rng.uniform(np.log(programme["low"]), np.log(programme["high"]))) / 100)
        partners = circles.partners(stream, lead, stream.whole(1, 4)) if stream.chance(0.55) else []
        out.sheet.add("award", f"A{i + 1:05d}", min(start + timedelta(days=60), AS_OF), holder=organisation(lead.key),
                      partner=organisations(p for p in partners if p != lead.key), programme=programme["name"],
                      funder=programme["funder"],
                      title=fill(stream, stream.one(phrases()["award_titles"]), lead, world),
                      amount=amount, currency="GBP", starts_on=start, ends_on=end,
                      state="closed" if end < AS_OF else "active", reference=f"SMP-AWD-{i + 1:05d}")  # fmt: skip
    return out


def collaborations(world: World, stream: Stream) -> Output:
    """Joint work without a public award; about one partner in eight lies beyond the region."""
    out, circles = Output(), Circles(world)
    for i in range(COLLABORATIONS):
        lead = circles.lead(stream)
        start = stream.day(date(2016, 1, 1), AS_OF)
        end = start + timedelta(days=30 * stream.whole(6, 60)) if stream.chance(0.6) else None
        out.sheet.add("collaboration", f"K{i + 1:05d}", stream.day(start, AS_OF), holder=organisation(lead.key),
                      partner=organisations(circles.partners(stream, lead, 1 + int(stream.chance(0.25)))),
                      title=fill(stream, stream.one(phrases()["collaboration_titles"]), lead, world),
                      topic=stream.one(phrases()["topics"]), starts_on=start, ends_on=end,
                      state="ended" if end is not None and end < AS_OF else "active")  # fmt: skip
    return out
