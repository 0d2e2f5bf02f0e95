"""The public form of enquiries, and the desk's answer."""

from __future__ import annotations

from django import forms

from lifecluster.web.desk.actions.enquiries import MOST_KW, MOST_M2
from lifecluster.web.desk.forms.base import DeskForm, TextField
from lifecluster.web.desk.words import CLEANROOMS, LOOKING_FOR, WHENS, choices


class EnquiryForm(DeskForm):
    """What somebody is looking for, and how to answer them."""

    looking_for = forms.ChoiceField(
        label="What are you looking for?", choices=choices(LOOKING_FOR), widget=forms.RadioSelect
    )
    space_m2 = forms.IntegerField(label="Space, in square metres", required=False, min_value=1, max_value=MOST_M2)
    cleanroom = forms.ChoiceField(label="Cleanroom class", required=False, choices=choices(CLEANROOMS))
    power_kw = forms.IntegerField(label="Power, in kilowatts", required=False, min_value=1, max_value=MOST_KW)
    when = forms.ChoiceField(label="When?", required=False, choices=choices(WHENS))
    text = TextField(label="Anything else we should know", required=False, max_length=3_000)
    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    firm = forms.CharField(
        label="Firm", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    email = forms.EmailField(
        label="E-mail", max_length=254, help_text="We answer there.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    telephone = forms.CharField(
        label="Telephone", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )


class AnswerForm(DeskForm):
    """What the desk answers."""

    text = TextField(label="Answer", help_text="It goes to the enquirer by mail, as it stands here.")
