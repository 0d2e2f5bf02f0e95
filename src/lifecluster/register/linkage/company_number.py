"""UK company numbers as they come in lists: lost zeros, prefixes, junk."""

from __future__ import annotations

import re

from lifecluster.sources.companies_house.number import GOOD, NOUGHT, PREFIXES

_SCHEME = re.compile(r"^\s*GB[-\s]?COH[-\s:]*", re.IGNORECASE)


def exact_company_number(text: str | None) -> str | None:
    """The company number that a text states in full, or None. Nothing is added: `1000009` is none, `01000009` is one.

    `GB-COH-`, blanks, hyphens and case are ignored.
    """
    bare = _bare(text or "")
    known = bare[:1].isdigit() or bare[:2] in PREFIXES
    return bare if known and re.fullmatch(GOOD, bare) and bare != NOUGHT else None


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-/]", "", _SCHEME.sub("", text)).upper()


def clean_company_number(text: str | None) -> str | None:
    """The eight-character company number that a text may mean, or None: for sources that are known to lose zeros.

    Leading zeros are restored, `GB-COH-` is dropped; a number of nine or more digits, an unknown prefix, exponent
    notation or all zeros is not a company number.
    """
    if text is None:
        return None
    bare = _bare(text)
    if re.fullmatch(r"\d{1,8}", bare):
        number = bare.zfill(8)
    else:
        found = re.fullmatch(r"([A-Z][A-Z0])(\d{1,6})", bare)
        if found is None or found[1] not in PREFIXES:
            return None
        number = found[1] + found[2].zfill(6)
    return None if set(number[2:]) == {"0"} and number[:2] in ("00", number[:2]) else number
