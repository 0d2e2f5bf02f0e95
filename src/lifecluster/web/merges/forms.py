"""Forms of merges and splits."""

from __future__ import annotations

from django import forms


class WhyForm(forms.Form):
    """The reason of a judgement, and what was previewed."""

    why = forms.CharField(label="Why?", max_length=300, help_text="Kept in the log for ever: name no person.")
    expect = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class SearchForm(forms.Form):
    """Two organisations to be found."""

    one = forms.CharField(label="One organisation", max_length=200, required=False,
                          help_text="A name, a company number or an id")  # fmt: skip
    other = forms.CharField(label="The other", max_length=200, required=False,
                            help_text="Leave it empty to see what may be the same")  # fmt: skip
