"""Names that people give, as they are shown: on one line, without what commands a terminal or turns the text around."""

from __future__ import annotations

import unicodedata

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that set the direction of the text behind them (Unicode Standard Annex 9, 2)."""


def plain(name: str) -> str:
    """A name as it is kept."""
    found = "".join(c for c in name if c not in TURNING and (c.isspace() or unicodedata.category(c) != "Cc"))
    return " ".join(found.split())
