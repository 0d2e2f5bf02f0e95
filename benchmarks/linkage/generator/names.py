"""Invented company names, on the pattern of real ones."""

from __future__ import annotations

import random
import re

from benchmarks.linkage.generator.knobs import Knobs
from benchmarks.linkage.generator.vocabulary import CONNECTORS, WORD, Vocabulary

FAMILY_WORDS = (
    "HOLDINGS", "GROUP", "SERVICES", "PROPERTIES", "UK", "INTERNATIONAL", "INVESTMENTS", "DEVELOPMENTS", "TRADING",
    "SOLUTIONS", "MANAGEMENT", "ENTERPRISES", "CONSULTING", "TRUSTEES", "FINANCE", "VENTURES", "LOGISTICS",
    "HEALTHCARE", "TECHNOLOGIES", "CAPITAL", "ESTATES", "LETTINGS", "EUROPE", "GLOBAL", "PROJECTS",
)  # fmt: skip
REGIONS = (
    "NORTHERN", "SOUTHERN", "MIDLANDS", "NORTH WEST", "NORTH EAST", "SCOTLAND", "WALES", "LONDON", "YORKSHIRE",
    "SOUTH WEST", "EASTERN", "UK", "ENGLAND", "EUROPE", "HOLDINGS", "SALES",
)  # fmt: skip
_VOWELS = "AEIOUY"
_NOT_ALNUM = re.compile(r"[^A-Z0-9]+")
_FORM = re.compile(r"\b(?:LIMITED|LTD|PLC|LLP|CIC|COMPANY|CO|THE|AND|C I C)\b")


def plain(name: str) -> str:
    """Reduce a name to what the registrar compares: no legal form, article, ``&``, spaces or punctuation.

    Args:
        name: a company name in upper case.

    Returns:
        Letters and digits only; two names with the same result are the same name.
    """
    spaced = _NOT_ALNUM.sub(" ", name.replace("'", ""))
    return _FORM.sub(" ", spaced).replace(" ", "") or spaced.replace(" ", "")


class Namer:
    """Makes names that follow the shapes and the word frequencies of real ones.

    Args:
        vocabulary: the words.
        knobs: the shares.
        towns: town names to put where a real name has a place.
    """

    def __init__(self, vocabulary: Vocabulary, knobs: Knobs, towns: list[str]) -> None:
        self.vocabulary = vocabulary
        self._knobs = knobs
        self._towns = towns

    def name(self, rng: random.Random, town: str = "") -> tuple[str, str]:
        """Return a stem and a legal form, for example ``("ALTRA CARE (LEEDS)", "LTD")``.

        Args:
            rng: source of chance.
            town: the company's post town; used half of the time where the pattern has a place.
        """
        kind = rng.random()
        if kind < 0.07:
            return self._person(rng), rng.choice(("LTD", "LIMITED"))
        if kind < 0.10:
            return self._letters(rng), rng.choice(("LTD", "LIMITED"))
        pattern, form = rng.choice(self.vocabulary.patterns)
        stem = WORD.sub(lambda found: self._word(rng, found[0], town), pattern)
        return stem, form or rng.choice(("LTD", "LIMITED"))

    def head(self, rng: random.Random) -> str:
        """Return a distinctive word: a real rare word, a surname, a coined word or an acronym."""
        kind = rng.random()
        if kind < self._knobs.coined:
            return self._coined(rng)
        if kind < self._knobs.coined + 0.13:
            return self.vocabulary.surnames.draw(rng)
        if kind < self._knobs.coined + 0.20:
            return "".join(rng.choices("ABCDEGHJKLMNPRSTW", k=rng.choice((2, 3, 3, 3, 4))))
        return self.vocabulary.heads.draw(rng)

    def descriptor(self, rng: random.Random) -> str:
        """Return a common word that says what a company does."""
        return self.vocabulary.descriptors.draw(rng)

    def family_member(self, rng: random.Random, stem: str) -> str:
        """Return the stem of another company of the same family (by chance the stem itself: the caller refuses it).

        Args:
            rng: source of chance.
            stem: the family's own name; its trade words may be kept, dropped or replaced.
        """
        words = stem.split()
        core = stem if len(words) < 2 or rng.random() < 0.5 else " ".join(words[: max(1, len(words) - 1)])
        if core.split()[-1] in CONNECTORS or core.endswith("&"):
            core = stem
        kind = rng.random()
        if kind < 0.45:
            return f"{core} {rng.choice(FAMILY_WORDS)}"
        if kind < 0.60:
            return f"{core} ({rng.choice(REGIONS)})"
        if kind < 0.68:
            return f"{stem} {rng.choice(('2', '3', 'II', 'NO. 2', 'ONE', 'TWO'))}"
        if kind < 0.90:
            return f"{core} {self.descriptor(rng)}"
        return core if core != stem else f"{stem} GROUP HOLDINGS"

    def near(self, rng: random.Random, stem: str) -> str:
        """Return a different stem that looks almost the same, as unrelated companies have."""
        words = stem.split()
        place = rng.randrange(len(words))
        word = words[place]
        kind = rng.random()
        if kind < 0.35 and len(word) > 3:
            spot = rng.randrange(1, len(word))
            words[place] = word[:spot] + rng.choice("AEIOULNRST") + word[spot + rng.randint(0, 1) :]
        elif kind < 0.6:
            words[-1] = words[-1][:-1] if words[-1].endswith("S") and len(words[-1]) > 3 else words[-1] + "S"
        elif kind < 0.8 and len(words) > 1:
            words[-1] = self.descriptor(rng)
        else:
            words.append(self.descriptor(rng))
        return " ".join(words)

    def _word(self, rng: random.Random, word: str, town: str) -> str:
        if word in CONNECTORS:
            return word
        if word in self.vocabulary.towns:
            return town if town and rng.random() < 0.5 else rng.choice(self._towns)
        if len(word) == 1:
            return rng.choice("ABCDEFGHJKLMNPRSTW") if word.isalpha() else str(rng.randint(1, 9))
        if word.isdigit():
            return str(rng.randint(10 ** (len(word) - 1), 10 ** len(word) - 1))
        if word in self.vocabulary.common:
            return word if rng.random() < self._knobs.keep_common else self.descriptor(rng)
        return self.head(rng)

    def _coined(self, rng: random.Random) -> str:
        first, second = self.vocabulary.heads.draw(rng), self.vocabulary.heads.draw(rng)
        cut = next((i for i in range(2, len(first)) if first[i] in _VOWELS), len(first)) + rng.randint(0, 1)
        tail = next((i for i in range(len(second) - 3, 0, -1) if second[i] not in _VOWELS), 0)
        return (first[:cut] + second[tail:])[:14]

    def _person(self, rng: random.Random) -> str:
        initials = rng.choices("ABCDEGHJKLMPRSTW", k=rng.choice((1, 1, 2, 2)))
        name = rng.choice((" ", " ", ".")).join(initials) + " " + self.vocabulary.surnames.draw(rng)
        tail = rng.random()
        if tail < 0.12:
            return name + rng.choice((" & SON", " & SONS", " AND SONS", " ASSOCIATES"))
        return name if tail < 0.3 else f"{name} {self.descriptor(rng)}"

    def _letters(self, rng: random.Random) -> str:
        letters = "".join(rng.choices("ABCDEFGHIJKLMNPRSTW", k=rng.choice((3, 3, 3, 4))))
        return letters if rng.random() < 0.3 else f"{letters} {self.descriptor(rng)}"
