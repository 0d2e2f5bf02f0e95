"""Writes docs/reference/tables.md from the code: every table of a package with its columns."""

from __future__ import annotations

from pathlib import Path

from lifecluster.build.tables import COMPUTED, DESCRIPTIONS
from lifecluster.reference.properties import vocabulary
from lifecluster.register.statement import SCHEMA

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "tables.md"
WORDS = {"text": "text", "name": "text", "address": "text", "url": "text", "code": "code", "postcode": "postcode",
         "ref": "id", "date": "date", "int": "whole number", "number": "number", "money": "pounds",
         "bool": "yes or no"}  # fmt: skip

INTRODUCTION = (
    "The table of a kind has `id`, one column for each property below, and computed columns. Properties that may hold "
    "several values are lists. Which source is shown first is part of the vocabulary."
)


def page() -> str:
    """The page as Markdown."""
    lines = ["# The tables of a package", "", "Written by `scripts/write_tables_reference.py`; do not edit.", "",
             "A package is a folder: `datapackage.json` (Frictionless) and one Parquet file a table.", "",
             "| table | what it holds |", "|---|---|"]  # fmt: skip
    lines += [f"| `{name}` | {text} |" for name, text in DESCRIPTIONS.items()]
    lines += ["", "## Things and their properties", "", INTRODUCTION, ""]
    for kind, entry in vocabulary().kinds.items():
        lines += [f"### {entry.table}", "", "| column | type | several | shown first | stale after, days |",
                  "|---|---|---|---|---|"]  # fmt: skip
        for name, prop in vocabulary().of(kind).items():
            many = "yes" if prop.many else ""
            order = ", ".join(prop.order)
            lines.append(f"| `{name}` | {WORDS[prop.type]} | {many} | {order} | {prop.stale_after or ''} |")
        lines.append("")
    lines += ["## Computed columns", "", "| column | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in COMPUTED.items()]
    lines += ["", "## Statements", "", "`" + "`, `".join(SCHEMA) + "`, `place` (0 is shown first), `shown`.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
