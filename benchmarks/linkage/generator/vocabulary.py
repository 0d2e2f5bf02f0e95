"""Words and name patterns, read from real open files at run time."""

from __future__ import annotations

import itertools
import json
import random
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import polars as pl

SOUTH_YORKSHIRE = "companies/companies_house_south_yorkshire_live_geocoded.csv.gz"
BASIC_SAMPLE = "companies/companies_house_basic_2020-06_sample87.csv"
SPONSORS = "research/euctr_trials_2018-01-17.csv.gz"
UNIVERSITIES = "research/ifs_knowledge_base_orgs.csv"
PROJECTS = "research/gtr_projects_2021_nopersons.csv"
TRUSTS = "registers/etr_nhs_trusts_2026-01.csv"
SUPPLIERS = "procurement/contracts_finder_ocds_first100.jsonl"
SIC_INDEX = "taxonomy/uksic2007_index_addendum_2022-12.xlsx"

CONNECTORS = frozenset(("AND", "OF", "THE", "FOR", "IN", "BY", "AT", "ON", "TO", "N", "DE", "LA"))
WORD = re.compile(r"[A-Z0-9']+")
_LEGAL = re.compile(
    r"[ ,.]*\(?\b(?:(?:COMPANY|CO\.?|PUBLIC) +)?"
    r"(LIMITED LIABILITY PARTNERSHIP|LIMITED PARTNERSHIP|LIMITED COMPANY|LIMITED|LTD|PLC|P\.L\.C|LLP|C\.?I\.?C|CYF"
    r"|UNLIMITED)"
    r"\b[.)]*\s*$"
)
_ORGANISATION = re.compile(
    r"PHARM|LTD|LIMITED|INC\b|GMBH|HOSPITAL|UNIVERSIT|S\.?A\b|B\.?V\b|A/S|BIO|MEDIC|HEALTH|TRUST|INSTITUT|RESEARCH"
    r"|LABORATOR|THERAP|GROUP|COLLEGE|CENTRE|CENTER"
)


def split_legal_form(name: str) -> tuple[str, str]:
    """Split an upper-case company name into what names it and its legal form.

    Args:
        name: for example ``"ALTICO (HOLDINGS) LTD"``.

    Returns:
        The stem and the legal form as written; the form is empty where there is none.
    """
    found = _LEGAL.search(name)
    if not found or found.start() == 0:
        return name.strip(" ,."), ""
    return name[: found.start()].strip(" ,."), name[found.start() :].strip(" ,.()")


class Sampler:
    """Draws words in proportion to their weights."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.words = sorted(weights)
        self._cumulative = list(itertools.accumulate(weights[word] for word in self.words))

    def draw(self, rng: random.Random) -> str:
        """Return one word."""
        return self.words[bisect(self._cumulative, rng.random() * self._cumulative[-1])]


@dataclass(frozen=True)
class Vocabulary:
    """Everything names are made of.

    Attributes:
        patterns: real names as (stem, legal form); only their shape and common words are reused.
        common: words so frequent that they do not tell one company from another.
        descriptors: common words weighted by how often they follow another word.
        heads: distinctive words.
        surnames: words that follow initials in company names.
        towns: place words that stand in the patterns and are exchanged for the company's own place.
    """

    patterns: tuple[tuple[str, str], ...]
    common: frozenset[str]
    descriptors: Sampler
    heads: Sampler
    surnames: Sampler
    towns: frozenset[str]


def load_vocabulary(data: Path) -> Vocabulary:
    """Read the vocabulary from the open files.

    Args:
        data: the folder that ``LIFECLUSTER_DATA`` names.

    Returns:
        The vocabulary; the same files give the same one.

    Raises:
        FileNotFoundError: a file is missing.
    """
    local = _company_names(data)
    science = _science_names(data)
    patterns = [split_legal_form(name) for name in itertools.chain(local, science)]
    patterns = [(stem, form) for stem, form in patterns if len(stem) > 1]
    tokens = [WORD.findall(stem) for stem, _ in patterns]
    counts = Counter(itertools.chain.from_iterable(tokens))
    common = frozenset(word for word, n in counts.items() if n >= 40 and len(word) > 1)
    descriptors = Counter(w for words in tokens for w in words[1:] if w in common and w not in CONNECTORS)
    descriptors.update({word: 2 for word in _sic_words(data) if word not in common})
    heads = {w: n**0.8 for w, n in counts.items() if n < 40 and len(w) > 2 and not w.isdigit()}
    surnames = Counter(w for words in tokens for w in _after_initials(words) if w not in common)
    towns = frozenset(("SHEFFIELD", "DONCASTER", "ROTHERHAM", "BARNSLEY", "YORKSHIRE"))
    return Vocabulary(
        patterns=tuple(patterns),
        common=common,
        descriptors=Sampler(descriptors),
        heads=Sampler(heads),
        surnames=Sampler(surnames),
        towns=towns,
    )


def _ascii_upper(names: Iterable[str | None]) -> list[str]:
    return [name.upper().strip() for name in names if name and name.isascii()]


def _company_names(data: Path) -> list[str]:
    local = pl.read_csv(data / SOUTH_YORKSHIRE, columns=["CompanyName"], infer_schema_length=0)
    sample = pl.read_csv(data / BASIC_SAMPLE, columns=["CompanyName"], infer_schema_length=0)
    return _ascii_upper(local["CompanyName"]) + _ascii_upper(sample["CompanyName"])


def _science_names(data: Path) -> list[str]:
    sponsors = pl.read_csv(data / SPONSORS, columns=["name_of_sponsor"], infer_schema_length=0)["name_of_sponsor"]
    names = [n for n in _ascii_upper(sponsors.unique().sort()) if _ORGANISATION.search(n) and len(n) < 60]
    names += _ascii_upper(pl.read_csv(data / UNIVERSITIES, infer_schema_length=0)["name"])
    names += _ascii_upper(pl.read_csv(data / PROJECTS, infer_schema_length=0)["LeadROName"].unique().sort())
    names += _ascii_upper(pl.read_csv(data / TRUSTS, has_header=False, infer_schema_length=0)["column_2"])
    with (data / SUPPLIERS).open(encoding="utf-8") as lines:
        for line in lines:
            names += _ascii_upper(party.get("name") for party in json.loads(line).get("parties", []))
    return names


def _sic_words(data: Path) -> list[str]:
    book = openpyxl.load_workbook(data / SIC_INDEX, read_only=True, data_only=True)
    words: set[str] = set()
    for row in book["Alphabetical Index"].iter_rows(values_only=True):
        for cell in row:
            words.update(re.findall(r"[A-Za-z]{6,12}", str(cell or "")))
    book.close()
    return sorted({word.upper() for word in words})


def _after_initials(words: list[str]) -> list[str]:
    if len(words) > 1 and len(words[0]) == 1 and words[0].isalpha():
        return [w for w in words[1:4] if len(w) > 3 and w.isalpha()][:1]
    return []
