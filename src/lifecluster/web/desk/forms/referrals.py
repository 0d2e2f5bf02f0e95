"""Forms of referrals."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django import forms

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import letters, whose
from lifecluster.web.desk.actions.referrals import ANSWERS
from lifecluster.web.desk.forms.base import DayField, DeskForm, TextField
from lifecluster.web.desk.models import Contact
from lifecluster.web.desk.words import WAYS, choices
from lifecluster.web.directory.viewer import Viewer


class ReferralForm(DeskForm):
    """To whom, and what is passed on."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("organisation", "body", "email", "about", "enquirer")
    organisation = forms.CharField(
        label="To an organisation of the register", required=False, max_length=200, help_text="Its name or id."
    )
    body = forms.CharField(
        label="Or to another body", required=False, max_length=150, help_text="As the letter addresses it."
    )
    email = forms.EmailField(label="Its e-mail address", max_length=254)
    about = TextField(label="What is passed on", help_text="Word for word. Nothing else of the case is sent.")
    enquirer = forms.BooleanField(label="With name and address of the enquirer", required=False)
    contact = forms.TypedChoiceField(
        label="With name and address of", required=False, coerce=lambda key: int(key) if key else None, empty_value=None
    )

    def __init__(self, *args: Any, viewer: Viewer, people: list[Contact], enquiry: bool, **how: Any) -> None:
        self._more = {"viewer": viewer, "people": people, "enquiry": enquiry}
        super().__init__(*args, **how)
        contact: Any = self.fields["contact"]
        contact.choices = [("", "No contact"), *((str(one.pk), one.shown_name) for one in people)]
        if not people:
            del self.fields["contact"]
        if not enquiry:
            del self.fields["enquirer"]

    @property
    def more(self) -> dict[str, Any]:
        """See `DeskForm`."""
        return self._more

    @classmethod
    def values(cls, row: Any) -> dict[str, Any]:
        """See `DeskForm`."""
        return super().values(row) | {"contact": row.contact_id}

    def clean_organisation(self) -> str:
        """The id of the organisation that was typed."""
        try:
            return whose.organisation_of(self.cleaned_data["organisation"], self._more["viewer"])  # type: ignore[arg-type]
        except LifeclusterError as error:
            raise forms.ValidationError(str(error)) from error


class ReferralConsentForm(DeskForm):
    """Who agreed to exactly this letter."""

    given_by = forms.CharField(label="Who agreed", max_length=120)
    how = forms.ChoiceField(label="How", choices=choices(WAYS))
    given_on = DayField(label="On which day")
    covers = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def again(self, row: Any) -> Self:
        """See `DeskForm`: the letter that is shown now is the one that is agreed to."""
        form = super().again(row)
        data: Any = form.data
        data["covers"] = letters.referral(row).digest
        return form


class ReferralAnswerForm(DeskForm):
    """What the other body answered."""

    state = forms.ChoiceField(label="They have", choices=choices(ANSWERS))
    answered_on = DayField(label="On which day")
    answer = TextField(label="In their words", required=False)
