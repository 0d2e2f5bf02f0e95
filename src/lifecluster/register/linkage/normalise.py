"""Company names to their normal form: words, legal form split off, and the other readings a messy name allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from lifecluster.register.linkage.fold import fold, repair_mojibake
from lifecluster.register.linkage.words import legal_forms, words

_TRADING = re.compile(
    r"\b(?:t\s*/\s*as?|t\.\s*a\.?|trading\s+as|trade\s+as|dba|d\s*/\s*b\s*/\s*a|also\s+known\s+as|a\s*/\s*k\s*/\s*a|aka)"
    r"(?=\W|$)"
    r"|(?<=\s)ta(?=\s)",
    re.IGNORECASE,
)
_FORMERLY = re.compile(r"\b(?:formerly(?:\s+known\s+as)?|previously(?:\s+known\s+as)?|f\s*/\s*k\s*/\s*a|fka)\b", re.I)
_CARE = re.compile(r"\b(?:c\s*/\s*o|care\s+of)(?=\W|$)", re.IGNORECASE)
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_LEADING = re.compile(
    r"^\W*(?:messrs|f\s*\.?a\.?o\.?|attn|attention|for\s+the\s+attention\s+of|(?:the\s+)?"
    r"(?:directors?|trustees|manager|secretary|proprietor|accounts|finance)(?:\s+dept)?\s+(?:of|at|for)|dept\s+of)\b"
    r"[\s:.,-]+(?=\w)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\([^()]*$")
_LEDGER_CODE = re.compile(
    r"^\W*(?:[A-Za-z]{0,3}[-_/#]?\d{3,}|[A-Za-z]{1,4}\d{2,}|\d{2,}[-_/])\s*[-_:/.|]*\s*(?=[A-Za-z(])"
)
_TAIL_CODE = re.compile(r"\s*[-_:/(\[#]*\s*(?:[A-Za-z]{0,4}[-_/#]?\d{4,})[)\]]*\s*$")
_DASH = re.compile(r"\s+[-–—/|:*]+\s+|\s*[;|*]+\s*")

#: Kinds of reading, with the handicap that a reading costs when several readings of a name compete. `TAIL` is what
#: stands after a dash: a name of its own (``Greenwood - Minsky Ltd``) or the end of one (``Hoffmann - La Roche Ltd``).
FULL, CUT, TRADING, PART, TAIL = 0, 1, 2, 3, 4
HANDICAP = (0.0, 0.005, 0.01, 0.04, 0.01)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a name: `core` words without legal form, `canon` the same with short forms, `legal` or ``""``."""

    core: str
    canon: str
    legal: str
    kind: int = FULL

    @property
    def tokens(self) -> list[str]:
        """Words of the canonical form."""
        return self.canon.split()


def join_initials(tokens: list[str]) -> list[str]:
    """Runs of two or more single letters become one word: ``j p morgan`` to ``jp morgan``."""
    out: list[str] = []
    run: list[str] = []
    for token in [*tokens, ""]:
        if len(token) == 1 and token.isalpha():
            run.append(token)
            continue
        if run:
            out.append("".join(run))
            run = []
        if token:
            out.append(token)
    return out


def _near_limited(word: str) -> bool:
    return 6 <= len(word) <= 8 and word[0] in "li1" and OSA.distance(word, "limited") <= 1


def strip_legal(tokens: list[str]) -> tuple[list[str], str]:
    """Split legal forms off both ends, repeatedly; never empties the name.

    Returns the words left and the canonical form nearest the end of the name (``""`` if none).
    """
    forms = legal_forms()
    legal = ""
    while True:
        cut = _cut_once(tokens, forms.suffixes, forms.last_words)
        if cut is None and len(tokens) > 1 and _near_limited(tokens[-1]):
            cut = (tokens[:-1], "LTD")
        if cut is None and len(tokens) > 1 and tokens[-1] == "the":
            cut = (tokens[:-1], "")
        if cut is None and len(tokens) > 1 and tokens[0] == "the":
            cut = (tokens[1:], "")
        if cut is None and len(tokens) > 1 and tokens[0] in forms.first_words:
            cut = _cut_prefix(tokens)
        if cut is None:
            return tokens, legal
        tokens, found = cut
        legal = legal or found


def _cut_once(
    tokens: list[str], suffixes: dict[tuple[str, ...], str], last_words: frozenset[str]
) -> tuple[list[str], str] | None:
    if len(tokens) < 2 or tokens[-1] not in last_words:
        return None
    for size in range(min(6, len(tokens) - 1), 0, -1):
        form = suffixes.get(tuple(tokens[-size:]))
        if form is not None:
            return tokens[:-size], form
    return None


def _cut_prefix(tokens: list[str]) -> tuple[list[str], str] | None:
    prefixes = legal_forms().prefixes
    for size in range(min(6, len(tokens) - 1), 0, -1):
        form = prefixes.get(tuple(tokens[:size]))
        if form is not None:
            return tokens[size:], form
    return None


def shorten(core: str) -> str:
    """Words of a core name in their short forms (``international`` to ``intl``), the comparison form."""
    short = words().short
    return " ".join([short.get(token, token) for token in core.split()])


def _split(folded: str) -> tuple[list[str], str]:
    tokens = [word for word in folded.split() if word != "and"] or folded.split()
    return strip_legal(join_initials(tokens))


