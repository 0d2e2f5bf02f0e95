"""Cursors: where the next page begins. Opaque to the client, and bound to what it was asking.

A cursor holds a short hash of the question and the package it was cut from. Used with another question it is refused;
used after another package was loaded it is refused too, because a list that is cut from two packages misses things.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from lifecluster.web.api.problem import ProblemError

LONGEST = 400
CHANGED = "the register has changed since this cursor was given out; begin again without a cursor"


def _stamp(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def encode(position: str | int, *, question: str, edition: str) -> str:
    """A cursor for `position` in the answers to `question` (canonical text) of `edition` (package and revision)."""
    body = json.dumps([position, _stamp(question), _stamp(edition)], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def decode(text: str, *, question: str, edition: str) -> str | int:
    """The position. Raises ProblemError: 400 for what is no cursor of this question, 410 for one of another edition."""
    try:
        text = text[:LONGEST]  # longer ones are none of ours, and do not read
        padded = text + "=" * (-len(text) % 4)
        position, asked, cut_from = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise ProblemError(400, "this is no cursor that was given out here") from None
    if isinstance(position, bool) or not isinstance(position, (str, int)):
        raise ProblemError(400, "this is no cursor that was given out here")
    if asked != _stamp(question):
        raise ProblemError(400, "this cursor belongs to another question: keep the other parameters as they were")
    if cut_from != _stamp(edition):
        raise ProblemError(410, CHANGED)
    return position
