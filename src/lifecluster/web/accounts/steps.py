"""Whether a session was begun with a second step."""

from __future__ import annotations

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from lifecluster.web.accounts.models import Person


def begun_with_second_step(request: HttpRequest, person: Person) -> bool:
    """Whether this session of this person has given a code of an app, a recovery code or a passkey."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, person))
