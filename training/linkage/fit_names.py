"""Fit the name-only scorer: `python training/linkage/fit_names.py --data DIR`. Deterministic, about a minute.

Pairs are made from real company names under legal forms of many countries. Positives: the same name under another
spelling of its form, without it, with a slip or two, an abbreviation, joined or parted words, `&`/`and`, number words,
initials. Negatives: another known word, a near-looking word, another place, another number, a sister company,
another family of legal form. The evaluate-only file of name pairs is never read here.
"""

from __future__ import annotations

import argparse
import json
import random
import string
import sys
from collections import Counter
from pathlib import Path

import lightgbm as lgb
import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

sys.path.insert(0, str(Path(__file__).parent))
from fit import MODEL, TREES, fit_logistic
from generate import SIBLINGS, Corpus, invent, read_corpus

from lifecluster.register.linkage.words import legal_forms, words

SEED, PAIRS = 211, 40_000
PLACES = [
    "SPAIN",
    "FRANCE",
    "GERMANY",
    "ITALY",
    "IRELAND",
    "SWEDEN",
    "NORWAY",
    "DENMARK",
    "FINLAND",
    "POLAND",
    "CANADA",
    "MEXICO",
    "CHILE",
    "BRAZIL",
    "INDIA",
    "CHINA",
    "JAPAN",
    "SINGAPORE",
    "AUSTRALIA",
    "LONDON",
    "PARIS",
    "BERLIN",
    "MADRID",
    "DUBAI",
    "TOKYO",
    "CHICAGO",
    "BOSTON",
    "TEXAS",
    "OHIO",
    "EUROPE",
    "ASIA",
    "AFRICA",
    "AMERICA",
    "ESTONIA",
    "LATVIA",
    "HUNGARY",
    "GREECE",
    "TURKEY",
    "EGYPT",
    "KENYA",
    "GHANA",
    "NIGERIA",
    "PERU",
    "ARMENIA",
    "GEORGIA",
    "SCHWEIZ",
    "DEUTSCHLAND",
]
WORDS_ABROAD = [
    "BANK",
    "MOTOR",
    "ELECTRIC",
    "STEEL",
    "PETROLEUM",
    "CHEMICAL",
    "INSURANCE",
    "ENERGY",
    "RAILWAY",
    "SHIPPING",
    "TELECOM",
    "TRUST",
    "FUND",
    "SECURITIES",
    "FOUNDATION",
    "INSTITUTE",
    "MINISTRY",
    "OFFICE",
    "ORGANISATION",
    "FEDERATION",
    "INDUSTRIES",
    "ELECTRONICS",
    "PHARMACEUTICALS",
    "AIRLINES",
]
ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
DIGITS = {"1": "ONE", "2": "TWO", "3": "THREE", "4": "FOUR", "1ST": "FIRST", "2ND": "SECOND", "3RD": "THIRD"}
KEYS = {"A": "SQ", "B": "VN", "C": "XVK", "D": "SF", "E": "RWI", "F": "DG", "G": "FH", "H": "GJ", "I": "YEU", "J": "HK",
        "K": "JLC", "L": "K", "M": "N", "N": "M", "O": "PIU", "P": "OB", "Q": "W", "R": "ET", "S": "ADZ", "T": "RY",
        "U": "YI", "V": "CB", "W": "QE", "X": "ZC", "Y": "TUI", "Z": "XS"}  # fmt: skip


