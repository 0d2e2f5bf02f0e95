"""Queries: which company is meant, how its name and place are written, and whether that can be answered."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.linkage.generator.companies import Company, Progress
from benchmarks.linkage.generator.fairness import Index
from benchmarks.linkage.generator.knobs import NOISE_CLASSES, Knobs
from benchmarks.linkage.generator.names import Namer
from benchmarks.linkage.generator.noise import NOISES, SECOND, Mention, rewrite_form
from benchmarks.linkage.generator.places import Gazetteer, Place
from benchmarks.linkage.generator.writing import case_like, write_place

_ADDRESS_SHARES = {"same": 0.44, "other_site": 0.31, "town_only": 0.12, "none": 0.08, "postcode_typo": 0.05}
# An acronym says so little that it can seldom be resolved without the address.
_ACRONYM_SHARES = {"same": 0.76, "other_site": 0.03, "town_only": 0.08, "none": 0.02, "postcode_typo": 0.11}
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Query:
    """One query with its truth.

    Attributes:
        name, postcode, address, town: what the linker is given.
        company: position of the true company among all companies.
        noise_class, address_class, kind: see ``knobs``.
        second: the class of noise on top, or empty.
        fits: how many other companies fit what the query says as well as the true one.
    """

    name: str
    postcode: str
    address: str
    town: str
    company: int
    noise_class: str
    address_class: str
    kind: str
    second: str
    fits: int


class QueryMaker:
    """Makes queries about companies.

    Args:
        companies: the whole register, from which absent companies are held out afterwards.
        namer: makes brand names.
        gazetteer: makes other sites.
        knobs: the shares.
        seed: fixes everything.
    """

    def __init__(
        self, companies: Sequence[Company], namer: Namer, gazetteer: Gazetteer, knobs: Knobs, *, seed: int
    ) -> None:
        self._rng = random.Random(seed)
        self._companies = companies
        self._namer = namer
        self._gazetteer = gazetteer
        self._knobs = knobs
        self._index = Index(companies)
        self._members = Counter(c.family for c in companies if c.family)
        self._families = [at for at, c in enumerate(companies) if self._members[c.family] > 1 and c.family]
        self._used: set[int] = set()
        self._unfair = 0

    def make(self, count: int, progress: Progress | None = None) -> list[Query]:
        """Make ``count`` queries in random order."""
        deck = self._deck(count)
        queries = []
        for done, (noise_class, address_class, kind) in enumerate(deck):
            queries.append(self._query(noise_class, address_class, kind, budget=int(count * self._knobs.unfair)))
            if progress and done % 500 == 499:
                progress("queries", done + 1, count)
        return queries

    def _deck(self, count: int) -> list[tuple[str, str, str]]:
        """Noise classes in equal shares, kinds in exact shares, address classes drawn per noise class."""
        rng = self._rng
        noise = [NOISE_CLASSES[i % len(NOISE_CLASSES)] for i in range(count)]
        absent = round(count * self._knobs.absent)
        kinds = ["absent"] * (absent // 2) + ["absent_sibling"] * (absent - absent // 2)
        kinds += ["match"] * (count - absent)
        rng.shuffle(noise)
        rng.shuffle(kinds)
        return [(n, _draw_address(rng, n), k) for n, k in zip(noise, kinds, strict=True)]

    def _query(self, noise_class: str, address_class: str, kind: str, *, budget: int) -> Query:
        """Try companies until one gives a query that can be answered; then allow a few that cannot."""
        for attempt in range(_TRIES * 4):
            if attempt == _TRIES:
                address_class = "same"  # the last resort for a class that is hard to answer without it
            query = self._attempt(noise_class, address_class, kind)
            if query is None:
                continue
            if query.fits and (kind != "match" or self._unfair >= budget or self._rng.random() < 0.7):
                continue
            self._unfair += query.fits > 0
            self._used.add(query.company)
            if kind == "absent_sibling":
                self._members[self._companies[query.company].family] = 0  # one absent company per family
            return query
        raise RuntimeError(f"no company suits a query of class {noise_class}, {address_class}, {kind}")

    def _candidate(self, noise_class: str, kind: str) -> int | None:
        rng = self._rng
        for _ in range(400):
            at = rng.choice(self._families) if kind == "absent_sibling" else rng.randrange(len(self._companies))
            company = self._companies[at]
            if at in self._used or (company.twin and company.status == "Dissolved"):
                continue
            if noise_class == "previous_name" and not company.previous:
                continue
            if kind == "absent" and (company.family or company.twin or company.lookalike):
                continue
            if kind == "absent_sibling" and self._members[company.family] < 2:
                continue
            if kind == "match" and company.family and self._members[company.family] == 0:
                continue  # its family already lacks a member; leave the others to be the siblings
            return at
        return None

    def _attempt(self, noise_class: str, address_class: str, kind: str) -> Query | None:
        rng = self._rng
        at = self._candidate(noise_class, kind)
        if at is None:
            return None
        company = self._companies[at]
        first = NOISES[noise_class](rng, Mention(company.stem, company.form), company, self._namer)
        if first is None:
            return None
        said, second = self._second(first, company, noise_class)
        place = self._other_site(company.place) if address_class == "other_site" else company.place
        known = company.place.postcode if address_class in {"same", "postcode_typo"} else ""
        postcode, address, town = write_place(rng, place, address_class)
        style = rng.choices(("upper", "title", "lower"), (0.55, 0.40, 0.05))[0]
        return Query(
            name=case_like(rng, style, said.text),
            postcode=postcode,
            address=case_like(rng, style, address),
            town=case_like(rng, style, town),
            company=at,
            noise_class=noise_class,
            address_class=address_class,
            kind=kind,
            second=second,
            fits=self._fits(first, said, noise_class, at, known if kind == "match" else ""),
        )

    def _second(self, said: Mention, company: Company, noise_class: str) -> tuple[Mention, str]:
        rng = self._rng
        if noise_class not in {"clean", "legal_form"} and rng.random() < self._knobs.legal_jitter:
            said = Mention(said.stem, rewrite_form(rng, said.form)) if said.form else said
        if noise_class == "clean" or rng.random() >= self._knobs.composed * 12 / 11:
            return said, ""
        barred = {noise_class, "token_drop"} if noise_class in {"acronym", "trading_as"} else {noise_class}
        for second in rng.sample(SECOND, len(SECOND)):
            more = None if second in barred else NOISES[second](rng, said, company, self._namer)
            if more:
                return more, second
        return said, ""

    def _fits(self, first: Mention, said: Mention, noise_class: str, at: int, known_postcode: str) -> int:
        """Count the other companies that fit as well; a known registered office tells most of them apart."""
        index = self._index
        others = {*index.same_name(said.stem, at), *index.same_name(first.stem, at)}
        if noise_class == "acronym":
            others.update(index.stand_for(first.stem, at))
        elif noise_class in {"token_drop", "trading_as"} or len(said.stem) < 0.7 * len(first.stem):
            others.update(index.contain(min(first.stem, said.stem, key=len), at))
        return len(index.at(others, known_postcode) if known_postcode else others)

    def _other_site(self, place: Place) -> Place:
        heads = self._namer.vocabulary.heads
        if self._rng.random() < self._knobs.other_site_near:
            return self._gazetteer.draw_near(self._rng, heads, place)
        return self._gazetteer.draw(self._rng, heads)


def _draw_address(rng: random.Random, noise_class: str) -> str:
    shares = dict(_ACRONYM_SHARES)
    if noise_class != "acronym":
        others = len(NOISE_CLASSES) - 1
        shares = {k: (v * (others + 1) - _ACRONYM_SHARES[k]) / others for k, v in _ADDRESS_SHARES.items()}
    return rng.choices(list(shares), list(shares.values()))[0]
