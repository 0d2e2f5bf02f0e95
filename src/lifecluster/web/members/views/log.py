"""The page of the register's log: found by person, kind and organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.audit_views import SIZE, clean_actor
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.whose import organisation_of
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.kit.paging import Paging
from lifecluster.web.members import log


class Asked(forms.Form):
    """Which entries."""

    person = forms.CharField(label="Person", required=False, max_length=254, help_text="Name, e-mail or opaque name.")
    kind = forms.ChoiceField(label="What", required=False)
    organisation = forms.CharField(label="Organisation", required=False, max_length=200, help_text="Name or id.")
    page = forms.IntegerField(required=False, min_value=1, max_value=10**6, widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        choices = sorted(log.KINDS.items(), key=lambda one: one[1])
        self.fields["kind"].choices = [("", "Everything"), *choices]  # type: ignore[attr-defined]  # has choices

    def clean_person(self) -> str:
        """The opaque name of who is meant."""
        return clean_actor(self.cleaned_data["person"])

    def clean_organisation(self) -> str:
        """The id of today. Raises ValidationError where none fits or several do."""
        try:
            return organisation_of(self.cleaned_data["organisation"].replace("\x00", ""), self.viewer)
        except LifeclusterError as error:
            raise ValidationError(str(error)) from None


@require_safe
@loaded
def index(request: HttpRequest) -> HttpResponse:
    """What was done to the register, the latest first."""
    viewer = viewer_of(request.user)
    form = Asked(request.GET, viewer=viewer)
    asked = form.cleaned_data if form.is_valid() else {}
    named = {name: asked[name] for name in ("person", "kind", "organisation") if asked.get(name)}
    rows = log.rows(viewer, **named)
    page = asked.get("page") or 1
    pages = Paging(page, rows.count(), request.GET, size=SIZE, what="entries")
    shown = log.table(rows[(page - 1) * SIZE : page * SIZE], viewer)
    context = {"form": form, "table": shown, "pages": pages, "filtered": bool(named)}
    return render(request, "members/log.html", context, status=200 if form.is_valid() else 422)
