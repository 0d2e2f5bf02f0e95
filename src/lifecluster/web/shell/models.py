"""The table of jobs: when each is due, and what became of it the last time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class JobRow(models.Model):
    """A job of `shell.schedule` by its name. Who runs it counts `turn` on first and says until when it is taken, so
    that nobody else does. `tries` counts failures since it last went well; `trouble` says what the last one was."""

    EXPORTED: ClassVar[bool] = False  # another instance has a timetable of its own
    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField(db_index=True)
    turn = models.IntegerField(default=0)
    taken_until = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True)
    told = models.TextField(default="")
    tries = models.IntegerField(default=0)
    trouble = models.TextField(default="")

    def __str__(self) -> str:
        return self.name
