"""Not to be told any more, by one click in a mail and without signing in.

The link holds the opaque name of the person and kinds of messages, signed with the instance's secret key; it opens
nothing else, and does not end: mail is read late. Opening it shows a button, as programs open links too; what it
posts, and what mail programs post by themselves (RFC 8058), stops at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing

from lifecluster.web.accounts.models import Person
from lifecluster.web.kit.paths import parts_of

SALT = "lifecluster.accounts.stop"


def public(path: str) -> str:
    """The whole address of a page, as it stands in a mail: the address of this instance is a setting."""
    return f"{settings.PUBLIC_URL}{path}"


def address(person: Person, *kinds: str) -> str:
    """The link that stops kinds of messages for a person."""
    first, last = parts_of("accounts:stop", 1)
    return public(f"{first}{token(SALT, person.uid, ' '.join(kinds))}{last}")


def read(text: str) -> tuple[Person, list[str]] | None:
    """The person and the kinds of a link; None for one that was not made here, or whose account is gone."""
    found = said(SALT, text, 2)
    person = Person.objects.filter(uid=found[0]).first() if found else None
    return (person, found[1].split()) if found and person else None


def token(salt: str, *parts: str) -> str:
    """Texts, signed, as part of an address."""
    return signing.dumps(list(parts), salt=salt)


def said(salt: str, text: str, count: int, *, days: int | None = None) -> list[str] | None:
    """The texts of a token, `count` of them, at most so many days old; None for one that was not made here."""
    try:
        found: Any = signing.loads(text, salt=salt, max_age=days * 24 * 3600 if days else None)
    except (signing.BadSignature, ValueError):
        return None
    whole = isinstance(found, list) and len(found) == count and all(isinstance(one, str) for one in found)
    return found if whole else None


def headers(url: str) -> Mapping[str, str]:
    """Headers by which mail programs stop by one click (RFC 2369, 3.2; RFC 8058, 3.1)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