def read_name(text: str, kind: int = FULL) -> Reading:
    """The plain reading of a name. A blank name gives a blank reading."""
    tokens, legal = _split(fold(text))
    core = " ".join(tokens)
    return Reading(core, shorten(core), legal, kind)


def readings(text: str) -> list[Reading]:
    """Every reading that a messy name allows, the plain one first, without repeats.

    Trading names (``X T/A Y``), care-of, bracketed parts, ledger codes before and after, departments and whatever
    follows the legal form give further readings; their `kind` says how far they are from the text.
    """
    out: dict[str, Reading] = {}
    for part, kind in [(text, FULL), *_parts(text)]:
        reading = read_name(part, kind)
        if reading.core and any(c.isalpha() for c in reading.core) and reading.core not in out:
            out[reading.core] = reading
    if not out:
        return [read_name(text)]
    return list(out.values())


def _parts(text: str) -> Iterator[tuple[str, int]]:
    text = repair_mojibake(text)
    for pattern, kind in ((_TRADING, TRADING), (_FORMERLY, TRADING), (_CARE, TRADING)):
        if pattern.search(text):
            for piece in pattern.split(text):
                part = piece.strip(" ()[]-,")
                yield part, kind
                yield from ((p, max(k, kind)) for p, k in _cuts(part))
    yield from _cuts(text)


def _cuts(text: str) -> Iterator[tuple[str, int]]:
    bare = _TAIL_CODE.sub("", _LEADING.sub("", _LEDGER_CODE.sub("", text)))
    if bare != text:
        yield bare, CUT
    closed = _after_closer(bare)
    if closed:
        yield closed, CUT
    trimmed = _without_ledger_words(bare)
    if trimmed:
        yield trimmed, CUT
    yield from _brackets(bare)
    pieces = [piece for piece in _DASH.split(bare) if piece.strip()]
    if len(pieces) > 1 and not _closed(bare):
        yield pieces[0], PART
    before = True
    for piece in pieces if len(pieces) > 1 else ():
        if _closed(piece):
            yield piece, TRADING if before else TAIL
        before = before and (_closed(piece) or _remark(piece))


def _brackets(text: str) -> Iterator[tuple[str, int]]:
    """Readings that brackets allow. A bracket before the legal form belongs to the name, unless a ledger wrote it."""
    found = _BRACKET.findall(text) or _OPEN.findall(text)
    if not found:
        return
    without = _OPEN.sub(" ", _BRACKET.sub(" ", text))
    inside = [bracket.strip("()[]{} ") for bracket in found]
    yield from ((content, TRADING) for content in inside if _closed(content))
    remarks = all(_closed(c) or _remark(c) for c in inside)
    if remarks or not _closed(text):
        closed = _closed(without)
        yield without, CUT if remarks or closed else PART


def _remark(text: str) -> bool:
    """Whether a text is made of words of a ledger, numbers and codes (of three digits or more) alone."""
    ledger = words().ledger
    return all(t in ledger or t.isdigit() or sum(c.isdigit() for c in t) > 2 for t in fold(text).split())


def _closed(text: str) -> bool:
    """Whether a text ends with a UK legal form."""
    tokens = fold(text).split()
    return len(tokens) > 1 and (tokens[-1] in legal_forms().closers or _near_limited(tokens[-1]))


def _after_closer(text: str) -> str:
    """The name up to its legal form, when words follow that form."""
    tokens = fold(text).split()
    for i, token in enumerate(tokens[:-1]):
        if i > 0 and token in legal_forms().closers and tokens[i + 1] not in ("the", *legal_forms().last_words):
            return " ".join(tokens[: i + 1])
    return ""


def _without_ledger_words(text: str) -> str:
    """The name without trailing words of a ledger (``accounts payable``), or ``""`` if there are none."""
    tokens = fold(text).split()
    ledger = words().ledger
    end = len(tokens)
    while end > 1 and (tokens[end - 1] in ledger or (tokens[end - 1].isdigit() and end < len(tokens))):
        end -= 1
    return " ".join(tokens[:end]) if end < len(tokens) else ""


def without_town(reading: Reading, town: str) -> Reading | None:
    """The reading without the given town (folded words) at its end, or None.

    A town before the legal form is part of the name and stays.
    """
    if town and not reading.legal and reading.core.endswith(" " + town):
        tokens, legal = strip_legal(reading.core[: -len(town) - 1].split())
        core = " ".join(tokens)
        return Reading(core, shorten(core), reading.legal or legal, PART)
    return None


def acronyms(text: str) -> list[str]:
    """The ways to shorten a name to initials: all its words, all but the last, all but the last two.

    ``Sheffield Steel Works Holdings Ltd`` gives ``sswh``, ``ssw hldg`` and ``ss works hldg``. Only runs of two to six
    words are shortened; a name that allows none gives an empty list.
    """
    tokens, _ = strip_legal([t for t in fold(text).split() if t not in ("and", "of", "the")])
    out = []
    for kept in (0, 1, 2):
        head, tail = tokens[: len(tokens) - kept], tokens[len(tokens) - kept :]
        if 2 <= len(head) <= 6 and all(t[0].isalpha() for t in head):
            out.append(" ".join(["".join(t[0] for t in head), shorten(" ".join(tail))]).strip())
    return out
