"""Derive the small taxonomy tables that the library ships from the official files.

Usage: python scripts/derive_taxonomy.py FOLDER, where FOLDER holds `uksic2007_structure.xlsx` (Office for National
Statistics, Open Government Licence v3.0) and `ols_bis_segment_codes.csv` (facts: codes and labels). Writes
`uksic2007.csv` and `ols_segments.csv` into src/lifecluster/reference/taxonomy; same inputs, same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import openpyxl
import polars as pl

OUT = Path(__file__).parents[1] / "src/lifecluster/reference/taxonomy"
LEVELS = ("section", "division", "group", "class", "subclass")
# Codes that Companies House offers beside SIC 2007; they are in no ONS table.
REGISTRAR = (("98000", "Residents property management"), ("74990", "Non-trading company"), ("99999", "Dormant company"))
SERVICE_LABELS = ("Specialist Services", "Specialist Suppliers/Supply Chain", "Professional services, Consultancy")


def sic_table(path: Path) -> pl.DataFrame:
    """One row per SIC 2007 code of every level; a class without subclasses also as its five-digit form."""
    book = openpyxl.load_workbook(path, read_only=True)
    lines = list(book["reworked structure"].iter_rows(values_only=True))[1:]
    book.close()
    rows: dict[str, tuple[str, str, str, str]] = {}
    for cells in lines:
        title, codes = str(cells[0] or "").strip(), [str(cell or "na").strip() for cell in cells[1:6]]
        if not title or codes[0] == "na":
            continue
        depth = max(index for index, code in enumerate(codes) if code != "na")
        rows[codes[depth]] = (title, LEVELS[depth], codes[0], "ONS")
    classes = {code: row for code, row in rows.items() if row[1] == "class"}
    split = {code[:4] for code, row in rows.items() if row[1] == "subclass"}
    for code, (title, _, section, publisher) in classes.items():
        if code not in split:
            rows[f"{code}0"] = (title, "subclass", section, publisher)
    for code, title in REGISTRAR:
        rows[code] = (title, "subclass", "", "Companies House")
    records = [(code, *row) for code, row in rows.items()]
    table = pl.DataFrame(records, schema=["code", "title", "level", "section", "publisher"], orient="row")
    return table.with_columns(pl.col("title").str.replace_all(r"\s+", " ")).sort("code")


def segment_table(path: Path) -> pl.DataFrame:
    """Codes and labels as published; sector, role and scope are ours (`inferred` says so in the column name)."""
    label = pl.col("label").str.strip_chars().str.replace_all(r"\s*/\s*", "/")
    service = label.is_in(SERVICE_LABELS) | (label == "Education and Training")
    prefix = pl.col("code").str.slice(0, 2)
    sector = prefix.replace_strict({"MB": "biopharma", "PH": "biopharma", "MT": "medtech", "IB": "industrial-biotech"})
    return pl.read_csv(path).select(
        "code",
        label=label,
        prefix_group=pl.col("group_guess_from_prefix"),
        inferred_sector=sector,
        inferred_role=pl.when(service).then(pl.lit("service-supply")).otherwise(pl.lit("core")),
        inferred_in_scope=prefix != "IB",
    )


def main(folder: Path) -> None:
    """Write both tables and print their sizes."""
    for name, table in (
        ("uksic2007.csv", sic_table(folder / "uksic2007_structure.xlsx")),
        ("ols_segments.csv", segment_table(folder / "ols_bis_segment_codes.csv")),
    ):
        table.write_csv(OUT / name)
        print(f"{name}: {table.height} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
