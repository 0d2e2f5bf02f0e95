"""How the place of a company is written in a query."""

from __future__ import annotations

import random
import re

from benchmarks.linkage.generator.places import Place

_SHORT = {
    "ROAD": "RD", "STREET": "ST", "AVENUE": "AVE", "LANE": "LN", "DRIVE": "DR", "COURT": "CT", "PLACE": "PL",
    "INDUSTRIAL ESTATE": "IND EST", "BUSINESS PARK": "BUS PK", "TRADING ESTATE": "TRADING EST",
    "FIRST FLOOR": "1ST FLR",
    "SQUARE": "SQ", "HOUSE": "HSE", "CLOSE": "CL", "CRESCENT": "CRES", "GARDENS": "GDNS", "SUITE": "STE",
}  # fmt: skip


def case_like(rng: random.Random, style: str, text: str) -> str:
    """Write text in the letter case of its list: ``upper``, ``title``, ``lower``."""
    return {"upper": text, "title": text.title(), "lower": text.lower()}[style]


def write_place(rng: random.Random, place: Place, address_class: str) -> tuple[str, str, str]:
    """Write a place as a query would.

    Args:
        rng: source of chance.
        place: the registered office, or the other site of that class.
        address_class: one of ``ADDRESS_CLASSES``.

    Returns:
        Postcode, address lines and town; each may be empty.
    """
    if address_class == "none":
        return "", "", ""
    if address_class == "town_only":
        return "", "", place.town
    postcode = _spoil(rng, place.postcode) if address_class == "postcode_typo" else place.postcode
    lines, town = _lines(rng, place.address), place.town
    kind = rng.random()
    if kind < 0.15:
        lines, town = f"{lines}, {town}", ""
    elif kind < 0.30:
        town = ""
    elif kind < 0.34:
        lines = f"{lines}, {town}, {postcode}"
    elif kind < 0.44:
        lines = ""
    style = rng.random()
    if style < 0.12:
        postcode = postcode.replace(" ", "")
    elif style < 0.16:
        postcode = postcode.replace(" ", "  ")
    return postcode, lines, town


def _lines(rng: random.Random, address: str) -> str:
    for long, short in _SHORT.items():
        if rng.random() < 0.35:
            address = re.sub(rf"\b{long}\b", short, address)
    parts = address.split(", ")
    if len(parts) > 1 and rng.random() < 0.25:
        parts = parts[1:]
    if rng.random() < 0.12:
        parts[-1] = re.sub(r"^[0-9]+[A-C]?(?:-[0-9]+)? ", "", parts[-1])
    return rng.choice((", ", ", ", " ", ",")).join(parts)


def _spoil(rng: random.Random, postcode: str) -> str:
    spot = rng.choice([i for i, c in enumerate(postcode) if c != " "])
    old = postcode[spot]
    kind = rng.random()
    if kind < 0.2 and spot + 1 < len(postcode) and postcode[spot + 1] != " " and postcode[spot + 1] != old:
        return postcode[:spot] + postcode[spot + 1] + old + postcode[spot + 2 :]
    letters = "ABDEFGHJLNPQRSTUWXYZ" if old.isalpha() else "0123456789"
    return postcode[:spot] + rng.choice([c for c in letters if c != old]) + postcode[spot + 1 :]
