import string
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory.search import FACETS, Query
from lifecluster.web.directory.search.query import SORTS

WORDS = st.text(string.ascii_letters + string.digits + " &=%+#é\u202e\x00'\"<", max_size=30)
GIVEN = st.dictionaries(
    st.sampled_from([*FACETS, "q", "near", "definition", "sort", "page", "per_page", "within", "ended", "nonsense"]),
    st.lists(WORDS | st.sampled_from(SORTS) | st.integers(-5, 10**9).map(str), max_size=4),
    max_size=8,
)


def querydict(params: dict[str, list[str]]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, values in params.items():
        found.setlist(name, values)
    return found


@given(params=GIVEN)
def test_whatever_comes_is_read_and_the_address_says_the_same(params: dict[str, list[str]]) -> None:
    query = Query.parse(querydict(params))
    again = Query.parse(QueryDict(query.encode()))
    assert again == query
    assert again.encode() == query.encode()
    assert 1 <= query.per_page <= 200
    assert query.page >= 1


@given(params=GIVEN, seed=st.randoms())
def test_the_order_of_parameters_does_not_matter(params: dict[str, list[str]], seed: Any) -> None:
    mixed = {}
    for name in seed.sample(sorted(params), len(params)):
        values = list(params[name])
        if name in FACETS:
            seed.shuffle(values)
        mixed[name] = values
    assert Query.parse(querydict(mixed)).encode() == Query.parse(querydict(params)).encode()


def test_what_is_as_usual_is_left_out() -> None:
    assert Query().encode() == ""
    assert Query.parse({"page": "1", "within": "25", "q": " ", "sort": ""}).encode() == ""
    query = Query.parse({"size": ["50-249", "0-9", "0-9"], "q": "  Clean   room ", "ended": "on"})
    assert query.encode() == "q=Clean+room&size=0-9&size=50-249&ended=1"


def test_what_is_not_understood_is_said() -> None:
    query = Query.parse({"page": "x", "within": "nan", "sort": "colour"})
    assert query == Query()
    assert len(query.ignored) == 3
    assert "“colour”" in " ".join(query.ignored)


def test_limits() -> None:
    query = Query.parse(
        {"page": "99999999999", "per_page": "5000", "within": "1e9", "capability": list("abcdefgh") * 20}
    )
    assert (query.page, query.per_page, query.within) == (1_000_000, 200, 1000.0)
    assert len(query.capability) == 8
    assert len(Query.parse({"q": "x" * 5000}).q) == 200


def test_toggling() -> None:
    query = Query.parse({"size": "0-9", "page": "4"})
    more = query.toggled("size", "10-49")
    assert (more.size, more.page) == (("0-9", "10-49"), 1)
    assert more.toggled("size", "10-49") == query.with_(page=1)
    assert query.without("size") == Query()
    assert more.without("size", "0-9").size == ("10-49",)
    assert Query(q="x", near="LE1").without("near") == Query(q="x")
    assert query.with_(page=7).page == 7
    assert more.chosen == [("size", "0-9"), ("size", "10-49")]


@pytest.mark.parametrize(
    ("params", "order"),
    [
        ({}, "name"),
        ({"q": "x"}, "best"),
        ({"near": "LE1"}, "distance"),
        ({"q": "x", "near": "LE1"}, "best"),
        ({"sort": "distance"}, "name"),
        ({"sort": "best"}, "name"),
        ({"sort": "best", "near": "LE1"}, "distance"),
        ({"sort": "recent", "q": "x"}, "recent"),
    ],
)
def test_the_sort_that_applies(params: dict[str, str], order: str) -> None:
    assert Query.parse(params).order == order


def test_the_address_is_plain() -> None:
    query = Query(q="R&D <b>", capability=("a b", "ü"))
    assert parse_qs(query.encode()) == {"q": ["R&D <b>"], "capability": ["a b", "ü"]}
    assert query.encode().isascii()
