"""What a pair of query and organisation looks like: one row of numbers for the scorer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Batch, Pairs
from lifecluster.register.linkage.index import PREVIOUS, Index
from lifecluster.register.linkage.normalise import PART
from lifecluster.register.linkage.places import place_features
from lifecluster.register.linkage.rivals import rival_features
from lifecluster.register.linkage.store import Array
from lifecluster.register.linkage.tokens import SAME, Alignment, Ragged, Vocabulary, align, numbered
from lifecluster.register.linkage.words import legal_forms, tells, words

Matrix = npt.NDArray[np.float32]

#: Features of the names of one pair.
NAME = [
    "cosine", "net_cosine", "cover_query", "cover_register", "left_query", "left_register", "rarest_left_query",
    "rarest_left_register", "rarest_met", "rarest_query_met", "rarest_register_met", "met", "strings", "same_key",
    "same_core", "words_query", "words_register", "sibling_query", "sibling_register", "region_query",
    "region_register", "known_slip", "known_left", "numerals", "legal", "previous", "namesakes", "part", "part_telling",
]  # fmt: skip
#: Features of the address block of one pair.
PLACE = ["postcode", "house", "street", "town", "hub", "has_postcode", "has_street", "place"]
#: Features of a pair against the other candidates of its query.
RIVAL = [
    "rank", "margin", "near_ties", "same_keys", "rival_at_place", "place_rank", "cover_margin", "full_covers",
    "blend_rank", "blend_margin", "register_size",
]  # fmt: skip
FEATURES = [*NAME, *PLACE, *RIVAL]

_DIGITS = re.compile(r"\d+")
#: Words that meet with less than this are not the same letters.
_SLIP = 0.95


@dataclass(frozen=True)
class Features:
    """Feature rows of pairs (float32, columns `FEATURES`), and the words left unmatched, for the reasons."""

    pairs: Pairs
    values: Matrix

    def column(self, name: str) -> npt.NDArray[np.float32]:
        """One feature of every pair."""
        return self.values[:, FEATURES.index(name)]


def features(batch: Batch, pairs: Pairs, index: Index) -> Features:
    """Feature rows of candidate pairs (all candidates of a query must be present: rivals are counted)."""
    names, score = _name_features(batch, pairs, index)
    place = place_features(batch, pairs, index)
    keys = names[:, NAME.index("same_key")]
    cover = np.minimum(names[:, NAME.index("cover_query")], names[:, NAME.index("cover_register")])
    rival = rival_features(pairs.query, score=score, cover=cover, same_key=keys, place=place, rows=index.rows)
    return Features(pairs, np.hstack([names, place, rival]).astype(np.float32))


def _register_names(pairs: Pairs, batch: Batch, index: Index) -> tuple[list[str], list[str]]:
    """Canonical and core forms of the register side; a name met by its initials takes the query's own form."""
    canon, core = store.take(index.canon, pairs.alias), store.take(index.core, pairs.alias)
    for at in np.flatnonzero(pairs.acronym).tolist():
        reading = batch.readings[pairs.reading[at]]
        canon[at], core[at] = reading.canon, reading.core
    return canon, core


def _name_features(batch: Batch, pairs: Pairs, index: Index) -> tuple[Matrix, npt.NDArray[np.float32]]:
    canon, core = _register_names(pairs, batch, index)
    mine = [batch.readings[i] for i in pairs.reading.tolist()]
    q_canon, q_core = [r.canon for r in mine], [r.core for r in mine]
    r_key = [c.replace(" ", "") for c in canon]
    cosine = np.where(pairs.acronym, np.float32(0.98), pairs.cosine)
    net = cosine - batch.handicap[pairs.reading]
    joined = _ratio([c.replace(" ", "") for c in q_core], [c.replace(" ", "") for c in core], fuzz.ratio)
    ordered = _ratio(q_core, core, fuzz.token_sort_ratio)
    same_key = _same(q_canon, canon)
    same_core = np.fromiter((a == b for a, b in zip(q_core, core, strict=True)), np.float32, len(mine))
    words_part, cover = _word_features(q_canon, canon, same_key, index)
    legal = _legal([r.legal for r in mine], store.take(index.legal, pairs.alias))
    previous = (index.alias_kind[pairs.alias] == PREVIOUS).astype(np.float32)
    namesakes = np.log1p(_namesakes(r_key, pairs, batch, index)).astype(np.float32)
    strings = np.maximum(joined, ordered)
    score = (net + cover[0] + cover[1] + strings) / 4
    columns = [cosine, net, *words_part[:10], strings, same_key, same_core, *words_part[10:], legal,
               previous, namesakes, *_parts(batch, pairs)]  # fmt: skip
    return np.column_stack(columns).astype(np.float32), score.astype(np.float32)


