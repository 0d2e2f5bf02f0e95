"""Names of regions as a sentence says them: in the Midlands, in Scotland."""

from __future__ import annotations

from collections.abc import Sequence

LANDS = frozenset({"midlands", "highlands", "lowlands", "islands", "borders", "fens", "marches", "cotswolds", "isles",
                   "kingdom"})  # fmt: skip
"""Last words of names that take the article."""
QUARTERS = frozenset({"north", "south", "east", "west"})


def spoken(title: str) -> str:
    """`the Midlands`, `the North West`, `the East of England`; `Scotland`, `South Yorkshire` as they are.

    Parameters: `title` of a region, as a heading or a table has it. One that has its article keeps it.
    """
    words = title.casefold().split()
    if not words or words[0] == "the":
        return title
    plural = words[-1] in LANDS
    compass = words[-1] in QUARTERS or (words[0] in QUARTERS and words[1:2] == ["of"])
    return f"the {title}" if plural or compass else title


def begun(sentence: str) -> str:
    """The sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def listed(words: Sequence[str]) -> str:
    """`a, b and c`; of two `a and b`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
