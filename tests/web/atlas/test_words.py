"""What pages of the atlas say in their first sentence."""

from __future__ import annotations

import pytest

from lifecluster.web.atlas.show.words import areas_opening

pytestmark = pytest.mark.one_database


def test_the_page_of_areas_names_four_and_counts_the_rest_with_commas() -> None:
    rows = [{"area": f"A{n}", "q": 0.01, "value": 9 - n} for n in range(7)]
    said = [areas_opening({"region": "Midlands", "geographies": [{"areas": rows[:n]}]}) for n in (2, 4, 7)]
    starts = ("A0 and A1 have ", "A0, A1, A2 and A3 have ", "A0, A1, A2, A3 and three more have ")
    assert all(line.startswith(start) for line, start in zip(said, starts, strict=True))
