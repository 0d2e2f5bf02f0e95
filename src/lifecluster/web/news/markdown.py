"""A safe subset of Markdown: paragraphs, lists, headings below those of the page, quotes, code, emphasis, links.

CommonMark as markdown-it-py reads it; markup in the text is text, pictures are their words, links lead to web and mail
addresses alone. What the library makes of it is written only if it is among `TAGS`: nothing else can come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString, mark_safe

from lifecluster.web.kit.rendering import quoted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = frozenset(["p", "ul", "ol", "li", "blockquote", "strong", "em", "a", "h3", "h4", "code", "pre", "br", "hr"])
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
OWN = {"softbreak": ("\n", ""), "code_inline": ("<code>", "</code>"), "fence": ("<pre><code>", "</code></pre>\n"),
       "code_block": ("<pre><code>", "</code></pre>\n")}  # fmt: skip
SCHEMES = ("http://", "https://", "mailto:")


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).disable(["html_block", "html_inline", "entity"])


def html(text: str) -> SafeString:
    """The text as markup."""
    return mark_safe("".join(_written(_reader().parse(text))))  # noqa: S308 - each piece is escaped or from TAGS


def words(text: str, most: int = 0) -> str:
    """The words alone, on one line; cut between words where there are more than `most` characters."""
    parts: list[str] = []
    for token in _reader().parse(text):
        if token.type in {"inline", "code_block", "fence"}:
            parts.append("".join(_said(token)))
    line = " ".join(" ".join(parts).split())
    if not most or len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(",;:.") + "…"


def _said(token: Token) -> list[str]:
    if not token.children:
        return [token.content]
    return [" " if one.type in {"softbreak", "hardbreak"} else one.content for one in token.children]


def _written(tokens: Sequence[Token]) -> list[str]:
    """Markup of tokens; those within tight lists have no paragraph of their own."""
    return [piece for token in tokens if not token.hidden for piece in _piece(token)]


def _piece(token: Token) -> list[str]:
    if token.type == "inline":
        return _written(token.children or [])
    if token.type in OWN:
        before, after = OWN[token.type]
        return [before, quoted(token.content), after]
    tag = HEADINGS.get(token.tag, token.tag)
    if tag not in TAGS:  # text, and whatever else there may be: its words
        return [quoted(token.content)]
    if token.nesting < 0:
        return [f"</{tag}>", "\n" if token.block else ""]
    return [f"<{tag}{_attributes(tag, token.attrs)}>"]


def _attributes(tag: str, given: Any) -> str:
    """Of a link where it leads, of a numbered list where it begins; nothing else."""
    if tag == "a":
        to = str(given.get("href", ""))
        safe = to if to.lower().startswith(SCHEMES) else ""
        return f' href="{quoted(safe)}" rel="nofollow noopener"' if safe else ""
    start = given.get("start") if tag == "ol" else None
    return f' start="{int(start)}"' if start is not None else ""
