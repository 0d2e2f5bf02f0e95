"""Forms of changing many organisations at once."""

from __future__ import annotations

from django import forms

from lifecluster.web.desk.actions.bulk import HOW, PROPERTIES
from lifecluster.web.desk.forms.base import DeskForm
from lifecluster.web.desk.words import choices


class BulkForm(DeskForm):
    """Which organisations, and what to change."""

    query = forms.CharField(
        label="Which organisations", max_length=2_000,
        help_text="The address of a search in the directory. At most 200 organisations.",
    )  # fmt: skip
    property = forms.ChoiceField(label="Property", choices=choices(PROPERTIES))
    how = forms.ChoiceField(label="What to do", choices=choices(HOW), initial="add")
    value = forms.CharField(label="Value", max_length=120, help_text="A code as the directory’s addresses have it.")
    why = forms.CharField(label="Why?", max_length=300, help_text="Kept in the log with each of them: name no person.")


class UndoForm(DeskForm):
    """The reason for taking it back."""

    why = forms.CharField(label="Why?", max_length=300, help_text="Kept in the log: name no person.")


class DealForm(DeskForm):
    """How a failed import was dealt with."""

    note = forms.CharField(label="What you did", max_length=300, required=False)
