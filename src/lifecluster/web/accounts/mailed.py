"""Whether who sits at this session has shown, within the hour, that mail to the account's address reaches them.

A password alone must not be enough to win a role that asks for a second step, nor another way into the account: the
first second step is set up, and without one another service is connected, by who can read its mail. A link that was
opened in this session shows it: one that was asked for, the confirmation of signing up, or that of a new password.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.core import signing
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from lifecluster.web.accounts import outbox
from lifecluster.web.accounts.models import Person

LASTS = 3600
"""Seconds that a link is good for, and that having opened one counts."""
SALT = "lifecluster.accounts.mailed"
SHOWN = "mail_reached"
"""In a session: who opened a link from their mail, and when."""
BEFORE = {
    "step": ("mfa_index", "set up your second step"),
    "connection": ("accounts:connections", "connect another service"),
}
"""What a link is asked for before: the page that it leads on to, and what that is in words."""
View = Callable[..., HttpResponseBase]


def before(request: HttpRequest) -> str:
    """What the link is for, by the address that was asked for."""
    stated = request.GET.get("before", "")
    return stated if stated in BEFORE else "step"


def steps(person: Person) -> Any:
    """Second steps of a person, apart from recovery codes."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)


def with_second_step(people: Iterable[Person]) -> set[int]:
    """Keys of those who have set up a second step. One query."""
    found = Authenticator.objects.filter(user__in=list(people)).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return set(found.values_list("user", flat=True))


def mark(request: HttpRequest, person: Person) -> None:
    """Note that a link from a mail to this person was opened in this session."""
    request.session[SHOWN] = [person.pk, time.time()]


def reached(request: HttpRequest, person: Person) -> bool:
    """Whether this session has shown it, within the hour."""
    who, when = request.session.get(SHOWN) or (None, 0)
    return bool(who == person.pk and 0 <= time.time() - when < LASTS)


def send(request: HttpRequest, person: Person) -> None:
    """Write the mail with the link."""
    key = signing.dumps([person.uid, person.email], salt=SALT)
    what = before(request)
    words = BEFORE[what][1]
    link = request.build_absolute_uri(reverse("accounts:mail_reached", args=[key])) + _query(what)
    text = (
        f"You are about to {words}. Open this link within an hour, in the browser in which you are signed in:\n\n{link}"
        "\n\nIf it was not you, somebody knows your password: choose another at once.\n"
    )
    outbox.write(to=person.email, subject=words.capitalize(), text=text, person=person)


def _query(what: str) -> str:
    return "" if what == "step" else f"?before={what}"


def good(key: str, person: Person) -> bool:
    """Whether a link is one that was sent to this person, at the present address, within the hour."""
    try:
        return bool(signing.loads(key, salt=SALT, max_age=LASTS) == [person.uid, person.email])
    except signing.BadSignature:
        return False


def first_step_by_mail(view: View, what: str = "step") -> View:
    """Lead who has no second step yet to the link first, unless it was opened. `what`: a key of BEFORE."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person: Any = request.user
        if person.is_authenticated and not steps(person).exists() and not reached(request, person):
            return HttpResponseRedirect(reverse("accounts:ask_mail") + _query(what))
        return view(request, *args, **kwargs)

    return wrapped
