"""The outbox: mail is a row of the database, written with the act it tells of, and sent by a worker.

A message is sent at least once: it is taken for a while, sent, and struck off. A server that is down, or that says
"later", delays it; what a server refuses for good is kept with its words and told. Whoever dies in between leaves the
message to the next worker. `Backend` makes everything that Django sends go this way.
"""

from __future__ import annotations

import secrets
import smtplib
import ssl
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone

from lifecluster.web.accounts.addresses import as_kept
from lifecluster.web.accounts.mailserver import MailServer
from lifecluster.web.accounts.models import Mail, Person

LEASE = timedelta(minutes=10)
"""How long a worker may take for a message before another takes it."""
LONGEST_ROUND = LEASE / 2
"""After which a round takes no more: a message that is taken must be sent before others may take it."""
LONGEST_WAIT = timedelta(hours=6)
KEPT = timedelta(days=30)
"""How long it is kept to whom a message went: an address is of a person, perhaps of one who has no account."""
SUBJECT = 150
"""Characters of a subject: more is shown by no program."""
JOINERS = frozenset("\u200c\u200d")
"""Without width, and yet part of how words of Persian, Hindi and others are written."""
TROUBLE = 500
"""Characters of a server's words that are kept."""


@dataclass(slots=True)
class Delivered:
    """What a round came to: messages `sent`, `delayed` (no server, or it said later), and `refused` for good."""

    sent: int = 0
    delayed: int = 0
    refused: int = 0


class Backend(BaseEmailBackend):
    """Django's way to send mail: into the outbox, in the transaction that is open."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        """Write each message, once for each address."""
        written = 0
        for message in email_messages:
            for address in message.recipients():
                _put(message, address)
                written += 1
        return written


def write(
    *, to: str, subject: str, text: str, person: Person | None = None, html: str = "",
    headers: Mapping[str, str] | None = None,
) -> Mail:  # fmt: skip
    """Write a message: plain, or with the same as HTML beside it; `headers` beside those that every message has.

    The subject is made one line: what people wrote stands in it, and no line of it may become a header.
    """
    kind = EmailMultiAlternatives if html else EmailMessage
    message = kind(one_line(subject), text, settings.DEFAULT_FROM_EMAIL, [to], headers=dict(headers or {}))
    if isinstance(message, EmailMultiAlternatives):
        message.attach_alternative(html, "text/html")
    return _put(message, to, person)


def one_line(text: str, most: int = SUBJECT) -> str:
    """A text on one line, without controls and what turns the text around it, at most so many characters."""
    line = " ".join("".join(map(_plain, text)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _plain(character: str) -> str:
    """A character of a line; in place of one that commands or breaks, a space; of one that is not seen, nothing."""
    kind = unicodedata.category(character)
    if kind == "Cf" and character not in JOINERS:
        return ""
    return " " if kind in {"Cc", "Cs", "Zl", "Zp"} else character


def _put(message: EmailMessage, address: str, person: Person | None = None) -> Mail:
    sender = parseaddr(message.from_email)[1]
    # Drawn here, so that a message sent twice is known as one; and so that nobody looks this machine's name up.
    message.extra_headers["Message-ID"] = f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2] or 'localhost'}>"
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
    message.to, message.cc, message.bcc = [address], [], []
    now = timezone.now()
    about = person or Person.objects.filter(email=as_kept(address)).first()
    return Mail.objects.create(
        person=about, sender=sender, to=address, subject=str(message.subject), raw=message.message().as_string(),
        written_at=now, due_at=now,
    )  # fmt: skip


def wait(tries: int) -> timedelta:
    """How long after so many tries the next one is made: a minute, then twice as long each time, at most six hours."""
    return min(timedelta(minutes=2.0 ** min(max(tries - 1, 0), 20)), LONGEST_WAIT)


def deliver(
    server: MailServer, *, at: datetime, limit: int = 500,
    connect: Callable[[MailServer], AbstractContextManager[smtplib.SMTP]] | None = None,
) -> Delivered:  # fmt: skip
    """Send what is due at a moment, over one connection; ends at the first sign that the server is not there.

    Raises nothing on account of the server: what goes wrong is written to the message.
    """
    done, ends = Delivered(), time.monotonic() + LONGEST_ROUND.total_seconds()
    mail = _take(at)
    if mail is None:
        return done
    try:
        with (connect or open_server)(server) as connection:
            while mail is not None:
                _send(connection, mail, at, done)
                on = done.sent + done.refused + done.delayed < limit and time.monotonic() < ends
                mail = _take(at) if on else None
    except (OSError, smtplib.SMTPException) as error:
        if mail is not None:
            _later(mail, at, error)
            done.delayed += 1
    if done.sent or done.refused:
        forget(at=at)
    return done


def forget(*, at: datetime) -> int:
    """Remove messages that were sent, or refused for good, long ago; returns how many rows went."""
    return int(Mail.objects.filter(due_at=None, written_at__lt=at - KEPT).delete()[0])


def _take(at: datetime) -> Mail | None:
    """The message that has been due the longest, taken so that no other worker takes it."""
    for mail in Mail.objects.filter(due_at__lte=at).order_by("due_at", "pk")[:50]:
        mine = Mail.objects.filter(pk=mail.pk, due_at=mail.due_at).update(due_at=at + LEASE, tries=F("tries") + 1)
        if mine:
            mail.refresh_from_db()
            return mail
    return None


def _send(connection: smtplib.SMTP, mail: Mail, at: datetime, done: Delivered) -> None:
    try:
        connection.sendmail(mail.sender, [mail.to], mail.raw.encode())
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, ValueError) as error:
        if _for_good(error):
            Mail.objects.filter(pk=mail.pk).update(due_at=None, raw="", trouble=_words(error))
            done.refused += 1
        else:
            _later(mail, at, error)
            done.delayed += 1
        with suppress(smtplib.SMTPServerDisconnected):
            connection.rset()
        return
    Mail.objects.filter(pk=mail.pk).update(due_at=None, raw="", trouble="", sent_at=at)
    done.sent += 1


def _for_good(error: smtplib.SMTPException | ValueError) -> bool:
    """Whether the server will never take it: a reply of 500 or more (RFC 5321, 4.2.1), or an address that cannot be
    said to it. Who sends is a setting of ours: it can be mended, and the message is still wanted then."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, ValueError) or (
        isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500
    )


def _later(mail: Mail, at: datetime, error: Exception) -> None:
    Mail.objects.filter(pk=mail.pk).update(due_at=at + wait(mail.tries), trouble=_words(error))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:TROUBLE]


def open_server(server: MailServer) -> smtplib.SMTP:
    """A conversation with the server, encrypted unless its address says otherwise; left at once if that fails."""
    secure = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=secure)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            connection.starttls(context=secure)
        if server.user:
            connection.login(server.user, server.password)
    except Exception:
        connection.close()
        raise
    return connection
