"""Forms of uploads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from lifecluster.web.uploads.purposes import ORGANISATION, PURPOSES
from lifecluster.web.uploads.understanding import Understood

LEVELS = [("public", "Everybody"), ("members", "Members"), ("desk", "The desk alone")]
SEVERAL = ("", "Several: each row says whose it is")


class UploadForm(forms.Form):
    """A file, what it lists, whose it is and who may know."""

    file = forms.FileField(label="The list",
                           help_text="A workbook (.xlsx, .ods) or plain text (.csv), at most 5 MB and "
                           "2,000 rows. Columns of people are not read.",
                           error_messages={"required": "Choose a file.", "empty": "This file is empty."})  # fmt: skip
    purpose = forms.ChoiceField(label="It lists", widget=forms.RadioSelect, initial="sites")
    organisation = forms.ChoiceField(label="Of", required=False)
    visibility = forms.ChoiceField(label="Who may see what it says", widget=forms.RadioSelect, choices=LEVELS,
                                   initial="public")  # fmt: skip

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, str]], desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose, whose = self.fields["purpose"], self.fields["organisation"]
        if isinstance(purpose, forms.ChoiceField) and isinstance(whose, forms.ChoiceField):
            purpose.choices = [(one.name, f"{one.title}: {one.lead}") for one in PURPOSES.values()]
            whose.choices = [*([SEVERAL] if desk else []), *organisations]
        if not desk and len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0][0]
            self.fields["organisation"].widget = forms.HiddenInput()


class RowForm(forms.Form):
    """The cells of one row, to be mended; errors of what was read stand beside them at once."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, made: Understood, purpose: str, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = made.row.changed
        for column in PURPOSES[purpose].columns:
            if column.name == ORGANISATION and whole:
                continue
            text = made.row.cells.get(column.name, "")
            self.fields[column.name] = forms.CharField(
                label=column.title, help_text=column.hint, required=False, max_length=2000,
                initial="" if text == "\x00" else text,
            )  # fmt: skip
        for one in made.wrong:
            if one.name in self.fields and not self.is_bound:
                self.fields[one.name].widget.attrs["aria-invalid"] = "true"

    def cells(self) -> dict[str, str]:
        """What was typed, by column."""
        return {k: v for k, v in self.cleaned_data.items() if k != "seen"}
