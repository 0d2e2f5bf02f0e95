"""Text that another program would run, or could not read, is changed reversibly, and only there.

A spreadsheet takes a cell for a formula that begins with `=`, `+`, `-` or `@` (also in their full-width forms), or with
a tab or a line end before one. Such a text gets an apostrophe in front. So that this can be undone, a text that begins
with apostrophes before such a sign gets one more. Numbers are written as numbers and are not touched.
"""

from __future__ import annotations

import re

RUN = "=+\\-@\t\r\n＝＋－＠"
_RUNS = re.compile(f"'*[{RUN}]")
_GUARDED = re.compile(f"'+[{RUN}]")
NOTE = (
    "Text that begins with = + - @, a tab or a line end has an apostrophe in front, so that no spreadsheet runs it. "
    "To undo: where a text begins with apostrophes followed by one of these signs, take one apostrophe away."
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def neutralised(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return f"'{text}" if _RUNS.match(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given."""
    return text[1:] if _GUARDED.match(text) else text


def xml_text(text: str) -> str:
    """The text without characters that XML 1.0 does not know (control characters, half surrogates): U+FFFD instead."""
    return _NOT_XML.sub("\ufffd", text)
