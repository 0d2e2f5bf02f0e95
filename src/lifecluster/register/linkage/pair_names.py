"""How probable it is that two names alone, without address or register, mean the same organisation."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from lifecluster.register.linkage.fold import fold
from lifecluster.register.linkage.normalise import acronyms, join_initials, shorten, strip_legal
from lifecluster.register.linkage.scorer import Logistic, Model, Trees
from lifecluster.register.linkage.tokens import SAME, word_similarity
from lifecluster.register.linkage.words import legal_forms, words

#: Columns of a name pair.
NAME_PAIR = [
    "same_key", "same_words", "strings", "plain", "cover_short", "cover_long", "left_short", "left_long",
    "rarest_left_short", "rarest_left_long", "fuzzy", "fuzzy_similarity", "fuzzy_length", "fuzzy_known",
    "fuzzy_both_known", "fuzzy_first", "numerals", "legal", "acronym", "region", "sibling", "words_short",
    "words_long", "letters_short", "contained", "core_fuzzy_only",
]  # fmt: skip
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
          "xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xx": "20"}  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
         "ninety": 90}  # fmt: skip
#: Forms that many names of another form also carry (``X Corporation Limited``).
_LOOSE = ("CORP",)
_DOTTED = re.compile(r"\b(?:\w\.){2,}")
_GENERIC = frozenset({"co", "corp", "inc"})
_SMALL = frozenset({"and", "of", "the", "for", "in", "de", "und", "et", "y"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready for comparison: canonical words, legal form, the folded text."""

    tokens: tuple[str, ...]
    legal: str
    folded: str
    text: str


def _numbers(tokens: list[str]) -> list[str]:
    """Number words and Roman numerals (not as first word) as digits; ``forty four`` as ``44``."""
    out: list[str] = []
    for i, token in enumerate(tokens):
        value = _ROMAN.get(token, token) if i > 0 else token
        if out and value.isdigit() and len(value) == 1 and out[-1].startswith("~"):
            out[-1] = str(int(out[-1][1:]) + int(value))
        else:
            out.append(f"~{_TENS[token]}" if token in _TENS else value)
    return [token.lstrip("~") for token in out]


@cache
def read(text: str) -> Name:
    """Read a name for comparison with another name; ``company`` and ``corporation`` count as legal forms here."""
    folded = fold(_DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text))
    tokens, legal = _strip(join_initials([t for t in folded.split() if t not in _SMALL] or folded.split()))
    short = shorten(" ".join(tokens)).split()
    while len(short) > 1 and short[-1] in _GENERIC:
        short, again = _strip(short[:-1])
        legal = again if legal in ("", *_LOOSE) else legal
    return Name(tuple(_numbers(short)), legal, folded, text)


def _strip(tokens: list[str]) -> tuple[list[str], str]:
    """Legal forms off both ends, misspelt long ones included; a form that says little yields to one that says more."""
    legal = ""
    while True:
        tokens, found = strip_legal(tokens)
        if not found:
            tokens, found = _misspelt(tokens)
        if not found:
            return tokens, legal
        legal = found if legal in ("", *_LOOSE) else legal


def _misspelt(tokens: list[str]) -> tuple[list[str], str]:
    """A legal form of ten letters or more at the end, written with a slip."""
    for size in range(min(5, len(tokens) - 1), 0, -1):
        tail = " ".join(tokens[-size:])
        for sequence, form in _long_forms():
            if len(sequence.split()) == size and OSA.normalized_similarity(tail, sequence) >= 0.9:
                return tokens[:-size], form
    return tokens, ""


@cache
def _long_forms() -> list[tuple[str, str]]:
    joined = ((" ".join(sequence), form) for sequence, form in legal_forms().suffixes.items())
    return [(text, form) for text, form in joined if len(text) >= 10]


@cache
def known_words() -> dict[str, int]:
    """Number of names in 75,000 that hold each word (words of at least four names; Companies House, 2024-10)."""
    text = resources.files("lifecluster.register.linkage").joinpath("model/name_words.json").read_text(encoding="utf-8")
    table: dict[str, int] = json.loads(text)
    return table


def rarity(word: str) -> float:
    """Rarity of a word in company names, 0 to 1."""
    return math.log(75_000 / (1 + known_words().get(word, 0))) / math.log(75_000)


