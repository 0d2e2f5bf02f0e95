"""The page of the audit: found by person, action and day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lifecluster.web.accounts import acts, people
from lifecluster.web.accounts.addresses import as_kept
from lifecluster.web.accounts.audit import ACTIONS
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.names import plain
from lifecluster.web.accounts.views import person_of
from lifecluster.web.kit.paging import Paging

SIZE = 100
DAY = {"type": "date"}
NOBODY = "person:nobody"


def clean_actor(text: str) -> str:
    """The opaque name of who is meant by an e-mail address, a name as pages print it, or the opaque name itself; one of
    nobody where there is no such person. Raises ValidationError where several are called so."""
    text = plain(text.replace("\x00", ""))
    if not text or ":" in text:
        return text
    called = Q(name__iexact=text) | Q(name="", email__istartswith=f"{text}@")
    found = list(Person.objects.filter(Q(email=as_kept(text)) | Q(uid=text) | called))
    if len(found) > 1:
        raise ValidationError(f"Several are called so: write {' or '.join(one.actor for one in found)}.")
    return found[0].actor if found else NOBODY


class Asked(forms.Form):
    """Which acts."""

    person = forms.CharField(label="Person", required=False, max_length=254,
                             help_text="Name, e-mail or opaque name.")  # fmt: skip
    action = forms.ChoiceField(label="What", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs=DAY))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs=DAY))
    page = forms.IntegerField(required=False, min_value=1, max_value=10**6, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = sorted(ACTIONS.items(), key=lambda one: one[1])
        self.fields["action"].choices = [("", "Everything"), *choices]  # type: ignore[attr-defined]  # has choices

    def clean_person(self) -> str:
        """The opaque name of who is meant."""
        return clean_actor(self.cleaned_data["person"])


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """What was done to accounts and rights, the latest first."""
    form = Asked(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    named = {name: asked[name] for name in ("person", "action", "since", "until") if asked.get(name)}
    rows = people.acts(person_of(request).viewer, **named)
    total, page = rows.count(), asked.get("page") or 1
    pages = Paging(page, total, request.GET, size=SIZE, what="acts")
    shown = rows[(page - 1) * SIZE : page * SIZE]
    context = {"form": form, "table": acts.table(shown), "pages": pages, "filtered": bool(named)}
    return render(request, "accounts/audit.html", context, status=200 if form.is_valid() else 422)
