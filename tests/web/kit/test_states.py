"""Answers, badges, icons: shape, word and colour, and nothing that passes for a plain yes."""

from __future__ import annotations

import lxml.html
import pytest

from lifecluster.web.kit import icons, states
from lifecluster.web.kit.states import Answer, Badge, State, Unrecorded, Withheld

pytestmark = pytest.mark.one_database


def parsed(component: object) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(str(component))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, Answer.YES), (False, Answer.NO), (None, Answer.UNKNOWN), ("partly", Answer.PARTLY), (Answer.NO, Answer.NO)],
)
def test_answers(value: object, expected: Answer) -> None:
    assert states.answer(value) is expected  # type: ignore[arg-type]  # each kind there is


def test_another_word_is_no_answer() -> None:
    with pytest.raises(ValueError, match="maybe"):
        states.answer("maybe")


@pytest.mark.parametrize("answer", list(Answer))
def test_every_answer_has_shape_word_and_colour(answer: Answer) -> None:
    mark = parsed(State(answer))
    assert mark.xpath(".//use/@href") == [f"#i-{answer}"]
    assert mark.text_content() == states.WORDS[answer]
    assert f"st-{answer}" in mark.get("class")


@pytest.mark.parametrize("answer", list(Answer))
def test_a_stale_answer_is_never_plain(answer: Answer) -> None:
    mark = parsed(State(answer, stale=True))
    assert mark.text_content() not in {"Yes", "No", "Partly"}
    assert "is-stale" in mark.get("class")


def test_words_are_escaped() -> None:
    assert "<b>" not in str(State(Answer.YES, "<b>"))
    assert "<b>" not in str(Badge("stale", "<b>"))
    assert "<b>" not in str(Unrecorded("<b>", "/x", "<b>"))


@pytest.mark.parametrize("kind", list(states.BADGES))
def test_every_badge_has_a_shape_words_and_a_meaning(kind: str) -> None:
    mark = parsed(Badge(kind))
    assert mark.xpath(".//use/@href") == [f"#i-{kind}"]
    assert mark.text_content() == states.BADGES[kind]
    assert states.MEANINGS[kind].endswith(".")


def test_a_withheld_cell_is_read_as_confidential() -> None:
    assert parsed(Withheld()).text_content() == "[c] confidential"


def test_what_is_not_recorded_says_what_to_do() -> None:
    assert parsed(Unrecorded("Not recorded", "/add")).text_content() == "Not recorded. Add it"
    assert parsed(Unrecorded()).xpath(".//a") == []


def test_the_sprite_holds_every_icon_once() -> None:
    sprite = lxml.html.fragment_fromstring(icons.sprite())
    names = [i.removeprefix("i-") for i in sprite.xpath(".//symbol/@id")]
    assert names == list(icons.SHAPES)
    with pytest.raises(KeyError, match="no icon 'smile'"):
        icons.icon("smile")
