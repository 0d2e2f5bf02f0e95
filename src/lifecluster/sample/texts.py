"""Filling templates with words that fit an organisation, so that no two read alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lifecluster.sample.model import Organisation, World
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import phrases, segments

_NUMBERS = {"percent": (5, 85), "shifts": (2, 3), "weeks": (3, 16), "small": (2, 9), "area": (30, 900)}
"""Slots that hold a whole number: the least and the largest."""

_LETTERS = {
    word: word.upper()
    for word in ["3d", "cad", "cam", "cnc", "dtac", "emc", "fhir", "gdp", "gmp", "iec", "iso", "uk", "ukas"]
} | {"mrna": "mRNA"}
"""Words of capability codes that are written in capitals."""


def display(name: str) -> str:
    """A name as its owner writes it: `VELTRANE DENTAL LIMITED` becomes `Veltrane Dental Ltd`."""
    if not name.isupper():
        return name
    keep = {"UK", "NHS", "LLP", "CIC", "PLC", "IT"}
    words = [
        w if w.strip("()") in keep else w.capitalize() if w[:1] != "(" else f"({w[1:].capitalize()}"
        for w in name.split()
    ]
    text = " ".join(words)
    return re.sub(r"\bLimited$", "Ltd", re.sub(r"\b(Of|And|For)\b", lambda m: m[0].lower(), text))


def titled(town: str) -> str:
    """A post town in ordinary letters: `STOKE-ON-TRENT` becomes `Stoke-on-Trent`."""
    return re.sub(r"(?<=-)(On|De|La|Upon|In)(?=-)", lambda m: m[0].lower(), town.title())


def spoken(code: str) -> str:
    """A capability in words: `cnc-machining` becomes `CNC machining`."""
    return " ".join(_LETTERS.get(word, word) for word in code.split("-"))


def fill(stream: Stream, template: str, firm: Organisation, world: World) -> str:
    """The template with every `{slot}` filled by a word that suits `firm`; `a` becomes `an` where it must."""
    slots = {name: _slot(stream, name, firm, world) for name in re.findall(r"{(\w+)}", template)}
    text = template.format(**slots)
    return re.sub(r"\b([Aa]) (?=[aeio]|ul|un(?!i))", r"\1n ", text)


def _slot(stream: Stream, name: str, firm: Organisation, world: World) -> str | int:
    words = segments()[firm.segment] if firm.segment else None
    if name in _NUMBERS:
        return stream.whole(*_NUMBERS[name])
    if name == "year":
        return max(1900, firm.founded.year - stream.whole(0, 4))
    if name == "town":
        return titled(firm.place.town)
    choices: Mapping[str, Sequence[str]] = {
        "does": words.does if words else ["applied research"],
        "for_": words.for_ if words else ["patients"],
        "made": (words.made if words else ()) or ["measurement method", "reference protocol"],
        "capability": [spoken(code) for code in (words.capability if words else ["assay-development"])],
        "partner": [body.name for body in world.of("university")],
        "material": phrases()["materials"],
        "origin": phrases()["origins"],
        "topic": phrases()["topics"],
    }
    return stream.one(choices[name])


def description(stream: Stream, firm: Organisation, world: World) -> str:
    """Two to four sentences about what a firm does."""
    words, known = segments()[firm.segment or ""], phrases()
    if firm.holding:
        return fill(stream, stream.one(known["holding"]), firm, world)
    kind = "service" if not words.made or words.group == "digital-and-other" else "product"
    parts = [stream.one(known[f"{kind}_openings"]), *stream.some(known[f"{kind}_middles"], stream.whole(1, 2))]
    if stream.chance(0.5):
        parts.append(stream.one(known[f"{kind}_ends"]))
    return " ".join(fill(stream, part, firm, world) for part in parts)
