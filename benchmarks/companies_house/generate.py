"""Invented companies in the official 55-column layout, as many as asked; only the postcodes are real.

    python benchmarks/companies_house/generate.py --postcodes CODE_POINT.csv.gz --out companies.csv --rows 5600000

Same seed, same bytes. Words are made of syllables, numbers run on from 1, postcodes are drawn from Code-Point Open.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1, RegAddress.AddressLine2,"
    "RegAddress.PostTown,RegAddress.County,RegAddress.Country,RegAddress.PostCode,CompanyCategory,CompanyStatus,"
    "CountryOfOrigin,DissolutionDate,IncorporationDate,Accounts.AccountRefDay,Accounts.AccountRefMonth,"
    "Accounts.NextDueDate,Accounts.LastMadeUpDate,Accounts.AccountCategory,Returns.NextDueDate,Returns.LastMadeUpDate,"
    "Mortgages.NumMortCharges,Mortgages.NumMortOutstanding,Mortgages.NumMortPartSatisfied,Mortgages.NumMortSatisfied,"
    "SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,SICCode.SicText_4,LimitedPartnerships.NumGenPartners,"
    "LimitedPartnerships.NumLimPartners,URI,"
    + "".join(f"PreviousName_{i}.CONDATE, PreviousName_{i}.CompanyName{',' if i > 1 else ', '}" for i in range(1, 11))
    + "ConfStmtNextDueDate, ConfStmtLastMadeUpDate"
)
"""The header as published: some names have a leading space."""
CHUNK = 200_000
SIC = (
    "47710 - Retail sale of goods",
    "62020 - Computer consultancy",
    "70229 - Management consultancy",
    "68209 - Letting of own property",
    "41100 - Development of buildings",
    "86900 - Other human health activities",
    "99999 - Dormant Company",
    "None Supplied",
    "96020 - Hairdressing",
    "96090 - Other services",
    "56103 - Take-away food shops",
    "43210 - Electrical installation",
    "49410 - Freight by road",
    "85590 - Education",
)
LIFE_SCIENCES = (
    "21100 - Basic pharmaceutical products",
    "21200 - Pharmaceutical preparations",
    "26600 - Electromedical equipment",
    "32500 - Medical and dental instruments",
    "72110 - Research on biotechnology",
    "72190 - Other natural sciences",
)
STATUS = ("Active",) * 17 + ("Active - Proposal to Strike off",) * 2 + ("Liquidation",)


def postcodes(path: Path) -> pl.Series:
    """All postcodes of a Code-Point Open CSV."""
    return pl.read_csv(path, columns=["Postcode"], infer_schema=False)["Postcode"]


def words(rng: np.random.Generator, count: int) -> np.ndarray:
    """`count` made-up words of two or three syllables."""
    starts, vowels = [*"BCDFGHKLMNPRSTVW", "BR", "CL", "TR", "ST"], [*"AEIOU", "AI", "EA", "OU"]
    pieces = np.array([s + v for s in starts for v in vowels])
    ends = np.array(["", "N", "L", "RT", "X", "SON", "TEK", "FIELD"])
    first, second = rng.choice(pieces, count), rng.choice(pieces, count)
    return np.char.add(np.char.add(first, second), rng.choice(ends, count))


def dates(rng: np.random.Generator, count: int, first: int, last: int) -> pl.Series:
    """Days between two years as DD/MM/YYYY."""
    days = rng.integers((first - 1970) * 365, (last - 1970) * 365, count)
    return pl.Series(days.astype(np.int32)).cast(pl.Date).dt.strftime("%d/%m/%Y")


def chunks(rows: int, codes: pl.Series, seed: int) -> Iterator[pl.DataFrame]:
    """Frames of at most 200,000 rows with the 55 columns, in the order of the header (names stripped)."""
    names = [name.strip() for name in HEADER.split(",")]
    vocabulary = pl.Series(words(np.random.default_rng(seed), 60_000))
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        rng = np.random.default_rng([seed, start])
        frame = _columns(rng, start, count, codes, vocabulary)
        blank = [pl.lit("").alias(name) for name in names if name not in frame.columns]
        yield frame.with_columns(blank).select(names)


def _columns(rng: np.random.Generator, start: int, count: int, codes: pl.Series, words: pl.Series) -> pl.DataFrame:
    def draw(values: pl.Series) -> pl.Series:
        return values.gather(rng.integers(0, len(values), count))

    number = pl.Series(np.arange(start + 1, start + count + 1)).cast(pl.String).str.zfill(8)
    common, rare = pl.Series(SIC), pl.Series(LIFE_SCIENCES)
    sic = (
        pl.Series(rng.random(count) < 0.02).to_frame("r").select(pl.when("r").then(draw(rare)).otherwise(draw(common)))
    )
    second = (
        pl.Series(rng.random(count) < 0.16).to_frame("r").select(pl.when("r").then(draw(common)).otherwise(pl.lit("")))
    )
    former = pl.Series(rng.random(count) < 0.1)
    form = pl.Series(["LIMITED", "LTD", "LTD", "LIMITED", "LLP", "CIC"])
    street = pl.Series(["ROAD", "STREET", "LANE", "AVENUE", "CLOSE", "PARK"])
    frame = pl.DataFrame(
        {
            "a": draw(words),
            "b": draw(words),
            "c": draw(words),
            "CompanyNumber": number,
            "RegAddress.PostTown": draw(words[:900]),
            "RegAddress.PostCode": draw(codes),
            "CompanyStatus": draw(pl.Series(STATUS)),
            "house": rng.integers(1, 200, count),
            "IncorporationDate": dates(rng, count, 1985, 2025),
            "Accounts.LastMadeUpDate": dates(rng, count, 2022, 2025),
            "Accounts.NextDueDate": dates(rng, count, 2025, 2027),
            "ConfStmtNextDueDate": dates(rng, count, 2025, 2027),
            "ConfStmtLastMadeUpDate": dates(rng, count, 2022, 2025),
            "SICCode.SicText_1": sic.to_series(),
            "former": former,
            "SICCode.SicText_2": second.to_series(),
            "form": draw(form),
            "street": draw(street),
        }
    )
    upper = {"Country": "ENGLAND"}
    return frame.select(
        pl.format("{} {} {}", "a", "b", "form").alias("CompanyName"),
        *[c for c in frame.columns if "." in c or c in {"CompanyNumber", "CompanyStatus", "IncorporationDate"}],
        pl.col("ConfStmtNextDueDate", "ConfStmtLastMadeUpDate"),
        pl.format("{} {} {}", "house", "c", "street").alias("RegAddress.AddressLine1"),
        pl.when("former")
        .then(pl.format("{} {} LIMITED", "c", "a"))
        .otherwise(pl.lit(""))
        .alias("PreviousName_1.CompanyName"),
        pl.when("former").then(pl.col("Accounts.LastMadeUpDate")).otherwise(pl.lit("")).alias("PreviousName_1.CONDATE"),
        pl.format("http://business.data.gov.uk/id/company/{}", "CompanyNumber").alias("URI"),
        *[pl.lit(v).alias(f"RegAddress.{k}") for k, v in upper.items()],
        *[pl.lit("0").alias(f"Mortgages.NumMort{k}") for k in ("Charges", "Outstanding", "PartSatisfied", "Satisfied")],
        *[pl.lit("0").alias(f"LimitedPartnerships.Num{k}Partners") for k in ("Gen", "Lim")],
        pl.lit("Private Limited Company").alias("CompanyCategory"),
        pl.lit("United Kingdom").alias("CountryOfOrigin"),
        pl.lit("31").alias("Accounts.AccountRefDay"),
        pl.lit("3").alias("Accounts.AccountRefMonth"),
        pl.lit("TOTAL EXEMPTION FULL").alias("Accounts.AccountCategory"),
    )


def write(path: Path, rows: int, codes: pl.Series, seed: int = 7) -> int:
    """Write the file; returns its size in bytes. Every cell is quoted, as in the published file."""
    with path.open("wb") as stream:
        stream.write(HEADER.encode() + b"\n")
        for frame in chunks(rows, codes, seed):
            frame.write_csv(stream, include_header=False, quote_style="always")
    return path.stat().st_size


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postcodes", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=5_600_000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    size = write(args.out, args.rows, postcodes(args.postcodes), args.seed)
    print(f"{args.rows:,} companies, {size / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
