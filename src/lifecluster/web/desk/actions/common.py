"""What acts of the desk share: plain texts, days, and the row of the audit."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit
from lifecluster.web.desk import whose
from lifecluster.web.directory.viewer import Viewer

LONG = 5_000
"""Characters of a longer text."""


def day_of(at: datetime) -> date:
    """The day of a moment, here."""
    return timezone.localdate(at)


def line(text: str, what: str, *, most: int, needed: bool = False) -> str:
    """A text on one line, without what commands a terminal. Raises LifeclusterError if it is too long, or missing."""
    plain = " ".join(_printed(text).split())
    return _measured(plain, what, most, needed)


def lines(text: str, what: str, *, most: int = LONG, needed: bool = False) -> str:
    """A text of several lines, otherwise as `line`."""
    plain = "\n".join(one.rstrip() for one in text.replace("\r\n", "\n").split("\n")).strip()
    return _measured(_printed(plain), what, most, needed)


def _printed(text: str) -> str:
    return "".join(c for c in text if c == "\n" or c.isspace() or unicodedata.category(c) not in {"Cc", "Cs"})


def _measured(text: str, what: str, most: int, needed: bool) -> str:
    if needed and not text:
        raise LifeclusterError(f"{what} is missing.")
    if len(text) > most:
        raise LifeclusterError(f"{what} has {len(text):,} characters; {most:,} are the most.")
    return text


def address(text: str, *, needed: bool = False) -> str:
    """An e-mail address. Raises LifeclusterError if it is none."""
    plain = line(text, "The e-mail address", most=254, needed=needed)
    if plain:
        try:
            validate_email(plain)
        except ValidationError:
            raise LifeclusterError(f"{plain} is no e-mail address.") from None
    return plain


def one_of(value: Any, words: Mapping[Any, str], what: str) -> Any:
    """A word of a list. Raises LifeclusterError for another."""
    if value not in words:
        raise LifeclusterError(f"{what}: there is no {value!r}; there are {', '.join(map(str, words))}.")
    return value


def organisation(uid: str, viewer: Viewer, *, needed: bool = True) -> str:
    """The id of today of an organisation that the register has. Raises LifeclusterError for any other."""
    if not uid and not needed:
        return ""
    found = whose.today([uid], viewer).get(uid)
    if found is None or not found.here or not found.uid.startswith("LCO-"):
        raise LifeclusterError(f"{uid or 'Nothing'} is no organisation of the register today.")
    return found.uid


def heard(action: str, subject: str, viewer: Viewer, at: datetime, **said: Any) -> None:
    """Write the audit of an act."""
    audit.write(action, actor=viewer.actor, subject=subject, at=at, **said)
