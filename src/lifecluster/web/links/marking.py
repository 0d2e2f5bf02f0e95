"""Where two values differ: whole words, and within words that begin alike the letters after that."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, CLOSE, DIFFERS, ONE_SIDE, NEITHER = "same", "close", "differs", "one side", "neither"
NEAR = 0.72
"""Likeness of two values from which on they are called close (share of letters in common, difflib's ratio)."""
ALIKE = 0.65
"""Likeness of two words from which on single letters are marked in them."""
LONGEST = 400
"""Letters of a value that are compared; what is longer is shown without marks."""
_PIECE = re.compile(r"\s+|[^\s]+")
Pieces = tuple[tuple[str, bool], ...]
"""A value in parts that join to it, each with whether it is marked."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both values in pieces, and in a word how they compare."""

    left: Pieces
    right: Pieces
    word: str


def compare(left: str, right: str) -> Compared:
    """Mark what differs. Case, accents, punctuation and spaces make no difference; an empty value is none."""
    if not left or not right:
        word = NEITHER if not left and not right else ONE_SIDE
        return Compared(_plain(left), _plain(right), word)
    if _folded(left) == _folded(right):
        return Compared(_plain(left), _plain(right), SAME)
    if max(len(left), len(right)) > LONGEST:
        return Compared(_plain(left), _plain(right), DIFFERS)
    near = SequenceMatcher(None, _folded(left), _folded(right), autojunk=False).ratio() >= NEAR
    mine, theirs = _marked(_PIECE.findall(left), _PIECE.findall(right))
    return Compared(mine, theirs, CLOSE if near else DIFFERS)


def _plain(text: str) -> Pieces:
    return ((text, False),) if text else ()


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def _marked(mine: list[str], theirs: list[str]) -> tuple[Pieces, Pieces]:
    one, other = ([_folded(piece) for piece in side] for side in (mine, theirs))
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            left += [(piece, False) for piece in mine[a:b]]
            right += [(piece, False) for piece in theirs[c:d]]
        elif b - a == d - c:
            for word, match in zip(mine[a:b], theirs[c:d], strict=True):
                some, more = _within(word, match)
                left += some
                right += more
        else:
            left += [(piece, bool(_folded(piece))) for piece in mine[a:b]]
            right += [(piece, bool(_folded(piece))) for piece in theirs[c:d]]
    return _joined(left), _joined(right)


def _within(one: str, other: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Two words: the letters that differ, or whole words where few letters are the same."""
    if _folded(one) == _folded(other):
        return [(one, False)], [(other, False)]
    found = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    lengths_kept = len(one.casefold()) == len(one) and len(other.casefold()) == len(other)
    if not lengths_kept or found.ratio() < ALIKE:
        return [(one, bool(_folded(one)))], [(other, bool(_folded(other)))]
    mine, theirs = [], []
    for what, a, b, c, d in found.get_opcodes():
        mine.append((one[a:b], what != "equal" and bool(_folded(one[a:b]))))
        theirs.append((other[c:d], what != "equal" and bool(_folded(other[c:d]))))
    return mine, theirs


def _joined(pieces: list[tuple[str, bool]]) -> Pieces:
    """Neighbours with the same mark as one; blanks between two marked pieces are marked with them."""
    out: list[tuple[str, bool]] = []
    for i, (text, marked) in enumerate(pieces):
        if not text:
            continue
        between = not text.strip() and 0 < i < len(pieces) - 1 and pieces[i - 1][1] and pieces[i + 1][1]
        if out and out[-1][1] == (marked or between):
            out[-1] = (out[-1][0] + text, out[-1][1])
        else:
            out.append((text, marked or between))
    return tuple(out)
