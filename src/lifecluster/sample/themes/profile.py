"""Organisations in the exchange file: who they are, what they say of themselves, how many people they state."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from lifecluster.sample.model import AS_OF, Organisation, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import description, display, titled
from lifecluster.sample.theme import FIRST_SEEN, Output
from lifecluster.sample.words import phrases, segments

IDENTITY_ON = date(2026, 9, 1)
TYPES = {"company": "company", "university": "university", "rto": "rto", "nhs-trust": "nhs-trust", "icb": "nhs-icb",
         "charity": "charity", "outside": "partner-beyond-region"}  # fmt: skip


def identities(world: World, stream: Stream) -> Output:
    """Name, number and kind of every organisation: the rows that all references of the file point to."""
    out = Output()
    for body in world.organisations:
        ids = {"company": "company_number", "university": "ukprn", "nhs-trust": "ods_code", "icb": "ods_code"}
        number = {ids[body.kind]: body.key} if body.kind in ids else {}
        out.sheet.add("organisation", body.key, IDENTITY_ON, name=display(body.name), **number,
                      organisation_type=TYPES[body.kind], country=body.country)  # fmt: skip
        if body.kind == "charity" and body.postal is not None:
            out.sheet.add("organisation", body.key, IDENTITY_ON, address=body.line.title(),
                          town=titled(body.place.town), postcode=body.place.postcode)  # fmt: skip
        if body.closed_on is not None:
            out.sheet.add("organisation", body.key, body.closed_on, closed_on=body.closed_on)
    return out


def groups(world: World, stream: Stream) -> Output:
    """Groups, and which organisations they own."""
    out = Output()
    for group in world.groups:
        seen = stream.day(FIRST_SEEN, AS_OF)
        out.sheet.add("group", group.key, seen, name=group.name)
        for member in group.members:
            out.sheet.add("organisation", member, seen, parent=f"group:{group.key}")
    return out


def profiles(world: World, stream: Stream) -> Output:
    """Descriptions, web addresses on example domains, segments, owners and missions of the firms."""
    out = Output()
    for firm in world.of("company"):
        words = segments()[firm.segment or ""]
        when = stream.day(FIRST_SEEN, AS_OF)
        if firm.closed_on is not None:
            when = min(when, firm.closed_on)
        text = description(stream, firm, world)
        said = {
            "description": text if stream.chance(0.84) else None,
            "website": f"https://{web_name(firm)}.example" if stream.chance(0.78) else None,
            "ownership": firm.ownership if stream.chance(0.9) else None,
            "trading_name": firm.trading,
            "segment": words.ols if stream.chance(0.58) else None,
            "mission": stream.one(words.mission) if words.mission and stream.chance(0.4) else None,
            "opened_on": firm.founded if stream.chance(0.3) else None,
            "country_of_origin": stream.one(phrases()["countries"]) if firm.ownership == "overseas-group" else None,
        }
        out.sheet.add("organisation", firm.key, when, **said)
    for body in world.of("university", "rto", "nhs-trust", "icb"):
        out.sheet.add("organisation", body.key, stream.day(FIRST_SEEN, AS_OF), website=f"https://{web_name(body)}.example",
                      ownership="public")  # fmt: skip
    return out


def web_name(body: Organisation) -> str:
    """First label of the web address: the head and the key, so that no two share one."""
    head = re.sub(r"[^a-z]", "", body.head.lower())
    return f"{head}-{body.key.lower()}"


def head_counts(world: World, stream: Stream) -> Output:
    """Head counts as the firms state them, of several years; lists and accounts of other sources say other numbers."""
    out = Output()
    for firm in world.of("company", "nhs-trust"):
        if firm.closed_on is not None or not stream.chance(0.72):
            continue
        said = stated(stream, firm.jobs, 0.08)
        out.sheet.add("organisation", firm.key, stream.day(FIRST_SEEN, AS_OF), employees=said)
    return out


def stated(stream: Stream, true: int, spread: float) -> int:
    """A head count as somebody states it: off by a factor (`spread` = 1 sd of its logarithm), large ones rounded."""
    said = round(true * float(np.exp(stream.rng.normal(0, spread))))
    step = 1 if said < 60 else 5 if said < 300 else 50
    return max(0, round(said / step) * step)


def capabilities(world: World, stream: Stream) -> Output:
    """What firms say they can do, at their own level and (for a third) at their first site."""
    out = Output()
    first = world.first_sites()
    for firm in world.operating():
        able = stream.each(segments()[firm.segment or ""].capability)
        when = stream.day(FIRST_SEEN, AS_OF)
        if not able or not stream.chance(0.85):
            continue
        out.sheet.add("organisation", firm.key, when, capability=able)
        if firm.key in first and stream.chance(0.35):
            out.sheet.add("site", first[firm.key].key, when, capability=able[:1])
    return out
