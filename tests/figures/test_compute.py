"""A claim computed: what decides, what is told, and the same result whenever it is asked."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.figures.claim import Says, claims, load_claim
from lifecluster.figures.inputs import from_folder, shipped
from lifecluster.figures.measure import estimate
from lifecluster.figures.places import Place
from lifecluster.figures.result import number, written
from lifecluster.figures.sentence import filled, ordinal
from tests.test_docs import ROOT

from .kit import AT, basis, run


@pytest.mark.parametrize("claim", claims(), ids=lambda c: c.name)
def test_the_same_question_has_the_same_answer(claim):
    assert run(claim, "west-midlands").to_dict() == run(claim, "west-midlands").to_dict()


def test_the_first_basis_that_can_be_computed_decides():
    result = run("largest-medtech", "west-midlands")
    assert result.deciding.basis.source == "sector-figures"
    assert result.bases[0].verdict.word == "cannot tell"
    assert run("jobs", "midlands").deciding.basis.definition == "dbt-sic"
    assert run("largest-by-companies", "midlands").deciding is None


def test_a_probability_is_one_and_a_range_is_in_order():
    for claim in claims():
        for region in ("midlands", "south-east", "united-kingdom"):
            for found in run(claim, region).bases:
                figure = found.figure
                for p in (figure.probability, figure.by_rounding):
                    assert p is None or 0 <= p <= 1
                if figure.low is not None and figure.high is not None:
                    assert figure.low <= figure.high
                if figure.least is not None and figure.most is not None:
                    assert figure.least <= figure.most


def test_the_recipe_names_claim_definitions_place_and_year():
    seen = {run("jobs", "midlands").recipe, run("jobs", "north-west").recipe, run("jobs", "midlands", year="2019").recipe,
            run("jobs", "midlands", stated=8000.0).recipe, run("sites", "midlands").recipe}  # fmt: skip
    assert len(seen) == 5


def test_inputs_are_named_with_their_hash():
    result = run("jobs", "south-east")
    assert {o.table for o in result.origins} == {"jobs", "sector_figures"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", o.sha256) for o in result.origins)
    assert result.to_dict()["at"] == AT.isoformat()


def test_a_stated_number_is_tested_to_within_the_tolerance():
    near, far = (
        run("jobs", "midlands", year="2019", stated=10190.0),
        run("jobs", "midlands", year="2019", stated=40000.0),
    )
    rows = basis(run("jobs", "midlands", year="2019"), "bres/dbt-sic/jobs").rows
    within = estimate("total", rows, Says(within=0.1)).probability
    assert near.deciding.figure.probability == pytest.approx(within, abs=0.002)
    assert far.verdict.word == "false"
    assert near.sentence.startswith("10,190")
    share = run("share-of-uk-turnover", "midlands", stated=0.1)
    assert share.verdict.word == "true"
    assert share.sentence.startswith("10.0 %")
    assert run("share-of-uk-turnover", "midlands", stated=0.2).verdict.word == "false"
    with pytest.raises(LifeclusterError, match="no rank"):
        run("second-largest-employer", "midlands", stated=1.5)


def test_a_place_that_is_not_made_of_regions_has_no_rank():
    found = basis(run("second-largest-employer", "south-yorkshire"), "bres/dbt-sic/jobs")
    assert "whole regions" in found.refused
    assert run("jobs", "south-yorkshire").bases[0].figure.value > 0


def test_a_place_of_single_authorities_has_no_statistics():
    from lifecluster.figures.compute import compute

    odd = Place("odd", "Odd", (), frozenset({"E06000018"}), whole=False)
    result = compute(load_claim("jobs"), odd, shipped(), at=AT)
    assert "not made of whole ITL areas" in result.bases[0].refused
    assert result.verdict.word == "cannot tell"


def test_bases_that_disagree_are_told():
    found = run("jobs", "midlands", year="2019", stated=10190.0)
    assert {b.verdict.word for b in found.bases} == {"cannot tell", "false"}
    assert found.agree  # those that can tell say one thing
    assert run("largest-by-turnover", "east-of-england").agree


@pytest.mark.parametrize(("rank", "word"), [(1, "largest"), (2, "second-largest"), (7, "7th-largest"), (11, "11th-largest"),
                                            (21, "21st-largest"), (22, "22nd-largest"), (13, "13th-largest")])  # fmt: skip
def test_ranks_in_words(rank, word):
    assert ordinal(rank) == word


def test_numbers_for_people():
    assert written("jobs", Fraction(7645)) == "7,645"
    assert written("turnover", Fraction(106, 10)) == "10.6"
    assert written("turnover", Fraction(7)) == "7.0"
    assert (number(Fraction(3)), number(Fraction(1, 4)), number(None)) == (3, 0.25, None)


def test_slots_that_have_nothing_to_say():
    claim = load_claim("jobs")
    from lifecluster.figures.places import place

    assert filled(claim, place("midlands"), None) == "Jobs in the life sciences: not known for the Midlands"


def test_a_folder_without_statistics_changes_nothing(tmp_path):
    (tmp_path / "note.txt").write_text("nothing", "utf-8")
    inputs = from_folder(tmp_path)
    assert inputs.origins == shipped().origins
    assert run("jobs", "midlands", inputs=inputs).to_dict() == run("jobs", "midlands").to_dict()


def test_the_program_of_the_how_to_runs(capsys):
    text = (ROOT / "docs/how-to/check-a-claim.md").read_text("utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, flags=re.S)
    exec(program, {})
    assert "7,645 jobs in the life sciences in the Midlands" in capsys.readouterr().out


def test_the_explanation_shows_a_claim_as_it_ships():
    text = (ROOT / "docs/explanation/claims.md").read_text("utf-8")
    import yaml

    shown = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", text, flags=re.S)[0])
    real = load_claim("second-largest-employer").model_dump(mode="json", exclude_defaults=True)
    assert {k: v for k, v in shown.items() if k not in {"method", "league"}} == {
        **real, "bases": [{k: v for k, v in b.items() if k in {"source", "definition", "quantity", "measure"}} for b in real["bases"]]}  # fmt: skip


def test_coverage_makes_a_rank_less_sure_and_says_why():
    claim = load_claim("largest-by-turnover")
    cover = {"low": 1.0, "high": 1.6, "why": "an invented share of firms that are not covered"}
    wide = claim.model_copy(
        update={"bases": (claim.bases[0].model_validate({**claim.bases[0].model_dump(), "coverage": cover}),)}
    )
    sure, less = (basis(run(c, "east-of-england"), "sector-figures/bahtss/all/turnover") for c in (claim, wide))
    assert sure.figure.probability == pytest.approx(1)
    assert 0.3 < less.figure.probability < 0.99
    assert less.figure.by_rounding == sure.figure.by_rounding
    assert (less.figure.least, less.figure.most) == (sure.figure.least, sure.figure.most)
    assert any("invented share" in note for note in less.to_dict()["notes"])
    assert less.figure.value == sure.figure.value


def test_a_coverage_that_is_upside_down_is_refused():
    from pydantic import ValidationError

    from lifecluster.figures.claim import Coverage

    with pytest.raises(ValidationError, match="above high"):
        Coverage(low=1.2, high=1.1, why="because of something")


def test_shares_and_growths_are_shown_in_per_cent():
    assert run("share-of-uk-turnover", "midlands").to_dict()["bases"][0]["shown"] == "9.8 %"
    assert run("growth-of-jobs", "midlands").to_dict()["bases"][0]["shown"] == "+1.9 %"
    assert run("second-largest-employer", "midlands").to_dict()["bases"][0]["shown"] == "6"
