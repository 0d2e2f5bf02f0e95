"""What renders itself, and the few helpers all components share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

EMPTY = mark_safe("")


MARKUP = re.compile("[&<>\"']").search


def quoted(value: Any) -> str:
    """A value as it may stand in markup: escaped, unless it is markup."""
    kind = type(value)
    if kind is SafeString:
        return str.__str__(value)
    if type(value) is str:
        return escape(value) if MARKUP(value) else value
    return str.__str__(value.render()) if isinstance(value, Renderable) else conditional_escape(value)


def format_html(markup: str, *values: object) -> SafeString:
    """The same as Django's function of this name for values by their places: pages call it a hundred times, and it
    looks at each argument for texts to be translated later, of which there are none here."""
    return SafeString(markup.format(*map(quoted, values)))


class Renderable:
    """Base of components: `str()` of one is its markup, already escaped."""

    __slots__ = ()

    def render(self) -> SafeString:
        """The markup."""
        raise NotImplementedError

    def __str__(self) -> str:
        return self.render()

    def __html__(self) -> str:
        return self.render()


def join(parts: Iterable[object]) -> SafeString:
    """Parts one after the other, each escaped unless it is markup already."""
    return SafeString("".join(map(quoted, parts)))


def when(condition: object, markup: str, *values: object) -> SafeString:
    """The markup, formatted with `values`, if the condition holds."""
    return format_html(markup, *values) if condition else EMPTY


def short(number: float, digits: int = 1) -> str:
    """A coordinate without needless digits: 12.0 is `12`, 12.34 is `12.3`."""
    text = f"{number:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def per_cent(share: float) -> str:
    """A share of the width (0 to 1) as an SVG length, kept inside the drawing."""
    return f"{short(100 * min(1.0, max(0.0, share)))}%"


LONG = 25
LONG_WORD = re.compile(rf"\S{{{LONG},}}")
PIECE = 20


def soft(value: object) -> object:
    """A text whose very long words may break, so that no value widens a table; anything but plain text as it is."""
    if not isinstance(value, str) or isinstance(value, SafeString) or not LONG_WORD.search(value):
        return value
    pieces = (value[i : i + PIECE] for i in range(0, len(value), PIECE))
    return format_html_join(mark_safe("<wbr>"), "{}", ((piece,) for piece in pieces))


def softened(value: object) -> str:
    """The same as markup: escaped, unless it is markup."""
    if type(value) is str and (len(value) < LONG or not LONG_WORD.search(value)):
        return escape(value) if MARKUP(value) else value
    return quoted(soft(value))


def code_words(text: str) -> SafeString:
    """A text in which what stands between backticks is set as code; all of it escaped."""
    pieces = text.split("`")
    last = len(pieces) - 1
    marked = (
        format_html("<code>{}</code>" if i % 2 and i < last else "`{}" if i % 2 else "{}", piece)
        for i, piece in enumerate(pieces)
    )
    return join(marked)
