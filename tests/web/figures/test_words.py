"""Results in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.figures.show import tables, words
from lifecluster.web.kit.states import Answer, Withheld

pytestmark = pytest.mark.one_database

BASIS = {"withheld": False, "shown": "7,645", "value": 7645, "low": 6218.0, "high": 9206.0, "unit": "jobs", "ranks": [],
         "league": []}  # fmt: skip


def recipe(**says: object) -> dict[str, object]:
    return {"claim": {"says": says, "league": "gb-regions"}}


@pytest.mark.parametrize(
    ("said", "answer", "word"),
    [("true", Answer.YES, "True"), ("false", Answer.NO, "False"), ("cannot tell", Answer.UNKNOWN, "Cannot tell"),
     ("true only for East + West together", Answer.PARTLY, "True only for East + West together")],
)  # fmt: skip
def test_a_verdict_is_shape_and_word(said: str, answer: Answer, word: str) -> None:
    state = words.verdict(said)
    assert (state.answer, state.word) == (answer, word)
    assert f"#i-{answer}" in str(state)


@given(st.floats(0, 1))
def test_chances_are_whole_and_never_sure(p: float) -> None:
    said = words.chances(p)
    number = int("".join(c for c in said.removesuffix(" in 100") if c.isdigit()))
    assert 1 <= number <= 99 or said.startswith("More than")
    assert abs(number - 100 * p) <= 1
    assert (
        words.probability(p) in {"under 0.001", "over 0.999"} or abs(float(words.probability(p)) - p) <= 0.0005 + 1e-12
    )


@given(
    st.dictionaries(
        st.sampled_from(["true", "true only for", "false", "cannot tell", "no verdict"]), st.integers(1, 9), min_size=1
    )
)
def test_the_summary_leaves_nothing_out(found: dict[str, int]) -> None:
    counts = dict.fromkeys(["true", "true only for", "false", "cannot tell", "no verdict"], 0) | found
    text = words.summary(counts, "Midlands")
    assert text.startswith(f"Of {sum(found.values())}")
    for word, said in (
        ("true", "true"),
        ("false", "false"),
        ("true only for", "in part"),
        ("cannot tell", "cannot tell"),
        ("no verdict", "nobody stated"),
    ):
        assert (said in text) == bool(counts[word])


def test_intervals() -> None:
    assert words.span("total", 6218.0, 9206.0) == "6,218 to 9,206"
    assert words.span("share", 0.068, 0.0989) == "6.8 to 9.9\u00a0%"
    assert words.span("growth", -0.2325, 0.341) == "−23.2 to 34.1\u00a0%"
    assert words.span("rank", 4, 7, 11) == "4th to 7th of 11"
    assert words.span("rank", 1, 1, 12) == "1st of 12"
    assert words.span("total", 31515, None) == "31,515 or more"
    assert words.span("total", None, 7) == "up to 7"
    assert words.span("total", 8, 8) == "exact count"
    assert words.span("total", None, None) == ""


def test_figures_and_drawings() -> None:
    assert words.figure("total", BASIS) == "7,645"
    assert words.plot("total", BASIS, recipe(within=0.1)).alternative == "7,645 jobs, interval 6,218 to 9,206"
    assert words.plot("total", BASIS, recipe(at_least=8000)).alternative.endswith("said: at least 8,000")
    growth = {**BASIS, "shown": "-1.9 %", "value": -0.019, "low": -0.2, "high": 0.3}
    assert words.figure("growth", growth) == "−1.9 %"
    assert words.plot("growth", growth, recipe(grows=True)).said == 0.0
    hidden = {**BASIS, "withheld": True}
    assert isinstance(words.figure("total", hidden), Withheld)
    assert words.plot("total", hidden, recipe(within=0.1)) == ""
    assert words.figure("total", {**BASIS, "shown": "[x]"}) is words.NOT_COMPUTED
    rank = {**BASIS, "shown": "5", "low": 5, "high": 5}
    assert words.plot("rank", rank, recipe(rank_at_most=5)).alternative == "5th of 11; said: 5th or better"


def test_what_stands_beside_an_interval_is_told_and_drawn_as_expected() -> None:
    counted = {**BASIS, "shown": "418", "value": 418, "expected": 453.8, "low": 441.0, "high": 467.0,
               "tells_expected": True, "unit": "organisations"}  # fmt: skip
    assert words.around("total", counted) == "454 expected, 441 to 467"
    assert (
        words.plot("total", counted, recipe(within=0.05)).alternative
        == "454 organisations expected, interval 441 to 467"
    )
    assert words.around("total", BASIS) == "6,218 to 9,206"  # as older versions wrote it, without what is expected
    assert words.verdict("no verdict") == "Counted here, stated by nobody"


def test_reasons_are_sentences() -> None:
    assert words.reason("missing: jobs of X (https://a.example/b)") == "Missing: jobs of X (https://a.example/b)"
    assert words.shortly("missing: jobs of X (https://a.example/b)") == "Missing: jobs of X."
    assert words.reason("refused: not comparable") == "Not comparable."


def test_changes_add_up_on_the_page() -> None:
    reasons = [
        {"words": "another figure", "difference": -45.0, "rows": 1},
        {"words": "new rows", "difference": 5.0, "rows": 2},
    ]
    table = tables.changes({"reasons": reasons}, "total")
    assert [row.cells["part"] for row in table.rows] == ["−45", "+5"]
    shares = tables.changes({"reasons": [{"words": "x", "difference": 0.0123, "rows": 1}]}, "share")
    assert shares.rows[0].cells["part"] == "+1.23"


def refuting(word: str = "false", stated: float | None = None, **basis: object) -> dict[str, object]:
    one = {**BASIS, "basis": "a", "definition_title": "By code", "geography": "Midlands", "vintage": "2026", "notes": [],
           **basis}  # fmt: skip
    return {"word": word, "basis": "a", "bases": [one], "stated": stated}


def asked(kind: str, **says: object) -> dict[str, object]:
    return {"claim": {"kind": kind, "says": says, "league": "gb-regions"}}


def test_a_false_verdict_says_what_is_stated_and_what_is_found_under_which_definition() -> None:
    counted = refuting(shown="418", value=418, expected=454.2, low=441.0, high=467.0, tells_expected=True, stated=500.0)
    assert words.refuted(counted, asked("total", within=0.05)) == (
        "Stated: 500, give or take 5\u00a0%. Found: 418, 454 expected (95\u00a0% interval 441 to 467), under the "
        "definition “By code”, Midlands, 2026."
    )
    rank = refuting(shown="6", value=6, low=4.0, high=7.0)
    assert words.refuted(rank, asked("rank", rank=2)).startswith(
        "Stated: 2nd. Found: 6th (95\u00a0% interval 4th to 7th of 11), under"
    )
    assert words.refuted(rank, asked("rank", rank_at_most=2)).startswith("Stated: 2nd or better.")
    quoted = refuting(stated=9000.0)
    assert words.refuted(quoted, asked("total", within=0.1)).startswith(
        "Stated: 9,000, give or take 10\u00a0%. Found: 7,645 (95\u00a0% interval 6,218 to 9,206), under"
    )
    less = refuting(shown="-3.1 %", value=-0.031, low=-0.05, high=-0.01)
    assert words.refuted(less, asked("growth", grows=True)).startswith("Stated: more than 0. Found: \u22123.1 %")


def test_no_other_verdict_and_nothing_withheld_is_refuted() -> None:
    for result in (refuting("true"), refuting("cannot tell"), refuting(withheld=True)):
        assert words.refuted(result, asked("total", within=0.05)) == ""


@pytest.mark.parametrize(("source", "sample", "invented"), [("register", True, True), ("register", False, False),
                                                            ("bres", True, False)])  # fmt: skip
def test_only_what_counts_an_invented_register_is_marked_as_sample(source: str, sample: bool, invented: bool) -> None:
    assert tables.invented({"inputs": [{"sample": sample}, {"sample": False}]}, {"source": source}) is invented