def _parts(batch: Batch, pairs: Pairs) -> tuple[Array, Array]:
    """Whether a pair rests on a part of the query's name, and how many telling words (`tells`) that part leaves out."""
    part = np.array([reading.kind == PART for reading in batch.readings] or [False])
    telling = np.zeros(len(part), np.float32)
    for i in np.flatnonzero(part).tolist():
        telling[i] = len(left_out(batch, i))
    return part[pairs.reading].astype(np.float32), telling[pairs.reading]


def left_out(batch: Batch, reading: int) -> list[str]:
    """Telling words of a query's whole name that one of its readings leaves out (no repeats, in order)."""
    kept = set(batch.readings[reading].tokens)
    whole = batch.readings[int(batch.first[batch.owner[reading]])].tokens
    return [word for word in dict.fromkeys(whole) if word not in kept and tells(word)]


def _same(left: list[str], right: list[str]) -> npt.NDArray[np.float32]:
    """1 for pairs of the same words, in any order, or the same letters however parted into words; else 0."""
    letters: dict[str, int] = {}
    sorted_words: dict[str, int] = {}
    same = np.zeros(len(left), bool)
    for numbers, form in ((letters, _letters), (sorted_words, _sorted_words)):
        sides = []
        for names, of in (numbered(left), numbered(right)):
            sides.append(np.array([numbers.setdefault(form(n), len(numbers)) for n in names] or [0], np.int64)[of])
        same |= sides[0] == sides[1]
    return same.astype(np.float32)


def _letters(name: str) -> str:
    return name.replace(" ", "")


def _sorted_words(name: str) -> str:
    return " ".join(sorted(name.split()))


def _namesakes(keys: list[str], pairs: Pairs, batch: Batch, index: Index) -> npt.NDArray[np.int64]:
    """How many aliases of the register have this very name; for initials, how many candidates share them as well."""
    counts = index.key_count(keys)
    at = np.flatnonzero(pairs.acronym)
    if len(at):
        alike = np.bincount(pairs.query, pairs.acronym, len(batch.ids)).astype(np.int64)
        counts[at] = alike[pairs.query[at]] + counts[at]
    return counts


def _ratio(left: list[str], right: list[str], scorer: Any) -> npt.NDArray[np.float32]:
    return np.asarray(cpdist(left, right, scorer=scorer, dtype=np.float32), np.float32) / np.float32(100)


def _word_features(
    left: list[str], right: list[str], same_key: Array, index: Index
) -> tuple[list[Array], tuple[Array, Array]]:
    vocabulary = Vocabulary()
    left_keys, left_of = numbered(left)
    right_keys, right_of = numbered(right)
    mine = Ragged.of([vocabulary.ids(name.split()) for name in left_keys])
    theirs = Ragged.of([vocabulary.ids(name.split()) for name in right_keys])
    tokens = vocabulary.words
    rarity = index.token_weight(tokens)
    q, r = align(mine, theirs, left_of=left_of, right_of=right_of, words=tokens, rarity=rarity)
    whole = same_key > 0
    n = len(left)
    q_part, r_part = _side(q, n, whole, tokens), _side(r, n, whole, tokens)
    q_cover, r_cover = q_part["cover"], r_part["cover"]
    numerals = _numerals(left_keys, right_keys, left_of, right_of)
    out = [q_cover, r_cover, q_part["left"], r_part["left"], q_part["rarest_left"], r_part["rarest_left"],
           np.maximum(q_part["rarest_met"], r_part["rarest_met"]), q_part["rarest_is_met"], r_part["rarest_is_met"],
           q_part["met"], mine.sizes[left_of], theirs.sizes[right_of], q_part["sibling"],
           r_part["sibling"], q_part["region"], r_part["region"], q_part["known_slip"], q_part["known_left"],
           numerals]  # fmt: skip
    return out, (q_cover, r_cover)


