"""Where companies are: real postcodes, towns and street words, put together into invented addresses."""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.linkage.generator import vocabulary as words

CODE_POINT = "places/codepoint_open_2025-11_gb.csv.gz"
DISTRICTS = "places/la_all_codes.csv"
CLINICAL = "registers/eccg_icb_2026-01.csv"
LONDON = frozenset(("E", "EC", "N", "NW", "SE", "SW", "W", "WC"))
_STREET = re.compile(
    r"\b([A-Z][A-Z']+(?: [A-Z][A-Z']+){0,2}) "
    r"(ROAD|STREET|LANE|AVENUE|WAY|CLOSE|DRIVE|COURT|HILL|GROVE|CRESCENT|TERRACE|PLACE|GARDENS|SQUARE|ROW|MEWS)\b"
)
_SITE = ("BUSINESS PARK", "INDUSTRIAL ESTATE", "TRADING ESTATE", "ENTERPRISE CENTRE", "SCIENCE PARK", "WORKS")
_BUILDING = ("HOUSE", "COURT", "CHAMBERS", "BUILDING", "MILL", "LODGE", "STUDIOS", "EXCHANGE")


@dataclass(frozen=True, slots=True)
class Place:
    """An address in three parts: lines before the town, the post town, the postcode (``"AB1 2CD"``)."""

    address: str
    town: str
    postcode: str


class Gazetteer:
    """Draws places. The same postcode always has the same street and town.

    Args:
        data: the folder that ``LIFECLUSTER_DATA`` names.
        seed: fixes which postcodes are crowded.
    """

    def __init__(self, data: Path, seed: int) -> None:
        rng = random.Random(seed)
        frame = pl.read_csv(data / CODE_POINT, infer_schema_length=0).select("Postcode", "Admin_district_code")
        frame = frame.with_columns(area=pl.col("Postcode").str.extract(r"^([A-Z]+)"))
        # Crowded postcodes stand first; London ones are more often among them.
        order = [rng.random() * (0.45 if area in LONDON else 1.0) for area in frame["area"]]
        frame = frame.with_columns(order=pl.Series(order)).sort("order")
        self._postcodes: list[str] = frame["Postcode"].to_list()
        self._district: list[str | None] = frame["Admin_district_code"].to_list()
        self._by_area: dict[str, list[int]] = defaultdict(list)
        for index, area in enumerate(frame["area"]):
            self._by_area[area].append(index)
        self._district_name = _district_names(data)
        self._town_of_outward = _towns(data)
        self._streets = _streets(data)
        towns = set(self._town_of_outward.values()) | set(self._district_name.values())
        self.towns = sorted(t for t in towns if t.replace(" ", "").isalpha())

    def draw(self, rng: random.Random, heads: words.Sampler) -> Place:
        """Draw a place anywhere in Great Britain; some postcodes are far more crowded than others."""
        return self._at(rng, heads, int(len(self._postcodes) * rng.random() ** 2.2))

    def draw_near(self, rng: random.Random, heads: words.Sampler, place: Place) -> Place:
        """Draw another place in the same postcode area."""
        area = self._by_area[re.match(r"[A-Z]+", place.postcode)[0]]  # type: ignore[index]  # ours: always letters
        return self._at(rng, heads, area[int(len(area) * rng.random() ** 1.5)])

    def _at(self, rng: random.Random, heads: words.Sampler, index: int) -> Place:
        postcode = self._postcodes[index]
        outward = postcode.split(" ")[0]
        town = self._town_of_outward.get(outward) or self._district_name.get(self._district[index] or "", "LONDON")
        pick = (zlib.crc32(postcode.encode()) / 2**32) ** 2
        street = self._streets[int(pick * len(self._streets))]
        return Place(_lines(rng, heads, street), town, postcode)


def _lines(rng: random.Random, heads: words.Sampler, street: str) -> str:
    number = str(1 + int(rng.expovariate(1 / 60)))
    if rng.random() < 0.07:
        number += rng.choice("ABC")
    if rng.random() < 0.03:
        number += f"-{int(number.rstrip('ABC')) + 2}"
    building = f"{heads.draw(rng)} {rng.choice(_BUILDING)}"
    shapes = {
        f"{number} {street}": 0.60,
        f"UNIT {rng.randint(1, 40)}, {heads.draw(rng)} {rng.choice(_SITE)}, {street}": 0.12,
        f"{building}, {number} {street}": 0.12,
        f"{rng.choice(('SUITE', 'OFFICE', 'FLAT', 'ROOM'))} {rng.randint(1, 60)}, {number} {street}": 0.07,
        f"{rng.choice(('FIRST', 'SECOND', '3RD', 'GROUND'))} FLOOR, {number} {street}": 0.04,
        f"C/O {heads.draw(rng)} ACCOUNTANTS, {number} {street}": 0.03,
        f"{building}, {street}": 0.02,
    }
    return rng.choices(list(shapes), list(shapes.values()))[0]


def _district_names(data: Path) -> dict[str, str]:
    frame = pl.read_csv(data / DISTRICTS, infer_schema_length=0)
    return {code: re.sub(r",.*| AND .*", "", name.upper()) for code, name in frame.select("LADCD", "LADNM").rows()}


def _address_rows(data: Path) -> list[list[str]]:
    """Rows of real addresses as [line, ..., town, postcode]."""
    rows: list[list[str]] = []
    for file in (words.TRUSTS, CLINICAL):
        frame = pl.read_csv(data / file, has_header=False, infer_schema_length=0)
        rows += [[c or "" for c in r] for r in frame.select([f"column_{i}" for i in (5, 6, 7, 8, 10)]).rows()]
    frame = pl.read_csv(data / words.UNIVERSITIES, infer_schema_length=0)
    columns = ["address_line1", "address_line2", "address_line3", "town", "postcode"]
    rows += [[c or "" for c in r] for r in frame.select(columns).rows()]
    frame = pl.read_csv(data / words.BASIC_SAMPLE, infer_schema_length=0)
    frame = frame.rename({c: c.strip() for c in frame.columns})
    columns = [f"RegAddress.{c}" for c in ("AddressLine1", "AddressLine2", "PostTown", "PostCode")]
    return rows + [[c or "" for c in r] for r in frame.select(columns).rows()]


def _towns(data: Path) -> dict[str, str]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _address_rows(data):
        outward = row[-1].upper().split(" ")[0]
        town = row[-2].upper().strip()
        if outward and 2 < len(town) < 25 and not any(c.isdigit() for c in town):
            seen[outward][town] += 1
    frame = pl.read_csv(data / words.SOUTH_YORKSHIRE, infer_schema_length=0).drop_nulls("Postcode")
    pairs = frame.select(pl.col("Postcode").str.extract(r"^(\S+)"), pl.col("RegAddress.PostTown").str.to_uppercase())
    for (outward, town), n in Counter(pairs.rows()).items():
        if town and town.isalpha():
            seen[outward][town] += n
    return {outward: max(sorted(towns), key=lambda t: towns[t]) for outward, towns in seen.items()}


def _streets(data: Path) -> list[str]:
    seen: Counter[tuple[str, str]] = Counter()
    for row in _address_rows(data):
        seen.update(_STREET.findall(", ".join(row[:-2]).upper()))
    names = Counter(name for name, _ in seen.elements())
    kinds = Counter(kind for _, kind in seen.elements())
    known = [f"{name} {kind}" for (name, kind), _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))]
    others = [f"{name} {kind}" for kind in sorted(kinds, key=lambda k: -kinds[k])[:8] for name in sorted(names)]
    return known + [street for street in others if street not in set(known)]
