import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register.ids import ALPHABET, KINDS, IdError, is_valid, letter_of, mint, normalise, parse

NOTHING: frozenset[str] = frozenset()
anchors = st.text(min_size=1, max_size=30)
kinds = st.sampled_from(sorted(KINDS))


def place(text: str, position: int, symbol: str) -> str:
    return text[:position] + symbol + text[position + 1 :]


def symbol_places(text: str) -> list[int]:
    return [i for i, symbol in enumerate(text) if i >= 2 and symbol != "-"]


def test_form() -> None:
    text = mint("organisation", "hard:GB-COH-01234567", "midlands", NOTHING)
    assert text.startswith("LCO-")
    assert [len(part) for part in text.split("-")] == [3, 4, 4, 4]
    assert set(text[4:].replace("-", "")) <= set(ALPHABET)
    assert parse(text).kind == "organisation"


def test_frozen_value_so_that_ids_never_drift_with_a_release() -> None:
    assert mint("organisation", "hard:GB-COH-01234567", "midlands", NOTHING) == "LCO-CCPE-954R-5QA0"


def test_kinds_have_letters_of_their_own_that_carry_a_value() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    assert not set(KINDS.values()) & {"I", "U"}
    values = {"O": 0, "L": 1} | {s: i for i, s in enumerate(ALPHABET)}
    assert len({values[letter] for letter in KINDS.values()}) == len(KINDS)


@given(kinds, anchors, st.text(min_size=1, max_size=8))
def test_minting_is_a_function_and_reads_back(kind: str, anchor: str, namespace: str) -> None:
    text = mint(kind, anchor, namespace, NOTHING)
    assert text == mint(kind, anchor, namespace, NOTHING)
    assert normalise(text) == text
    assert parse(text).kind == kind


@given(anchors, st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=2, unique=True))
def test_namespaces_and_kinds_mint_apart(anchor: str, names: list[str]) -> None:
    assert mint("site", anchor, names[0], NOTHING) != mint("site", anchor, names[1], NOTHING)
    assert mint("site", anchor, names[0], NOTHING)[4:] != mint("group", anchor, names[0], NOTHING)[4:]


def test_parts_do_not_run_together() -> None:
    assert mint("site", "bc", "a", NOTHING) != mint("site", "c", "ab", NOTHING)


def test_collision_steps_on() -> None:
    first = mint("site", "x:1", "n", NOTHING)
    second = mint("site", "x:1", "n", {first})
    third = mint("site", "x:1", "n", lambda text: text in {first, second})
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_single_substitution_is_seen(kind: str) -> None:
    text = mint(kind, "list:17", "n", NOTHING)
    for position in symbol_places(text):
        allowed = KINDS.values() if position == 2 else ALPHABET
        for symbol in allowed:
            if symbol != text[position]:
                assert not is_valid(place(text, position, symbol)), (text, position, symbol)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("anchor", ["list:1", "list:2", "list:3"])
def test_every_exchange_of_two_is_seen(kind: str, anchor: str) -> None:
    text = mint(kind, anchor, "n", NOTHING)
    for one, other in itertools.combinations(symbol_places(text), 2):
        if text[one] == text[other]:
            continue
        swapped = place(place(text, one, text[other]), other, text[one])
        # O and L stand for a digit of the same value outside the kind's place: such an exchange changes nothing to see
        # only if the digits agree, and then the kind letter is unchanged as well.
        same_thing = {text[one], text[other]} in ({"O", "0"}, {"L", "1"})
        assert same_thing or not is_valid(swapped), (text, swapped)


@given(kinds, anchors, st.data())
def test_substitutions_and_exchanges_anywhere(kind: str, anchor: str, data: st.DataObject) -> None:
    text = mint(kind, anchor, "n", NOTHING)
    places = symbol_places(text)[1:]
    position = data.draw(st.sampled_from(places))
    symbol = data.draw(st.sampled_from(ALPHABET))
    assert (symbol == text[position]) == is_valid(place(text, position, symbol))
    other = data.draw(st.sampled_from(places))
    swapped = place(place(text, position, text[other]), other, text[position])
    assert (swapped == text) == is_valid(swapped)


@given(kinds, anchors)
def test_what_people_type_is_read(kind: str, anchor: str) -> None:
    text = mint(kind, anchor, "n", NOTHING)
    head, body = text[:3], text[3:]
    for typed in (
        text.lower(),
        text.replace("-", ""),
        f"  {text.replace('-', ' ')}\n",
        text.replace("-", "\u2013"),
        head + body.replace("0", "O").replace("1", "I"),
        head + body.replace("0", "o").replace("1", "l"),
        head.replace("O", "0") + body,
        "1" + text[1:],
    ):
        assert normalise(typed) == text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "0 letters"),
        ("LCO-1234", "an identifier has 15"),
        ("XXO-7K3M-9QXA-2B4Y", "does not start with LC"),
        ("LCZ-7K3M-9QXA-2B4Y", "no known kind"),
        ("LCO-7K3U-9QXA-2B4Y", "'U' is never used"),
        ("LCO-7K3ß-9QXA-2B4Y", "letters and digits"),
    ],
)
def test_refusals_say_why(typed: str, says: str) -> None:
    with pytest.raises(IdError, match=says) as caught:
        parse(typed)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, LifeclusterError)
    assert not is_valid(typed)


def test_wrong_check_is_said() -> None:
    text = mint("award", "a", "n", NOTHING)
    wrong = place(text, 4, "0" if text[4] != "0" else "1")
    with pytest.raises(IdError, match="check symbol does not fit"):
        normalise(wrong)


@pytest.mark.parametrize(("kind", "anchor", "namespace"), [("person", "a", "n"), ("site", "", "n"), ("site", "a", "")])
def test_mint_refuses(kind: str, anchor: str, namespace: str) -> None:
    with pytest.raises(IdError):
        mint(kind, anchor, namespace, NOTHING)


def test_letter_of() -> None:
    assert letter_of("group") == "G"


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    assert is_valid(text) in {True, False}
