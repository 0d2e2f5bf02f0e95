"""People at organisations with whom the desk talks, and what each agreed to."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.desk.words import ERASED, PURPOSES, WAYS


class Contact(Versioned):
    """A person at an organisation (its id as it was when they were written down). Erased: the row stays without
    anything about the person, so that what was talked about stays too."""

    organisation = models.CharField(max_length=20, db_index=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    telephone = models.CharField(max_length=40, blank=True, default="")
    person = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What pages call this contact."""
        return ERASED if self.erased_at else self.name


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Agreements."""

    def on(self, day: date) -> ConsentQuerySet:
        """Those that hold on a day: given, not over, not taken back."""
        lasts = Q(until__isnull=True) | Q(until__gte=day)
        stands = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)
        return self.filter(lasts, stands, given_on__lte=day)


class Consent(models.Model):
    """A contact agreed to one purpose: `given_by` who said so (the contact, or somebody for them), `how`, `given_on`;
    it holds through the day `until` (None: until taken back)."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=20, choices=list(PURPOSES.items()))
    given_by = models.CharField(max_length=120)
    how = models.CharField(max_length=20, choices=list(WAYS.items()))
    given_on = models.DateField()
    until = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    recorded_by = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    objects = ConsentQuerySet.as_manager()
