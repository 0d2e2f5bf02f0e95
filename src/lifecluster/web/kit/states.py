"""Yes, no, unknown, partly: always a shape, a word and a colour. And the badges that qualify a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.safestring import SafeString

from lifecluster.web.kit.icons import icon
from lifecluster.web.kit.rendering import Renderable, format_html, when


class Answer(StrEnum):
    """The answers there are."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    PARTLY = "partly"


WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Unknown", Answer.PARTLY: "Partly"}


def answer(value: Answer | str | bool | None) -> Answer:
    """The answer that a value of a rule or a fact stands for; None is unknown. Raises ValueError for another text."""
    if value is None:
        return Answer.UNKNOWN
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    return Answer(value)


@dataclass(frozen=True, slots=True)
class State(Renderable):
    """An answer. `word` replaces its usual word (`In`, `True only for East + West together`); `pill` draws a border.

    `stale` is a yes or no whose evidence is past its date: it is never shown as plain, but as "if still so".
    """

    answer: Answer
    word: str = ""
    pill: bool = False
    stale: bool = False

    def render(self) -> SafeString:
        """Icon and word."""
        shown = Answer.UNKNOWN if self.stale and self.answer is Answer.PARTLY else self.answer
        word = self.word or WORDS[shown]
        if self.stale and shown in {Answer.YES, Answer.NO}:
            word = f"{word}, if still so"
        classes = f"st st-{shown}{' pill' if self.pill else ''}{' is-stale' if self.stale else ''}"
        return format_html('<span class="{}">{}<span>{}</span></span>', classes, icon(shown), word)


BADGES = {
    "stale": "Stale",
    "sample": "Sample",
    "chatham": "Chatham House",
    "indicative": "Indicative, not advice",
    "proposed": "Proposed law",
    "locked": "Members only",
}
MEANINGS = {
    "stale": "Past its check date: still shown, no longer counted on.",
    "sample": "Invented. Says so on every page, export and document.",
    "chatham": "May be used; who said it may not be shown anywhere.",
    "indicative": "Follows from the rules as recorded. It is not advice.",
    "proposed": "Kept apart from the law in force and never counted with it.",
    "locked": "Seen by members, and by the cluster team.",
}


@dataclass(frozen=True, slots=True)
class Badge(Renderable):
    """A qualification of a value: `kind` one of BADGES; `word` replaces its usual words."""

    kind: str
    word: str = ""

    def render(self) -> SafeString:
        """Icon and words in a thin frame; dashed where the thing itself is not firm."""
        words = self.word or BADGES[self.kind]
        return format_html('<span class="badge badge-{}">{}{}</span>', self.kind, icon(self.kind), words)


@dataclass(frozen=True, slots=True)
class Withheld(Renderable):
    """A cell that disclosure control withholds; first and second suppression look alike on purpose."""

    def render(self) -> SafeString:
        """`[c]`, with its meaning for those who hear it."""
        return format_html('<abbr class="withheld" title="{0}">[c]<span class="vh"> {0}</span></abbr>', "confidential")


@dataclass(frozen=True, slots=True)
class Unrecorded(Renderable):
    """A value that nobody has given. Nothing is left blank without a word; `url` and `invite` say what to do."""

    words: str = "Not recorded"
    url: str = ""
    invite: str = ""

    def render(self) -> SafeString:
        """The words, and a link if there is something to do."""
        link = when(self.url, '. <a href="{}">{}</a>', self.url, self.invite or "Add it")
        return format_html('<span class="quiet">{}{}</span>', self.words, link)