class PairMaker:
    """Makes labelled pairs of names from one seed."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self.rng = random.Random(seed)
        self.corpus = corpus
        forms = legal_forms()
        self.spellings: dict[str, list[str]] = {}
        for sequence, form in forms.suffixes.items():
            self.spellings.setdefault(form, []).append(" ".join(sequence).upper())
        self.family = forms.family
        counts = Counter(t for name in corpus.names for t in name)
        self.common = [t for t, n in sorted(counts.items()) if n >= 3 and t.isalpha() and len(t) >= 4]
        self.long_of: dict[str, list[str]] = {}
        for spelling, short in words().short.items():
            self.long_of.setdefault(short, []).append(spelling.upper())

    def base(self) -> list[str]:
        """Words of a name, UK or abroad, sometimes with a place or a number."""
        rng = self.rng
        name = [t for t in rng.choice(self.corpus.names) if t.isascii()] or ["ACME"]
        kind = rng.random()
        if kind < 0.25:
            name = [invent(rng, self.corpus), *rng.sample(WORDS_ABROAD, rng.choice([0, 1, 1, 2]))]
        elif kind < 0.35:
            name = [rng.choice(WORDS_ABROAD), "OF", rng.choice(PLACES)]
        elif kind < 0.42:
            name = [rng.choice(PLACES), *rng.sample(WORDS_ABROAD, 2)]
        elif kind < 0.5:
            name = [*name[:3], "FUND", rng.choice(ROMAN)]
        elif kind < 0.55:
            name = [*name[:3], rng.choice(list(DIGITS))]
        return name[:6]

    def form(self) -> str:
        """A canonical legal form: half of the time one of the UK."""
        rng = self.rng
        if rng.random() < 0.4:
            return rng.choice(["LTD", "LTD", "PLC", "LLP"])
        return rng.choice(["INC", "CORP", "LLC", "GMBH", "AG", "SA", "SARL", "SAS", "BV", "NV", "AB", "AS", "SPA",
                           "SRL",
                           "SPZOO", "JSC", "OJSC", "OOO", "PT", "LP", "SE", "OY"])  # fmt: skip

    def write(self, name: list[str], form: str | None) -> str:
        """A name with one spelling of its form, in some style."""
        rng = self.rng
        text = " ".join(name)
        if form is not None:
            spelling = rng.choice(self.spellings[form])
            if len(spelling) <= 4 and rng.random() < 0.2:
                spelling = ".".join(spelling.replace(" ", "")) + "."
            first = form in ("OOO", "OJSC", "JSC", "PT") and rng.random() < 0.5
            text = f"{spelling} {text}" if first else f"{text}{rng.choice([' ', ' ', ', '])}{spelling}"
        if rng.random() < 0.08:
            text = "THE " + text
        return rng.choice([text, text, text.title(), text.lower()])

    def positive(self) -> tuple[str, str]:
        """Two writings of one name."""
        rng = self.rng
        name, form = self.base(), self.form()
        other = list(name)
        other_form: str | None = form
        kind = rng.random()
        if kind < 0.22:
            other_form = None
        elif kind < 0.47:
            other = self._slip(other)
        elif kind < 0.57:
            other = self._abbreviated(other)
        elif kind < 0.67:
            other = self._spaced(other)
        elif kind < 0.73:
            other = [DIGITS.get(t, t) for t in other]
        elif kind < 0.76 and len(name) > 2:
            return "".join(t[0] for t in name), " ".join(name)
        if rng.random() < 0.1:
            other_form = None
        return self.write(name, form), self.write(other, other_form)

    def _slip(self, name: list[str]) -> list[str]:
        """One edit of a word, sometimes two: lost, doubled, swapped, neighbouring or any other letter."""
        rng = self.rng
        long = [i for i, t in enumerate(name) if len(t) >= 4 and t.isalpha()]
        if not long:
            return name
        at = rng.choice(long)
        word = name[at]
        for _ in range(1 if rng.random() < 0.8 else 2):
            word = self._edit(word)
        return [*name[:at], word, *name[at + 1 :]]

    def _edit(self, word: str) -> str:
        rng = self.rng
        i = rng.randrange(1, len(word) - 1) if rng.random() < 0.85 else 0
        kind = rng.randrange(5)
        if kind == 0:
            return word[:i] + word[i + 1 :]
        if kind == 1:
            return word[:i] + word[i] + word[i:]
        if kind == 2:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        letter = rng.choice(KEYS.get(word[i], "E")) if kind == 3 else rng.choice(string.ascii_uppercase)
        return word[:i] + letter + word[i + 1 :]

    def _abbreviated(self, name: list[str]) -> list[str]:
        short = words().short
        out = []
        for token in name:
            key = short.get(token.lower(), token.lower())
            out.append(self.rng.choice(self.long_of[key]) if key in self.long_of and key.isalpha() else token)
        return out

    def _spaced(self, name: list[str]) -> list[str]:
        rng = self.rng
        kind = rng.random()
        if kind < 0.3 and len(name) > 1:
            return [name[0] + name[1], *name[2:]]
        if kind < 0.5:
            return ["-".join(name[:2]), *name[2:]]
        if kind < 0.75:
            return [t.replace("AND", "&") if t == "AND" else "AND" if t == "&" else t for t in name]
        word = name[0]
        at = len(word) // 2
        return [word[:at], word[at:], *name[1:]] if len(word) >= 8 else name

    def negative(self) -> tuple[str, str]:
        """Two names of two organisations that look alike."""
        rng = self.rng
        name, form = self.base(), self.form()
        other, other_form = list(name), form
        kind = rng.random()
        at = rng.randrange(len(name))
        if kind < 0.22:
            other[at] = self._near_word(name[at])
        elif kind < 0.36:
            other[at] = rng.choice(self.common)
        elif kind < 0.46:
            other = [*name, rng.choice(SIBLINGS)]
        elif kind < 0.56:
            name, other = [*name, f"({rng.choice(PLACES)})"], [*name, f"({rng.choice(PLACES)})"]
            other = [*other[:-1], "(UK)"] if name == other else other
        elif kind < 0.7:
            name, other = self._numbered(name)
        elif kind < 0.78:
            others = [
                f for f in ("GMBH", "AG", "LLC", "SA", "BV", "LP", "SPA", "LTD") if self.family[f] != self.family[form]
            ]
            other_form = rng.choice(others)
        elif kind < 0.88:
            other = self.base()
        else:
            other[at] = self._blend(name[at])
        if other == name and other_form == form:
            other = [*name, "HOLDINGS"]
        return self.write(name, form), self.write(other, other_form)

    def _near_word(self, word: str) -> str:
        sample = self.rng.sample(self.common, 4000) + PLACES
        found = process.extract(word, sample, scorer=OSA.normalized_similarity, limit=6, score_cutoff=0.4)
        near = [hit[0] for hit in found if hit[0] != word]
        return self.rng.choice(near[:3]) if near else self.rng.choice(self.common)

    def _blend(self, word: str) -> str:
        """Another invented word with the same beginning or end."""
        rng = self.rng
        if len(word) < 5:
            return rng.choice(self.common)
        piece = rng.choice(self.corpus.rare)
        cut = rng.randint(2, len(word) - 2)
        return word[:cut] + piece[-max(2, len(word) - cut) :] if rng.random() < 0.6 else piece[:3] + word[cut:]

    def _numbered(self, name: list[str]) -> tuple[list[str], list[str]]:
        rng = self.rng
        kind = rng.random()
        if kind < 0.5:
            a, b = rng.sample(ROMAN, 2)
        elif kind < 0.75:
            year = rng.randint(1999, 2020)
            a, b = f"{year}-{rng.randint(1, 4)}", f"{year + rng.randint(0, 1)}-{rng.randint(5, 9)}"
        else:
            a, b = (str(n) for n in rng.sample(range(1, 60), 2))
        return [*name, a], [*name, b] if rng.random() < 0.85 else name


def word_counts(corpus: Corpus) -> dict[str, int]:
    """Number of names that hold each canonical word, for words of at least four names."""
    short = words().short
    from lifecluster.register.linkage.fold import fold

    counts = Counter(short.get(t, t) for name in corpus.names for t in set(fold(" ".join(name)).split()))
    return {w: n for w, n in sorted(counts.items()) if n >= 4 and len(w) > 1}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    corpus = read_corpus(options.data)
    counts = json.dumps(word_counts(corpus), separators=(",", ":"), sort_keys=True)
    (options.out / "name_words.json").write_text(counts + "\n", encoding="utf-8")
    from lifecluster.register.linkage.pair_names import NAME_PAIR, name_pair

    maker = PairMaker(corpus, SEED)
    label = np.arange(PAIRS) % 2 == 0
    rows = np.array([name_pair(*(maker.positive() if wanted else maker.negative())) for wanted in label])
    up = "same_key strings plain cover_short cover_long legal fuzzy_similarity"
    down = "left_short left_long rarest_left_short rarest_left_long numerals"
    monotone = [1 if n in up.split() else -1 if n in down.split() else 0 for n in NAME_PAIR]
    parameters = {**TREES, "num_leaves": 15, "monotone_constraints": monotone, "learning_rate": 0.08}
    test = np.arange(PAIRS) % 10 >= 8
    data = lgb.Dataset(rows[~test], label[~test], feature_name=NAME_PAIR)
    booster = lgb.train(parameters, data, num_boost_round=120)
    score = booster.predict(rows[test])
    cuts = np.linspace(0.2, 0.8, 61)
    f1 = [2 * (label[test] & (score >= c)).sum() / (label[test].sum() + (score >= c).sum()) for c in cuts]
    best = float(cuts[int(np.argmax(f1))])
    print(f"own pairs: F1 {max(f1):.3f} at {best:.2f}")
    booster.save_model(options.out / "names.txt")
    entry = {"threshold": best, "logistic": fit_logistic(rows, label)}
    (options.out / "names.json").write_text(json.dumps(entry, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
