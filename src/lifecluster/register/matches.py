"""Why an organisation was found: which of its texts has the words, and what else of it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

TEXT = ("name", "trading_name", "previous_name", "description", "capability", "activity")
"""Where words are looked for, most telling first."""
NEAR_MISS = 88
"""Similarity (0 to 100) from which a word with a slip still counts as found."""
AROUND = 40
"""Characters shown on each side of a word of a long text."""


@dataclass(frozen=True, slots=True)
class Match:
    """`by` what of the organisation fits (a property, `licence`, `segment` or `place`); `value` as it stands there (of
    a long text the part around the word); `words` of the query that it has."""

    by: str
    value: str
    words: tuple[str, ...] = ()

    def said(self) -> str:
        """In words."""
        return f"{self.by.replace('_', ' ')} {self.value}"


def wanted_words(words: str) -> list[str]:
    """The words of a query as they are looked for."""
    return words.casefold().replace("-", " ").split()


def folded(text: str) -> str:
    """A text as it is looked through."""
    return text.lower().replace("-", " ")


def nearly(text: str, word: str) -> bool:
    """Whether the text has the word, or one that differs from it by a slip of the hand."""
    if word in text:
        return True
    return len(word) > 4 and any(fuzz.ratio(word, other) >= NEAR_MISS for other in text.split())


def by_words(row: Mapping[str, Any], words: Sequence[str]) -> list[Match]:
    """For each word the first text of an organisation that has it; else the first that has it but for a slip.

    Parameters: `row` with the properties of `TEXT`; `words` as given by `wanted_words`. Words of one text stand
    together; a word that no text has is left out.
    """
    texts = [(name, value, folded(value)) for name in TEXT for value in _values(row.get(name))]
    found: dict[tuple[str, str], list[str]] = {}
    for word in words:
        tests: tuple[Callable[[str, str], bool], ...] = (str.__contains__, nearly)
        for test in tests:
            hit = next(((name, value) for name, value, text in texts if test(text, word)), None)
            if hit is not None:
                found.setdefault(hit, []).append(word)
                break
    return [Match(name, _part(value, hits), tuple(hits)) for (name, value), hits in found.items()]


def _values(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Iterable):
        yield from (str(one) for one in value)


def _part(value: str, words: Sequence[str]) -> str:
    """A short value whole; of a long one what stands around the first of the words."""
    if len(value) <= 3 * AROUND:
        return value
    at = max(folded(value).find(words[0]), 0)
    low, high = max(at - AROUND, 0), at + len(words[0]) + AROUND
    return f"{'…' if low else ''}{value[low:high].strip()}{'…' if high < len(value) else ''}"
