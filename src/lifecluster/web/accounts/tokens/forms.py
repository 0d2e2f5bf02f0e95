"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms

from lifecluster.web.accounts.tokens.scopes import offered
from lifecluster.web.directory.viewer import Viewer

LASTS = (("30", "30 days"), ("90", "90 days"), ("180", "half a year"), ("365", "a year"))


class TokenForm(forms.Form):
    """Name, what it may do, and how long."""

    name = forms.CharField(
        label="Name", max_length=80, help_text="Of the program that will have it, such as: figures of the intranet."
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        widget=forms.CheckboxSelectMultiple,
        help_text="It reads what is public in any case. Choose no more than the program needs.",
        error_messages={"required": "Choose what the token may do."},
    )
    lasts = forms.ChoiceField(
        label="How long?", choices=LASTS, initial="90", help_text="After that day it opens nothing."
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]  # of a field with choices
            (name, f"{words[0].upper()}{words[1:]}") for name, words in offered(viewer).items()
        ]
