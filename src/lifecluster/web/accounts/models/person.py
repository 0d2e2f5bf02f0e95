"""A person with an account. All that is known about a person is in tables that hang on this one, and goes with it."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from lifecluster.web.directory.viewer import Viewer


def new_uid() -> str:
    """An opaque name for a person, drawn by lot: what is kept for ever says this and nothing else."""
    return secrets.token_hex(8)


class People(BaseUserManager["Person"]):
    """Makes people, and finds them by e-mail however it is written."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Person:
        """A new person; without a password there is none that fits."""
        person = self.model(email=email.strip().lower(), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this e-mail address."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in: the e-mail address is the name to sign in with, `name` what others are shown."""

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=80, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = People()
    second_step = False
    """Whether this session was begun with a second step; the middleware says so, and nobody else."""

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What pages call this person."""
        return self.name or self.email.partition("@")[0]

    @property
    def actor(self) -> str:
        """The opaque name that logs write."""
        return f"person:{self.uid}"

    @cached_property
    def viewer(self) -> Viewer:
        """What this person sees and may do in this session, now."""
        from lifecluster.web.accounts import rights

        return rights.viewer(self, rights.moment(), second_step=self.second_step)

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Roles that this person holds and that take effect with a second step only, where this session has none."""
        from lifecluster.web.accounts import rights

        return rights.waiting(self, rights.moment(), second_step=self.second_step)
