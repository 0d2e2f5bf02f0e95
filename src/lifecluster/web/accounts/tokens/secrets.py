"""What a token looks like: `lct_` prefix `_` secret. The prefix is kept in clear, of the secret only its hash.

The secret has 256 bits drawn by lot, so a plain hash is enough: there is nothing to guess from (NIST SP 800-63B,
5.1.2.2, asks for slow hashes of secrets below 112 bits).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
PREFIX, SECRET = 12, 43
FORM = re.compile(rf"lct_([{ALPHABET}]{{{PREFIX}}})_([A-Za-z0-9_-]{{{SECRET}}})")
"""How programs that look for secrets in texts find one."""


def draw() -> tuple[str, str]:
    """A new prefix and the whole token."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(PREFIX))
    return prefix, f"lct_{prefix}_{secrets.token_urlsafe(32)}"


def prefix_of(text: str) -> str | None:
    """The prefix of a token; None for what is none."""
    found = FORM.fullmatch(text)
    return found[1] if found else None


def digest(text: str) -> str:
    """The hash that is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def fits(text: str, kept: str) -> bool:
    """Whether a token has this hash; takes as long for one that nearly fits."""
    return hmac.compare_digest(digest(text), kept)
