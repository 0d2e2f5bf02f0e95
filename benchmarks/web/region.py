"""An invented register of a given size: 10,000 organisations give about 300,000 statements. Same seed, same bytes.

Sizes of organisations are as skewed as in life: most have one site and a dozen statements, a few have hundreds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.web import package as maker
from lifecluster.places.areas import authorities, outwards
from lifecluster.register.ids import mint
from lifecluster.register.package import Package

STEMS = (
    "al",
    "bor",
    "cen",
    "dra",
    "el",
    "fen",
    "gor",
    "hul",
    "im",
    "jas",
    "kel",
    "lor",
    "mar",
    "nov",
    "or",
    "pel",
    "quo",
    "ros",
    "sel",
    "tor",
    "ul",
    "ven",
    "wes",
    "xan",
    "yar",
    "zel",
)
ENDS = ("vara", "tis", "mond", "cor", "phil", "rion", "gen", "mer", "ston", "lex", "via", "dyne")
TRADES = (
    "Medical",
    "Diagnostics",
    "Therapeutics",
    "Surgical",
    "Orthopaedics",
    "Biotech",
    "Imaging",
    "Plastics",
    "Engineering",
    "Pharma",
    "Health",
    "Digital Health",
    "Laboratories",
    "Instruments",
    "Dental",
)
CAPABILITIES = (
    "injection-moulding",
    "clean-room-iso-7",
    "clean-room-iso-8",
    "sterile-packaging",
    "cnc-machining",
    "bioanalysis",
    "cell-culture",
    "stability-testing",
    "device-assembly",
    "electronics-assembly",
    "software-iec-62304",
    "fill-finish",
    "toxicology",
    "genome-sequencing",
    "regulatory-affairs",
    "extrusion",
    "3d-printing",
    "coating",
    "sterilisation-eto",
    "sterilisation-gamma",
)
ACTIVITIES = ("manufacture", "research", "office", "laboratory", "distribution", "service", "testing", "warehouse")
LICENCES = ("ISO 13485", "UKCA", "ISO 9001", "WDA(H)", "HTA", "MIA", "MIA(IMP)", "ISO 17025")
OWNERSHIP = (
    "private-independent",
    "family-owned",
    "uk-group",
    "overseas-group",
    "investor-backed",
    "university-spin-out",
)
MISSIONS = ("ageing", "cancer", "respiratory", "cardiovascular", "obesity", "dementia", "mental-health")
MEMBERSHIPS = ("Medilink (bench)", "Bio network (bench)", "Science park (bench)")
SEGMENT_IDS = (
    "antibodies",
    "vaccines",
    "small-molecules",
    "orthopaedics",
    "dental",
    "imaging",
    "wound-care",
    "digital-health",
    "in-vitro-diagnostics",
    "biopharma-service-supply",
    "medtech-service-supply",
)
ABOVE = {"antibodies": ("biopharma", "biopharma-core"), "vaccines": ("biopharma", "biopharma-core"),
         "small-molecules": ("biopharma", "biopharma-core"), "biopharma-service-supply": ("biopharma",),
         "medtech-service-supply": ("medtech",), "digital-health": ()}  # fmt: skip
REGIONS = ("E12000004", "E12000005")
AT = date(2026, 11, 22)


@dataclass(slots=True)
class Maker:
    """Draws of one seed, and what was made with them."""

    draw: np.random.Generator
    towns: list[tuple[str, int, int, str, str]]
    taken: set[str]

    def one(self, options: tuple[Any, ...]) -> Any:
        """One of several."""
        return options[int(self.draw.integers(len(options)))]

    def some(self, options: tuple[str, ...], most: int) -> list[str]:
        """None to `most` of several, each once."""
        count = int(self.draw.integers(0, most + 1))
        return [options[int(i)] for i in sorted(self.draw.choice(len(options), count, replace=False))]

    def uid(self, kind: str, key: str) -> str:
        """A new id."""
        uid = mint(kind, key, "bench", self.taken)
        self.taken.add(uid)
        return uid

    def day(self, years: int) -> date:
        """A day of the last years."""
        return AT - timedelta(days=int(self.draw.integers(30, 365 * years)))

    def name(self) -> str:
        """An invented name."""
        return "".join([self.one(STEMS), self.one(STEMS), self.one(ENDS)]).capitalize()


def towns() -> list[tuple[str, int, int, str, str]]:
    """Outward codes of the English Midlands with the name of their district: outward, easting, northing, lad, town."""
    named = authorities().filter(pl.col("region").is_in(REGIONS)).select("lad", "name")
    return list(
        outwards()
        .join(named, on="lad")
        .sort("outward")
        .select("outward", "easting", "northing", "lad", "name")
        .iter_rows()
    )


def write_region(out: Path, *, organisations: int = 10_000, seed: int = 1, name: str | None = None) -> Package:
    """Write the register as a package below `out`; about 35 statements an organisation."""
    maker_ = Maker(np.random.default_rng(seed), towns(), set())
    rows: list[dict[str, Any]] = []
    segments: list[tuple[Any, ...]] = []
    places: list[tuple[str, int, int, str]] = []
    for number in range(organisations):
        for row in _organisation(maker_, number, segments, places):
            rows.append(row)
    statements = maker.frame(rows)
    placed = pl.DataFrame(
        places, schema={"id": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String}, orient="row"
    )
    universe = pl.DataFrame(
        {"live": [True] * len(places), "easting": placed["easting"], "northing": placed["northing"]},
        schema=maker.UNIVERSE,
    )
    return maker.write(
        out,
        statements,
        name=name or f"bench-{organisations}-{seed}",
        at=AT,
        places=placed,
        universe=universe,
        segments=pl.DataFrame(segments, schema=maker.SEGMENTS, orient="row"),
    )


def _organisation(
    m: Maker, number: int, segments: list[tuple[Any, ...]], places: list[tuple[str, int, int, str]]
) -> Iterator[dict[str, Any]]:
    """Statements of one organisation, its sites and what it holds."""
    uid = m.uid("organisation", str(number))
    trade = m.one(TRADES)
    title = f"{m.name()} {trade} {'Limited' if number % 3 else 'Ltd'}"
    staff = int(np.ceil(m.draw.lognormal(2.2, 1.5)))
    said: dict[str, Any] = {
        "name": title,
        "company_number": f"ZZ{number:06}",
        "status": "active",
        "legal_form": "Private Limited Company",
        "incorporated_on": m.day(30),
        "employees": staff,
        "ownership": m.one(OWNERSHIP),
        "organisation_type": "company",
        "website": f"https://www.{title.split(maxsplit=1)[0].lower()}{number}.example",
        "country_of_origin": "United Kingdom",
        "description": f"{title} offers {trade.lower()} products: {', '.join(m.some(CAPABILITIES, 3)) or 'to order'}.",
    }
    for prop, value in said.items():
        yield maker.statement(uid, prop, value, observed_on=m.day(3))
    yield maker.statement(uid, "name", title.upper(), source="bench-list", observed_on=m.day(3))
    yield maker.statement(uid, "employees", staff + 2, source="bench-list", observed_on=m.day(4))
    many = {
        "mission": m.some(MISSIONS, 1),
        "member_of": m.some(MEMBERSHIPS, 1),
        "capability": m.some(CAPABILITIES, 3),
        "trading_name": [m.name()] if number % 7 == 0 else [],
        "sic": ["32500"],
    }
    for prop, values in many.items():
        for value in values:
            yield maker.statement(uid, prop, value, source="bench-member", observed_on=m.day(2), verified_on=m.day(1))
    sites = list(_sites(m, uid, number, places))
    for _, statements in sites:
        yield from statements
    for prop, value in (("registered_town", sites[0][1][1]["value"]), ("registered_postcode", sites[0][1][2]["value"])):
        yield maker.statement(uid, prop, value)
    yield from _things(m, uid, number, staff)
    _classes(m, uid, segments)


def _sites(
    m: Maker, uid: str, number: int, places: list[tuple[str, int, int, str]]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for at in range(1 + int(m.draw.geometric(0.85)) - 1 if number % 50 else 6):
        site = m.uid("site", f"{number}-{at}")
        outward, easting, northing, lad, town = m.towns[int(m.draw.integers(len(m.towns)))]
        jitter = m.draw.integers(-1500, 1500, 2)
        places.append((site, easting + int(jitter[0]), northing + int(jitter[1]), lad))
        postcode = f"{outward} {number % 10}ZZ"
        said = [
            ("holder", uid),
            ("town", town),
            ("postcode", postcode),
            ("name", f"{town} works"),
            ("address", f"{number % 200 + 1} Bench Road"),
            ("activity", m.one(ACTIVITIES)),
            ("activity", m.one(ACTIVITIES)),
        ]
        said += [("capability", one) for one in m.some(CAPABILITIES, 2)]
        yield (
            site,
            [maker.statement(site, prop, value, source="bench-member", observed_on=m.day(2)) for prop, value in said],
        )


def _things(m: Maker, uid: str, number: int, staff: int) -> Iterator[dict[str, Any]]:
    """Licences and products, more for the larger ones."""
    for at in range(int(m.draw.integers(0, 2 + min(staff // 40, 8)))):
        licence = m.uid("licence", f"{number}-{at}")
        said = {"holder": uid, "licence_type": m.one(LICENCES), "reference": f"B-{number}-{at}", "starts_on": m.day(4),
                "ends_on": AT + timedelta(days=int(m.draw.integers(-200, 900))), "state": "active"}  # fmt: skip
        yield from (maker.statement(licence, prop, value, source="bench-member") for prop, value in said.items())
    for at in range(int(m.draw.integers(0, 2 + min(staff // 60, 6)))):
        product = m.uid("product", f"{number}-{at}")
        said = {
            "holder": uid,
            "name": f"{m.name()} {m.one(TRADES).lower()}",
            "state": "on-market",
            "classification": "class-iia",
        }
        yield from (maker.statement(product, prop, value, source="bench-member") for prop, value in said.items())


def _classes(m: Maker, uid: str, segments: list[tuple[Any, ...]]) -> None:
    for definition in ("ols-segments", "dbt-sic"):
        chance = float(m.draw.random())
        state = "yes" if chance > 0.4 else "unknown" if chance > 0.35 else "no"
        segments.append(
            (uid, definition, None, "core", None if state == "unknown" else round(chance, 3), state, "[]", "2026")
        )
        if definition == "ols-segments" and state == "yes":
            chosen = m.one(SEGMENT_IDS)
            for one in (*ABOVE.get(chosen, ("medtech", "medtech-core")), chosen):
                evidence = '[{"kind": "word", "value": "bench", "weight": 4.0, "detail": "name"}]'
                segments.append((uid, definition, one, "core", round(chance, 3), "yes", evidence, "2026"))
