"""Mail on its way: written with the act it tells of, sent by a worker, tried again until the server takes it."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import ClassVar

from django.db import models


class Mail(models.Model):
    """A message for one address. `raw` is the whole message and is emptied once it was sent or refused for good:
    it may hold a link that opens an account. `person`: whom it is about, and with whom it goes."""

    EXPORTED: ClassVar[bool] = False  # another instance must not send it again
    person = models.ForeignKey("accounts.Person", models.CASCADE, null=True, related_name="+")
    sender = models.CharField(max_length=254)
    to = models.CharField(max_length=254, db_index=True)
    subject = models.TextField()
    raw = models.TextField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    trouble = models.TextField(default="")

    @property
    def text(self) -> str:
        """Its words, as the receiver reads them; empty once it was sent."""
        message = email.message_from_bytes(self.raw.encode(), policy=email.policy.default)
        body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
        return str(body.get_content()) if body is not None else ""
