"""Forms of members and of the desk about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import fitting
from lifecluster.register.entry import Json
from lifecluster.register.ids import parse
from lifecluster.web.members import typed

LEVELS = (
    ("public", "Everybody: it stands in the public directory"),
    ("members", "Members: whoever works for an organisation of the cluster, and the cluster team"),
    ("desk", "The cluster team alone"),
    ("owner", "Only your own organisation"),
)
"""For whom a value is, in words. What brokers hold comes to them another way."""
WORDS = {name: text.partition(":")[0] for name, text in LEVELS} | {"broker": "Brokers alone"}
NEEDED = "Say what is to be shown; or refuse the proposal."
WHY = "Kept for ever with the value: name no person, and leave out e-mail addresses and telephone numbers."


class OfProperty(forms.Form):
    """A form about one property: `prop` its name; `kind` of the subject; `choices` codes in use with their words."""

    value = forms.CharField()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, prop: str, subject: str, choices: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.prop, self.kind, self.choices = prop, parse(subject).kind, choices
        self.known = vocabulary().properties[prop]
        self.fields["value"] = typed.field(prop, self.known, choices)

    def read(self, text: str, needed: str) -> Json:
        """What was typed, as the log has it. Raises ValidationError: with the words `needed` where nothing was."""
        found = typed.read(self.prop, self.known, text, self.choices)
        if found is None:
            raise ValidationError(needed)
        wrong = fitting.check(self.prop, self.kind, found)
        if wrong:
            raise ValidationError(f"{wrong.replace(repr(self.prop), 'This')}.")
        return found


class ValueForm(OfProperty):
    """One value of one property, and for whom it is."""

    unknown = forms.BooleanField(label="It is not known, or we do not say it", required=False)
    visibility = forms.ChoiceField(label="Who may see it?", choices=LEVELS, widget=forms.RadioSelect)
    why = forms.CharField(label="A note for the cluster team", max_length=500, required=False, help_text=WHY)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """`said`: the value as the log has it."""
        cleaned = super().clean() or {}
        if cleaned.get("unknown"):
            self.errors.pop("value", None)
            cleaned["said"] = None
        elif "value" in cleaned:
            try:
                cleaned["said"] = self.said(cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned

    def said(self, text: str) -> Json:
        """What was typed. Raises ValidationError."""
        return self.read(text, "Say what it is, or that it is not known.")


class AmendForm(OfProperty):
    """The value that the desk accepts, perhaps another than was proposed."""

    why = forms.CharField(label="A word to the member", max_length=500, required=False, help_text=WHY)

    def __init__(self, data: Mapping[str, Any] | None = None, *, proposed: Json, **more: Any) -> None:
        super().__init__(data, **more)
        self.proposed = proposed
        self.fields["value"].label = "Value to show"
        self.fields["value"].required = proposed is not None
        self.fields["value"].error_messages["required"] = NEEDED

    def clean_value(self) -> Json:
        """None where it is what was proposed, else the other value."""
        text = str(self.cleaned_data["value"])
        if _lines(text) == _lines(typed.of_json(self.prop, self.known, self.proposed)):
            return None
        return self.read(text, NEEDED)


class ThingForm(forms.Form):
    """The values of a thing that the desk accepts, perhaps others than were proposed: a field for each property.

    `choices`: codes in use with their words, by property.
    """

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: str, proposed: Mapping[str, Json],
                 choices: Mapping[str, Mapping[str, str]], **more: Any) -> None:  # fmt: skip
        super().__init__(data, **more)
        self.kind, self.proposed, self.choices = kind, proposed, choices
        for prop, value in proposed.items():
            known = vocabulary().properties[prop]
            self.fields[prop] = typed.field(prop, known, choices[prop])
            self.fields[prop].required = False
            self.fields[prop].initial = typed.of_json(prop, known, value)
        self.fields["why"] = forms.CharField(label="A word to who proposed it", max_length=500, required=False,
                                             help_text=WHY)  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """`amended`: all values as the log has them, None where they are what was proposed."""
        cleaned = super().clean() or {}
        found: dict[str, Json] = {}
        for prop, value in self.proposed.items():
            text, known = str(cleaned.get(prop, "")), vocabulary().properties[prop]
            if _lines(text) == _lines(typed.of_json(prop, known, value)):
                found[prop] = value
                continue
            try:
                read = typed.read(prop, known, text, self.choices[prop])
            except ValidationError as error:
                self.add_error(prop, error)
                continue
            if read is not None:
                found[prop] = read
        cleaned["amended"] = None if found == dict(self.proposed) else found
        return cleaned


class ReasonForm(forms.Form):
    """A reason that the member hears."""

    why = forms.CharField(label="Why?", max_length=500, help_text=f"The member reads it. {WHY}")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def level_of(label: str) -> str:
    """The choice that stands for a level; what has no choice is the cluster team's."""
    return label if label in dict(LEVELS) else Visibility.DESK.label


class ClaimForm(forms.Form):
    """Somebody says that they work for an organisation."""

    code = forms.CharField(label="Code of the cluster team", max_length=60, required=False,
                           help_text="If the team gave you one. It works once.")  # fmt: skip
    words = forms.CharField(
        label="What should the cluster team know?", max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Such as what you do there, and how the team can make sure. Only the team reads it.",
    )  # fmt: skip


class InviteForm(forms.Form):
    """A colleague's address."""

    email = forms.CharField(label="E-mail of your colleague", max_length=254,
                            widget=forms.EmailInput(attrs={"autocomplete": "off"}))  # fmt: skip


class EndForm(forms.Form):
    """The reason for ending a membership."""

    why = forms.CharField(label="Why?", max_length=300, help_text="Kept for ever: name no person.")


class AdmitForm(forms.Form):
    """How somebody is admitted."""

    administrator = forms.BooleanField(label="As its administrator, who invites colleagues", required=False)
    why = forms.CharField(label="How was it made sure?", max_length=300, help_text="Kept for ever: name no person.")


class DeclineForm(forms.Form):
    """Why somebody is not admitted."""

    why = forms.CharField(label="Why not?", max_length=500, help_text="They read it.")


class CodeForm(forms.Form):
    """For which organisation, and what the code makes of who has it."""

    organisation = forms.CharField(max_length=40, widget=forms.HiddenInput)
    administrator = forms.BooleanField(label="Makes an administrator", required=False, initial=True)
