"""A mail in two forms from one: HTML, and plain text that says all of it too."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from django.template.loader import render_to_string
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: `title`, a link to its page, a quiet `note` (kind, day), and words: `text` plain, `rich` the same as
    sanitised markup where there is some."""

    title: str
    url: str = ""
    note: str = ""
    text: str = ""
    rich: SafeString | None = None

    @property
    def body(self) -> SafeString:
        """The words as markup."""
        return self.rich if self.rich is not None else paragraphs(self.text)


@dataclass(frozen=True, slots=True)
class Part:
    """Things under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A link that stops something, without signing in."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail: its `title`, an `opening` in words (`rich` the same as markup), parts, why somebody gets it, where it is
    on the web, and how to get no more of it. `sample` marks what tells of an invented region."""

    title: str
    opening: str = ""
    rich: SafeString | None = None
    parts: tuple[Part, ...] = ()
    why: str = ""
    stops: tuple[Stop, ...] = ()
    online: str = ""
    sample: bool = False

    @property
    def body(self) -> SafeString:
        """The opening as markup."""
        return self.rich if self.rich is not None else paragraphs(self.opening)

    def html(self) -> str:
        """The mail as HTML: styles stand in it, as mail programs fetch none; nothing is fetched at all."""
        return str(render_to_string("accounts/mail/letter.html", {"letter": self}))

    def text(self) -> str:
        """The same as plain text."""
        lines = [SAMPLE, ""] if self.sample else []
        if self.parts:
            lines += [self.title, ""]
        if self.opening:
            lines += [self.opening, ""]
        for part in self.parts:
            lines += [part.title.upper(), ""]
            for entry in part.entries:
                lines += [f"* {entry.title}"]
                lines += [indent(more, "  ") for more in (entry.note, entry.text, entry.url) if more]
                lines += [""]
        lines += ["-- "]
        lines += [self.why] if self.why else []
        lines += [f"On the web: {self.online}"] if self.online else []
        lines += [f"No more of “{stop.title}”: {stop.url}" for stop in self.stops]
        return "\n".join(lines) + "\n"


SAMPLE = "Sample data. Organisations and people’s roles in this mail are invented."


def paragraphs(text: str) -> SafeString:
    """Plain text as markup: paragraphs, and addresses as links; everything else is escaped."""
    return mark_safe(linebreaks(urlize(text, nofollow=False, autoescape=True), autoescape=False))  # noqa: S308 - escaped


def of_account(email: str) -> str:
    """Why somebody with an account gets a mail."""
    return f"You get this because {email} has an account here. Sign in to choose how you are told."
