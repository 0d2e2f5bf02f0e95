"""Words in the texts of organisations: an index of trigrams on either database, and slips of the hand mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from rapidfuzz import fuzz, process

from lifecluster.register import ids
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.models.search import NUMBER_BITS, document_id
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.index import Index

SHORTEST = 3
"""Letters from which a word is looked for anywhere in a text.

A shorter one has to begin a word: of the same text beside longer ones ("iso 7"), of the name if there are none.
"""
MOST_WORDS = 8
MOST_KEPT = 2000
"""Words whose organisations a process keeps."""
ALIKE = 75
"""Similarity (0 to 100, share of letters in common order) from which a word counts as meant."""
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """`numbers` the set of organisations; `words` as searched, folded; `corrected` the text searched instead, or ""."""

    numbers: int
    words: tuple[str, ...]
    corrected: str = ""


def find(index: Index, text: str, *, mend: bool = True) -> Found:
    """Organisations whose texts have all words of `text`, each as it stands or as part of a longer word.

    A word of four letters or more that nobody has is replaced by those of the lexicon that are like it, if there are
    any (`mend`); an id is taken as it stands. At most two queries.
    """
    words = list(dict.fromkeys(fold(text).split()))[:MOST_WORDS]
    short = [word for word in words if len(word) < SHORTEST]
    long = [word for word in words if len(word) >= SHORTEST]
    if not long:
        return Found(_starting(index, short), tuple(words))
    sets = _sets(index, [[word] for word in long], short) if short else _known(index, long)
    meant: dict[str, list[str]] = {}
    if mend and not ids.is_valid(text):  # parts of an id are no words: what is like them tells of other ids
        missing = [word for word, found in zip(long, sets, strict=True) if not found]
        meant = {word: alike for word in missing if (alike := corrections(index, word))}
    if meant:
        again = _sets(index, [meant.get(word, [word]) for word in long], short)
        sets = [found or new for found, new in zip(sets, again, strict=True)]
        words = [meant[word][0] if word in meant else word for word in words]
    numbers = index.everything
    for found in sets:
        numbers &= found
    return Found(numbers, tuple(words), " ".join(words) if meant else "")


def _known(index: Index, words: Sequence[str]) -> list[int]:
    """The sets of organisations that have each of the words; kept, because a search is narrowed down step by step."""
    known: dict[str, int] = index.made.setdefault("words", {})
    missing = [word for word in words if word not in known]
    found = dict(zip(missing, _sets(index, [[word] for word in missing], ()), strict=True)) if missing else {}
    if len(known) + len(found) <= MOST_KEPT:
        known |= found
    return [found[word] if word in found else known[word] for word in words]


def corrections(index: Index, word: str) -> list[str]:
    """Words of the lexicon that `word` may be meant for, the likeliest first: by likeness, then by frequency."""
    if len(word) < 4 or word.isdigit():
        return []
    known = index.corrections.get(word)
    if known is None:
        near = [other for other in index.lexicon if abs(len(other) - len(word)) <= 2]
        found = process.extract(word, near, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=20)
        best = max((score for _, score, _ in found), default=0)
        known = [other for other, score, _ in found if score >= best - 6][:CANDIDATES]
        if len(index.corrections) < 10_000:
            index.corrections[word] = known
    return known


def _starting(index: Index, words: Sequence[str]) -> int:
    """Organisations that have, for each of `words`, a word of the name that starts so; all if there are none."""
    numbers = index.everything
    for word in words:
        inner = f" {word}"
        numbers &= bits.of((n for n, name in enumerate(index.folded) if inner in f" {name}"), index.size)
    return numbers


def _sets(index: Index, asked: Sequence[Sequence[str]], short: Sequence[str]) -> list[int]:
    """For each list of alternatives the set of organisations that have one of them; one query for all.

    The first also has to have, in the same text, words that start as `short` say.
    """
    parts: list[str] = []
    params: list[str | int] = []
    mask = (1 << NUMBER_BITS) - 1
    for at, words in enumerate(asked):
        beside = short if at == 0 else ()
        for level in range(index.level + 1):
            likes = " OR ".join(["text LIKE %s"] * len(words))
            part = _PARTS[connection.vendor].format(at=at, mask=mask, likes=likes)
            parts.append(part + " AND ' ' || text LIKE %s" * len(beside))
            params += _words(words)
            params += [document_id(index.package, level, 0), document_id(index.package, level, mask)]
            params += [f"% {word}%" for word in beside]
    found = [0] * len(asked)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for at, numbers in cursor.fetchall():
            if numbers:
                found[at] |= bits.of(map(int, numbers.split(",")), index.size)
    return found


_PARTS = {
    "sqlite": "SELECT {at}, group_concat(rowid & {mask}) FROM directory_text"
    " WHERE directory_text MATCH %s AND rowid BETWEEN %s AND %s",
    "postgresql": "SELECT {at}, string_agg((id & {mask})::text, ',') FROM directory_document"
    " WHERE ({likes}) AND id BETWEEN %s AND %s",
}


def _words(words: Sequence[str]) -> list[str]:
    if connection.vendor == "sqlite":
        return [" OR ".join(f'"{word}"' for word in words)]  # folded: there is no quotation mark in a word
    return [f"%{word}%" for word in words]  # folded: neither % nor _ is in a word
