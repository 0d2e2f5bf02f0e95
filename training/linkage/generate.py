"""Training material for the pair scorer: registers recombined from real names, and noisy queries against them.

Only six classes of name noise are made here (legal form, typo, dropped word, abbreviation, previous name, clean); six
more are withheld so that the benchmark measures what the scorer has not seen. See README.md in this folder.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lifecluster.register.linkage.words import words

NAMES = "companies/companies_house_south_yorkshire_live_geocoded.csv.gz"
POSTCODES = "places/codepoint_open_2025-11_gb.csv.gz"
DISTRICTS = "places/la_all_codes.csv"
#: Classes of noise with their weights. A dropped word is kept as rare as it is among the twelve classes of the
#: benchmark's plan, because its share against that of sister companies sets what a missing word means.
NOISE = {"legal_form": 2.0, "typo": 2.5, "token_drop": 1.0, "abbreviation": 1.5, "previous_name": 1.0, "clean": 4.0}
LEGAL = ("LIMITED", "LTD", "LTD.", "PLC", "LLP", "CIC", "")
SIBLINGS = (
    "HOLDINGS", "GROUP", "SERVICES", "UK", "(UK)", "INTERNATIONAL", "PROPERTIES", "INVESTMENTS", "MANAGEMENT",
    "TRADING", "EUROPE", "DEVELOPMENTS", "SOLUTIONS", "CONSULTING", "NORTH", "SOUTH", "MIDLANDS", "TRUSTEES", "ESTATES",
    "VENTURES", "CAPITAL", "GLOBAL", "TECHNOLOGIES", "SYSTEMS", "ENTERPRISES", "2", "II", "TOPCO", "LONDON", "PRODUCTS",
    "PARTNERS", "LEASING", "FINANCE", "DISTRIBUTION", "SCOTLAND", "HOMES", "LETTINGS", "ASSOCIATES",
)  # fmt: skip
STREETS = [
    "HIGH",
    "CHURCH",
    "STATION",
    "PARK",
    "VICTORIA",
    "GREEN",
    "MANOR",
    "KINGS",
    "QUEENS",
    "MILL",
    "CHAPEL",
    "SCHOOL",
    "NORTH",
    "SOUTH",
    "WEST",
    "EAST",
    "YORK",
    "LONDON",
    "ALBERT",
    "GEORGE",
    "BROAD",
    "BRIDGE",
    "SPRINGFIELD",
    "GROVE",
    "OAK",
    "ELM",
    "ASH",
    "CEDAR",
    "MEADOW",
    "HILL",
    "WATER",
    "CASTLE",
    "MARKET",
    "ABBEY",
    "PRIORY",
    "WELLINGTON",
    "NELSON",
    "CROSS",
    "WOOD",
    "LIME",
    "ORCHARD",
    "RECTORY",
    "VICARAGE",
    "DERBY",
    "STANLEY",
    "CLIFTON",
    "RICHMOND",
    "BEECH",
    "HOLLY",
    "ROSE",
]
STREET_KINDS = [
    "STREET",
    "ROAD",
    "LANE",
    "AVENUE",
    "DRIVE",
    "CLOSE",
    "COURT",
    "WAY",
    "PLACE",
    "CRESCENT",
    "TERRACE",
    "GARDENS",
]
STREET_SHORT = {"STREET": "ST", "ROAD": "RD", "LANE": "LN", "AVENUE": "AVE", "DRIVE": "DR", "CLOSE": "CL"}


@dataclass(frozen=True)
class Corpus:
    """What real files give: names as word lists, heads, rare words, tails, and (postcode, district name) pairs."""

    names: list[list[str]]
    heads: list[str]
    rare: list[str]
    tails: list[list[str]]
    postcodes: list[tuple[str, str]]


def read_corpus(data: Path) -> Corpus:
    """Read the real files under `data` (the folder of input files)."""
    frame = pl.read_csv(data / NAMES, columns=["CompanyName"], infer_schema=False)
    legal = {"LIMITED", "LTD", "LTD.", "PLC", "LLP", "CIC", "C.I.C.", "LP", "L.P.", "CYF"}
    names = []
    for name in frame["CompanyName"].to_list():
        tokens = name.split()
        while len(tokens) > 1 and tokens[-1] in legal:
            tokens.pop()
        names.append(tokens)
    counts: dict[str, int] = {}
    for tokens in names:
        for token in tokens:
            counts[token] = counts.get(token, 0) + 1
    rare = sorted(t for t, n in counts.items() if n <= 3 and t.isalpha() and len(t) >= 4)
    tails = [tokens[1:] for tokens in names if len(tokens) > 1]
    districts = pl.read_csv(data / DISTRICTS, infer_schema=False)
    name_of = dict(districts.select(districts.columns[0], districts.columns[1]).iter_rows())
    codes = pl.read_csv(data / POSTCODES, columns=["Postcode", "Admin_district_code"], infer_schema=False)
    pairs = [(p, name_of.get(d or "", "").upper()) for p, d in codes.iter_rows()]
    return Corpus(names, [t[0] for t in names], rare, tails, pairs)


@dataclass
class Company:
    """One generated company; `name` without legal form."""

    number: str
    name: list[str]
    legal: str
    postcode: str
    address: str
    town: str
    previous: list[list[str]] = field(default_factory=list)

    @property
    def full(self) -> str:
        """Name with its legal form."""
        return " ".join([*self.name, self.legal]).strip()


def invent(rng: random.Random, corpus: Corpus) -> str:
    """A new rare word from the halves of two."""
    a, b = rng.choice(corpus.rare), rng.choice(corpus.rare)
    return a[: rng.randint(2, max(2, len(a) - 2))] + b[-rng.randint(2, max(2, len(b) - 2)) :]


def new_name(rng: random.Random, corpus: Corpus) -> list[str]:
    """A company name: real as it stands, or a real tail under another head, or two heads, or an invented head."""
    kind = rng.random()
    if kind < 0.25:
        return list(rng.choice(corpus.names))
    tail = list(rng.choice(corpus.tails))
    if kind < 0.55:
        return [rng.choice(corpus.heads), *tail]
    if kind < 0.7:
        return [rng.choice(corpus.rare), *tail]
    if kind < 0.8:
        return [rng.choice(corpus.heads), rng.choice(corpus.rare), *tail[-1:]]
    return [invent(rng, corpus), *tail]


def sibling_name(rng: random.Random, corpus: Corpus, name: list[str]) -> list[str]:
    """The name of a sister company: a word added, taken, or put in place of the last."""
    kind = rng.random()
    last = [t for t in name if t]
    if kind < 0.45 or len(last) == 1:
        return [*last, rng.choice(SIBLINGS)]
    if kind < 0.6:
        return [*last[:-1], rng.choice(SIBLINGS)]
    if kind < 0.85:
        return [*last[:-1], rng.choice(corpus.tails)[-1]]
    if kind < 0.93 and len(last) > 2:
        return last[:-1]
    return [*last[:1], *rng.choice(corpus.tails)]


def street_of(postcode: str, salt: int) -> str:
    """The street of a postcode (always the same one)."""
    rng = random.Random(f"{postcode}/{salt}")
    return f"{rng.choice(STREETS)} {rng.choice(STREET_KINDS)}"


class Maker:
    """Makes one register and its queries from one seed."""

    def __init__(self, corpus: Corpus, *, rows: int, queries: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seed = seed
        self.corpus = corpus
        self.pool = self.rng.sample(corpus.postcodes, max(50, rows // 4))
        self.hubs = self.pool[: max(2, len(self.pool) // 2000)]
        self.used: set[str] = set()
        self.register: list[Company] = []
        self.absent: list[tuple[Company, bool]] = []
        self._fill(rows, queries)

    def _number(self) -> str:
        while True:
            prefix = self.rng.random()
            number = f"{self.rng.randrange(1, 17_000_000):08d}" if prefix > 0.07 else ""
            number = number or self.rng.choice(["SC", "OC", "NI"]) + f"{self.rng.randrange(1, 900_000):06d}"
            if number not in self.used:
                self.used.add(number)
                return number

    def _place(self) -> tuple[str, str, str]:
        kind = self.rng.random()
        code, town = self.rng.choice(self.hubs) if kind < 0.08 else self.rng.choice(self.pool)
        number = self.rng.randint(1, 200)
        head = ""
        if self.rng.random() < 0.25:
            head = self.rng.choice([f"UNIT {self.rng.randint(1, 40)}, ", f"{self.rng.choice(STREETS)} HOUSE, "])
        return code, f"{head}{number} {street_of(code, self.seed % 7)}", town

    def _company(self, name: list[str], place: tuple[str, str, str] | None = None) -> Company:
        postcode, address, town = place or self._place()
        legal = self.rng.choices(LEGAL, [46, 46, 1, 1.5, 3, 1.5, 1])[0]
        company = Company(self._number(), name, legal, postcode, address, town)
        if self.rng.random() < 0.13:
            other = new_name(self.rng, self.corpus)
            if self.rng.random() < 0.3:
                other = [*name[:1], *other[1:]] if len(other) > 1 else other
            company.previous.append(other)
        return company

    def _fill(self, rows: int, queries: int) -> None:
        rng, absent = self.rng, int(queries * 0.17)
        while len(self.register) < rows:
            company = self._company(new_name(rng, self.corpus))
            self.register.append(company)
            while rng.random() < 0.12:
                place = (company.postcode, company.address, company.town) if rng.random() < 0.4 else None
                self.register.append(self._company(sibling_name(rng, self.corpus, company.name), place))
            if rng.random() < 0.012:
                self.register.append(self._company(list(company.name)))
        for i in range(absent):
            company = self._company(new_name(rng, self.corpus))
            if i % 2 == 0:
                place = (company.postcode, company.address, company.town) if rng.random() < 0.4 else None
                sibling = sibling_name(rng, self.corpus, company.name)
                if rng.random() < 0.5:
                    company.name, sibling = sibling, company.name
                self.register.append(self._company(sibling, place))
            self.absent.append((company, i % 2 == 0))

    def register_frame(self) -> pl.DataFrame:
        """The register, columns as `build_index` wants them."""
        return pl.DataFrame(
            {
                "company_number": [c.number for c in self.register],
                "name": [c.full for c in self.register],
                "postcode": [c.postcode for c in self.register],
                "address": [c.address for c in self.register],
                "town": [c.town for c in self.register],
                "previous_names": [[" ".join([*p, "LIMITED"]) for p in c.previous] for c in self.register],
            },
            schema_overrides={"previous_names": pl.List(pl.String)},
        )

    def queries(self, count: int) -> tuple[pl.DataFrame, list[str | None]]:
        """`count` queries and the company number each should find (None where the true company is absent)."""
        rng = self.rng
        targets: list[tuple[Company, str | None]] = [(c, None) for c, _ in self.absent[: int(count * 0.17)]]
        with_previous = [c for c in rng.sample(self.register, min(len(self.register), count * 12)) if c.previous]
        while len(targets) < count:
            company = rng.choice(self.register)
            targets.append((company, company.number))
        rng.shuffle(targets)
        rows: list[dict[str, str]] = []
        truth: list[str | None] = []
        for i, (target, number) in enumerate(targets):
            noise = rng.choices(list(NOISE), list(NOISE.values()))[0]
            company, answer = target, number
            if noise == "previous_name" and number is not None and with_previous:
                company = rng.choice(with_previous)
                answer = company.number
            name = noisy_name(rng, self.corpus, company, noise)
            rows.append({"id": f"T{i:06d}", "name": name, **self._address(company)})
            truth.append(answer)
        return pl.DataFrame(rows), truth

    def _address(self, company: Company) -> dict[str, str]:
        rng = self.rng
        kind = rng.random()
        address, postcode, town = company.address, company.postcode, company.town
        if 0.45 <= kind < 0.76:
            postcode, address, town = self._place()
            if rng.random() < 0.4:
                postcode, town = self._near(company, postcode, town)
        elif 0.76 <= kind < 0.88:
            postcode, address = "", ""
        elif 0.88 <= kind < 0.955:
            postcode = address = town = ""
        elif kind >= 0.955:
            at = rng.randrange(len(postcode))
            swap = rng.choice(string.digits if postcode[at].isdigit() else string.ascii_uppercase)
            postcode = postcode[:at] + swap + postcode[at + 1 :] if rng.random() < 0.7 else postcode.replace(" ", "")
        if rng.random() < 0.3:
            address = " ".join(STREET_SHORT.get(t, t) for t in address.split())
        if rng.random() < 0.15:
            address = ""
        elif rng.random() < 0.2:
            address = address.split(", ")[-1]
        if rng.random() < 0.3:
            town = ""
        return {"postcode": postcode, "address": address, "town": town}

    def _near(self, company: Company, postcode: str, town: str) -> tuple[str, str]:
        letters = company.postcode[:3]
        for _ in range(400):
            other, place = self.rng.choice(self.pool)
            if other.startswith(letters[:2]):
                return other, place
        return postcode, town


def typo(rng: random.Random, word: str) -> str:
    """One edit: a letter changed, lost, doubled, added, or two swapped."""
    if len(word) < 3:
        return word
    at = rng.randrange(1, len(word) - 1) if rng.random() < 0.85 else 0
    kind = rng.randrange(5)
    letter = rng.choice(string.ascii_uppercase)
    if kind == 0:
        return word[:at] + letter + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[: at + 1] + word[at:]
    if kind == 3:
        return word[:at] + letter + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at + 1 < len(word) else word


def abbreviate(rng: random.Random, token: str) -> str:
    """A shorter writing of a word: a known short form, or its beginning, or without vowels."""
    known = words().short.get(token.lower())
    if known is not None and rng.random() < 0.6:
        return known.upper()
    kind = rng.random()
    if kind < 0.6:
        return token[: rng.randint(3, max(3, min(5, len(token) - 2)))] + rng.choice(["", "."])
    return token[0] + "".join(c for c in token[1:] if c not in "AEIOU")


def noisy_name(rng: random.Random, corpus: Corpus, company: Company, noise: str) -> str:
    """The name of a company as one class of noise writes it."""
    name, legal = list(company.name), company.legal
    if noise == "previous_name" and company.previous:
        name = list(rng.choice(company.previous))
    if noise == "legal_form" or rng.random() < 0.35:
        legal = rng.choice(["LTD", "LIMITED", "", "", "LTD.", "PLC", "LLP" if rng.random() < 0.2 else "LTD"])
    if noise == "typo":
        for _ in range(rng.choice([1, 1, 2])):
            long = [i for i, t in enumerate(name) if len(t) >= 3]
            if long:
                at = rng.choice(long)
                name[at] = typo(rng, name[at])
    elif noise == "token_drop" and len(name) > 1:
        at = rng.randrange(1, len(name)) if rng.random() < 0.85 else 0
        name.pop(at)
        if len(name) > 3 and rng.random() < 0.3:
            name.pop(rng.randrange(1, len(name)))
    elif noise == "abbreviation":
        long = [i for i, t in enumerate(name) if len(t) >= 6 and t.isalpha()]
        known = [i for i in long if name[i].lower() in words().short]
        for at in rng.sample(known or long, min(len(known or long), rng.choice([1, 1, 2]))):
            name[at] = abbreviate(rng, name[at])
    text = " ".join([*name, legal]).strip()
    style = rng.random()
    return text.title() if style < 0.3 else text.lower() if style < 0.4 else text
