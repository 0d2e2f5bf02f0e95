"""Totals are told from organisations that are called like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.sources.totals import is_total

BARE = ("Total", "TOTAL:", "Grand total", "Sub-total", "subtotal", "Sum", "Total (12)", "Total members", "Totals", "Total: 1,204",
        "total number of companies", "Overall total")  # fmt: skip
OF = ("Total Derby", "Midlands subtotal", "Sub-total: Leicester", "Derby - total")
FIRMS = ("Total Implants Ltd", "Sumner Medical", "Totalis", "Summit Bio", "Total")


@pytest.mark.parametrize("name", BARE)
def test_a_bare_total_is_one_in_every_list(name):
    assert is_total([name], None) and is_total([name], ["", " "])


@pytest.mark.parametrize("name", OF)
def test_a_total_of_something_is_one_where_the_row_has_nothing_of_its_own(name):
    assert is_total([name], ["", ""]) and not is_total([name], None)


@given(st.sampled_from((*BARE, *OF, *FIRMS)), st.text(min_size=1).filter(str.strip))
def test_whoever_has_a_number_or_a_place_is_none(name, stated):
    assert not is_total([name], ["", stated])


@pytest.mark.parametrize("name", FIRMS[1:4])
def test_names_that_begin_alike_are_none(name):
    assert not is_total([name], [""])
