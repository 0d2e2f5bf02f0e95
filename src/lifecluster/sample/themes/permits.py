"""Licences and certificates, and products."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lifecluster.sample.model import AS_OF, Organisation, Site, World
from lifecluster.sample.names import NameBook, coined
from lifecluster.sample.streams import Stream
from lifecluster.sample.theme import Output, organisation
from lifecluster.sample.words import SegmentWords, segments

SMALL = 10
"""Firms with fewer jobs hold a licence half as often."""
AT_A_SITE = {"MIA", "MIA(IMP)", "WDA(H)", "MS", "HTA", "ISO 17025", "ISO 13485"}
STATES = {"active": 88.0, "suspended": 2.0, "expired": 6.0, "surrendered": 4.0}
SCOPES = {
    "MIA": ["non-sterile-liquids", "tablets", "sterile-small-volume", "semi-solids", "secondary-packing"],
    "MIA(IMP)": ["investigational-sterile", "investigational-oral", "batch-certification", "cell-therapy"],
    "WDA(H)": ["cold-chain", "general-sales", "prescription-only", "controlled-drugs", "export"],
    "MS": ["unlicensed-import", "unlicensed-manufacture"],
    "HTA": ["human-application", "research-storage"],
    "ISO 13485": ["design", "manufacture", "distribution", "service"],
    "UKCA": ["class-i", "class-iia", "class-iib", "ivd-general"],
}
CLASSES = {
    "medtech-core": ["class-i", "class-i-sterile", "class-iia", "class-iib", "class-iii"],
    "digital-and-other": ["class-i", "class-iia", "not-a-device"],
}


def licences(world: World, stream: Stream) -> Output:
    """Licences by the habits of each segment; numbers begin with SMP, as no regulator's do."""
    out, at, number = Output(), world.first_sites(), 0
    for firm in world.operating():
        words = segments()[firm.segment or ""]
        for kind in stream.each(words.licence, 1.0 if firm.jobs >= SMALL else 0.5):
            number += 1
            out.sheet.add(
                "licence",
                f"L{number:05d}",
                stream.day(date(2025, 6, 1), AS_OF),
                holder=organisation(firm.key),
                held_at=_held(at, firm, kind in AT_A_SITE),
                reference=f"SMP-{number:05d}",
                licence_type=kind,
                **_licence(stream, firm, kind),
            )
    return out


def _held(at: Mapping[str, Site], firm: Organisation, here: bool) -> str | None:
    return f"site:{at[firm.key].key}" if here and firm.key in at else None


def _licence(stream: Stream, firm: Organisation, kind: str) -> dict[str, object]:
    start = stream.day(max(firm.founded, date(2012, 1, 1)), AS_OF)
    state = stream.weighted(STATES)
    dated = kind.startswith("ISO") or kind in {"HTA", "DTAC"}
    end = start + timedelta(days=365 * stream.whole(3, 5)) if dated or state != "active" else None
    if state == "active" and end is not None and end < AS_OF:
        start, end = stream.day(date(2024, 1, 1), AS_OF), AS_OF + timedelta(days=stream.whole(30, 1000))
        start = max(start, firm.founded)
    if state in {"expired", "surrendered"} and end is not None:
        end = min(end, stream.day(max(start, date(2023, 6, 1)), AS_OF))
    scope = stream.some(SCOPES.get(kind, []), stream.whole(1, 3))
    return {"scope": scope, "state": state, "starts_on": start, "ends_on": end}


def products(world: World, stream: Stream) -> Output:
    """Products with coined names; larger firms have more of them."""
    out, at, book, number = Output(), world.first_sites(), NameBook(), 0
    for firm in world.operating():
        words = segments()[firm.segment or ""]
        if not words.made or not stream.chance(0.8):
            continue
        for _ in range(min(6, 1 + int(stream.rng.poisson(min(3.0, firm.jobs / 40))))):
            number += 1
            held = _held(at, firm, stream.chance(0.7))
            out.sheet.add(
                "product",
                f"P{number:05d}",
                stream.day(date(2023, 6, 1), AS_OF),
                holder=organisation(firm.key),
                held_at=held,
                reference=f"SMP-PRD-{number:05d}",
                **_product(stream, firm, words, book),
            )
    return out


def _product(stream: Stream, firm: Organisation, words: SegmentWords, book: NameBook) -> dict[str, object]:
    made = stream.one(words.made)
    name = f"{firm.head} {made}" if stream.chance(0.4) else f"{coined(stream)} {made}"
    while not book.take(name):
        name = f"{coined(stream)} {made}"
    classes = {"biopharma-core": ["medicine"], "service-supply": ["component"]}.get(words.group) or CLASSES[words.group]
    if words.key == "in-vitro-diagnostics":
        classes = ["ivd-general", "ivd-self-test", "ivd-list-b"]
    state = stream.weighted({"on-market": 70.0, "in-development": 22.0, "in-evaluation": 6.0, "withdrawn": 2.0})
    text = f"{made.capitalize()} for {stream.one(words.for_)}."
    return {"name": name, "description": text, "classification": stream.one(classes), "state": state}
