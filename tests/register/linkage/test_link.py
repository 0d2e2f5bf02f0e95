"""The answer: one row per query, bands, reasons, the sister veto, hostile names."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.link import LINKS, candidates_for, link, link_batch, score_pairs
from lifecluster.register.linkage.scorer import shipped


def answer(index: Index, **query: str) -> dict[str, object]:
    return link(pl.DataFrame({"id": "q", **query}), index).row(0, named=True)


def test_the_plain_case(index: Index) -> None:
    got = answer(index, name="Quendale Pharma Limited", postcode="LS1 4AP", address="9 Mill Ln", town="Leeds")
    assert got["organisation_id"] == "GB-COH-01000003"
    assert got["band"] == "auto"
    assert "postcode agrees" in str(got["reasons"])


def test_a_number_decides(index: Index) -> None:
    for stated in ("01000009", " gb-coh-01000009", "0100 0009"):
        got = answer(index, name="Hexafoil", postcode="S10 2TP", company_number=stated)
        assert (got["company_number"], got["band"]) == ("01000009", "auto")
        assert str(got["reasons"]).startswith("company number agrees: 01000009 | ")
        assert str(got["reasons"]).endswith("taken: the company number decides")


def test_lost_zeros_are_put_back_only_where_the_source_is_marked(index: Index) -> None:
    query = {"name": "Hexafoil", "company_number": "1000009"}
    plain = answer(index, **query)
    assert (plain["company_number"], plain["band"]) == ("01000009", "review")
    assert "states 1000009, which is company number 01000009 if zeros were lost before it" in str(plain["reasons"])
    marked = link(pl.DataFrame({"id": "q", **query, "lost_zeros": True}), index).row(0, named=True)
    assert (marked["company_number"], marked["band"]) == ("01000009", "auto")
    assert "company number agrees: 01000009 (stated as 1000009, its lost zeros put back)" in str(marked["reasons"])
    other = answer(index, name="Tarven Medical Devices", postcode="B1 1AA", company_number="1000007")
    assert (other["company_number"], other["band"]) == ("01000004", "review")
    assert "another company number is stated" in str(other["reasons"])


def test_a_number_against_the_name_goes_to_review(index: Index) -> None:
    got = answer(index, name="Tarven Medical Devices", company_number="01000007")
    assert (got["company_number"], got["band"]) == ("01000007", "review")
    assert "quite another" in str(got["reasons"])


def test_a_sister_company_is_never_linked_without_a_look(index: Index) -> None:
    for name in ("Vesserly Diagnostics Holdings Ltd", "Tarven Medical Devices Group Ltd", "Zorbix Biologics UK Ltd"):
        got = answer(index, name=name, postcode="S10 2TN")
        assert got["band"] != "auto", name


def test_a_number_overrules_the_sister_veto(index: Index) -> None:
    got = answer(index, name="Tarven Medical Devices Group Ltd", company_number="01000004")
    assert got["band"] == "auto"


def test_namesakes_are_told_apart_by_address(index: Index) -> None:
    assert answer(index, name="Hexafoil Ltd", postcode="CV1 1AA", address="3 Mill Lane")["company_number"] == "01000009"
    assert answer(index, name="Hexafoil Ltd", postcode="S10 2TP", address="14 High St")["company_number"] == "01000008"


def test_an_alike_name_elsewhere_is_never_linked_without_a_look(index: Index) -> None:
    near = answer(index, name="Quendlae Pharmaceuticals Ltd", postcode="LS1 4AP")
    far = answer(index, name="Quendlae Pharmaceuticals Ltd", postcode="EX1 1AA")
    plain = answer(index, name="Quendale Pharmaceuticals Ltd", postcode="EX1 1AA")
    assert (near["company_number"], near["band"]) == ("01000003", "auto")
    assert (far["company_number"], far["band"]) == ("01000003", "review")
    assert str(far["reasons"]).endswith("to review: the names are only alike, and the places differ")
    assert str(near["reasons"]).endswith("taken: the names are alike and the place agrees")
    assert str(plain["reasons"]).endswith("taken: the names are the same")
    assert (plain["company_number"], plain["band"]) == ("01000003", "auto")
    assert answer(index, name="Quendalo Pharma SA")["band"] != "auto"


def test_the_register_also_has(index: Index) -> None:
    got = answer(index, name="Zorbix Biologics Ltd", postcode="S10 2TN")
    assert got["company_number"] == "01000001"
    assert "register also has ZORBIX BIOLOGICS HOLDINGS LIMITED" in str(got["reasons"])


@pytest.mark.parametrize(
    "name", ["", "   ", "***", "Ltd", "\U0001f600", "x" * 5000, "株式会社", "((((", "0", "T/A", "&"]
)
def test_hostile_names_get_one_row(index: Index, name: str) -> None:
    got = answer(index, name=name, postcode="nonsense", address=",,,")
    assert got["id"] == "q"
    if got["band"] == "none":
        assert got["organisation_id"] == got["company_number"] == ""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=8)), min_size=1, max_size=12))
def test_one_row_per_query_in_order(index: Index, rows: list[tuple[str, str]]) -> None:
    queries = pl.DataFrame(
        {"id": [str(i) for i in range(len(rows))], "name": [n for n, _ in rows], "postcode": [p for _, p in rows]}
    )
    got = link(queries, index)
    assert got.schema == pl.Schema(LINKS)
    assert got["id"].to_list() == queries["id"].to_list()
    assert got["probability"].is_between(0, 1).all()
    assert ((got["band"] == "none") == (got["organisation_id"] == "")).all()


def test_no_queries_no_rows(index: Index) -> None:
    got = link(pl.DataFrame(schema={"id": pl.String, "name": pl.String}), index)
    assert got.height == 0
    assert got.columns == list(LINKS)


def test_a_query_is_answered_alike_alone_and_in_a_batch(index: Index) -> None:
    names = ["Zorbix Biologics", "Hexafoil Ltd", "Pellow and Trent", "nothing at all", "Vesserly Diagnostics UK"]
    queries = pl.DataFrame({"id": [str(i) for i in range(5)], "name": names})
    together = link(queries, index)
    alone = pl.concat([link(queries.slice(i, 1), index) for i in range(5)])
    assert together.equals(alone)


def test_the_arrow_seam_gives_the_same_answer(index: Index) -> None:
    queries = pl.DataFrame({"id": ["a", "b"], "name": ["Zorbix Biologics", "Macrovan Optical"]})
    batch = queries.to_arrow().combine_chunks().to_batches()[0]
    out = pl.from_arrow(link_batch(batch, index))
    assert isinstance(out, pl.DataFrame)
    assert out.equals(link(queries, index))


def test_progress_is_told(index: Index) -> None:
    seen: list[tuple[int, int]] = []
    link(pl.DataFrame({"id": ["a"], "name": ["x"]}), index, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 1)]


def test_candidates_for_one_query(index: Index) -> None:
    found = candidates_for({"name": "Zorbix Biologics", "postcode": "S10 2TN"}, index, top=3)
    assert found[0]["company_number"] == "01000001"
    assert len(found) <= 3
    chances = [entry["probability"] for entry in found]
    assert chances == sorted(chances, reverse=True)
    assert found[0]["reasons"]


def test_every_pair_can_be_seen(index: Index) -> None:
    pairs = score_pairs(pl.DataFrame({"id": ["a"], "name": ["Zorbix Biologics"]}), index)
    assert pairs["company_number"][0] == "01000001"
    assert pairs["probability"].is_between(0, 1).all()
    assert pairs["probability"].sum() <= 1.0 + 1e-6


def test_the_logistic_fallback_answers_too(index: Index) -> None:
    queries = pl.DataFrame({"id": ["a"], "name": ["Quendale Pharmaceuticals"], "postcode": ["LS1 4AP"]})
    got = link(queries, index, scorer=shipped(trees=False)).row(0, named=True)
    assert got["company_number"] == "01000003"


def test_the_stated_number_is_among_the_reasons(index: Index) -> None:
    query = {"name": "Quendale Pharma Limited", "postcode": "LS1 4AP"}
    assert "company number agrees: 01000003" in str(answer(index, **query, company_number="01000003")["reasons"])
    other = str(answer(index, **query, company_number="01999999")["reasons"])
    assert other.startswith("states company number 01999999, the register has 01000003 | ")
    broken = str(answer(index, **query, company_number="zz 999")["reasons"])
    assert broken.startswith("states 'ZZ 999', which is no company number that a register issues | ")
    assert "number" not in str(answer(index, **query)["reasons"])
