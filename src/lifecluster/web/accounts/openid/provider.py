"""The service as django-allauth knows it, with checks that it leaves out: addresses, signature, nonce, whose answer."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse

from lifecluster.web.accounts.addresses import canonical
from lifecluster.web.accounts.names import plain
from lifecluster.web.accounts.openid import claims
from lifecluster.web.accounts.openid.network import ask
from lifecluster.web.accounts.openid.service import service
from lifecluster.web.accounts.openid.trouble import OpenIDError
from lifecluster.web.settings.openid import origin

FRESH = 300
"""Seconds since somebody showed the service who they are, for what asks once more."""
AT_ONCE = ("token_endpoint", "authorization_endpoint", "jwks_uri")


class Conversation(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """One sign-in: what the service says of itself, the exchange of the code, and what it says of the person."""

    nonce = ""

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself. Raises OpenIDError where it is another, or leads elsewhere."""
        provider = self.get_provider()
        with provider.session() as session:
            found = ask(session, provider.server_url, "its own description")
        if found.get("issuer") != provider.app.provider_id:
            raise OpenIDError("the issuer says that it is another: set LIFECLUSTER_OPENID_ISSUER as it writes itself")
        for name in AT_ONCE:
            if origin(str(found.get(name, ""))) not in service().origins:
                raise OpenIDError(f"its {name} is not on a host of the service; see LIFECLUSTER_OPENID_HOSTS")
        return found

    @property
    def basic_auth(self) -> bool:
        """How the client shows who it is (RFC 8414: `client_secret_basic` where nothing is said)."""
        ways = self.openid_config.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_post" not in ways

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the service leads back to."""
        return request.build_absolute_uri(reverse("accounts:openid_return"))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who it is. Raises OpenIDError for a token that fails a check, or an answer about somebody else."""
        signed = kwargs["response"].get("id_token")
        if not isinstance(signed, str):
            raise OpenIDError("there is no token in the answer")
        provider, config = self.get_provider(), self.openid_config
        with provider.session() as session:
            keys = ask(session, config["jwks_uri"], "its keys")
            said = claims.read(signed, keys=keys, issuer=app.provider_id, client=app.client_id, nonce=self.nonce)
            if "email" not in said and config.get("userinfo_endpoint"):
                bearer = f"Bearer {token.token}"
                more = ask(session, config["userinfo_endpoint"], "what it says of the person", Authorization=bearer)
                if more.get("sub") != said["sub"]:
                    raise OpenIDError("the answer is about somebody else")
                said = {**{name: more.get(name) for name in ("email", "email_verified", "name")}, **said}
        login = provider.sociallogin_from_response(request, said)
        login.claims = said
        return login


class OpenID(OpenIDConnectProvider):  # type: ignore[misc]  # as above
    """The service that the settings name."""

    oauth2_adapter_class = Conversation

    @property
    def server_url(self) -> str:
        """Where it says what it is (OpenID Connect Discovery 1.0, 4)."""
        return f"{self.app.provider_id.rstrip('/')}/.well-known/openid-configuration"

    def session(self) -> Any:
        """A conversation with its hosts."""
        from allauth.socialaccount.adapter import get_adapter

        return get_adapter(self.request).get_requests_session()

    def begin(self, process: str, next_url: str | None, *, whose: str = "", fresh: bool = False) -> str:
        """The address at the service to which somebody goes on, with state, nonce and PKCE."""
        nonce = secrets.token_urlsafe(32)
        auth = {"nonce": nonce, **({"max_age": str(FRESH)} if fresh else {})}
        answer = self.redirect(self.request, process, next_url=next_url, data=whose, auth_params=auth, nonce=nonce)
        return str(answer["Location"])

    def get_pkce_params(self) -> dict[str, Any]:
        """PKCE, always (RFC 7636)."""
        from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge

        return dict(generate_code_challenge())

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The service's own name for somebody: an address may be given to another person, this may not."""
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept: the address there, so that people know which of their accounts it is."""
        return {"email": email} if (email := _address(data)) else {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Address and name, for a new account."""
        return {"email": _address(data), "name": plain(str(data.get("name") or ""))[:80]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """The address; confirmed only if the service says so and its word is trusted for that domain."""
        email = _address(data)
        if not email:
            return []
        trusted = email.rpartition("@")[2] in service().domains
        verified = trusted and data.get("email_verified") in (True, "true")  # some services write it as a word
        return [EmailAddress(email=email, verified=verified, primary=True)]


def _address(data: dict[str, Any]) -> str:
    """The address as it is kept; empty for one that mail cannot be sent to."""
    try:
        return canonical(str(data.get("email") or ""))
    except ValidationError:
        return ""
