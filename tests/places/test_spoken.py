from __future__ import annotations

import pytest

from lifecluster.figures.places import regions
from lifecluster.places.spoken import begun, spoken
from lifecluster.region import load_region, profiles

PLAIN = {"Scotland", "Wales", "London", "Northern Ireland", "Yorkshire and The Humber", "South Yorkshire"}


@pytest.mark.parametrize(
    "title", sorted({*regions("uk-regions").values(), *(load_region(p).title for p in profiles())})
)
def test_every_region_at_hand_is_said_as_english_says_it(title: str) -> None:
    assert spoken(title) == (title if title in PLAIN else f"the {title}")


def test_an_article_is_kept_and_a_beginning_is_a_capital() -> None:
    assert spoken("The Wash") == "The Wash"
    assert spoken("") == ""
    assert spoken("Great Britain") == "Great Britain"
    assert begun("the Midlands has") == "The Midlands has"
