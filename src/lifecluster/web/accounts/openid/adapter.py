"""What django-allauth asks us about people who come from the other service."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.openid.service import service
from lifecluster.web.accounts.openid.trouble import OpenIDError
from lifecluster.web.accounts.steps import note_step

CONNECT = "connect"


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """One service, named by the settings alone; nobody is found by their address."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The service. Raises ValueError where the settings name none, or another than is asked for."""
        from lifecluster.web.accounts.openid.provider import OpenID  # what it needs is not loaded without a service

        named = settings.OPENID
        if named is None or provider not in {OpenID.id, named.issuer} or client_id not in {None, named.client}:
            raise ValueError("there is no such service")
        app = SocialApp(
            provider=OpenID.id, provider_id=named.issuer, name=named.name, client_id=named.client, secret=named.secret
        )
        return OpenID(request, app=app)

    def get_requests_session(self) -> Any:
        """How the service is asked."""
        from lifecluster.web.accounts.openid.network import Careful

        return Careful(service())

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Never: an address may have been another person's, and a service may say anything about it."""
        return False

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Only the provider's own answer counts (`provider.extract_email_addresses`)."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **said: Any) -> None:
        """Every error ends on one page of ours."""
        raise OpenIDError("the address of the service cannot be made")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Before anything is begun: nobody is signed out by a way back, and each way back is whose it was begun by."""
        user: Any = request.user
        if sociallogin.state.get("process") == CONNECT:
            if getattr(user, "uid", None) != sociallogin.state.get("data"):
                raise OpenIDError("the connection was begun by somebody else")
            return
        if user.is_authenticated:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("accounts:index")))
        request.session.set_expiry(0)  # two weeks are for who asks for them
        if sociallogin.is_existing:
            note_step(request, sociallogin.user, sociallogin.claims)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """A new person: the address and the name, nothing else."""
        person: Person = sociallogin.user
        person.email, person.name = data.get("email") or "", data.get("name") or ""
        return person

    def get_signup_form_initial_data(self, sociallogin: SocialLogin) -> dict[str, Any]:
        """Nothing: the form is for who comes without an address."""
        return {}

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        """A new account. It is this browser's until its address is confirmed (`connections.keep_proven`)."""
        from lifecluster.web.accounts.adapter import CHOSE

        person: Person = super().save_user(request, sociallogin, form)
        request.session[CHOSE] = request.session[connections.BEGUN] = person.pk
        return person

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Where connections are listed."""
        return reverse("accounts:connections")
