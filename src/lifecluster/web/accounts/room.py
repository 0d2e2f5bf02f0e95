"""What people add to the frame: one link at the end of the navigation, to sign in or to one's own account."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from lifecluster.web.accounts import digest, kept
from lifecluster.web.accounts.models import Person
from lifecluster.web.shell import rooms


def link(request: HttpRequest) -> tuple[str, str]:
    """Words and address for this reader: the name of who is signed in, else "Sign in"."""
    user: object = getattr(request, "user", None)
    if getattr(user, "is_authenticated", False) is True and isinstance(user, Person):
        return user.shown_name, reverse("accounts:index")
    return "Sign in", reverse("account_login")


def open_room() -> None:
    """Register everything."""
    rooms.register(rooms.Room("accounts", "Sign in", 1000, "lifecluster.web.accounts.urls", "", aside=True, told=link))
    kept.register(kept.Kept("messages", 10, copy=digest.copy))
