"""What a judgement keeps of a row to find it again: its words with their fingerprint, or hashes alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from lifecluster.register.entry import Json

_NOT_WORD: Final = re.compile(r"[\W_]+")


def words(text: str | None) -> str:
    """The words of a text, blind to case, accents and punctuation, with one space between them."""
    text = text or ""
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKD", text).casefold()
        folded = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", folded).strip()


def fingerprint(name: str, postcode: str | None = None, address: str | None = None) -> str:
    """A short hash of what a row says, blind to case, accents, punctuation and spaces: `fp-` and 24 hex digits.

    It serves as the key of a row that has none (`source:fp-...`), and to find such a row again.
    """
    parts = [words(name), words(postcode).replace(" ", ""), words(address)]
    return "fp-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def evidence_of(name: str, postcode: str | None = None, address: str | None = None) -> dict[str, Json]:
    """What to keep of one side of a judgement: `evidence={"left": evidence_of(...), "right": evidence_of(...)}`."""
    return {
        "name": name,
        "postcode": postcode,
        "address": address,
        "fingerprint": fingerprint(name, postcode, address),
    }


def closed_evidence(name: str, postcode: str | None, address: str | None, *, salt: str) -> dict[str, Json]:
    """What to keep of a row that is not public: hashes under `salt`, by which alone the row itself is known again.

    `fingerprint` of all it says, `brief` of name and postcode, `title` of the name. The salt, another for each
    judgement and row, makes tables of ready hashes useless and keeps two judgements from showing that they
    speak of one row.
    """
    return {
        "salt": salt,
        "fingerprint": sealed(salt, fingerprint(name, postcode, address)),
        "brief": sealed(salt, fingerprint(name, postcode)),
        "title": sealed(salt, fingerprint(name)),
    }


def sealed(salt: str, print_: str) -> str:
    """A fingerprint under a salt: `sp-` and 24 hex digits."""
    return "sp-" + hashlib.sha256(f"{salt}\x1f{print_}".encode()).hexdigest()[:24]
