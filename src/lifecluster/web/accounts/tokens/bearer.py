"""Who asks with a token: the person whose it is, and what the two may do together at this moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from lifecluster.web.accounts import rights
from lifecluster.web.accounts.models import Person, Token
from lifecluster.web.accounts.tokens import secrets
from lifecluster.web.directory.viewer import Viewer

SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that is good now: `person` whose it is, `viewer` what they see and may do by it."""

    token: Token
    person: Person
    viewer: Viewer


class BadTokenError(Exception):
    """What was sent is no token, or one that is good no longer; both are answered alike."""


def put(request: HttpRequest, bearer: Bearer) -> None:
    """Say on a request who asks."""
    request.__dict__["bearer"] = bearer


def of(request: HttpRequest) -> Bearer | None:
    """Who asks with a token; None for who sent none."""
    found: Bearer | None = request.__dict__.get("bearer")
    return found


def stated(request: HttpRequest) -> str | None:
    """What a request says that it is allowed by; None where it says nothing."""
    return request.headers.get("Authorization")


def check(text: str, at: datetime) -> Bearer:
    """Who asks, by the words of the header. Raises BadTokenError.

    What may be done is the least of three: what the person may at this moment, what was chosen for the token, and, for
    one that was made without a second step or whose owner has none any longer, what needs none.
    """
    scheme, _, secret = text.partition(" ")
    prefix = secrets.prefix_of(secret.strip()) if scheme.lower() == SCHEME else None
    found = Token.objects.live(at).filter(prefix=prefix).select_related("person").first() if prefix else None
    if found is None or not secrets.fits(secret.strip(), found.digest) or not found.person.is_active:
        raise BadTokenError
    return Bearer(found, found.person, viewer(found, at))


def viewer(token: Token, at: datetime) -> Viewer:
    """What a token sees and may do at a moment."""
    person: Person = token.person
    step = token.second_step and _has_second_step(person)
    held = rights.viewer(person, at, second_step=step)
    return replace(held, limits=frozenset(token.scopes), token=token.prefix)


def used(token: Token, at: datetime) -> None:
    """Note the day; at most one write a day."""
    if token.last_used_on != at.date():
        Token.objects.filter(pk=token.pk).update(last_used_on=at.date())


def _has_second_step(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
