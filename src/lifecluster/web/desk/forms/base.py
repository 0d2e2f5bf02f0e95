"""What forms of the desk share: the number of change, days, and how a saved row reads beside what was typed."""

from __future__ import annotations

from typing import Any, ClassVar, Self, cast

from django import forms

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.kit.formats import day


class DayField(forms.DateField):
    """A day, chosen or typed."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **how)


class TextField(forms.CharField):
    """A text of several lines."""

    def __init__(self, **how: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **how)


class DeskForm(forms.Form):
    """A form of the desk. `COLUMNS`: fields that are columns of the row of the same name."""

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def values(cls, row: Any) -> dict[str, Any]:
        """What a saved row fills in."""
        return {name: getattr(row, name) for name in cls.COLUMNS}

    def again(self, row: Versioned) -> Self:
        """The same form with what was typed, ready to be sent over the row as it is now."""
        data: Any = cast("Any", self.data).copy()
        data["version"] = str(row.version)
        return type(self)(data, **self.more)

    @property
    def more(self) -> dict[str, Any]:
        """What else it is made with."""
        return {}

    def theirs(self, row: Any) -> list[tuple[str, str]]:
        """A saved row as labels and values, those that differ from what was typed."""
        found = []
        for name, value in self.values(row).items():
            if name not in self.fields or self.cleaned_data.get(name) == value:
                continue
            found.append((str(self.fields[name].label), self._shown(name, value)))
        return found

    def _shown(self, name: str, value: Any) -> str:
        words = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(words.get(str(one), str(one)) for one in value) or "nobody"
        if hasattr(value, "year"):
            return day(value, long=True)
        return words.get(str(value), str(value)) if value not in (None, "") else "nothing"


class Sure(DeskForm):
    """The reason, where one is wanted, for what cannot be undone."""

    why = forms.CharField(label="Why?", max_length=300, required=False, help_text="Kept in the audit: name no person.")
