"""What is said of links after clustering: who decided, a rule, a person or an identifier."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.build.decided import as_decided, noted, reworded, unsure_to_review
from lifecluster.build.linking import LINKS
from lifecluster.register.linkage.clustering import CONFLICTS

PAIRS = {"left": pl.String, "right": pl.String, "entry_id": pl.String}
RULE = "taken: the names are the same"
WAITS = "to review: not sure enough (below 0.930)"


def link(record: str, target: str | None, band: str, last: str) -> dict[str, object]:
    return {"record": record, "source": "list", "target": target, "probability": 0.9, "band": band,
            "reasons": f"same name | {last}", "scored": None}  # fmt: skip


def pairs(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame([(*sorted(row), "e") for row in rows], schema=PAIRS, orient="row")


def decided(
    links: list[dict[str, object]], clusters: dict[str, str], *, ids: dict[str, list[str]] | None = None,
    same: pl.DataFrame | None = None, different: pl.DataFrame | None = None, refused: str | None = None,
) -> list[dict[str, object]]:  # fmt: skip
    stated = {record: (ids or {}).get(record, []) for record in clusters}
    conflict = {"kind": "machine refused", "link": "machine", "left": "a", "right": "z", "reason": refused}
    conflicts = pl.DataFrame([conflict] if refused else [], schema=CONFLICTS)
    return as_decided(
        pl.DataFrame(links, schema=LINKS),
        pl.DataFrame({"record": list(clusters), "cluster": list(clusters.values())}),
        records=pl.DataFrame([(record, 0 if record > "m" else None, stated[record]) for record in stated],
                             schema={"record": pl.String, "anchor": pl.Int32, "hard_ids": pl.List(pl.String)}, orient="row"),
        same=pairs() if same is None else same, different=pairs() if different is None else different, conflicts=conflicts,
    ).to_dicts()  # fmt: skip


TOGETHER, APART = {"a": "a", "z": "a"}, {"a": "a", "z": "z"}


def test_what_the_rules_decided_keeps_their_word() -> None:
    assert decided([link("a", "z", "auto", RULE)], TOGETHER)[0]["reasons"] == f"same name | {RULE}"
    assert decided([link("a", "z", "review", WAITS)], APART)[0]["reasons"] == f"same name | {WAITS}"


def test_a_person_put_them_together() -> None:
    got = decided([link("a", "z", "review", WAITS)], TOGETHER, same=pairs(("a", "z")))[0]
    assert (got["band"], got["reasons"]) == ("auto", "same name | taken: a person judged them the same")


def test_an_identifier_put_them_together_and_no_person_is_named() -> None:
    ids = {"a": ["GB-COH-01000001", "X-1"], "z": ["GB-COH-01000001"]}
    got = decided([link("a", "z", "review", WAITS)], TOGETHER, ids=ids)[0]
    assert (got["band"], got["reasons"]) == ("auto", "same name | taken: both state GB-COH-01000001")


def test_other_records_put_them_together() -> None:
    got = decided([link("a", "z", "review", WAITS)], TOGETHER, ids={"a": ["X-1"], "z": ["X-2"]})[0]
    assert (got["band"], got["reasons"]) == (
        "auto",
        "same name | taken: other records of the organisation join the two",
    )


def test_what_the_machine_did_not_find_but_an_identifier_or_a_person_did() -> None:
    nothing = link("a", None, "none", "x") | {"reasons": "nothing in the register is near enough (nearest: X)"}
    ids = {"a": ["GB-UKPRN-1"], "z": ["GB-UKPRN-1"]}
    by_id, by_person = decided([nothing], TOGETHER, ids=ids)[0], decided([nothing], TOGETHER, same=pairs(("a", "z")))[0]
    assert [(row["band"], row["target"]) for row in (by_id, by_person)] == [("auto", "z")] * 2
    assert str(by_id["reasons"]).endswith(" | taken: both state GB-UKPRN-1")
    assert str(by_person["reasons"]).endswith(" | taken: a person judged them the same")
    assert decided([nothing], APART, ids=ids)[0] == nothing
    assert decided([nothing], {"a": "a", "b": "a"})[0] == nothing


def test_what_holds_a_sure_link_back_is_said() -> None:
    why = "they belong to two live companies, 01000001 and 01000002"
    got = decided([link("a", "z", "auto", RULE)], APART, refused=why)[0]
    assert (got["band"], got["target"], got["reasons"]) == ("review", "z", f"same name | to review: {why}")


def test_a_person_kept_them_apart() -> None:
    got = decided([link("a", "z", "auto", RULE)], APART, different=pairs(("a", "z")))[0]
    assert (got["band"], got["target"], got["reasons"]) == ("none", None, "same name | a person judged them different")


def test_a_person_who_was_unsure() -> None:
    links = pl.DataFrame([link("a", "z", "auto", RULE), link("b", "z", "auto", RULE), link("c", "z", "review", WAITS)],
                         schema=LINKS)  # fmt: skip
    doubted = pairs(("a", "z"), ("c", "z"), ("a", "z"))
    got = unsure_to_review(links, doubted)
    assert got["band"].to_list() == ["review", "auto", "review"]
    assert got["reasons"].to_list() == ["same name | to review: a person looked and was unsure", f"same name | {RULE}",
                                        f"same name | {WAITS}"]  # fmt: skip


@pytest.mark.parametrize("last", [RULE, WAITS, "a person judged them different"])
def test_a_note_stands_before_the_verdict(last: str) -> None:
    frame = pl.DataFrame({"reasons": [f"same name | {last}", last]})
    got = frame.select(reasons=noted(pl.lit("works there")))["reasons"].to_list()
    if last in (RULE, WAITS):
        assert got == [f"same name | works there | {last}", f"works there | {last}"]
    else:
        assert got == [f"same name | {last} | works there", f"{last} | works there"]


@given(
    st.lists(st.sampled_from(["same name", "postcode agrees", "same town"]), max_size=3), st.sampled_from([RULE, WAITS])
)
def test_only_the_verdict_is_replaced(said: list[str], verdict: str) -> None:
    frame = pl.DataFrame({"reasons": [" | ".join([*said, verdict])]})
    assert frame.select(r=reworded(pl.lit("taken: x")))["r"][0] == " | ".join([*said, "taken: x"])
    assert frame.select(r=reworded(pl.lit(None, pl.String)))["r"][0] == frame["reasons"][0]


@given(st.permutations(["auto", "review", "none"]), st.booleans(), st.booleans(), st.booleans())
def test_no_person_is_named_where_nobody_judged(bands: list[str], joined: bool, ids: bool, refused: bool) -> None:
    rows = [link("a", None if band == "none" else "z", band, RULE if band == "auto" else WAITS) for band in bands]
    got = decided(rows, TOGETHER if joined else APART, ids={"a": ["X"], "z": ["X"]} if ids else None,
                  refused="x" if refused else None)  # fmt: skip
    assert all("person" not in str(row["reasons"]) for row in got)
    assert [row["band"] for row in got if row["target"] is None] == ([] if joined else ["none"])
