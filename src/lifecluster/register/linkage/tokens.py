"""Words of two names set against each other, for many pairs at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from lifecluster.register.linkage.store import Array, expand

_VOWELS = frozenset("aeiou")
#: Two words count as the same word from this similarity on.
SAME = 0.72


@dataclass(frozen=True)
class Ragged:
    """Lists of word ids: those of list `i` are `ids[start[i]:start[i + 1]]`."""

    start: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]

    @staticmethod
    def of(lists: list[list[int]]) -> Ragged:
        """From a list of lists."""
        sizes = np.fromiter((len(part) for part in lists), np.int64, len(lists))
        flat = np.fromiter((i for part in lists for i in part), np.int64, int(sizes.sum()))
        return Ragged(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), flat)

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Length of each list."""
        return np.diff(self.start)


class Vocabulary:
    """Numbers for words, in order of first use."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}

    def ids(self, tokens: list[str]) -> list[int]:
        """Numbers of the words, new ones added."""
        known = self._ids
        return [known.setdefault(token, len(known)) for token in tokens]

    @property
    def words(self) -> list[str]:
        """Words in order of their numbers."""
        return list(self._ids)


def numbered(values: list[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The distinct values in order of first use, and the number of each value among them."""
    known: dict[str, int] = {}
    of = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int64, len(values))
    return list(known), of


@lru_cache(maxsize=200_000)
def similarity(left: str, right: str) -> float:
    """Similarity of two words, as `word_similarity` has it for many at once."""
    if left == right:
        return 1.0
    if skeleton(left) == skeleton(right):
        return 0.95
    if left.isdigit() or right.isdigit():
        return 0.0
    value = float(OSA.normalized_similarity(left, right))
    if left[:1] == right[:1]:
        return _same_start(left, right, value)
    return min(value, 0.4) if min(len(left), len(right)) <= 3 else value


def word_similarity(left: list[str], right: list[str]) -> npt.NDArray[np.float32]:
    """Similarity in [0, 1] of paired words.

    One minus the normalised optimal-string-alignment distance; differing numbers 0; a beginning of at least three
    letters .85, letters left out of the inside .75 (of three
    letters only vowels), an initial .6; very short words must be equal.
    """
    out = np.asarray(cpdist(left, right, scorer=OSA.normalized_similarity, dtype=np.float32), np.float32).copy()
    known = {word: i for i, word in enumerate(dict.fromkeys([*left, *right]))}
    a, b = (np.fromiter((known[word] for word in side), np.int64, len(side)) for side in (left, right))
    shapes: dict[str, int] = {}
    shape = np.array([shapes.setdefault(skeleton(word), len(shapes)) for word in known], np.int64)
    digits = np.array([word.isdigit() for word in known], bool)
    first = np.array([ord(word[0]) if word else 0 for word in known], np.int64)
    length = np.array([len(word) for word in known], np.int64)
    rest = out != 1.0
    alike = rest & (shape[a] == shape[b])
    out[alike] = 0.95
    rest &= ~alike
    numbers = rest & (digits[a] | digits[b])
    out[numbers] = 0.0
    rest &= ~numbers
    begins = rest & (first[a] == first[b])
    for i in np.flatnonzero(begins).tolist():
        out[i] = _same_start(left[i], right[i], out[i])
    tiny = rest & ~begins & (np.minimum(length[a], length[b]) <= 3)
    out[tiny] = np.minimum(out[tiny], np.float32(0.4))
    return out


