"""E-mail addresses in the one form in which they are kept, compared and written to.

Two addresses that look alike, or that mail servers take for one, must not be two accounts: letters outside ASCII before
the @ are refused (few servers take them, and `ı`, `ſ` or the sign for kelvin read as `i`, `s` and `k`), and a domain
stands as name servers are asked for it (RFC 5891; `straße.example` is looked up as `strasse.example`).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

LONGEST = 254
"""Characters of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""
REFUSED = "We cannot write to this address: use one with letters from a to z before the @."


def canonical(email: str) -> str:
    """An address as it is kept: small letters, the domain in ASCII.

    Raises ValidationError for one that is none, that mail cannot be sent to, or that is longer than LONGEST.
    """
    local, _, domain = email.strip().rpartition("@")
    if not (local.isascii() and local.isprintable()):
        raise ValidationError(REFUSED, code="invalid")
    try:
        found = f"{local}@{domain if domain.isascii() else punycode(domain)}".lower()
    except UnicodeError:
        raise ValidationError(validate_email.message, code="invalid") from None
    validate_email(found)
    if len(found) > LONGEST:
        raise ValidationError(f"An address has at most {LONGEST} characters.", code="max_length")
    return found


def as_kept(email: str) -> str:
    """The same for a search: what is no address stays as it was typed, and is nobody's."""
    try:
        return canonical(email)
    except ValidationError:
        return email.strip().lower()
