"""Claims as data: those that ship are whole, and a file that is wrong says where."""

from __future__ import annotations

import pytest
import yaml

from lifecluster.errors import InputError
from lifecluster.figures.claim import Claim, claims, load_claim, read_claim
from lifecluster.figures.explain import asserts, explained
from lifecluster.figures.inputs import TABLES

GOOD = {
    "name": "mine", "title": "Mine", "sentence": "{n} jobs in {region}", "kind": "total", "says": {"within": 0.1},
    "bases": [{"source": "bres", "definition": "dbt-sic", "quantity": "jobs"}], "disclosure": "official_cells",
    "why": "because it is asked",
}  # fmt: skip


def write(folder, **changes):
    path = folder / "mine.yml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}), "utf-8")
    return path


def test_the_claims_that_regions_make_are_there():
    found = {claim.name: claim for claim in claims()}
    kinds = {claim.kind for claim in found.values()}
    assert kinds == {"total", "share", "growth", "rank"}
    for name in ("businesses", "sites", "jobs", "share-of-gb-jobs", "share-of-uk-turnover", "largest-by-companies",
                 "second-largest-employer", "growth-of-jobs", "medical-schools", "high-skilled-share", "companies-medtech",
                 "companies-biopharma"):  # fmt: skip
        assert name in found
    assert {b.source for claim in found.values() for b in claim.bases} == {*TABLES, "register", "medical-schools"}


@pytest.mark.parametrize("claim", claims(), ids=lambda c: c.name)
def test_a_shipped_claim_says_gb_where_its_data_is_gb(claim):
    if (
        claim.kind in {"share", "growth"}
        and claim.bases[0].source in {"bres", "uk-business-counts"}
        and claim.kind == "share"
    ):
        assert "Great Britain" in claim.sentence
        assert "UK" not in claim.sentence
    if claim.bases[0].source == "bres":
        assert claim.league == "gb-regions"
    assert "{region}" in claim.sentence
    assert asserts(claim).endswith(".")


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"sentence": "{m} jobs in {region}"}, "slots that do not exist"), ({"says": {"rank": 1}}, "cannot say that"),
     ({"says": {}}, "says one thing"), ({"says": {"within": 0.1, "at_least": 4}}, "says one thing"),
     ({"kind": "growth"}, "names its base"), ({"disclosure": "anything"}, "no measure"), ({"colour": "red"}, "colour"),
     ({"bases": GOOD["bases"] * 2}, "two bases are the same"), ({"bases": []}, "bases"),
     ({"bases": [{"source": "bres", "quantity": "jobs"}]}, "names its definition"),
     ({"bases": [{"source": "bres", "definition": "bahtss", "quantity": "jobs"}]}, "no list of industries"),
     ({"bases": [{"source": "bres", "definition": "no-such", "quantity": "jobs"}]}, "there is no definition"),
     ({"bases": [{"source": "bres", "definition": "dbt-sic", "segment": "x", "quantity": "jobs"}]}, "no segment"),
     ({"bases": [{"source": "sector-figures", "quantity": "jobs"}]}, "names its measure"),
     ({"name": "other"}, "the file should be too"), ({"says": {"grows": False}}, "says one thing")],
)  # fmt: skip
def test_a_claim_that_is_wrong_says_where(tmp_path, changes, told):
    with pytest.raises(InputError, match=told) as caught:
        read_claim(write(tmp_path, **changes))
    assert "mine.yml" in str(caught.value)


def test_a_claim_of_ones_own(tmp_path):
    write(tmp_path)
    assert load_claim("mine", tmp_path).bases[0].label == "bres/dbt-sic/jobs"
    with pytest.raises(InputError, match="there are businesses"):
        load_claim("mine")


def test_the_recipe_changes_with_anything_that_matters(tmp_path):
    one = read_claim(write(tmp_path)).recipe()
    assert set(one["definitions"]) == {"dbt-sic"}
    assert one != read_claim(write(tmp_path, says={"within": 0.2})).recipe()
    assert one == read_claim(write(tmp_path)).recipe()


def test_an_explanation_tells_definitions_rule_and_history():
    told = explained(load_claim("jobs"))
    assert [b["definition"] for b in told["bases"]] == ["dbt-sic", "scottish-sic", "bahtss", "bahtss"]
    assert told["disclosure"]["measure"] == "official_cells"
    assert "0.95" in told["verdicts"]
    assert told["history"] == []
    assert all(b["effect"] for b in told["bases"])


def test_what_every_kind_asserts():
    said = {claim.name: asserts(claim) for claim in claims()}
    assert said["second-largest-employer"] == "One region has more, and all others no more."
    assert said["jobs"].startswith("Nothing by itself")
    assert said["jobs"].endswith("the truth lies within 10% of it.")
    assert said["growth-of-jobs"] == "It is more than before."
    at_least = Claim.model_validate({**GOOD, "says": {"at_least": 100}})
    assert asserts(at_least) == "It is 100 or more."
