"""Names that are the same but for the form of an NHS body go to a person; nothing is taken by that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage import decide
from lifecluster.register.linkage.bodies import body
from lifecluster.register.linkage.index import Index, build_index
from lifecluster.register.linkage.link import link, score_pairs
from lifecluster.register.linkage.normalise import read_name
from lifecluster.register.linkage.scorer import Thresholds, shipped
from tests.register.linkage.conftest import ROWS, crowd, frame

TRUSTS = [
    ("RXA", "ORRELDALE TEACHING HOSPITALS NHS FOUNDATION TRUST"), ("RXB", "ORRELDALE CHILDREN'S NHS FOUNDATION TRUST"),
    ("RXC", "MERRIDEW AND BASKIN UNIVERSITY HOSPITAL NHS TRUST"), ("RXD", "PELLOW MENTAL HEALTH NHS TRUST"),
    ("RXE", "PELLOW MENTAL HEALTH NHS FOUNDATION TRUST"), ("RXF", "QUARNDALE NHS TRUST"), ("RXG", "QUARNDALE UNIVERSITY HOSPITALS NHS TRUST"),
    ("01000020", "HESTERING GARDEN TRUST"), ("01000021", "ORRELL VALE NHS TRUST"),
]  # fmt: skip
FORMS = ["NHS Foundation Trust", "NHS Trust", "Foundation Trust", "NHS FT", "NHS", "Trust", ""]


@pytest.fixture(scope="module")
def trusts(tmp_path_factory: pytest.TempPathFactory) -> Index:
    rows: Any = [(number, name, "ZZ1 1ZZ", "", "", []) for number, name in TRUSTS]
    return build_index(frame([*ROWS, *rows, *crowd(600)]), tmp_path_factory.mktemp("trusts"))


def asked(index: Index, **query: str) -> dict[str, Any]:
    """What is said of a query by a model that would leave every pair alone."""
    scorer = replace(shipped(), thresholds=Thresholds(link=1.1, sister=1.1, auto=1.1))
    return link(pl.DataFrame({"id": "q", **query}), index, scorer=scorer).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [
        ("Orreldale Teaching Hospitals", "RXA", "the same but for NHS FOUNDATION TRUST"),
        ("Orreldale Hospitals NHS Trust", "RXA", "the same but for TEACHING NHS FOUNDATION TRUST, where the query has NHS TRUST"),
        ("Orreldale Children's", "RXB", "the same but for NHS FOUNDATION TRUST"),
        ("Orreldale Children's NHS Trust", "RXB", "the same but for NHS FOUNDATION TRUST, where the query has NHS TRUST"),
        ("Baskin & Merridew Hospitals Trust", "RXC", "the same but for UNIVERSITY NHS TRUST, where the query has TRUST"),
        ("Merridew and Baskin Hospital NHS Trust", "RXC", "the same but for UNIVERSITY"),
        ("Quarndale University Hospital", "RXG", "the same but for NHS TRUST"),
        ("Orrell Vale", "01000021", "the same but for NHS TRUST"),
        ("Quarndale NHS", "RXF", "the same but for NHS TRUST, where the query has NHS"),
    ],
)  # fmt: skip
def test_a_trust_is_offered_whatever_its_form(trusts: Index, name: str, number: str, why: str) -> None:
    got = asked(trusts, name=name)
    assert (got["band"], got["company_number"]) == ("review", number)
    assert got["reasons"].endswith(f" | to review: {why}")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"name": "Pellow Mental Health"}, "two trusts are as near"),
        ({"name": "Quarndale"}, "one word is a place as often as a body"),
        ({"name": "Hestering Garden"}, "a trust that is none of the NHS"),
        ({"name": "Orreldale Hospice"}, "other words"),
        ({"name": "Orreldale Children's", "country": "Germany"}, "another country"),
        ({"name": "Orrell Vale", "company_number": "01999999"}, "another company number"),
        ({"name": "Bramlow Ltd - Orreldale Children's Trust - Foo"}, "only a part of the name"),
    ],
)
def test_what_is_not_offered(trusts: Index, query: dict[str, str], why: str) -> None:
    assert asked(trusts, **query)["band"] == "none", why


WORDS = st.sampled_from(
    ["orreldale", "childrens", "hospital", "hospitals", "teaching", "university", "pellow", "health", "garden"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(FORMS))
def test_it_takes_nothing_and_changes_no_other_answer(trusts: Index, words: list[str], form: str) -> None:
    """Against the answer without the rule: the same, or a review in place of none, with the model's probability."""
    queries = pl.DataFrame({"id": "q", "name": " ".join([*words, form])})
    got = link(queries, trusts).row(0, named=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "only_form_apart", lambda *_: {})
        plain = link(queries, trusts).row(0, named=True)
    if got == plain:
        return
    assert (plain["band"], got["band"]) == ("none", "review")
    pairs = score_pairs(queries, trusts)
    (chance,) = pairs.filter(company_number=got["company_number"])["probability"]
    assert got["probability"] == pytest.approx(chance, abs=1e-4)


@given(
    st.lists(st.sampled_from(["quarndale", "merridew", "eye", "hospital", "health"]), min_size=1, max_size=4), st.data()
)
def test_the_form_and_the_order_of_words_make_no_other_body(words: list[str], data: st.DataObject) -> None:
    forms = st.sampled_from(FORMS)
    first = body(read_name(" ".join([*words, data.draw(forms)])).canon)
    mixed = data.draw(st.permutations(words))
    assert body(read_name(" ".join([*mixed, data.draw(forms)])).canon).stem == first.stem
