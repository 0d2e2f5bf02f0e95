"""How people want to be told, and what waits for the next digest."""

from __future__ import annotations

from django.db import models


class How(models.TextChoices):
    """When somebody hears of a kind of message."""

    NOW = "now", "at once"
    DAY = "day", "once a day, together"
    WEEK = "week", "once a week, together"
    NEVER = "never", "not at all"


class Choice(models.Model):
    """What a person chose for a kind of message of `accounts.telling`; without a row it is as the kind says."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="choices")
    kind = models.CharField(max_length=60)
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        """One for each kind."""

        constraints = (models.UniqueConstraint(fields=["person", "kind"], name="accounts_choice_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.how}"


class Told(models.Model):
    """A message that waits for a digest (`how` DAY or WEEK); it goes in the transaction that writes the digest."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="told")
    kind = models.CharField(max_length=60)
    how = models.CharField(max_length=10, choices=How.choices)
    subject = models.TextField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """Looked for by who and when."""

        indexes = (models.Index(fields=["how", "person"], name="accounts_told_how"),)

    def __str__(self) -> str:
        return self.subject
