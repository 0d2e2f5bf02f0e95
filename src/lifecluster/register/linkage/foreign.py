"""Signs that a record speaks of an organisation of another country: a legal form of its law, or the country it states.

The table is `foreign_forms.yml`. Bands alone look at these signs; the features and the model do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from lifecluster.register.linkage.fold import fold
from lifecluster.register.linkage.normalise import join_initials
from lifecluster.register.linkage.words import legal_forms, load

_DOTTED = re.compile(r"\b(?:\w\s?\.\s?){1,4}\w\b\.?|\b(?:\w/)+\w\b")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_PIECES = re.compile(r"[()\[\]{},;]|\s[-–—/|:]+\s")
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Form:
    """A legal form of another country: its name, the `countries` (ISO 3166) where it is usual, its `words` here."""

    name: str
    countries: tuple[str, ...]
    words: str

    @property
    def where(self) -> str:
        """The countries in words, three at most."""
        names: dict[str, str] = _table()["names"]
        more = len(self.countries) - 3
        return ", ".join(names[code] for code in self.countries[:3]) + (f" and {more} more" if more > 0 else "")


@cache
def _table() -> dict[str, Any]:
    return load("foreign_forms.yml")


@cache
def _sequences() -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """Word sequences that end a name, and those that may begin one, each with its form."""
    known = legal_forms()
    forms: dict[str, Any] = _table()["forms"]
    ends = {words: form for words, form in known.suffixes.items() if form in forms}
    for form, entry in forms.items():
        ends |= {tuple(fold(str(spelling)).split()): form for spelling in entry.get("spellings", ())}
    return ends, {words: form for words, form in known.prefixes.items() if form in forms}


@lru_cache(maxsize=100_000)
def foreign_form(name: str) -> Form | None:
    """The legal form of another country that a name states, or None.

    A form counts at the end of the name or of one of its pieces (before a bracket, a comma, a dash), or at the
    beginning where it is used so (``OOO Zorbix``). A name whose first piece ends with a form of the United Kingdom has
    none (``X GmbH Limited``, ``X Ltd (part of Y AG)``).
    """
    pieces = _PIECES.split(_BRACKET.sub(",", name))
    first = _words(pieces[0])
    found = _at_end(first, least=1)
    if found or (first and first[-1] in legal_forms().closers):
        return found
    later = [(piece, 0) for piece in pieces[1:]] + [(piece.strip("()[]{}"), 1) for piece in _BRACKET.findall(name)]
    ends = (_at_end(_words(piece), least=least) for piece, least in later)
    return _at_start(first) or next(filter(None, ends), None)


def _at_end(tokens: list[str], *, least: int) -> Form | None:
    """The longest form that the words end with, at least so many words being before it."""
    for size in range(min(_LONGEST, len(tokens) - least), 0, -1):
        tail = tuple(tokens[-size:])
        if tail in _sequences()[0]:
            return _form(_sequences()[0][tail], tail)
    return None


def _at_start(tokens: list[str]) -> Form | None:
    for size in range(min(_LONGEST, len(tokens) - 1), 0, -1):
        head = tuple(tokens[:size])
        if head in _sequences()[1]:
            return _form(_sequences()[1][head], head)
    return None


def _words(text: str) -> list[str]:
    """Folded words; letters parted by dots or strokes (``S.p.A.``, ``A/S``) are one word of their own."""
    joined = _DOTTED.sub(lambda found: " " + re.sub(r"[\s./]", "", found[0]) + " ", text)
    return fold(joined).split() if joined != text else join_initials(fold(text).split())


def _form(name: str, words: tuple[str, ...]) -> Form:
    return Form(name, tuple(_table()["forms"][name]["countries"]), " ".join(words))


def stands_in(form: Form, registered: str) -> bool:
    """Whether a registered name has the words of the form itself: then they are no sign of another country."""
    return f" {form.words} " in f" {' '.join(_words(registered))} " or f" {form.words} " in f" {fold(registered)} "


def abroad(country: str) -> bool:
    """Whether the country that a record states is another than the United Kingdom. A blank one says nothing.

    A part of the United Kingdom is no other country (``GB-ENG``), nor are several spellings of it (``England, UK``).
    """
    said = " ".join(_words(country))
    return bool(said) and not _home().fullmatch(said)


@cache
def _home() -> re.Pattern[str]:
    """One spelling of the United Kingdom or a part of it, or several, with small words about them."""
    known = "|".join(map(re.escape, _table()["united_kingdom"]))
    return re.compile(rf"(?:(?:and|of|the) )*(?:{known})(?: (?:and|of|the|{known}))*")


def overseas(number: str) -> bool:
    """Whether a company number is one that the register gives to companies of other countries."""
    return number[:2] in _table()["overseas_numbers"]
