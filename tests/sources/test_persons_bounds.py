"""Finding contacts takes time in proportion to a cell, and finds more ways of writing them."""

from __future__ import annotations

import polars as pl
import pytest

from lifecluster.sources.persons import mask, mask_text


@pytest.mark.parametrize("piece", ["x", "x.", "a(", "0", "0 1", "a at ", "é", "a.b at c"])
def test_a_cell_of_a_million_characters_is_masked(piece: str) -> None:
    cell = piece * (300_000 // len(piece))
    assert "ada@" not in mask_text(f"{cell} ada@lab.example")
    assert "ada@" not in (mask(pl.Series([f"{cell} ada@lab.example"]))[0] or "")


@pytest.mark.parametrize(
    "contact",
    [
        "0115 49 60 129",
        "0115/4960131",
        "0115/ 4960131",
        "(0115) 49 60 12",
        "ada.byron at lab.example",
        "ada [at] lab.example",
    ],
)
def test_other_ways_of_writing(contact: str) -> None:
    text = f"Ask {contact} for more"
    assert contact not in mask_text(text)
    assert mask(pl.Series([text]))[0] == mask_text(text)


@pytest.mark.parametrize("text", ["Find us at lab.example", "Since 01/02/2020", "Makes 0.5 ml vials", "SIC 01110 - Growing",
                                  "Batch 0115/49", "Ltd. at lab.example"])  # fmt: skip
def test_what_is_no_contact_stays(text: str) -> None:
    assert mask_text(text) == text
