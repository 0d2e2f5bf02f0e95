"""How other people write an organisation's name: the ways in which lists differ from the register."""

from __future__ import annotations

import re

from lifecluster.sample.model import Organisation
from lifecluster.sample.names import coined
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import display, titled
from lifecluster.sample.words import phrases

WAYS = {
    "same": 26.0,
    "case": 12.0,
    "no-form": 16.0,
    "typo": 8.0,
    "short": 7.0,
    "ampersand": 8.0,
    "place": 6.0,
    "trading": 12.0,
    "previous": 8.0,
    "department": 3.0,
    "blank": 2.0,
    "prefix": 2.5,
}
"""Way of writing -> weight; one that does not apply (no trading name, no `&`) becomes `case`."""
_SHORT = {
    "PHARMACEUTICALS": "PHARMA",
    "LABORATORIES": "LABS",
    "TECHNOLOGIES": "TECH",
    "INTERNATIONAL": "INTL",
    "ENGINEERING": "ENG",
    "INSTRUMENTS": "INSTR",
    "DIAGNOSTICS": "DX",
    "MANUFACTURING": "MFG",
    "UNIVERSITY": "UNIV",
    "HOSPITALS": "HOSP",
    "MEDICAL": "MED",
    "FOUNDATION": "FDN",
    "SERVICES": "SVCS",
    "SURGICAL": "SURG",
    "ORTHOPAEDICS": "ORTHO",
}
_FORM = r"[ ,]*\b(LIMITED|LTD|PLC|LLP|CIC)\.?$"


def written(stream: Stream, firm: Organisation) -> tuple[str, str]:
    """The name as somebody wrote it, and the way (a key of WAYS) in which it was written."""
    way = stream.weighted(WAYS)
    text = _ways(stream, way, firm)
    return (text, way) if text else (display(firm.name), "case")


def _ways(stream: Stream, way: str, firm: Organisation) -> str | None:
    name = firm.name
    bare = re.sub(_FORM, "", name, flags=re.IGNORECASE)
    simple = {
        "same": name,
        "case": display(name),
        "no-form": display(bare),
        "blank": display(name).replace(" ", "", 1),
        "short": display(" ".join(_SHORT.get(word.upper(), word) for word in bare.split())),
        "ampersand": display(bare.replace("&", "AND") if "&" in bare else bare.replace(" and ", " & ")),
    }
    if way in simple:
        changed = way not in {"short", "ampersand"} or simple[way] != display(bare)
        return simple[way] if changed else None
    if way == "typo":
        return typo(stream, display(name))
    return _longer(stream, way, firm, bare)


def _longer(stream: Stream, way: str, firm: Organisation, bare: str) -> str | None:
    if way == "place":
        town = titled(firm.postal.town) if firm.postal else stream.one(["UK", "Europe"])
        return f"{display(bare)} ({town})" if stream.chance(0.5) else f"{display(bare)} - {town}"
    if way == "trading":
        return f"{display(firm.name)} T/A {firm.trading}" if firm.trading else None
    if way == "previous":
        return display(firm.company.previous[0][1]) if firm.company and firm.company.previous else None
    if way == "department":
        return f"{display(firm.name)}, {stream.one(phrases()['trial_departments'])}"
    return f"{stream.whole(10, 999):06d}{firm.name}"


def typo(stream: Stream, text: str) -> str:
    """One slip of the hand between the second and the last letter: swapped, dropped, doubled or wrong."""
    at = stream.whole(1, max(1, len(text) - 3))
    slip = stream.whole(0, 3)
    if slip == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == 1:
        return text[:at] + text[at + 1 :]
    if slip == 2:
        return text[:at] + text[at] + text[at:]
    return text[:at] + stream.one("aeiourstnlmd") + text[at + 1 :]


def stranger(stream: Stream) -> str:
    """A name that nobody in the register bears."""
    ending = stream.one(
        ["Facilities Ltd", "Healthcare Group", "Consultants", "Systems Limited", "Medical GmbH", "Supplies"]
    )
    return f"{coined(stream)} {ending}"