def _same_start(left: str, right: str, value: float) -> float:
    """Similarity of two different words with the same first letter, `value` being that of their letters."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    value = max(value, _shortened(short, long))
    return min(value, 0.5) if len(short) == 2 else value


_LOOKALIKE = str.maketrans("0135684lq", "oiesgbaig")


def skeleton(word: str) -> str:
    """A word with characters that scanners confuse made equal (``rn``/``m``, ``1``/``l``/``i``, ``0``/``o``);
    a number stays as it is."""
    if word.isdigit():
        return word
    return word.replace("rn", "m").replace("vv", "w").replace("cl", "d").translate(_LOOKALIKE)


def _shortened(short: str, long: str) -> float:
    if len(short) == 1:
        return 0.6
    if len(short) < 3:
        return 0.0
    if long.startswith(short):
        return 0.85
    letters = iter(long)
    if len(short) == 3 and not _VOWELS.isdisjoint(short[1:]):
        return 0.0  # three letters are short for a word where they leave out its vowels
    if len(short) <= 0.7 * len(long) and all(letter in letters for letter in short):
        return 0.75
    return 0.0


@dataclass(frozen=True)
class Alignment:
    """Best partner of every word. `best` and `weight` run over the words of the left (right) lists of all pairs;
    `pair` says whose; `weight` is the rarity of the word, or of its partner if that is more common; `own` is that of
    the word itself."""

    pair: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    best: npt.NDArray[np.float32]
    weight: npt.NDArray[np.float64]
    own: npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Side:
    """The words of one side of all pairs (`pair`, `ids`), and for every pair of words the word it has on this side."""

    pair: npt.NDArray[np.int64]
    ids: npt.NDArray[np.int64]
    slot: npt.NDArray[np.int64]
    best: npt.NDArray[np.float32]


def align(
    left: Ragged, right: Ragged, *, left_of: Array, right_of: Array, words: list[str], rarity: npt.NDArray[np.float64]
) -> tuple[Alignment, Alignment]:
    """Align the words of `left[left_of[p]]` with those of `right[right_of[p]]` for every pair p.

    Two adjacent words of one side written together may match one word of the other.
    Returns the alignment of the left words and that of the right words.
    """
    n_left, n_right = left.sizes[left_of], right.sizes[right_of]
    pair, place = expand(np.zeros(len(n_left), np.int64), n_left * n_right)
    width = np.maximum(n_right[pair], 1)
    mine = _side(left, left_of, (np.cumsum(n_left) - n_left)[pair] + place // width)
    theirs = _side(right, right_of, (np.cumsum(n_right) - n_right)[pair] + place % width)
    similarity = _similarities(mine.ids[mine.slot], theirs.ids[theirs.slot], words)
    for side in (mine, theirs):
        np.maximum.at(side.best, side.slot, similarity)
    _joined(mine, theirs, words)
    _joined(theirs, mine, words)
    return _aligned(mine, theirs, similarity, rarity), _aligned(theirs, mine, similarity, rarity)


def _side(lists: Ragged, of: Array, slot: npt.NDArray[np.int64]) -> _Side:
    pair, at = expand(lists.start[of], lists.start[of + 1])
    return _Side(pair, lists.ids[at], slot, np.zeros(len(at), np.float32))


def _similarities(a: Array, b: Array, words: list[str]) -> npt.NDArray[np.float32]:
    keys, inverse = np.unique(a * max(len(words), 1) + b, return_inverse=True)
    left, right = np.divmod(keys, max(len(words), 1))
    values = word_similarity([words[i] for i in left.tolist()], [words[i] for i in right.tolist()])
    return values[inverse]


def _joined(own: _Side, other: _Side, words: list[str]) -> None:
    """Raise the best of two adjacent words that, written together, are one word of the other side (one edit)."""
    length = np.array([len(w) for w in words] or [0], np.int64)
    first = np.array([ord(w[0]) if w else 0 for w in words] or [0], np.int64)
    follows = np.zeros(len(own.ids), dtype=bool)
    if len(own.ids) > 1:
        follows[:-1] = own.pair[:-1] == own.pair[1:]
    after = np.minimum(own.slot + 1, max(len(own.ids) - 1, 0))
    joint = length[own.ids[own.slot]] + length[own.ids[after]]
    target = other.ids[other.slot]
    maybe = follows[own.slot] & (np.abs(joint - length[target]) <= 1) & (joint >= 4)
    maybe &= (first[own.ids[own.slot]] == first[target]) & (other.best[other.slot] < 0.99)
    for at in np.flatnonzero(maybe).tolist():
        i, k, j = own.slot[at], after[at], other.slot[at]
        value = OSA.normalized_similarity(words[own.ids[i]] + words[own.ids[k]], words[other.ids[j]])
        if value >= 0.85:
            own.best[i], own.best[k] = max(own.best[i], value), max(own.best[k], value)
            other.best[j] = max(other.best[j], value)


def _aligned(own: _Side, other: _Side, similarity: Array, rarity: npt.NDArray[np.float64]) -> Alignment:
    weight = rarity[own.ids].copy()
    hit = (similarity >= SAME) & (similarity == own.best[own.slot])
    np.minimum.at(weight, own.slot[hit], rarity[other.ids[other.slot[hit]]])
    return Alignment(own.pair, own.ids, own.best, weight, rarity[own.ids])
