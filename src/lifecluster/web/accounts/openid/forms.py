"""The form for who comes from the other service without an address."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.forms import SignupForm

from lifecluster.web.accounts.forms import say


class SignUp(SignupForm):  # type: ignore[misc]  # allauth has no types
    """An address, to be confirmed by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "email", "E-mail", "We send a link there; the account begins when you open it.")
