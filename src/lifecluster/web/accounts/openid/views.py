"""The way to the other service and back: to sign in, to connect it, to show once more who one is."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialToken
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.accounts.mailed import first_step_by_mail
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.openid.adapter import CONNECT
from lifecluster.web.accounts.openid.service import service
from lifecluster.web.accounts.openid.trouble import OpenIDError, UnreachableError
from lifecluster.web.accounts.views import person_of

log = logging.getLogger(__name__)
SIGN_IN, AGAIN = "login", "again"


@require_POST
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Go to the service, to sign in; back to `next`, if that is a page of ours."""
    _named()
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return refused or _on(request, SIGN_IN, get_next_redirect_url(request))


@require_POST
@never_cache
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@partial(first_step_by_mail, what="connection")
def connect(request: HttpRequest) -> HttpResponse:
    """Go to the service, to connect somebody there with the account that is signed in."""
    _named()
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="login")
    return refused or _on(request, CONNECT, reverse("accounts:connections"), whose=person_of(request).uid)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def again(request: HttpRequest) -> HttpResponse:
    """Show at the service once more who one is, for who has neither password nor second step."""
    _named()
    person = person_of(request)
    if [way["id"] for way in get_account_adapter().get_reauthentication_methods(person)] != ["openid"]:
        raise Http404
    next_url = get_next_redirect_url(request)
    if request.method == "POST":
        refused: HttpResponse | None = ratelimit.consume_or_429(request, action="reauthenticate", user=person)
        return refused or _on(request, AGAIN, next_url, whose=person.uid, fresh=True)
    return render(request, "accounts/openid_again.html", {"openid": settings.OPENID, "next": next_url or ""})


@require_safe
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """The service leads back here. Nothing is asked of it before it is known that this browser began."""
    _named()
    try:
        return _finish(request)
    except (OpenIDError, IntegrityError) as error:
        return _failed(request, error)


def _named() -> None:
    """Raise Http404 where the settings name no service."""
    if settings.OPENID is None:
        raise Http404


def _provider(request: HttpRequest) -> Any:
    return get_adapter(request).get_provider(request, service().issuer)


def _on(
    request: HttpRequest, process: str, next_url: str | None, *, whose: str = "", fresh: bool = False
) -> HttpResponse:
    """A page that leads on. No redirect: a form may only lead to this host, and services lead to further hosts."""
    try:
        url = _provider(request).begin(process, next_url, whose=whose, fresh=fresh)
    except OpenIDError as error:
        return _failed(request, error)
    return render(request, "accounts/openid_on.html", {"openid": settings.OPENID, "url": url})


def _finish(request: HttpRequest) -> HttpResponse:
    provider = _provider(request)
    state = statekit.unstash_state(request, provider_id=provider.sub_id, state_id=request.GET.get("state", ""))
    if state is None:
        raise OpenIDError("no sign-in was begun in this browser, or it is over")
    if request.GET.get("iss", provider.sub_id) != provider.sub_id:  # RFC 9207
        raise OpenIDError("another service leads back")
    if request.GET.get("error") == "access_denied":
        messages.info(request, f"You left at {provider.name}. Nothing was changed.")
        signed_in = request.user.is_authenticated
        return HttpResponseRedirect(reverse("accounts:connections" if signed_in else "account_login"))
    if "error" in request.GET or not request.GET.get("code"):
        raise OpenIDError(f"the service says {request.GET.get('error', 'nothing')[:40]!r}")
    login = _who(request, provider, state)
    if state["process"] == AGAIN:
        return _shown_again(request, login)
    from allauth.socialaccount.helpers import complete_social_login

    with transaction.atomic():  # after all was asked: nobody waits for the service behind this
        return complete_social_login(request, login)  # type: ignore[no-any-return]  # allauth has no types


def _who(request: HttpRequest, provider: Any, state: dict[str, Any]) -> Any:
    """Who comes back, told by the service itself in exchange for the code. Raises OpenIDError."""
    from allauth.socialaccount.providers.oauth2.client import OAuth2Error

    talk = provider.get_oauth2_adapter(request)
    talk.nonce = state["nonce"]
    client = talk.get_client(request, provider.app)
    try:
        answer = talk.get_access_token_data(request, provider.app, client, state["pkce_code_verifier"])
        token = SocialToken(token=str(answer["access_token"]))
    except (OAuth2Error, KeyError, ValueError, TypeError):  # what they say may hold a token
        raise OpenIDError("the service refuses the code") from None
    login = talk.complete_login(request, provider.app, token, response=answer)
    login.state = state
    return login


def _shown_again(request: HttpRequest, login: Any) -> HttpResponse:
    """Go on with what was asked for, if it is the same person and they showed it just now. Raises OpenIDError."""
    from lifecluster.web.accounts.openid.claims import CLOCKS
    from lifecluster.web.accounts.openid.provider import FRESH

    user: Any = request.user
    same = user.is_authenticated and user.uid == login.state["data"]
    if not same or not connections.working(user).filter(uid=login.account.uid).exists():
        raise OpenIDError("it is not who is signed in")
    shown, now = login.claims.get("auth_time"), time.time()
    if not isinstance(shown, (int, float)) or not now - FRESH - CLOCKS < shown <= now + CLOCKS:
        raise OpenIDError("the service does not say that somebody has just shown who they are (auth_time)")
    record_authentication(request, user, "socialaccount", reauthenticated=True)
    request.GET = QueryDict(urlencode({"next": login.state.get("next") or reverse("accounts:index")}))
    return resume_request(request) or HttpResponseRedirect(reverse("accounts:index"))


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """One page for all that goes wrong: what it was stands in the log."""
    log.warning("OpenID Connect: %s", error if isinstance(error, OpenIDError) else type(error).__name__)
    away = isinstance(error, UnreachableError)
    context = {"openid": settings.OPENID, "away": away}
    return render(request, "accounts/openid_failed.html", context, status=502 if away else 400)
