"""Two names alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.pair_names import NAME_PAIR, name_pair, name_threshold, read, score_names

TEXT = st.text(alphabet="ABCDEabcde &.123é", max_size=15)


@given(TEXT, TEXT)
def test_the_order_of_two_names_does_not_matter(a: str, b: str) -> None:
    assert np.allclose(name_pair(a, b), name_pair(b, a))
    assert score_names(a, b) == pytest.approx(score_names(b, a))
    assert 0.0 <= score_names(a, b) <= 1.0
    assert len(name_pair(a, b)) == len(NAME_PAIR)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Zorbix Aktiengesellschaft", "Zorbix AG", True),
        ("ZORBIX BIOLOGICS LIMITED", "Zorbix Biologics Ltd", True),
        ("Zorbix & Trent plc", "Zorbix and Trent P.L.C.", True),
        ("Quendale Pharmaceuticals", "Quendale Pharma Ltd", True),
        ("Quendalle Engineering GmbH", "Quendale Engineering GmbH", True),
        ("Zorbix Fund III L.P.", "Zorbix Fund IV L.P.", False),
        ("Bank of Ghana", "Bank of Kenya", False),
        ("Zorbix Biologics Ltd", "Tarven Optical Ltd", False),
        ("", "Zorbix", False),
    ],
)
def test_pairs(a: str, b: str, same: bool) -> None:
    assert (score_names(a, b) >= name_threshold()) == same


def test_forms_of_any_kind_fall() -> None:
    assert read("Zorbix Corporation Joint Stock Company").tokens == ("zorbix",)
    assert read("Zorbix Aktiengeselschaft").legal == "AG"
    assert read("Brigade Forty-Four").tokens == ("brigade", "44")
    assert read("Zorbix V L.P.").tokens == ("zorbix", "5")


def test_a_numbered_series_may_count_as_one() -> None:
    a, b = "Zorbix Capital Fund III L.P.", "Zorbix Capital Fund IV L.P."
    assert score_names(a, b) < name_threshold() <= score_names(a, b, series=True)
    assert score_names("Zorbix 2", "Zorbix 3", series=True) < name_threshold()
