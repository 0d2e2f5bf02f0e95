"""What is asked and what is answered; free of the data libraries, which only matching itself needs."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = ("name", "postcode", "town", "address", "company_number")
FEATURES = ("net_cosine", "strings", "cover_query", "cover_register", "same_key", "postcode", "house", "street", "town")
"""Features of the scorer that are handed out; see the description of the API."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate. `score` 0 to 100; `match` if nobody needs to look (band `auto`); `reasons` in words."""

    uid: str
    name: str
    score: float
    match: bool
    features: dict[str, float]
    reasons: tuple[str, ...]
