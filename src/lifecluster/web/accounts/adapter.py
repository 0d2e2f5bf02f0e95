"""What sign-in does our way: addresses of clients, safe ways back, words, and secrets that are not kept in clear."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import user_pk_to_url_str
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from lifecluster.web.accounts.addresses import as_kept, canonical
from lifecluster.web.accounts.mailed import mark
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.openid.service import service
from lifecluster.web.accounts.steps import begun_with_second_step
from lifecluster.web.api.middleware import client_of

WORDS = {
    "email_password_mismatch": "The e-mail address and the password do not fit together.",
    "incorrect_password": "This is not your password.",
    "incorrect_code": "This code is not right, or it was used already.",
    "enter_current_password": "This is not your present password.",
    "too_many_login_attempts": "There were too many attempts. Wait five minutes and try again.",
    "rate_limited": "There were too many attempts. Wait a few minutes and try again.",
    "unverified_email": "Confirm your e-mail address first.",
}


CHOSE = "chose_password_of"
"""In a session: the person whose password was chosen in this browser."""
CHOOSE = (
    "Your address is confirmed. Now choose a password: the one from signing up was typed in another browser, "
    "perhaps by somebody else."
)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WORDS}  # noqa: RUF012 - as in the class above

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address; one that is none (a socket of this machine) counts as this machine."""
        try:
            return str(ipaddress.ip_address(client_of(request)))
        except ValueError:
            return "127.0.0.1"

    def clean_email(self, email: str) -> str:
        """An address as it is kept. Raises ValidationError for one that mail cannot be sent to."""
        return canonical(email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What attempts are counted by: the account alone. The host that a client names (with any port) is its own
        word, and another word must not begin a new count."""
        return as_kept(credentials.get("email", ""))

    def is_safe_url(self, url: str | None) -> bool:
        """Whether a way back stays on this host: no other host is led to."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(url, {host}, require_https=self.request.is_secure())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask once more who it is: not of who has signed in within the last minutes. Having come from
        another service does not count: it may have let in a browser that somebody left open.

        Raises ReauthenticationRequired for who has no password and no second step: allauth would ask them nothing.
        """
        records = get_authentication_records(self.request, self.request.user)
        shown = [one for one in records if one.get("method") != "socialaccount" or one.get("reauthenticated")]
        latest = max((float(record.get("at", 0)) for record in shown), default=0.0)
        if time.time() - latest < float(app_settings.REAUTHENTICATION_TIMEOUT):
            return False
        if [way["id"] for way in self.get_reauthentication_methods(self.request.user)] == ["openid"]:
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody may show once more who they are; at the other service who has nothing here to show it with."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not found and isinstance(user, Person) and connections.working(user).exists():
            words, url = f"Show it at {service().name}", reverse("accounts:openid_again")
            return [{"id": "openid", "description": words, "url": url}]
        return found

    def is_ajax(self, request: HttpRequest) -> bool:
        """Whether a script asks. Only the script of passkeys does; to all else the answer is a page."""
        asked = request.headers.get("Accept") == "application/json"
        return asked and request.path == reverse("mfa_login_webauthn")

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is written: the sender says who we are."""
        return str(subject)

    def login(self, request: HttpRequest, user: Person) -> None:
        """Begin the session; the person knows from here on whether it was with a second step."""
        super().login(request, user)
        user.second_step = begun_with_second_step(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """One's own account; who holds a role that waits for a second step is led to it."""
        user: Any = request.user
        return reverse("mfa_index" if getattr(user, "waiting", None) else "accounts:index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """One's own account."""
        return reverse("accounts:index")

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        """A new person; the address is kept in small letters."""
        saved: Person = super().save_user(request, user, form, commit=False)
        saved.email = saved.email.lower()
        if commit:
            saved.save()
            request.session[CHOSE] = saved.pk
        return saved

    def set_password(self, user: Person, password: str) -> None:
        """Another password; who sets it in this browser knows it."""
        super().set_password(user, password)
        self.request.session[CHOSE] = user.pk
        if not self.request.user.is_authenticated:  # it was set after a link from a mail
            mark(self.request, user)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address. A password that was not chosen in this browser opens nothing afterwards: anybody can sign
        up with an address that is somebody else's, and wait for its owner to confirm it. So it is with another service
        (`hearing`)."""
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            mark(request, email_address.user)
        if confirmed and request.session.get(CHOSE) != email_address.user_id:
            email_address.user.password = make_password(None)
            Person.objects.filter(pk=email_address.user_id).update(password=email_address.user.password)
            messages.info(request, CHOOSE)
        return confirmed

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        """Signing in; who has no way in that is known to be theirs chooses a password, as after a link from a mail."""
        if email_address.user.has_usable_password() or connections.working(email_address.user).exists():
            return str(super().get_email_verification_redirect_url(email_address))
        key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(email_address.user)
        whose = user_pk_to_url_str(email_address.user)
        return reverse("account_reset_password_from_key", kwargs={"uidb36": whose, "key": key})


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """Second steps. What a code is computed from is encrypted with a key made of the instance's secret key: a copy of
    the database alone opens nothing."""

    error_messages = {**DefaultMFAAdapter.error_messages, **WORDS}  # noqa: RUF012 - as above

    def encrypt(self, text: str) -> str:
        """A secret as it is kept."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it is used."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What an authenticator app calls this instance."""
        host: str = self.request.get_host().partition(":")[0]
        return f"Lifecluster {host}"

    def build_totp_svg(self, url: str) -> str:
        """The code to be scanned, as a drawing that stands in the page."""
        drawn: str = super().build_totp_svg(url)
        return re.sub(r"^<\?xml[^>]*\?>\s*", "", drawn)


def _cipher() -> Fernet:
    key = hashlib.blake2b(b"second step", key=settings.SECRET_KEY.encode()[:64], digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(key))
