"""Whether a session was begun with a second step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from lifecluster.web.accounts.models import Person

STEP = "openid_step"
"""In a session: the person, and what the service through which they signed in said about how they did it."""


def begun_with_second_step(request: HttpRequest, person: Person) -> bool:
    """Whether this session of this person has given a code of an app, a recovery code or a passkey; or was begun
    through a service that said so in words which the settings take for it."""
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, person)):
        return True
    who, said = request.session.get(STEP) or (None, ())
    steps = settings.OPENID.steps if settings.OPENID else ()
    return bool(who == person.pk and set(said) & set(steps))


def note_step(request: HttpRequest, person: Person, claims: Mapping[str, Any]) -> None:
    """Remember how somebody signed in at the service: `amr` and `acr` (OpenID Connect Core 1.0, 2)."""
    ways = claims.get("amr")
    said = [*(ways if isinstance(ways, list) else []), claims.get("acr")]
    request.session[STEP] = [person.pk, [one for one in said if isinstance(one, str)]]
