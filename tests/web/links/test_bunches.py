"""Similar pairs stand together, in an order that depends on the pairs alone."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.links.bunches import Asked, in_order

WORDS = ("Quarndale", "Bramlow", "Medicines", "Ltd", "Bio", "Hestering")
ASKED = st.builds(
    Asked,
    record=st.integers(0, 30).map(lambda n: f"list/organisation:{n}"),
    target=st.integers(0, 8).map(lambda n: f"companies-house/organisation:{n}"),
    name=st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    target_name=st.sampled_from(WORDS),
    reasons=st.sampled_from(["", "same name, another legal form", "name alike | to review: no place agrees"]),
    probability=st.one_of(st.none(), st.floats(0, 1)),
    here=st.booleans(),
)
PAIRS = st.lists(ASKED, max_size=25, unique_by=lambda pair: pair.record)


def asked(record: str, target: str, name: str, reasons: str = "", probability: float = 0.9) -> Asked:
    return Asked(record, target, name, f"{target} Limited", reasons, probability)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_pairs_and_loses_none(pairs: list[Asked], chance: random.Random) -> None:
    ordered = in_order(pairs, frozenset({"medicines"}))
    assert sorted(pair.record for pair, _ in ordered) == sorted(pair.record for pair in pairs)
    mixed = pairs[:]
    chance.shuffle(mixed)
    assert in_order(mixed, frozenset({"medicines"})) == ordered


@given(PAIRS)
def test_bunches_are_whole_and_in_order(pairs: list[Asked]) -> None:
    """Each bunch stands in one piece; within it, and from bunch to bunch, the more important comes first; others last."""
    ordered = in_order(pairs)
    titles = [title for _, title in ordered]
    pieces = [title for i, title in enumerate(titles) if i == 0 or titles[i - 1] != title]
    assert len(pieces) == len(set(pieces))
    assert "" not in pieces[:-1]
    heads = []
    for title in pieces:
        members = [pair.pressing for pair, of in ordered if of == title]
        assert members == sorted(members)
        assert len(members) > 1 or not title
        heads += [members[0]] if title else []
    assert heads == sorted(heads)


def test_the_target_a_telling_word_and_the_kind_of_difference_bring_together() -> None:
    pairs = [
        asked("1", "T1", "Vellmoor Imaging"),
        asked("2", "T1", "Something else"),
        asked("3", "T3", "Kestrel Bio", probability=0.8),
        asked("4", "T4", "KESTREL Medicines", probability=0.7),
        asked("5", "T5", "Fennel Medicines", "read as FENNEL", probability=0.6),
        asked("6", "T6", "Ashby Medicines", "read as ASHBY", probability=0.5),
        asked("7", "T7", "Lone Medicines", probability=0.99),
    ]
    found = [(pair.record, title) for pair, title in in_order(pairs, frozenset({"medicines"}))]
    part = "a part of the name agrees"
    assert found == [("1", "T1 Limited"), ("2", "T1 Limited"), ("3", "Kestrel"), ("4", "Kestrel"), ("5", part),
                     ("6", part), ("7", "")]  # fmt: skip


def test_what_leads_to_an_organisation_of_the_register_comes_first() -> None:
    away, here = asked("1", "T1", "Aaaa", probability=0.99), Asked("2", "T2", "Bbbb", "T2", "", 0.4, here=True)
    assert [pair.record for pair, _ in in_order([away, here])] == ["2", "1"]
