"""The form of an item: what it asks for depends on what it is, and all of it works without script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from lifecluster.policy.visibility import Visibility
from lifecluster.register.ids import IdError, normalise
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.news.actions import DECIDE
from lifecluster.web.news.draft import LEVELS, ORGANISATIONS, TITLE, Draft, problems
from lifecluster.web.news.models import Kind

READERS = {Visibility.PUBLIC: "Everybody", Visibility.MEMBERS: "Members", Visibility.DESK: "The desk alone"}
WORDS_HELP = "An empty line begins a paragraph. **Bold**, *italic*, lists with - and links as [words](https://…) work."
ID = re.compile(r"\bLCO-?[0-9A-Z]{4}-?[0-9A-Z]{4}-?[0-9A-Z]{4}\b", re.IGNORECASE)


def day(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class ItemForm(forms.Form):
    """What somebody tells. What is wrong is decided by `draft.problems` alone."""

    kind = forms.ChoiceField(label="What is it?", choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.NEWS)
    title = forms.CharField(
        label="Title", help_text=f"At most {TITLE} characters.", error_messages={"required": "Give it a title."}
    )
    text = forms.CharField(
        label="Text", help_text=WORDS_HELP, error_messages={"required": "Write what it is about."},
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    link = forms.CharField(label="Where to read more or apply", help_text="A web address.", required=False)
    closes_on = day("Closes on", "For an opportunity: the last day.")
    begins_on = day("Begins on", "For an event.")
    ends_on = day("Ends on", "For an event of several days.")
    place = forms.CharField(label="Place", help_text="For an event.", required=False)
    organisations = forms.CharField(
        label="Organisations it is about",
        help_text="One a line: the name as the directory has it, the id, or the address of its page.",
        required=False, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    level = forms.TypedChoiceField(label="Who may read it?", coerce=int, widget=forms.RadioSelect, initial=0)
    shown_from = day("Shown from", required=True)
    shown_until = day("Shown until", "The last day. Left empty: the day it closes or ends, or until it is withdrawn.")
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        levels = LEVELS if viewer.may(DECIDE) else LEVELS[:2]
        level: Any = self.fields["level"]
        level.choices = [(int(one), READERS[one]) for one in levels]
        self.draft: Draft | None = None

    def clean(self) -> dict[str, Any]:
        """The draft, and what is wrong with it beside each field."""
        said: dict[str, Any] = {**(super().clean() or {})}
        seen, named = said.pop("seen", None), said.pop("organisations", "")
        said["organisations"], unknown = self._organisations(named)
        if "kind" in said and "level" in said and "shown_from" in said:
            said = {"title": "", "text": "", **said}
            whole: dict[str, Any] = {name: said.get(name) for name in Draft.__dataclass_fields__ if name in said}
            self.draft = Draft(**whole)
            for name, words in problems(self.draft).items():
                if name not in self.errors:
                    self.add_error(name, words)
        if unknown:
            self.add_error("organisations", f"“{unknown[0][:60]}” is not in the directory under this name.")
        return said | {"seen": seen}

    def _organisations(self, text: str) -> tuple[tuple[str, ...], list[str]]:
        """Ids of what was named, and lines that name nothing which this reader may see."""
        found: list[str] = []
        unknown: list[str] = []
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for line in lines[: ORGANISATIONS + 1]:
            uid = _id_in(line) or self._called(line)
            (found if uid else unknown).append(uid or line)
        return tuple(dict.fromkeys(found)), unknown

    def _called(self, name: str) -> str:
        """The id of the one organisation of this name; a slip of capitals does not matter."""
        rows = Organisation.objects.visible_to(self.viewer, reads.current()).filter(name__iexact=name)
        uids = list(rows.values_list("uid", flat=True)[:2])
        return uids[0] if len(uids) == 1 else ""

    @classmethod
    def over(cls, draft: Draft, seen: int, viewer: Viewer) -> ItemForm:
        """The form filled with what an item says."""
        own = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
        return cls(initial=own | {"organisations": lines(draft.organisations, viewer), "seen": seen}, viewer=viewer)


def lines(uids: Iterable[str], viewer: Viewer) -> str:
    """Organisations as the form names them: a line each, with the name where the reader may know it."""
    known = reads.named(set(uids), viewer, reads.current())
    return "\n".join(f"{known[uid].name} ({uid})" if uid in known else uid for uid in sorted(uids))


def _id_in(line: str) -> str:
    found = ID.search(line)
    try:
        return normalise(found.group()) if found else ""
    except IdError:
        return ""
