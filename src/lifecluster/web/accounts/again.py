"""Asking once more who it is before a password is typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def asked_again(view: View) -> View:
    """Ask before the form is shown. What is sent too late begins anew: allauth would keep what was typed."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            asks = is_reauthentication_required(request, app="account")
        except ReauthenticationRequired:
            asks = True
        if asks and request.method == "POST":
            return HttpResponseRedirect(request.path)
        if asks:
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapped
