"""Searching by words, with slips of the hand, on either database."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.web.region import write_region
from lifecluster.web.directory.loading.texts import fold, lexicon, rest
from lifecluster.web.directory.models import Document, Package
from lifecluster.web.directory.search import Query, results, search, suggest
from lifecluster.web.directory.search.index import index_of
from lifecluster.web.directory.search.text import corrections, find
from lifecluster.web.directory.viewer import ANYBODY
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said
from tests.web.directory.making import small as make_small


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bêta & Söhne, Ltd.", "beta sohne ltd"),
        ("CLEAN-ROOM  ISO 7", "clean room iso 7"),
        ("“Straße”", "strasse"),
        ("ﬁne ①", "fine 1"),
        ("Ελλάδα", "ελλαδα"),
        ("\u202eevil\u202c", "evil"),
        ("a\x00b", "a b"),
        ("", ""),
        ("%_\"'*", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(text=st.text(max_size=60))
def test_folding_again_changes_nothing_and_leaves_no_sign(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert not set(once) & set("\"'%_*\\|\x00")
    assert "  " not in once


def test_pieces_that_are_known_already_are_left_out() -> None:
    assert rest("a | b | c", "b | x") == "a | c"
    assert rest("a", "a") == ""


def test_the_lexicon_begins_with_what_is_frequent() -> None:
    assert lexicon(["iso clean room", "clean water 123 ab"]).split("\n") == ["clean", "iso", "room", "water"]


def found(text: str, **more: Any) -> list[str]:
    return results(Query.parse({"q": text, **more}), None).uids()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("alpha", "alpha"),
        ("ALPHA medical", "alpha"),
        ("beta", "beta"),
        ("BÊTA", "beta"),
        ("old first", "alpha"),
        ("alphamed", "alpha"),
        ("ZZ000002", "beta"),
        ("injection moulding", "alpha"),
        ("clean-room", "alpha"),
        ("LE1 1AA", "alpha"),
        ("birmingham", "gamma"),
        ("inhaler", "alpha"),
        ("nhaler par", "alpha"),
        ("al", "alpha"),
        ("g", "gamma"),
        ("clean room iso 7", "alpha"),
        ("medical l", "alpha"),
        ("manufacture nottingham infection", "beta"),
    ],
)
def test_found_by(small: Package, text: str, first: str) -> None:
    assert found(text)[0] == org(first)


@pytest.mark.parametrize(
    ("typed", "first", "meant"),
    [
        ("inhalor", "alpha", "inhaler"),
        ("infecton", "beta", "infection"),
        ("therapeutcs", "epsilon", "therapeutics"),
        ("injektion molding", "alpha", "injection moulding"),
        ("univeristy", "gamma", "university"),
        ("notingham clean", "alpha", "nottingham clean"),
    ],
)
def test_slips_are_forgiven_and_said(small: Package, typed: str, first: str, meant: str) -> None:
    page = results(Query(q=typed), None)
    assert page.uids()[0] == org(first)
    assert page.corrected == meant


def test_what_nobody_has_is_not_found(small: Package) -> None:
    for text in ("zzzzqqq", "12345678", "xy", "alpha zzzzqqq"):
        page = results(Query(q=text), None)
        assert (page.total, page.corrected) == (0, "")


def test_those_whose_name_is_meant_come_first(database: None, tmp_path: Path) -> None:
    extra = said(org("z1"), {"name": "Alphabet Soup"}) + said(org("z2"), {"name": "Alpha"})
    extra += said(org("z3"), {"name": "The Alpha House"}) + said(
        org("z4"), {"name": "Zeta", "description": "like alpha"}
    )
    extra += said(org("z5"), {"name": "Neoalpha"})
    load(make_small(tmp_path, "ranked", extra=extra).path)
    assert found("alpha") == [org(k) for k in ("z2", "alpha", "z1", "z3", "z5", "z4")]


def test_hostile_texts_do_no_harm(database: None, tmp_path: Path) -> None:
    name = "<script>alert('x')</script> \u202eRTL " + "é" * 500 + ' 😀 100% _"MATCH* OR NEAR('
    load(make_small(tmp_path, "hostile", extra=said(org("h"), {"name": name, "company_number": "N" * 300})).path)
    for text in (
        name,
        '"',
        "'; DROP TABLE directory_document; --",
        "* OR text:",
        "NEAR(a b)",
        "%",
        "_",
        "😀",
        "a" * 5000,
        "\x00",
    ):
        results(Query.parse({"q": text}), None)
        search(text, None)
        suggest(text, None)
    assert found("script alert")[0] == org("h")
    assert found("éééé")[0] == org("h")


@pytest.fixture
def region(database: None, tmp_path: Path) -> Package:
    return load(write_region(tmp_path, organisations=80, seed=9).path)


def test_words_are_found_as_by_going_through_all_texts(region: Package) -> None:
    texts = {d.pk & 0xFFFFFF: d.text for d in Document.objects.all()}
    words = sorted({word for text in texts.values() for word in text.split()})
    index = index_of(region, ANYBODY)

    @settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(words), min_size=1, max_size=3), st.integers(0, 3), st.integers(3, 9))
    def check(chosen: list[str], start: int, length: int) -> None:
        pieces = [piece for word in chosen if len(piece := word[start : start + length]) >= 3]
        if pieces:
            hits = {number for number, text in texts.items() if all(piece in text for piece in pieces)}
            assert set(members(find(index, " ".join(pieces), mend=False).numbers)) == hits

    check()


def members(bits: int) -> list[int]:
    return [n for n in range(bits.bit_length()) if bits >> n & 1]


def test_one_slip_in_a_longer_word_is_mended(region: Package) -> None:
    index = index_of(region, ANYBODY)
    words = [word for word in index.lexicon if len(word) >= 8 and word.isalpha()][:60]
    mended = 0
    for word in words:
        slips = (
            word[:3] + word[4:],
            word[:4] + word[3] + word[4:],
            word[:3] + word[4] + word[3] + word[5:],
            word[:4] + "q" + word[5:],
        )
        mended += all(slip == word or word in corrections(index, slip) for slip in slips)
    assert mended >= 0.95 * len(words)


def test_as_you_type(small: Package) -> None:
    first = suggest("inj", None)[0]
    assert (first.kind, first.label, first.query) == (
        "capability",
        "Injection moulding",
        "capability=injection-moulding",
    )
    assert [s.uid for s in suggest("alph", None) if s.uid] == [org("alpha")]
    assert suggest("a", None) == []
    assert suggest("   ", None) == []
    assert not [s for s in suggest("delta", None) if s.uid], "ended ones are not offered"
    assert len(suggest("me", None, limit=2)) <= 2


def test_searching_alone(small: Package) -> None:
    hit = search("alpha medical limited", None)[0]
    assert (hit.uid, hit.score, hit.note) == (org("alpha"), 1.0, "Leicester")
    assert search(org("beta").lower().replace("-", " "), None)[0].uid == org("beta")
    assert search("delta", None)[0].note == "ended 2024"
    assert search("delta", None, ended=False) == []
    assert search("", None) == []