def name_pair(left: str, right: str) -> npt.NDArray[np.float32]:
    """The features of a pair of names (`NAME_PAIR`); the order of the two does not matter."""
    a, b = read(left), read(right)
    if (len(a.tokens), sum(map(len, a.tokens)), a.tokens) > (len(b.tokens), sum(map(len, b.tokens)), b.tokens):
        a, b = b, a
    table = _similarities(a.tokens, b.tokens)
    best_a, best_b = table.max(axis=1, initial=0.0), table.max(axis=0, initial=0.0)
    best_a, best_b = _joined(a.tokens, b.tokens, best_a), _joined(b.tokens, a.tokens, best_b)
    key_a, key_b = "".join(a.tokens), "".join(b.tokens)
    same = key_a == key_b
    acronym = bool({" ".join(a.tokens)} & set(acronyms(b.text)) or {" ".join(b.tokens)} & set(acronyms(a.text)))
    if same or acronym:
        best_a, best_b = np.ones_like(best_a), np.ones_like(best_b)
    fuzzy = [(i, int(table[i].argmax())) for i in range(len(a.tokens)) if SAME <= best_a[i] < 1.0]
    strings = max(fuzz.ratio(key_a, key_b), fuzz.token_sort_ratio(" ".join(a.tokens), " ".join(b.tokens))) / 100
    side_a, side_b = _side(a.tokens, best_a), _side(b.tokens, best_b)
    left_out = {t for t, s in (*zip(a.tokens, best_a, strict=True), *zip(b.tokens, best_b, strict=True)) if s < SAME}
    known = known_words()
    tables = words()
    pairs = [(a.tokens[i], b.tokens[j]) for i, j in fuzzy]
    row = [
        same, set(a.tokens) == set(b.tokens), strings, fuzz.ratio(a.folded, b.folded) / 100,
        side_a[0], side_b[0], side_a[1], side_b[1], side_a[2], side_b[2],
        len(fuzzy), min((float(best_a[i]) for i, _ in fuzzy), default=1.0),
        min((min(len(x), len(y)) for x, y in pairs), default=20),
        sum((x in known) != (y in known) for x, y in pairs), sum(x in known and y in known for x, y in pairs),
        sum(x[:1] != y[:1] for x, y in pairs), _numerals(a.tokens, b.tokens), _legal(a.legal, b.legal), acronym,
        len(left_out & tables.regions), len(left_out & tables.sibling), len(a.tokens), len(b.tokens), len(key_a),
        bool(key_a) and key_a in key_b, bool(fuzzy) and not left_out,
    ]  # fmt: skip
    return np.array(row, np.float32)


def _similarities(left: tuple[str, ...], right: tuple[str, ...]) -> npt.NDArray[np.float32]:
    x = [a for a in left for _ in right]
    y = [b for _ in left for b in right]
    return (
        word_similarity(x, y).reshape(len(left), len(right))
        if x and y
        else np.zeros((len(left), len(right)), np.float32)
    )


def _joined(own: tuple[str, ...], other: tuple[str, ...], best: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Raise the best of words that are written together on the other side, or apart."""
    best = best.copy()
    for i, (first, second) in enumerate(pairwise(own)):
        if first + second in other:
            best[i] = best[i + 1] = 1.0
    joined = {a + b for a, b in pairwise(other)}
    for i, word in enumerate(own):
        if word in joined:
            best[i] = 1.0
    return best


def _side(tokens: tuple[str, ...], best: npt.NDArray[np.float32]) -> tuple[float, float, float]:
    """Cover, weight left, rarest word left of one side."""
    weight = np.array([0.15 + rarity(t) for t in tokens] or [1.0])
    score = np.asarray(best, np.float64) if len(tokens) else np.zeros(1)
    left = np.where(score >= SAME, 0.0, weight)
    return float((weight * score).sum() / weight.sum()), float(left.sum()), float(left.max())


def _numerals(left: tuple[str, ...], right: tuple[str, ...]) -> float:
    def numbers(tokens: tuple[str, ...]) -> set[str]:
        return {t for t in tokens if any(c.isdigit() for c in t)}

    a, b = numbers(left), numbers(right)
    return 0.0 if a == b else 1.0 if not a or not b else 2.0


def _legal(left: str, right: str) -> float:
    """3 the same form, 2 one or both missing, 1 the same family, 0 another family."""
    family = legal_forms().family
    if not left or not right or (left != right and {left, right} & set(_LOOSE)):
        return 2.0
    return 3.0 if left == right else 1.0 if family[left] == family[right] else 0.0


@cache
def _model() -> Model:
    folder = resources.files("lifecluster.register.linkage").joinpath("model")
    return Trees.shipped("names") or Logistic.of(
        json.loads(folder.joinpath("names.json").read_text(encoding="utf-8"))["logistic"]
    )


@cache
def name_threshold() -> float:
    """From this score on two names are taken to mean the same organisation; set on generated names alone."""
    folder = resources.files("lifecluster.register.linkage").joinpath("model")
    return float(json.loads(folder.joinpath("names.json").read_text(encoding="utf-8"))["threshold"])


def score_names(name1: str, name2: str, *, series: bool = False) -> float:
    """Probability that two names mean the same organisation, from the names alone. Symmetric; blank names score 0.

    Differing numbers mean different organisations (``Fund III`` and ``Fund IV``), as a register has it. With `series`
    they do not count: the question is then whether two names belong to one numbered family, as screening has it.
    """
    if series:
        name1, name2 = _unnumbered(name1, name2)
    if not read(name1).tokens or not read(name2).tokens:
        return 0.0
    return float(_model().predict(name_pair(name1, name2)[None, :])[0])


def _unnumbered(name1: str, name2: str) -> tuple[str, str]:
    """Both names without their numbers, if both have some and at least two words besides."""
    stripped = []
    for name in (name1, name2):
        tokens = read(name).tokens
        kept = [token for token in tokens if not any(c.isdigit() for c in token)]
        if len(kept) == len(tokens) or len(kept) < 2:
            return name1, name2
        stripped.append(" ".join(kept))
    return stripped[0], stripped[1]
