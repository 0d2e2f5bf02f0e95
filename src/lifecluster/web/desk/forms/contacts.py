"""Forms of contacts, consent and memberships."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from lifecluster.web.desk.forms.base import DayField, DeskForm, TextField
from lifecluster.web.desk.words import LEVELS, PURPOSES, STANDINGS, WAYS, choices


class ContactForm(DeskForm):
    """Somebody at an organisation."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("name", "role", "email", "telephone")
    name = forms.CharField(label="Name", max_length=120)
    role = forms.CharField(label="Role", max_length=120, required=False, help_text="Such as: site manager.")
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    telephone = forms.CharField(label="Telephone", max_length=40, required=False)


class ConsentForm(DeskForm):
    """What a contact agreed to."""

    purpose = forms.ChoiceField(label="They agree that we", choices=choices(PURPOSES))
    given_by = forms.CharField(label="Who agreed", max_length=120, help_text="The contact, or who may speak for them.")
    how = forms.ChoiceField(label="How", choices=choices(WAYS))
    given_on = DayField(label="On which day")
    until = DayField(label="Until", required=False, help_text="Empty: until they take it back.")


class MembershipForm(DeskForm):
    """A new membership of the cluster."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("level", "begins_on", "renews_on", "public", "public_by", "note")
    level = forms.ChoiceField(label="Level", choices=choices(LEVELS), initial="full")
    begins_on = DayField(label="Since")
    renews_on = DayField(label="To be renewed on", required=False)
    public = forms.BooleanField(label="Everybody may know of it", required=False)
    public_by = forms.CharField(
        label="Who agreed to that",
        max_length=120,
        required=False,
        help_text="Somebody who speaks for the organisation.",
    )
    note = TextField(label="Note", required=False)


class MembershipChangeForm(MembershipForm):
    """A membership that is there."""

    COLUMNS: ClassVar[tuple[str, ...]] = (*MembershipForm.COLUMNS, "state", "ends_on")
    state = forms.ChoiceField(label="State", choices=choices(STANDINGS))
    ends_on = DayField(label="Ended on", required=False)
