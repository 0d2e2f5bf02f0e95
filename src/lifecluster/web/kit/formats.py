"""Numbers, dates and intervals as they are written on pages.

Source Sans has no glyphs for "at most" and "at least" signs or arrows in the subsets served, so words are used.
"""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
NBSP = "\u00a0"
EN_DASH = "\u2013"
MINUS = "\u2212"
LARGE = 1_000_000


def number(value: float | None, digits: int = 0) -> str:
    """`33400` as `33,400`, with a true minus sign; None is `unknown`."""
    if value is None:
        return "unknown"
    return f"{value:,.{digits}f}".replace("-", MINUS)


def money(pounds: float | None) -> str:
    """`£248,000`; from ten million on in millions with one digit, `£18.4 m`; None is `unknown`."""
    if pounds is None:
        return "unknown"
    if abs(pounds) >= 10 * LARGE:
        return f"£{number(pounds / LARGE, 1)}{NBSP}m"
    return f"£{number(pounds)}"


def day(value: date | str | None, *, long: bool = False) -> str:
    """A date as `17 Nov 2026`, or `17 November 2026`; a text such as `2024` as it stands; None is `not known`."""
    if value is None:
        return "not known"
    if isinstance(value, str):
        return value
    month = MONTHS[value.month - 1]
    return f"{value.day}{NBSP}{month if long else month[:3]}{NBSP}{value.year}"


def span(low: float | None, high: float | None, digits: int = 0) -> str:
    """An interval in words, `1,214 to 1,331`; empty where there is none."""
    if low is None or high is None:
        return ""
    return f"{number(low, digits)} to {number(high, digits)}"


def dashed(low: float | None, high: float | None, digits: int = 0) -> str:
    """An interval for a table column, `1,214–1,331`; empty where there is none."""
    return span(low, high, digits).replace(" to ", EN_DASH)


def ordinal(value: int) -> str:
    """`1st`, `2nd`, `11th`."""
    if 10 <= value % 100 <= 20:
        return f"{value}th"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def word(count: int) -> str:
    """A count in a sentence: in words below ten."""
    return WORDS[count] if 0 <= count < len(WORDS) else number(count)


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 site`, `1,871 sites`."""
    return f"{number(count)}{NBSP}{one if count == 1 else many or one + 's'}"
