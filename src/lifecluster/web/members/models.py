"""Who asks to belong to an organisation, who is invited, and who saw what an organisation shared."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models


class ClaimState(models.TextChoices):
    """What became of a claim."""

    PENDING = "pending", "waits"
    GRANTED = "granted", "accepted"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "taken back"


class OrganisationClaim(models.Model):
    """A person says that they work for an organisation. `proof` is what speaks for it: domain, code, or nothing.

    `words` what the person writes to the cluster team; `why` what the team answers.
    """

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="organisation_claims")
    organisation = models.CharField(max_length=20, db_index=True)
    proof = models.CharField(max_length=10, default="")
    words = models.TextField(default="")
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.PENDING, db_index=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, default="")
    why = models.TextField(default="")
    objects: Any = models.Manager()

    class Meta:
        """One that waits, for each person and organisation."""

        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(state="pending"), name="members_one_waiting_claim"
            ),
        )


class Once(models.Model):
    """A secret that works once: only its hash is kept."""

    organisation = models.CharField(max_length=20, db_index=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        """Only the base of others."""

        abstract = True

    def state(self, at: datetime) -> str:
        """open, used, taken back or expired."""
        if self.used_at is not None:
            return "used"
        if self.taken_back_at is not None:
            return "taken back"
        return "open" if at < self.expires_at else "expired"


class Code(Once):
    """What the cluster team gives to an organisation by another way than this web app, to prove itself with."""

    EXPORTED: ClassVar[bool] = False
    administrator = models.BooleanField(default=True)
    made_by = models.CharField(max_length=64)
    objects: Any = models.Manager()


class Invitation(Once):
    """A colleague is invited by e-mail; only an account with that address can take it up."""

    EXPORTED: ClassVar[bool] = False
    email = models.EmailField(max_length=254, db_index=True)
    invited_by = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="+")
    used_by = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="+")
    objects: Any = models.Manager()


class Sighting(models.Model):
    """On `day`, readers of a `role` (of the organisation `reader`, if of any) saw these values of an organisation.

    `values`: lines of subject and property; a person is nowhere in it. `digest` of all that tells two rows apart.
    """

    organisation = models.CharField(max_length=20, db_index=True)
    role = models.CharField(max_length=30)
    reader = models.CharField(max_length=20, default="")
    day = models.DateField()
    values = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    objects: Any = models.Manager()


class Asking(models.Model):
    """The cluster team asked an organisation's people to look at its stale values."""

    organisation = models.CharField(max_length=20, db_index=True)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = models.CharField(max_length=64)
    people = models.IntegerField()
    objects: Any = models.Manager()
