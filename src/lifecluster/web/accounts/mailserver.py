"""Which mail server an instance sends through: the variable LIFECLUSTER_MAIL."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from lifecluster.errors import LifeclusterError

VARIABLE = "LIFECLUSTER_MAIL"
SCHEMES = {"smtps": ("tls", 465), "smtp": ("starttls", 587), "smtp+plain": ("none", 25)}
HOW = "smtp://user:password@host:587 (encrypted after the greeting), smtps:// (from the start), smtp+plain:// (never)"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: `security` is `tls`, `starttls` or `none`; `timeout` in seconds."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """The server of an address such as HOW gives. Raises LifeclusterError for another; the password is not told."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in SCHEMES or not parts.hostname or port == -1:
            raise LifeclusterError(f"{VARIABLE} is no address of a mail server; it reads {HOW}")
        security, usual = SCHEMES[parts.scheme]
        return cls(
            parts.hostname, port or usual, security, unquote(parts.username or ""), unquote(parts.password or "")
        )


def becomes() -> str:
    """What becomes of a mail that was written just now, in words that go on a sentence: only what is true of it."""
    named = bool(os.environ.get(VARIABLE))
    return "is on its way" if named else "goes as soon as mail is set up here: no mail server is named yet"


def stated() -> MailServer | None:
    """The server of this process; None where none is named: mail then waits in the outbox."""
    url = os.environ.get(VARIABLE)
    return MailServer.parse(url) if url else None
