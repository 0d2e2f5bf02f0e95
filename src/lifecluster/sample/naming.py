"""How invented life-science firms are called: a head, words of the trade, a legal form."""

from __future__ import annotations

from lifecluster.sample.names import NameBook, coined, rooted
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import SegmentWords

FORMS = {"LIMITED": 70.0, "LTD": 25.0, "PLC": 1.0, "LLP": 2.0, "CIC": 2.0}
CATEGORIES = {
    "LIMITED": "Private Limited Company",
    "LTD": "Private Limited Company",
    "PLC": "Public Limited Company",
    "LLP": "Limited Liability Partnership",
    "CIC": "Community Interest Company",
}
_STYLES = {"plain": 62.0, "bare": 8.0, "wide": 12.0, "pair": 8.0, "company": 6.0, "accent": 0.5}
_WIDE = ["(UK)", "EUROPE", "INTERNATIONAL", "GLOBAL", "TECHNOLOGIES", "SYSTEMS"]
_HOLDINGS = ["HOLDINGS", "GROUP", "HOLDINGS (UK)", "GROUP HOLDINGS"]
_SIBLINGS = ["SERVICES", "RESEARCH", "INTERNATIONAL", "MANUFACTURING", "VENTURES", "({town})"]
_ACCENTS = str.maketrans({"e": "é", "o": "ö", "a": "á"})


def firm(stream: Stream, words: SegmentWords, book: NameBook) -> tuple[str, str]:
    """Name and head of a new firm of a segment; both are unique within the book."""
    while True:
        head = coined(stream) if stream.chance(0.68) else rooted(stream)
        name = f"{_phrase(stream, head, words)} {stream.weighted(FORMS)}".upper()
        if book.take(head) and book.take(name):
            return name, head


def _phrase(stream: Stream, head: str, words: SegmentWords) -> str:
    word = stream.one(words.words)
    style = stream.weighted(_STYLES)
    if style == "bare":
        return head
    if style == "wide":
        return f"{head} {word} {stream.one(_WIDE)}"
    if style == "pair":
        return f"{head} & {rooted(stream)} {word}"
    if style == "company":
        return f"The {head} {word} Company"
    if style == "accent":
        return f"{head[:2]}{head[2:].translate(_ACCENTS)} {word}"
    return f"{head} {word}"


def sibling(stream: Stream, head: str, town: str, words: SegmentWords, book: NameBook, *, holding: bool) -> str:
    """Name of another firm of the same family, or of its holding company."""
    endings = [ending.format(town=town) for ending in _SIBLINGS] + [f"{word} SERVICES" for word in words.words]
    endings = _HOLDINGS if holding else endings
    while True:
        name = f"{head} {stream.one(endings)} {'LIMITED' if stream.chance(0.8) else 'LTD'}".upper()
        if book.take(name):
            return name


def earlier(stream: Stream, head: str, words: SegmentWords, book: NameBook) -> str:
    """A name that a firm had before: another head, or the same head with another word."""
    while True:
        kept = head if stream.chance(0.4) else coined(stream)
        name = f"{kept} {stream.one(words.words)}{stream.one(['', ' SOLUTIONS', ' PRODUCTS'])} LIMITED".upper()
        if book.take(name):
            return name
