"""Names to their normal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.fold import fold, repair_mojibake
from lifecluster.register.linkage.normalise import (
    CUT,
    FULL,
    TAIL,
    TRADING,
    Reading,
    acronyms,
    join_initials,
    read_name,
    readings,
    shorten,
    without_town,
)

NAMES = st.text(
    alphabet=st.sampled_from(list("ABCDEFGHIKLMNOPRSTUVWXYZabcdeilmnost 0123456789&'.,-()/éÃ©üПр?*")), max_size=40
)
LEGAL = st.sampled_from([" LTD", " LIMITED", " plc", " GmbH", " L.L.P.", "", " (THE)", ",LIMITED", " C.I.C."])


@given(st.text(max_size=60))
def test_fold_is_idempotent_and_plain(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert once == " ".join(once.split())


@given(NAMES, LEGAL)
def test_normal_form_is_idempotent(name: str, legal: str) -> None:
    once = read_name(name + legal)
    again = read_name(once.core)
    assert again.core == once.core
    assert shorten(once.canon) == once.canon


@given(NAMES)
def test_every_text_has_a_plain_reading_first_and_no_repeats(name: str) -> None:
    found = readings(name)
    assert found
    cores = [reading.core for reading in found]
    assert len(set(cores)) == len(cores)
    if found[0].kind == FULL:
        assert found[0].core == read_name(name).core


@pytest.mark.parametrize(
    ("text", "core", "legal"),
    [
        ("Foo Bar Limited", "foo bar", "LTD"),
        ("FOO BAR LIMITED(THE)", "foo bar", "LTD"),
        ("FOO BAR ,LIMITED", "foo bar", "LTD"),
        ("The Foo Bar P.L.C.", "foo bar", "PLC"),
        ("FARMERS (FOO)LIMITED", "farmers foo", "LTD"),
        ("Foo & Bar L.L.P.", "foo bar", "LLP"),
        ("Foo Gesellschaft mit beschränkter Haftung", "foo", "GMBH"),
        ("Foo Sp. z o.o.", "foo", "SPZOO"),
        ("ООО Ромашка", "romashka", "OOO"),
        ("Foo Limted", "foo", "LTD"),
        ("Foo C.I.C.", "foo", "CIC"),
        ("LIMITED", "limited", ""),
        ("", "", ""),
        ("J P MORGAN Ltd", "jp morgan", "LTD"),
        ("ST MARY'S Ltd", "st marys", "LTD"),
    ],
)
def test_legal_form_is_split_off(text: str, core: str, legal: str) -> None:
    reading = read_name(text)
    assert (reading.core, reading.legal) == (core, legal)


@pytest.mark.parametrize("text", ["Café Rouge", "Société Générale", "Łódź Zürich", "O’Neill"])
def test_mojibake_is_undone(text: str) -> None:
    broken = text.encode("utf-8").decode("cp1252", errors="ignore")
    if broken.encode("cp1252").decode("utf-8", errors="ignore") == text:
        assert repair_mojibake(broken) == text
    assert repair_mojibake(text) == text


def test_mojibake_in_title_case() -> None:
    assert fold("tã–rpey") == "torpey"


@pytest.mark.parametrize(
    ("text", "core", "kind"),
    [
        ("000041UCL HOSPITALS", "ucl hospitals", CUT),
        ("V12345 - Acme Widgets Ltd", "acme widgets", CUT),
        ("Foo Ltd Sheffield", "foo", CUT),
        ("Foo Widgets Ltd - Accounts Payable", "foo widgets", CUT),
        ("Foo Widgets accounts payable", "foo widgets", CUT),
        ("Foo Widgets Ltd (DO NOT USE)", "foo widgets", CUT),
        ("2V5044 - Foo Widgets Ltd", "foo widgets", TRADING),
        ("Foo Ltd - Bar Widgets Ltd", "bar widgets", TRADING),
        ("Foo Widgets - Bar Ltd", "bar", TAIL),
        ("F. Foo - La Bar Ltd", "la bar", TAIL),
        ("Foo Ltd T/A Bar", "bar", TRADING),
        ("Foo Ltd trading as Bar", "foo", TRADING),
        ("The Bar (Foo Widgets Limited)", "foo widgets", TRADING),
        ("Bar c/o Foo Ltd", "foo", TRADING),
        ("Foo Ltd (formerly Bar Ltd)", "bar", TRADING),
    ],
)
def test_messy_names_have_a_reading_that_is_the_company(text: str, core: str, kind: int) -> None:
    found = {reading.core: reading.kind for reading in readings(text)}
    assert found.get(core) == kind


def test_a_place_in_brackets_before_the_legal_form_belongs_to_the_name() -> None:
    assert [reading.core for reading in readings("CHUTNEY (LONDON) LTD")] == ["chutney london"]


def test_a_town_falls_only_behind_the_legal_form() -> None:
    assert without_town(read_name("Foo Leeds Ltd"), "leeds") is None
    cut = without_town(read_name("Foo Leeds"), "leeds")
    assert cut is not None
    assert cut.core == "foo"


def test_initials_are_joined() -> None:
    assert join_initials(["a", "b", "foo", "c", "d", "e"]) == ["ab", "foo", "cde"]
    assert join_initials(["x"]) == ["x"]


def test_acronyms_keep_up_to_two_words() -> None:
    assert acronyms("Sheffield Steel Works Holdings Ltd") == ["sswh", "ssw hldg", "ss works hldg"]
    assert acronyms("Foo Ltd") == []


def test_a_reading_knows_its_words() -> None:
    assert Reading("foo international", "foo intl", "LTD").tokens == ["foo", "intl"]
