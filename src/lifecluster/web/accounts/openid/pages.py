"""Pages of sign-in that offer the other service, and those on which people see what is connected."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of


class SignIn(account.LoginView):  # type: ignore[misc]  # allauth has no types
    """Signing in, here or through the service."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the service."""
        return {**super().get_context_data(**kwargs), "openid": settings.OPENID}


class SignUp(account.SignupView):  # type: ignore[misc]  # as above
    """Signing up, here or through the service."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the service."""
        return {**super().get_context_data(**kwargs), "openid": settings.OPENID}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is connected with one's account."""
    person = person_of(request)
    found = list(connections.of(person))
    if settings.OPENID is None and not found:
        raise Http404
    rows = [{"row": one, "called": connections.called(one), "works": connections.works(one)} for one in found]
    offered = None if any(one["works"] for one in rows) else settings.OPENID
    return render(request, "accounts/connections.html", {"rows": rows, "offered": offered})


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # as above
def disconnect(request: HttpRequest, key: int) -> HttpResponse:
    """Take a connection of one's own away."""
    person = person_of(request)
    found = get_object_or_404(SocialAccount, pk=key, user=person)
    problem = connections.LAST if connections.needed(person, found) else ""
    if request.method == "POST":
        try:
            connections.disconnect(person=person, connection=found, viewer=person.viewer, at=moment())
        except LifeclusterError as error:
            problem = str(error)
        else:
            messages.success(request, f"{connections.called(found)} is disconnected.")
            return HttpResponseRedirect(reverse("accounts:index"))
    context = {"row": found, "called": connections.called(found), "problem": problem}
    return render(request, "accounts/disconnect.html", context, status=409 if problem else 200)
