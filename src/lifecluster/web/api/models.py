"""What the API keeps for a day: answers, so that an act that is asked for twice happens once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Answer(models.Model):
    """The answer to a request with an Idempotency-Key; `asked` is a hash of the request. It goes with its token."""

    EXPORTED: ClassVar[bool] = False  # of a day, and of a machine
    token = models.ForeignKey("accounts.Token", models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    body = models.TextField(default="")
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        """One answer for a key."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "key"], name="api_answer_once")
        ]
