"""The invented register: families, near duplicates, re-used names, address hubs, previous names."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.linkage.generator.knobs import Knobs
from benchmarks.linkage.generator.names import Namer, plain
from benchmarks.linkage.generator.places import Gazetteer, Place

Progress = Callable[[str, int, int], None]
"""Called with a label, the count done and the count to do."""


@dataclass(slots=True)
class Company:
    """One company.

    Attributes:
        number: eight characters, unique.
        stem: the name without its legal form.
        form: the legal form as written.
        place: the registered office.
        family: shared by the companies of one family; 0 for a company alone.
        status: as in the official product, plus ``Dissolved``.
        previous: earlier names, newest first.
        twin: whether another company has, or had, the same name.
        lookalike: whether an unrelated company has almost the same name.
    """

    number: str
    stem: str
    form: str
    place: Place
    family: int
    status: str = "Active"
    previous: list[str] = field(default_factory=list)
    twin: bool = False
    lookalike: bool = False

    @property
    def name(self) -> str:
        """The full name, for example ``"ALTRA CARE LTD"``."""
        return f"{self.stem} {self.form}"


class RegisterMaker:
    """Makes companies one family at a time, with no name twice unless a dissolved company had it.

    Args:
        namer: makes names.
        gazetteer: makes places.
        knobs: the shares.
        seed: fixes everything.
        size: how many companies will be made; decides the number of address hubs.
    """

    def __init__(self, namer: Namer, gazetteer: Gazetteer, knobs: Knobs, *, seed: int, size: int) -> None:
        self._rng = random.Random(seed)
        self._namer = namer
        self._gazetteer = gazetteer
        self._knobs = knobs
        self._heads = namer.vocabulary.heads
        self._numbers: set[str] = set()
        self._families = 0
        self.taken: set[str] = set()
        self.companies: list[Company] = []
        self._hubs = [self._place() for _ in range(max(3, size // 1000))]

    def make(self, count: int, progress: Progress | None = None) -> list[Company]:
        """Make at least ``count`` companies (a family is never cut short) and return them."""
        step = max(1, count // 20)
        last = 0
        while len(self.companies) < count:
            self._draw()
            if progress and len(self.companies) - last >= step:
                last = len(self.companies)
                progress("companies", last, count)
        self._add_previous_names()
        return self.companies

    def _draw(self) -> None:
        rng, knobs = self._rng, self._knobs
        kind = rng.random()
        if kind < knobs.family:
            self._make_family()
        elif kind < knobs.family + knobs.near_duplicate and self.companies:
            other = rng.choice(self.companies)
            place = other.place if rng.random() < 0.1 else self._office()
            if self._add(self._namer.near(rng, other.stem), other.form, place, family=0):
                self.companies[-1].lookalike = other.lookalike = True
        elif kind < knobs.family + knobs.near_duplicate + knobs.reused and self.companies:
            self._reuse(rng.choice(self.companies))
        else:
            place = self._office()
            stem, form = self._namer.name(rng, place.town)
            self._add(stem, form, place, family=0)

    def _make_family(self) -> None:
        rng = self._rng
        self._families += 1
        home = self._office()
        stem, form = self._namer.name(rng, home.town)
        if not self._add(stem, form, home, family=self._families):
            return
        members = min(12, 1 + int(rng.expovariate(1 / 1.6)))
        for _ in range(members):
            place = home if rng.random() < self._knobs.shared_address else self._office()
            form = form if rng.random() < 0.7 else rng.choice(("LTD", "LIMITED"))
            self._add(self._namer.family_member(rng, stem), form, place, family=self._families)

    def _reuse(self, old: Company) -> None:
        if old.twin or old.family:
            return
        place = old.place if self._rng.random() < 0.3 else self._office()
        self.taken.discard(plain(old.stem))  # free again: the old company is dissolved below
        if self._add(old.stem, self._rng.choice(("LTD", "LIMITED")), place, family=0):
            old.status, old.twin = "Dissolved", True
            self.companies[-1].status, self.companies[-1].twin = "Active", True

    def _add(self, stem: str, form: str, place: Place, *, family: int) -> bool:
        rng = self._rng
        for _ in range(3):
            if 1 < len(stem) < 100 and plain(stem) and plain(stem) not in self.taken:
                break
            stem = f"{self._namer.head(rng)} {stem}" if not family else self._namer.family_member(rng, stem)
        else:
            return False
        self.taken.add(plain(stem))
        self.companies.append(Company(self._number(place, form), stem, form, place, family, self._status()))
        return True

    def _status(self) -> str:
        kind = self._rng.random()
        if kind < self._knobs.dissolved:
            return "Dissolved"
        if kind < self._knobs.dissolved + 0.06:
            return "Active - Proposal to Strike off"
        return "Liquidation" if kind > 0.98 else "Active"

    def _number(self, place: Place, form: str) -> str:
        scottish = place.postcode[:2] in {"AB", "DD", "EH", "FK", "KY", "ML", "PA", "PH", "TD", "DG", "KA", "IV"}
        while True:
            if form == "LLP":
                number = f"OC{self._rng.randint(300000, 460000)}"
            elif scottish:
                number = f"SC{self._rng.randint(100000, 999999)}"
            else:
                number = f"{self._rng.randint(100000, 16999999):08d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _place(self) -> Place:
        return self._gazetteer.draw(self._rng, self._heads)

    def _office(self) -> Place:
        """A registered office; a few formation agents have hundreds or thousands of companies each."""
        rng = self._rng
        if rng.random() >= self._knobs.hub:
            return self._place()
        hub = self._hubs[int(len(self._hubs) * rng.random() ** 2)]
        if rng.random() < 0.3:
            suite = f"{rng.choice(('SUITE', 'OFFICE'))} {rng.randint(1, 400)}"
            return Place(f"{suite}, {hub.address}", hub.town, hub.postcode)
        return hub

    def _add_previous_names(self) -> None:
        rng = self._rng
        for company in self.companies:
            if company.twin or rng.random() >= self._knobs.previous:
                continue
            for _ in range(rng.choice((1, 1, 1, 1, 2, 3))):
                name = self._previous_name(company)
                if plain(name) not in self.taken:
                    self.taken.add(plain(name))
                    company.previous.append(name)

    def _previous_name(self, company: Company) -> str:
        rng = self._rng
        form = rng.choice(("LTD", "LIMITED"))
        kind = rng.random()
        if kind < 0.10:
            return f"{self._namer.head(rng)} ({rng.randint(2, 2500)}) {form}"
        if kind < 0.40:
            return f"{self._namer.near(rng, company.stem)} {form}"
        if kind < 0.50:
            return f"{self._namer.family_member(rng, company.stem)} {form}"
        stem, form = self._namer.name(rng, company.place.town)
        return f"{stem} {form}"
