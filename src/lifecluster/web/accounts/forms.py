"""Forms of sign-in in our words: each asks for as little as it can, and says what it wants before it is refused."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as second_settings
from allauth.mfa.adapter import get_adapter as second_adapter
from allauth.mfa.base import forms as second
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts.addresses import as_kept, canonical
from lifecluster.web.accounts.rights import GIVEN

PASSWORD_HELP = "At least 12 characters, and not a common word. A sentence is good."  # noqa: S105 - it is a hint
CODE_HELP = "The six digits that your app shows now, or one of your recovery codes."


def say(form: forms.Form, field: str, label: str, help_text: str = "", **attributes: str) -> None:
    """Give a field its words; what stood inside it in grey goes, as it vanishes when somebody types."""
    if field not in form.fields:
        return
    form.fields[field].label = label
    form.fields[field].help_text = help_text
    form.fields[field].widget.attrs.pop("placeholder", None)
    form.fields[field].widget.attrs.update(attributes)


class SignIn(account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "login", "E-mail", autocomplete="username")
        say(self, "password", "Password")
        say(self, "remember", "Stay signed in on this device for two weeks")

    def clean_login(self) -> str:
        """The address, as it is kept."""
        return as_kept(super().clean_login())


class SignUp(account.SignupForm):  # type: ignore[misc]  # as above
    """E-mail and a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "email", "E-mail", "We send a link there; the account begins when you open it.")
        say(self, "password1", "New password", PASSWORD_HELP)

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Make the account; where there is one, take as long as if it were made: the time tells nobody either."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[Any, HttpResponse | None] = super().try_save(request)
        return saved


class Forgotten(account.ResetPasswordForm):  # type: ignore[misc]  # as above
    """The address of an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "email", "E-mail")

    def clean_email(self) -> str:
        """The address as it is kept: the mail goes there, however it was typed."""
        self.cleaned_data["email"] = canonical(self.cleaned_data["email"])
        return str(super().clean_email())


class NewPassword(account.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    """A new password, after a link from a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "password1", "New password", PASSWORD_HELP)
        say(self, "password2", "New password again")


class ChangePassword(account.ChangePasswordForm):  # type: ignore[misc]  # as above
    """Another password instead of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "oldpassword", "Present password")
        say(self, "password1", "New password", PASSWORD_HELP)
        say(self, "password2", "New password again")


class FirstPassword(account.SetPasswordForm):  # type: ignore[misc]  # as above
    """A password for an account that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "password1", "New password", PASSWORD_HELP)
        say(self, "password2", "New password again")


class Again(account.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "password", "Password", autocomplete="current-password")


class Once(forms.Form):
    """A code that works once (RFC 6238, 5.2): it is remembered for as long as an app's clock may make it fit."""

    user: Any

    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong one, and for one that opened something already."""
        key = f"code:{self.user.pk}:{normalize_user_code(self.cleaned_data['code'])}"
        fits = (2 * second_settings.TOTP_TOLERANCE + 1) * second_settings.TOTP_PERIOD
        if cache.get(key) is not None:
            raise second_adapter().validation_error("incorrect_code")
        code = str(super().clean_code())  # type: ignore[misc]  # of the form that this is put before
        if not cache.add(key, "used", timeout=fits):
            raise second_adapter().validation_error("incorrect_code")
        return code


class Code(Once, second.AuthenticateForm):  # type: ignore[misc]  # as above
    """The second step, by a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "code", "Code", CODE_HELP)


class CodeAgain(Once, second.ReauthenticateForm):  # type: ignore[misc]  # as above
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "code", "Code", CODE_HELP)


class FirstCode(Once, ActivateTOTPForm):  # type: ignore[misc]  # as above
    """The first code of an app: shows that it was set up right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "code", "Code", "The six digits that your app shows now.", inputmode="numeric")


class AddPasskey(passkeys.AddWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey, with a name that tells it from others. It always signs in by itself: the device asks who you are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        say(self, "name", "Name of this passkey", "So that you know it again, such as the device it is on.")


class Answer(forms.Form):
    """What a device answers, of whatever shape: a stranger may send anything."""

    def clean_credential(self) -> Any:
        """The passkey. Raises ValidationError for an answer that is none, or not that of a passkey we know."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form that this is put before
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
            raise second_adapter().validation_error("incorrect_code") from None


class SignInByPasskey(Answer, passkeys.LoginWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey instead of a password."""


class StepByPasskey(Answer, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey as the second step."""


class AgainByPasskey(Answer, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # as above
    """A passkey once more, before something that matters."""


class NameForm(forms.Form):
    """What others are shown."""

    name = forms.CharField(label="Name", max_length=80, required=False, help_text="Shown to those you work with here.")


class DeleteForm(forms.Form):
    """Says that one means it."""

    sure = forms.BooleanField(label="Delete my account and all that is kept about me")


class GrantForm(forms.Form):
    """A role for a person, with the reason."""

    role = forms.ChoiceField(label="Role", choices=[(name, ROLES[name].title) for name in GIVEN])
    why = forms.CharField(
        label="Why?", max_length=300, help_text="Kept for ever: write what the role is for, and name no person."
    )


class RevokeForm(forms.Form):
    """The reason for taking a role."""

    why = forms.CharField(label="Why?", max_length=300, help_text="Kept for ever: name no person.")
