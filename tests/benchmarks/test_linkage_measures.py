import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage.evaluate import (
    Score,
    best_f1_threshold,
    bootstrap_f1,
    evaluate,
    evaluate_fixed,
    join_answers,
    precise_threshold,
    wilson_lower,
)
from benchmarks.linkage.table import by_class, markdown, summary

ROWS = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=40)


def answers_of(rows: list[tuple[int, bool, bool, bool]]) -> pl.DataFrame:
    """Rows of score, answered, has_match, right (if the others allow)."""
    return pl.DataFrame(
        {
            "score": [float(s) if a else -math.inf for s, a, _, _ in rows],
            "answered": [a for _, a, _, _ in rows],
            "has_match": [m for _, _, m, _ in rows],
            "right": [a and m and r for _, a, m, r in rows],
        }
    )


def at(answers: pl.DataFrame, threshold: float) -> Score:
    return Score.of(answers.with_columns(linked=pl.col("answered") & (pl.col("score") >= threshold)))


@given(ROWS)
def test_the_best_threshold_is_the_best_of_all(rows: list[tuple[int, bool, bool, bool]]) -> None:
    answers = answers_of(rows)
    best = max(at(answers, t).f1 for t in range(7))
    assert at(answers, best_f1_threshold(answers)).f1 == pytest.approx(best)


@given(ROWS, st.sampled_from([0.5, 0.8, 0.99]))
def test_the_precise_threshold_is_the_lowest_that_will_do(rows: list[tuple[int, bool, bool, bool]], p: float) -> None:
    answers = answers_of(rows)
    threshold = precise_threshold(answers, p, cautious=False)
    good = [t for t in range(7) if at(answers, t).linked and at(answers, t).precision >= p]
    assert at(answers, threshold).recall == max((at(answers, t).recall for t in good), default=0.0)
    assert precise_threshold(answers, p, cautious=True) >= threshold


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_s_bound_is_below_the_share(right: int, wrong: int) -> None:
    bound = wilson_lower(right, right + wrong)
    assert bound + 1e-12 >= 0.0
    assert right + wrong == 0 or bound <= right / (right + wrong)


def test_wilson_s_bound_solves_its_own_equation() -> None:
    z, share, n = 1.96, 0.81, 263
    bound = wilson_lower(213, n, z)
    share = 213 / n
    assert (share - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / n))


def test_no_answers_score_nothing() -> None:
    answers = answers_of([(0, False, True, False)])
    assert best_f1_threshold(answers) == math.inf
    assert precise_threshold(answers, 0.99, cautious=True) == math.inf
    assert at(answers, math.inf) == Score(0.0, 0.0, 0.0, 0, 0, 1)


LABELS = pl.DataFrame({"id": ["Q1", "Q2", "Q3", "Q4"], "company_number": ["A", "B", None, ""]})
META = pl.DataFrame(
    {
        "id": ["Q1", "Q2", "Q3", "Q4"],
        "noise_class": ["typo", "typo", "clean", "clean"],
        "address_class": ["same", "none", "same", "none"],
        "kind": ["match", "match", "absent", "absent_sibling"],
    }
)
LINKS = pl.DataFrame({"id": ["Q1", "Q2", "Q4"], "company_number": ["A", "X", "Y"], "score": [0.9, 0.8, 0.7]})


def test_answers_are_joined_to_the_truth() -> None:
    answers = join_answers(LINKS, LABELS, META)
    assert answers["id"].to_list() == LABELS["id"].to_list()
    assert answers["right"].to_list() == [True, False, False, False]
    assert answers["has_match"].to_list() == [True, True, False, False]
    assert answers["answered"].to_list() == [True, True, False, True]
    assert answers["tuning"].to_list() == [True, False, True, False]


def test_blank_answers_are_no_answers() -> None:
    links = pl.DataFrame({"id": ["Q1", "Q2"], "company_number": ["", None], "score": [0.9, None]})
    assert not join_answers(links, LABELS, META)["answered"].any()


def test_two_answers_or_an_unknown_id_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        join_answers(pl.concat([LINKS, LINKS]), LABELS, META)
    with pytest.raises(ValueError, match="not asked"):
        join_answers(LINKS.with_columns(id=pl.col("id") + "9"), LABELS, META)


def test_measures_of_a_tiny_set() -> None:
    measures = evaluate(join_answers(LINKS, LABELS, META))
    assert measures["threshold"] == 0.9
    assert (measures["precision"], measures["recall"], measures["f1"]) == (0.0, 0.0, 0.0)
    assert measures["r_at_p99"] == {"recall": 0.0, "precision": 0.0}
    assert measures["sibling_false_links"] == 0.0
    assert measures["f1_by_noise_class"] == {"clean": 0.0, "typo": 0.0}


def test_own_bands_are_scored_on_all_queries() -> None:
    links = LINKS.with_columns(band=pl.Series(["auto", "review", "auto"]))
    measures = evaluate_fixed(join_answers(links, LABELS, META))
    assert (measures["precision"], measures["recall"]) == (0.5, 0.5)
    assert measures["sibling_false_links"] == 1.0
    assert measures["absent_false_links"] == 0.0
    assert measures["precision_with_review"] == pytest.approx(1 / 3)


def test_the_bootstrap_interval_holds_the_estimate_and_depends_on_the_seed_alone() -> None:
    answers = answers_of([(3, True, True, i % 4 > 0) for i in range(200)]).with_columns(linked=pl.lit(value=True))
    low, high = bootstrap_f1(answers, seed=1, rounds=300)
    assert low < Score.of(answers).f1 < high
    assert (low, high) == bootstrap_f1(answers, seed=1, rounds=300)


def test_tables_are_markdown() -> None:
    assert markdown(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"
    run = {"tool": "none", "size": 4, "seconds": 1.2, "peak_mb": 1234.0}
    run["measures"] = evaluate(join_answers(LINKS, LABELS, META))
    assert "| 4 none | 0.000 |" in summary([run])
    assert "| typo | 0.000 |" in by_class([run], "noise_class")
