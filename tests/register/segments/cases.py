"""Invented organisations and small definitions for the tests of segments."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import strategies as st

from lifecluster.register.definition import Definition
from lifecluster.register.segments.frame import COLUMNS

NAMES = (
    "therapeutics", "antibody", "medical", "medical locums", "pharmacy", "wound care", "clinic", "dental laboratory",
    "condition monitoring", "biodiversity", "biopharma", "gene's cafe", "gene therapy", "Ltd", "& sons", "orthopaedics",
    "medical device", "digital health", "supplies", "café", "novapharma", "franchise", "universität",
)  # fmt: skip
CODES = (
    "21100",
    "21200",
    "26600",
    "32500",
    "72110",
    "72190",
    "86220",
    "46460",
    "46350",
    "99999",
    "62012",
    "7210",
    "None Supplied",
)
TYPES = ("university", "nhs-trust", "company", "gp-practice", "commercial")
LICENCES = ("MIA", "WDA(H)", "ISO 13485")
STATED = ("MTB", "MTX", "PHX", " pha ", "mbz", "MTT", "IBA", "ZZZ")
STATUSES = ("Active", "Liquidation", "dissolved", None)


def organisation(organisation_id: str = "o1", name: str | None = "Plain Ltd", **values: Any) -> dict[str, Any]:
    """One organisation; what is not given is unknown."""
    return {**dict.fromkeys(COLUMNS), "organisation_id": organisation_id, "name": name, **values}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Organisations as a frame."""
    return pl.DataFrame(list(rows), schema=pl.Schema(COLUMNS))


def small(**changes: Any) -> Definition:
    """A small weighed definition."""
    node: dict[str, Any] = {
        "name": "small",
        "title": "Small",
        "publisher": "Nobody",
        "source": {"title": "T", "url": "https://example.org/", "vintage": "2024", "confidence": "inferred"},
        "unit": "organisation",
        "location": "registered_office",
        "method": "weighed",
        "effect": "counts a handful of invented organisations",
        "excluded_statuses": ["dissolved"],
        "excluded_types": {"university": "not industry"},
        "predicate": {"words": {"locum*": -6.0}, "name_words": {"clinic": -4.0}},
        "segments": [
            {
                "id": "makers",
                "label": "Makers",
                "role": "core",
                "predicate": {
                    "sic": {"32.5": 6.0, "72": 1.0},
                    "words": {"medical": 3.0},
                    "licences": {"MIA": 5.0},
                    "stated": {"MT": 7.0, "MTX": -4.0},
                },
                "segments": [
                    {"id": "wounds", "label": "Wounds", "role": "core", "predicate": {"words": {"wound*": 5.0}}}
                ],
            },
            {
                "id": "suppliers",
                "label": "Suppliers",
                "role": "service-supply",
                "predicate": {"words": {"suppl*": 6.0}},
            },
        ],
    }
    return Definition.model_validate({**node, **changes})


def listed(name: str = "by-code", **changes: Any) -> Definition:
    """A definition that takes SIC codes at their word."""
    segments = [{"id": "makers", "label": "Makers", "role": "core", "predicate": {"sic": ["325", "7211"]}}]
    return small(**{"name": name, "method": "listed", "predicate": {}, "segments": segments, **changes})


_LIST = st.none() | st.lists(st.sampled_from(CODES), max_size=4)
_NAME = st.lists(st.sampled_from(NAMES), min_size=0, max_size=4).map(" ".join)
_ROW = st.fixed_dictionaries(
    {
        "name": st.none() | _NAME,
        "other_names": st.none() | st.lists(_NAME, max_size=2),
        "description": st.none() | _NAME,
        "sic": _LIST,
        "organisation_type": st.none() | st.lists(st.sampled_from(TYPES), max_size=2, unique=True),
        "sources": st.none() | st.just(["clinical-trials"]),
        "licence_type": st.none() | st.lists(st.sampled_from(LICENCES), max_size=2),
        "status": st.sampled_from(STATUSES),
        "segment": st.none() | st.lists(st.sampled_from(STATED), max_size=3),
    }
)


@st.composite
def organisations(draw: st.DrawFn, max_size: int = 8) -> list[dict[str, Any]]:
    """A list of organisations with ids of their own."""
    rows = draw(st.lists(_ROW, min_size=1, max_size=max_size))
    return [organisation(f"o{index}", **row) for index, row in enumerate(rows)]
