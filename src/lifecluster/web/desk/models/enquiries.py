"""What somebody asked through the public form. It hangs on its case and goes some months after the case is closed."""

from __future__ import annotations

from django.db import models

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.desk.words import CLEANROOMS, LOOKING_FOR, WHENS


class Enquiry(Versioned):
    """Who asks, what for, and what we answered. `token` is the hash of the private link's secret."""

    case = models.OneToOneField("desk.Case", models.CASCADE, related_name="enquiry")
    name = models.CharField(max_length=120)
    firm = models.CharField(max_length=150, blank=True, default="")
    email = models.CharField(max_length=254)
    telephone = models.CharField(max_length=40, blank=True, default="")
    looking_for = models.CharField(max_length=20, choices=list(LOOKING_FOR.items()))
    cleanroom = models.CharField(max_length=10, choices=list(CLEANROOMS.items()), blank=True, default="")
    space_m2 = models.IntegerField(null=True)
    power_kw = models.IntegerField(null=True)
    when = models.CharField(max_length=10, choices=list(WHENS.items()), blank=True, default="")
    text = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=64, unique=True)
