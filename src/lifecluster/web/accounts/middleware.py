"""Puts the person of a session on the request, and keeps the doors.

Who has no session is nobody in particular, and nothing is asked of the database for them: their pages stay the same
for all and are remembered. What a signed-in person gets is kept by no cache between here and them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty

from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.tokens import bearer, entrance
from lifecluster.web.api import writing
from lifecluster.web.api.middleware import OPEN as MACHINES
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.doors import DOORS, OPEN, Outcome, outcome

WAYS_IN = ("account_", "mfa_", "accounts:", "socialaccount_")
"""How the names of all addresses of accounts begin."""


class PeopleMiddleware:
    """See the module."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, as the person whose session this is. Addresses for machines never look at a cookie."""
        if request.path.startswith(MACHINES):
            return self._for_machines(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        request.user = SimpleLazyObject(lambda: _person(request)) if known else AnonymousUser()  # type: ignore[assignment]
        response = self._get_response(request)
        if (_asked_for(request) and isinstance(_known(request), Person)) or _for_one_reader(request):
            response.headers["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
        else:  # a visitor's page is no answer for who is signed in, or chose another theme
            response.headers.setdefault("Cache-Control", "private, no-cache")
            patch_vary_headers(response, ["Cookie"])
        return response

    def _for_machines(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a program: as a visitor, or as the owner of the token that it sends."""
        request.user = AnonymousUser()
        response = entrance.admit(request) or self._get_response(request)
        entrance.finish(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let in, lead elsewhere, or answer as if there were nothing."""
        if any("\x00" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404  # no name holds it, and PostgreSQL refuses the question
        match = request.resolver_match
        name = match.view_name if match else ""
        if writing.asks_token(name):
            return None if bearer.of(request) else entrance.refused(stated=False)
        door = DOORS.get(name)
        if door is None:
            raise Http404
        return None if door == OPEN else _at(door, request)


def _at(door: str, request: HttpRequest) -> HttpResponseBase | None:
    user = _known(request)
    person = user if isinstance(user, Person) else None
    waiting = person.waiting if person else frozenset()
    found = outcome(door, viewer_of(user), signed_in=person is not None, waiting=waiting)
    if found is Outcome.HIDDEN:
        raise Http404
    if found is Outcome.SIGN_IN:
        return redirect_to_login(request.get_full_path())
    if found is Outcome.SECOND_STEP:
        return HttpResponseRedirect(reverse("mfa_index"))
    return HttpResponseRedirect(reverse("accounts:index")) if found is Outcome.LED_ON else None


def _for_one_reader(request: HttpRequest) -> bool:
    """Whether a page is about one reader though nobody is signed in: ways in and out, links from mails, and any page
    with a message that waits."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name.startswith(WAYS_IN) or CookieStorage.cookie_name in request.COOKIES


def _asked_for(request: HttpRequest) -> bool:
    """Whether anything has looked at who this is; else there is nothing of a person in the answer."""
    user: Any = getattr(request, "user", None)
    return not isinstance(user, SimpleLazyObject) or user.__dict__["_wrapped"] is not empty


def _known(request: HttpRequest) -> object:
    """The user itself, out of what loads it when it is asked for."""
    user: Any = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        bool(user.is_authenticated)  # loads it
        return user._wrapped  # what the lazy object holds
    return user


def _person(request: HttpRequest) -> Person | AnonymousUser:
    """The person of the session, who knows whether it was begun with a second step."""
    from lifecluster.web.accounts.steps import begun_with_second_step

    found: Any = get_user(request)
    if isinstance(found, Person):
        found.second_step = begun_with_second_step(request, found)
    return found  # type: ignore[no-any-return]  # what Django's function gives
