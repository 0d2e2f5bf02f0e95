"""Readings of a query that only the register's own vocabulary can suggest: towns, look-alike characters, slips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.normalise import CUT, Reading, shorten, without_town
from lifecluster.register.linkage.words import tells, words

_LOOKALIKE = str.maketrans("0135684", "oiesgba")
_TO_L = str.maketrans("01", "ol")
_MOST = 8
#: Shortest part of a word that is taken apart, and how many names must hold each part.
_PART, _KNOWN = 4, 3


class Counts:
    """How many names of an index hold a token; asked many at a time, and each token once."""

    def __init__(self, index: Index, tokens: Iterable[str] = ()) -> None:
        self._index = index
        self._known: dict[str, int] = {}
        self.of(list(tokens))

    def of(self, tokens: Sequence[str]) -> list[int]:
        """The count of each token."""
        new = [token for token in dict.fromkeys(tokens) if token not in self._known]
        if new:
            self._known.update(zip(new, self._index.token_frequency(new).tolist(), strict=True))
        return [self._known[token] for token in tokens]


def repaired(found: list[Reading], index: Index, town: str, counts: Counts | None = None) -> list[Reading]:
    """The readings plus those suggested by the index, without repeats, at most eight in all.

    Parameters: `found`, readings of one name; `town`, folded town of the query (or ``""``); `counts`, to be shared
    among many names.
    """
    counts = counts or Counts(index)
    out = {reading.core: reading for reading in found if reading.core}
    for reading in found:
        for other in _town_cuts(reading, index, town):
            out.setdefault(other.core, other)
    for reading in list(out.values()):
        fixed = _lookalikes(reading, counts)
        if fixed is not None:
            out.setdefault(fixed.core, fixed)
    kept = list(out.values())[:_MOST] or found[:1]
    return [_slips(reading, counts) for reading in kept]


def _slips(reading: Reading, counts: Counts) -> Reading:
    """The reading with words the register does not know put right: short forms for trade words written with a slip
    (``pharameuticals``), which would otherwise be compared, long, with the short form on the other side, and two
    words for two that were written together (``dalefoods``)."""
    tokens = reading.canon.split()
    odd = [i for i, token in enumerate(tokens) if len(token) >= 6 and not token.isdigit()]
    if not odd:
        return reading
    for i, count in zip(odd, counts.of([tokens[i] for i in odd]), strict=True):
        if count == 0:
            mended = _nearest_trade_word(tokens[i]) if tokens[i].isalpha() else tokens[i]
            tokens[i] = mended if mended != tokens[i] else _parted(tokens[i], counts)
    return replace(reading, canon=" ".join(tokens))


def _parted(token: str, counts: Counts) -> str:
    """The two known words that an unknown word is made of, or the word itself.

    Each part is of four letters or more, or a telling word; the likeliest cut is the one whose rarer part is commonest.
    """
    cuts = [(shorten(token[:i]), shorten(token[i:])) for i in range(2, len(token) - 1)
            if (i >= _PART or tells(shorten(token[:i]))) and (len(token) - i >= _PART or tells(shorten(token[i:])))
            and not token[i - 1 : i + 1].isdigit()]  # fmt: skip
    if not cuts:
        return token
    rarer = [min(counts.of(cut)) for cut in cuts]
    best = rarer.index(max(rarer))
    return " ".join(cuts[best]) if rarer[best] >= _KNOWN else token


@cache
def _trade_words() -> dict[str, str]:
    return {spelling: short for spelling, short in words().short.items() if len(spelling) >= 6}


@lru_cache(maxsize=100_000)
def _nearest_trade_word(token: str) -> str:
    """Short form of the trade word nearest to a misspelt word, or the word itself."""
    hit = process.extractOne(token, list(_trade_words()), scorer=OSA.normalized_similarity, score_cutoff=0.83)
    return _trade_words()[hit[0]] if hit is not None else token


def _town_cuts(reading: Reading, index: Index, town: str) -> list[Reading]:
    cuts = [without_town(reading, town)]
    tokens = reading.core.split()
    for size in range(1, min(3, len(tokens) - 1) + 1):
        tail = " ".join(tokens[-size:])
        if tail != town and tail in index.towns:
            cuts.append(without_town(reading, tail))
    return [cut for cut in cuts if cut is not None]


def _lookalikes(reading: Reading, counts: Counts) -> Reading | None:
    """The reading with digits inside words put back to letters where the register knows the word so made."""
    tokens = reading.core.split()
    mixed = [i for i, t in enumerate(tokens) if not t.isalpha() and not t.isdigit()]
    if not mixed:
        return None
    changed = False
    for i in mixed:
        options = [tokens[i].translate(_LOOKALIKE), tokens[i].translate(_TO_L)]
        known = counts.of([shorten(t) for t in (tokens[i], *options)])
        best = known[1:].index(max(known[1:]))
        if known[1 + best] > known[0]:
            tokens[i], changed = options[best], True
    if not changed:
        return None
    core = " ".join(tokens)
    return Reading(core, shorten(core), reading.legal, max(reading.kind, CUT))
