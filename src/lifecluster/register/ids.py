"""Opaque identifiers with a check symbol: `LCO-7K3M-9QXA-2B4Y`.

`LC`, a letter for the kind of thing, eleven symbols of a hash and one check symbol, written in Crockford's base 32
(https://www.crockford.com/base32.html: no I, L, O or U). The check is a Reed-Solomon parity over GF(32): position i
weighs a^i for a primitive element a, and the weighted sum of all thirteen symbols (the kind letter is one of them) is
zero. As the weights are distinct and not zero, every single wrong symbol and every exchange of two symbols is seen.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lifecluster.errors import LifeclusterError

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 symbols; the index of a symbol is its value in GF(32)."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organisation": "O",
        "site": "S",
        "group": "G",
        "product": "P",
        "licence": "L",
        "award": "A",
        "contract": "K",
        "trial": "T",
        "collaboration": "W",
        "vacancy": "V",
        "need": "N",
        "offer": "F",
        "facility": "R",
        "ask": "Q",
        "commitment": "C",
        "event": "E",
    }
)
"""The one registry of kinds. I and U are not free: I is read as 1, and neither has a value of its own in the check."""

_PAYLOAD: Final = 11
_BITS: Final = 5 * _PAYLOAD
_REDUCING: Final = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_KIND_MISREAD: Final = {"0": "O", "1": "L", "I": "L"}
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212_.]+")


class IdError(LifeclusterError, ValueError):
    """A text that is not an identifier; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ParsedId:
    """An identifier taken apart: its `kind` in words, its eleven-symbol `payload`, and its canonical `text`."""

    kind: str
    payload: str
    text: str


def _powers() -> tuple[int, ...]:
    powers, value = [], 1
    for _ in range(31):
        powers.append(value)
        value <<= 1
        if value & 32:
            value ^= _REDUCING
    return tuple(powers)


_POWER: Final = _powers()
_LOG: Final[Mapping[int, int]] = MappingProxyType({value: exponent for exponent, value in enumerate(_POWER)})
_VALUE: Final[Mapping[str, int]] = MappingProxyType(
    # O and L are kind letters only; they take the values of the digits they are read as, so that exchanging the kind
    # letter with another symbol is seen as well.
    {symbol: value for value, symbol in enumerate(ALPHABET)} | {"O": 0, "L": 1}
)


def _times(value: int, exponent: int) -> int:
    return 0 if value == 0 else _POWER[(_LOG[value] + exponent) % 31]


def _check_symbol(letter: str, payload: str) -> str:
    total = 0
    for position, symbol in enumerate(letter + payload):
        total ^= _times(_VALUE[symbol], position)
    return ALPHABET[_times(total, -(1 + _PAYLOAD))]


def _write(letter: str, payload: str) -> str:
    body = payload + _check_symbol(letter, payload)
    return f"LC{letter}-{body[:4]}-{body[4:8]}-{body[8:]}"


def letter_of(kind: str) -> str:
    """The letter of a kind such as `organisation`; raises `IdError` for a kind that is not in `KINDS`."""
    try:
        return KINDS[kind]
    except KeyError:
        raise IdError(f"{kind!r} is not a kind of thing that has identifiers; known are {', '.join(KINDS)}") from None


def mint(kind: str, anchor: str, namespace: str, taken: AbstractSet[str] | Callable[[str], bool]) -> str:
    """The identifier of what `anchor` stands for, the same wherever and whenever it is computed.

    Parameters: `kind` one of `KINDS`; `anchor` any text that names the record the id is bound to; `namespace` of this
    instance, so that two instances never mint the same id for different things; `taken` the ids already issued (a set,
    or a function that says whether one is), which a counter steps over.
    Returns: a canonical id. Raises: `IdError` for an unknown kind or an empty anchor or namespace.
    """
    letter = letter_of(kind)
    if not anchor or not namespace:
        raise IdError("an identifier is minted from an anchor and a namespace; neither may be empty")
    is_taken = taken if callable(taken) else taken.__contains__
    counter = 0
    while True:
        material = json.dumps([namespace, kind, anchor, counter], ensure_ascii=True).encode()
        number = int.from_bytes(hashlib.sha256(material).digest()[:8], "big") >> (64 - _BITS)
        payload = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_PAYLOAD)))
        text = _write(letter, payload)
        if not is_taken(text):
            return text
        counter += 1


def parse(text: str) -> ParsedId:
    """Take an identifier apart, forgiving case, spaces, missing hyphens and O/0, I/1, L/1.

    Returns: its parts and canonical text. Raises: `IdError` that says what is wrong: length, prefix, kind, a symbol
    that is never used, or a check symbol that does not fit.
    """
    bare = _SEPARATORS.sub("", text).upper()
    expected = 3 + _PAYLOAD + 1
    if len(bare) != expected:
        raise IdError(
            f"{text!r} has {len(bare)} letters and digits; an identifier has {expected}, as LCO-7K3M-9QXA-2B4Y"
        )
    if bare[0] not in "L1I" or bare[1] != "C":
        raise IdError(f"{text!r} does not start with LC")
    letter = _KIND_MISREAD.get(bare[2], bare[2])
    kind = next((name for name, own in KINDS.items() if own == letter), None)
    if kind is None:
        raise IdError(f"{text!r}: {bare[2]!r} is no known kind; known are {', '.join(KINDS.values())}")
    body = bare[3:].translate(_MISREAD)
    for symbol in body:
        if symbol not in ALPHABET:
            raise IdError(f"{text!r}: {symbol!r} is never used in an identifier")
    payload, check = body[:-1], body[-1]
    if _check_symbol(letter, payload) != check:
        raise IdError(f"{text!r}: the check symbol does not fit; a symbol is mistyped, or two are exchanged")
    return ParsedId(kind, payload, _write(letter, payload))


def normalise(text: str) -> str:
    """The canonical form of an identifier as a person typed it; raises `IdError` as `parse` does."""
    return parse(text).text


def is_valid(text: str) -> bool:
    """Whether `text` can be read as an identifier."""
    try:
        parse(text)
    except IdError:
        return False
    return True
