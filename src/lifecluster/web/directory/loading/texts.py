"""The words an organisation is found by, folded: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it brings Polars, which pages that read do without
    from lifecluster.web.directory.loading.register import Family

ORGANISATION = ("name", "previous_name", "trading_name", "id", "company_number", "ods_code", "ukprn", "org_id",
                "capability", "activity", "town", "postcode", "registered_town", "registered_postcode", "ownership",
                "organisation_type", "mission", "member_of", "description")  # fmt: skip
SITE = ("name", "town", "postcode", "capability", "activity", "ods_code")
THING = {"product": ("name", "description"), "licence": ("licence_type", "reference"), "need": ("title", "topic"),
         "offer": ("title", "topic"),
         "facility": ("title", "facility_type", "cleanroom_class", "description")}  # fmt: skip
_PLAIN = re.compile(r"[^0-9a-z]+")
LONGEST = 4000


def fold(text: str) -> str:
    """Lower case, accents off, everything but letters and digits as one space. Other alphabets stay as they are.

    Twice, as compatible caseless matching needs it (Unicode Standard, section 3.13, D146): a mathematical bold A has a
    case only once it is decomposed.
    """
    if text.isascii():
        return _PLAIN.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    kept = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def text_of(family: Family, places: dict[str, str]) -> str:
    """Everything an organisation may be found by; `places` gives the name of a district."""
    row = family.organisation
    found = [row.get(name) for name in ORGANISATION]
    found += [site.get(name) for site in family.sites for name in SITE]
    found += [thing.get(name) for kind, thing in family.things for name in THING.get(kind, ())]
    found += sorted({places[one["lad"]] for one in (row, *family.sites) if one.get("lad") in places})
    pieces: list[str] = []
    for value in found:
        pieces.extend(value if isinstance(value, list) else [value] if value else [])
    seen = dict.fromkeys(fold(piece) for piece in pieces)
    return " | ".join(piece for piece in seen if piece)[:LONGEST]


def rest(text: str, known: str) -> str:
    """The pieces of `text` that `known` does not have."""
    have = set(known.split(" | "))
    return " | ".join(piece for piece in text.split(" | ") if piece and piece not in have)


def lexicon(texts: Iterable[str]) -> str:
    """The words of texts, most frequent first, one a line; words of under three letters and numbers are left out."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update({word for word in text.split() if len(word) > 2 and not word.isdigit()})
    return "\n".join(word for word, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0])))
