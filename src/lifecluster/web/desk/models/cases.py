"""Work with organisations: cases, what is to be done, what was talked about, notes."""

from __future__ import annotations

from django.db import models

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.desk.words import CASE_KINDS, INTERACTIONS, OUTCOMES, PRIORITIES, STATES, TOPICS


class Case(Versioned):
    """Something that the desk sees through, for an organisation (by its id) or for somebody without one.

    `state` moves as `words.MOVES` says; `outcome` is said when it is closed.
    """

    title = models.CharField(max_length=150)
    organisation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    kind = models.CharField(max_length=20, choices=list(CASE_KINDS.items()))
    priority = models.SmallIntegerField(choices=list(PRIORITIES.items()), default=2)
    owner = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=list(STATES.items()), default="opened", db_index=True)
    outcome = models.CharField(max_length=20, choices=list(OUTCOMES.items()), blank=True, default="")
    outcome_note = models.TextField(blank=True, default="")
    opened_by = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Case {self.pk}: {self.title}"


class Task(Versioned):
    """Something to do, for a case or for an organisation."""

    title = models.CharField(max_length=150)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="tasks")
    organisation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    owner = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True, db_index=True)
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=64, blank=True, default="")


class Interaction(Versioned):
    """The desk and an organisation talked: who from the desk, with whom, when, how, about what, and what came of it.

    `policy`: whether policy feedback was given, then `topic` says on what.
    """

    organisation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="interactions")
    by = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    contacts = models.ManyToManyField("desk.Contact", blank=True, related_name="interactions")
    on = models.DateField(db_index=True)
    kind = models.CharField(max_length=20, choices=list(INTERACTIONS.items()))
    subject = models.CharField(max_length=150)
    notes = models.TextField(blank=True, default="")
    outcome = models.CharField(max_length=300, blank=True, default="")
    policy = models.BooleanField(default=False)
    topic = models.CharField(max_length=20, choices=list(TOPICS.items()), blank=True, default="")
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()


class Note(Versioned):
    """A remark of the desk on a case or an organisation."""

    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="notes")
    organisation = models.CharField(max_length=20, blank=True, default="", db_index=True)
    text = models.TextField()
    by = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    added_by = models.CharField(max_length=64)
    added_at = models.DateTimeField()
