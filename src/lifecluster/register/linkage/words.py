"""The small word tables of record linkage, read once from `words.yml` and `legal_forms.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from lifecluster.register.linkage.fold import fold

Sequence = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Word tables. `short` maps a spelling to its short form; the sets hold short forms or plain words."""

    short: dict[str, str]
    street: dict[str, str]
    sibling: frozenset[str]
    ledger: frozenset[str]
    regions: frozenset[str]


@dataclass(frozen=True, slots=True)
class LegalForms:
    """Legal forms. `suffixes` and `prefixes` map word sequences to the canonical form; `family` groups the forms."""

    suffixes: dict[Sequence, str]
    prefixes: dict[Sequence, str]
    family: dict[str, str]
    closers: frozenset[str]
    last_words: frozenset[str]
    first_words: frozenset[str]


def load(name: str) -> dict[str, Any]:
    """One of the tables beside this module."""
    text = resources.files("lifecluster.register.linkage").joinpath(name).read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def _invert(table: dict[str, list[str]]) -> dict[str, str]:
    return {str(spelling): str(short) for short, spellings in table.items() for spelling in spellings}


@cache
def words() -> Words:
    """The word tables of `words.yml`."""
    table = load("words.yml")
    short = _invert(table["abbreviations"])
    return Words(
        short=short,
        street=_invert(table["streets"]),
        sibling=frozenset(str(w) for w in table["sibling"]),
        ledger=frozenset(str(w) for w in table["ledger"]),
        regions=frozenset(str(w) for w in table["regions"]),
    )


@cache
def legal_forms() -> LegalForms:
    """The legal forms of `legal_forms.yml`, keyed by folded word sequences."""
    table = load("legal_forms.yml")
    suffixes: dict[Sequence, str] = {}
    family: dict[str, str] = {}
    for form, entry in table["forms"].items():
        family[form] = entry["family"]
        for spelling in entry["spellings"]:
            suffixes[tuple(fold(str(spelling)).split())] = form
    prefixes = {seq: suffixes[seq] for seq in (tuple(fold(str(p)).split()) for p in table["prefixes"])}
    return LegalForms(
        suffixes=suffixes,
        prefixes=prefixes,
        family=family,
        closers=frozenset(table["closers"]),
        last_words=frozenset(seq[-1] for seq in suffixes),
        first_words=frozenset(seq[0] for seq in prefixes),
    )


def tells(word: str) -> bool:
    """Whether a word (short form) tells one company of a group from another: HOLDINGS, a region, a number."""
    table = words()
    return word in table.sibling or word in table.regions or word.isdigit()
