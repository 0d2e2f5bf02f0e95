"""Forms of cases, tasks, notes and interactions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import whose
from lifecluster.web.desk.forms.base import DayField, DeskForm, TextField
from lifecluster.web.desk.models import Contact
from lifecluster.web.desk.words import CASE_KINDS, INTERACTIONS, MOVES, OUTCOMES, PRIORITIES, STATES, TOPICS, choices
from lifecluster.web.directory.viewer import Viewer


class Owned(DeskForm):
    """A form with an owner, chosen of those who work at the desk."""

    def __init__(self, *args: Any, people: list[Person], **how: Any) -> None:
        self._people = people
        super().__init__(*args, **how)
        owner: Any = self.fields["owner"]
        owner.choices = [("", "Nobody yet"), *((one.uid, one.shown_name) for one in people)]

    @property
    def more(self) -> dict[str, Any]:
        """See `DeskForm`."""
        return {"people": self._people}

    @classmethod
    def values(cls, row: Any) -> dict[str, Any]:
        """See `DeskForm`."""
        return super().values(row) | {"owner": row.owner.uid if row.owner else ""}


class CaseForm(Owned):
    """A case."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("title", "organisation", "kind", "priority", "due_on")
    title = forms.CharField(label="Title", max_length=150, help_text="What it is about, without names of people.")
    organisation = forms.CharField(
        label="Organisation",
        required=False,
        max_length=200,
        help_text="Its name or id in the register; empty if it has none.",
    )
    kind = forms.ChoiceField(label="Kind", choices=choices(CASE_KINDS), initial="support")
    priority = forms.TypedChoiceField(
        label="Priority", choices=[(str(k), word) for k, word in PRIORITIES.items()], coerce=int, initial=2
    )
    owner = forms.ChoiceField(label="Owner", required=False)
    due_on = DayField(label="Due", required=False)

    def __init__(self, *args: Any, viewer: Viewer, **how: Any) -> None:
        self._viewer = viewer
        super().__init__(*args, **how)

    @property
    def more(self) -> dict[str, Any]:
        """See `DeskForm`."""
        return super().more | {"viewer": self._viewer}

    def clean_organisation(self) -> str:
        """The id of the organisation that was typed."""
        try:
            return whose.organisation_of(self.cleaned_data["organisation"], self._viewer)
        except LifeclusterError as error:
            raise forms.ValidationError(str(error)) from error


class MoveForm(DeskForm):
    """Another state of a case."""

    state = forms.ChoiceField(label="The case is now")
    outcome = forms.ChoiceField(
        label="What came of it, where it is closed", required=False,
        choices=[("", "Choose what came of it"), *OUTCOMES.items()],
    )  # fmt: skip
    note = TextField(label="In words", required=False)

    def __init__(self, *args: Any, now: str, **how: Any) -> None:
        self._now = now
        super().__init__(*args, **how)
        state: Any = self.fields["state"]
        state.choices = [(name, STATES[name]) for name in reversed(MOVES[now])]
        if now == "closed":
            del self.fields["outcome"], self.fields["note"]

    @property
    def more(self) -> dict[str, Any]:
        """See `DeskForm`."""
        return {"now": self._now}

    def clean(self) -> dict[str, Any]:
        """To close it takes what came of it."""
        given: dict[str, Any] = self.cleaned_data
        if given.get("state") == "closed" and "outcome" in given and not given["outcome"]:
            self.add_error("outcome", "Say what came of the case before it is closed.")
        return given


class TaskForm(Owned):
    """A task."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("title", "due_on")
    title = forms.CharField(label="What is to be done", max_length=150)
    owner = forms.ChoiceField(label="By whom", required=False)
    due_on = DayField(label="Due", required=False)


class NoteForm(DeskForm):
    """A note."""

    text = TextField(label="Note")


class InteractionForm(DeskForm):
    """What was talked about."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("on", "kind", "subject", "notes", "outcome", "policy", "topic")
    on = DayField(label="When")
    kind = forms.ChoiceField(label="Kind", choices=choices(INTERACTIONS))
    contacts = forms.TypedMultipleChoiceField(
        label="With whom", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    subject = forms.CharField(label="About", max_length=150)
    notes = TextField(label="Notes", required=False)
    outcome = forms.CharField(label="What came of it", max_length=300, required=False)
    policy = forms.TypedChoiceField(
        label="Was policy feedback given?", choices=[("no", "No"), ("yes", "Yes")], initial="no",
        widget=forms.RadioSelect, coerce=lambda word: word == "yes",
    )  # fmt: skip
    topic = forms.ChoiceField(
        label="On which topic", required=False, choices=[("", "No feedback was given"), *TOPICS.items()]
    )

    def __init__(self, *args: Any, people: list[Contact], **how: Any) -> None:
        self._people = people
        super().__init__(*args, **how)
        contacts: Any = self.fields["contacts"]
        contacts.choices = [(one.pk, f"{one.name}, {one.role}" if one.role else one.name) for one in people]
        if not people:
            del self.fields["contacts"]

    @property
    def more(self) -> dict[str, Any]:
        """See `DeskForm`."""
        return {"people": self._people}

    @classmethod
    def values(cls, row: Any) -> dict[str, Any]:
        """See `DeskForm`."""
        kept = list(row.contacts.filter(erased_at=None).values_list("pk", flat=True))
        return super().values(row) | {"contacts": kept}

    def clean_topic(self) -> str:
        """Feedback needs its topic; without feedback there is none."""
        given, topic = self.cleaned_data.get("policy"), str(self.cleaned_data["topic"])
        if given and not topic:
            raise forms.ValidationError("Say on which topic feedback was given.")
        return topic if given else ""
