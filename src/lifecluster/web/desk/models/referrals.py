"""A case passed on to another body, with the consent of whom it is about."""

from __future__ import annotations

from django.db import models

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.desk.words import REFERRALS, WAYS


class Referral(Versioned):
    """To an organisation of the register (by its id) or a body by its name; `about` is what is passed on, with the
    `contact` whose name and address go with it; `text` the message exactly as it was sent.

    Consent: `consent_by` who gave it, how, on which day; without it nothing is sent.
    """

    case = models.ForeignKey("desk.Case", models.CASCADE, related_name="referrals")
    organisation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    body = models.CharField(max_length=150)
    email = models.CharField(max_length=254)
    about = models.TextField()
    contact = models.ForeignKey("desk.Contact", models.SET_NULL, null=True, blank=True, related_name="+")
    enquirer = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=list(REFERRALS.items()), default="drafted")
    consent_by = models.CharField(max_length=120, blank=True, default="")
    consent_how = models.CharField(max_length=20, choices=list(WAYS.items()), blank=True, default="")
    consent_on = models.DateField(null=True)
    consent_recorded_by = models.CharField(max_length=64, blank=True, default="")
    consent_recorded_at = models.DateTimeField(null=True)
    consent_covers = models.CharField(max_length=64, blank=True, default="")
    text = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=64, blank=True, default="")
    answer = models.TextField(blank=True, default="")
    answered_on = models.DateField(null=True)
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