def _side(side: Alignment, pairs: int, whole: Array, tokens: list[str]) -> dict[str, Array]:
    """Sums over the words of one side: cover, weight left unmatched, rarest word left or met, sibling words left.
    `known_slip`, `known_left`: how common in the register the most common word is that meets another word only by
    likeness, or meets none. A word that the register knows is seldom a slip or somebody's short form."""
    table = words()
    best = np.where(whole[side.pair], np.float32(1.0), side.best)
    met = best >= SAME
    total = np.bincount(side.pair, side.weight, pairs)
    covered = np.bincount(side.pair, side.weight * np.where(met, best, 0.3 * best), pairs)
    left = np.bincount(side.pair, np.where(met, 0, side.weight), pairs)
    rarest_left, rarest_met, rarest = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    np.maximum.at(rarest_left, side.pair, np.where(met, 0, side.weight))
    np.maximum.at(rarest_met, side.pair, np.where(met, side.weight, 0))
    np.maximum.at(rarest, side.pair, side.weight)
    top = np.zeros(pairs)
    np.maximum.at(top, side.pair, np.where(side.weight >= rarest[side.pair], best, 0))
    known_slip = np.zeros(pairs)
    np.maximum.at(known_slip, side.pair, np.where(met & (best < _SLIP), 1 - side.own, 0))
    known_left = np.zeros(pairs)
    np.maximum.at(known_left, side.pair, np.where(met, 0, 1 - side.own))
    is_sibling = np.array([t in table.sibling for t in tokens] or [False])[side.ids]
    is_region = np.array([t in table.regions for t in tokens] or [False])[side.ids]
    return {
        "cover": covered / np.where(total > 0, total, 1.0),
        "left": left,
        "rarest_left": rarest_left,
        "rarest_met": rarest_met,
        "rarest_is_met": top,
        "met": np.bincount(side.pair, np.where(met, side.weight, 0), pairs),
        "sibling": np.bincount(side.pair, ~met & is_sibling, pairs),
        "region": np.bincount(side.pair, ~met & is_region, pairs),
        "known_slip": known_slip,
        "known_left": known_left,
    }


def _numerals(left: list[str], right: list[str], left_of: Array, right_of: Array) -> npt.NDArray[np.float32]:
    """0 if the numbers in two names agree, 1 if the register's has more, 2 if the query's has more, 3 if they differ.

    A name in use may lose a number; it does not gain one."""
    mine, theirs = ([frozenset(_DIGITS.findall(name)) for name in names] for names in (left, right))
    has = [np.array([bool(numbers) for numbers in side] or [False]) for side in (mine, theirs)]
    out = np.zeros(len(left_of), np.float32)
    for i in np.flatnonzero(has[0][left_of] | has[1][right_of]).tolist():
        x, y = mine[left_of[i]], theirs[right_of[i]]
        if x != y:
            out[i] = 1.0 if x <= y else 2.0 if y <= x else 3.0
    return out


def _legal(left: list[str], right: list[str]) -> npt.NDArray[np.float32]:
    """3 same legal form, 2 one or both missing, 1 another form of the same family, 0 another family."""
    family = legal_forms().family
    pairs: dict[tuple[str, str], float] = {}
    for pair in set(zip(left, right, strict=True)):
        a, b = pair
        value = 3.0 if a == b and a else 2.0 if not a or not b else 1.0 if family[a] == family[b] else 0.0
        pairs[pair] = value
    return np.array([pairs[pair] for pair in zip(left, right, strict=True)], np.float32)
