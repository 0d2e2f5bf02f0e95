"""What pages of the desk share: forms that keep what was typed, also where somebody else was quicker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.rights import moment
from lifecluster.web.desk import whose
from lifecluster.web.desk.forms.base import DeskForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import ChangedError
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer, viewer_of

M = TypeVar("M", bound=models.Model)
Act = Callable[[dict[str, Any]], str]
"""Does what a form asks for; the address to go to afterwards."""


@dataclass(frozen=True, slots=True)
class Page:
    """Words around a form: `button` what it does, `back` where giving up leads, `done` what is said when it is done;
    `extra` more for the template."""

    title: str
    button: str
    back: str
    done: str = "Saved."
    lead: str = ""
    here: str = ""
    template: str = "desk/form.html"
    extra: dict[str, Any] = field(default_factory=dict)


def reader(request: HttpRequest) -> Viewer:
    """Who is looking."""
    return viewer_of(request.user)


def now() -> datetime:
    """Now, by the clock of the web app."""
    return moment()


def one(model: type[M], key: int, request: HttpRequest, *related: str) -> M:
    """A row by its key. Raises Http404."""
    manager: Any = model
    rows = manager.objects.visible_to(reader(request))
    row: M | None = (rows.select_related(*related) if related else rows).filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def organisation(uid: str, request: HttpRequest) -> whose.Whose:
    """The organisation that an id leads to today. Raises Http404."""
    found = whose.today([uid], reader(request)).get(uid)
    if found is None or not found.here or not found.uid.startswith("LCO-"):
        raise Http404
    return found


def handled(request: HttpRequest, form: DeskForm, page: Page, act: Act) -> HttpResponse:
    """Show a form; where it was sent, do what it asks for, or say what is wrong and keep what was typed."""
    theirs: list[tuple[str, str]] = []
    if form.is_bound and form.is_valid():
        try:
            url = act(dict(form.cleaned_data))
        except PermissionDeniedError:
            raise
        except ChangedError as error:
            theirs = form.theirs(error.row)
            form = form.again(error.row)
            form.is_valid()
            form.add_error(None, str(error))
        except LifeclusterError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, page.done)
            return HttpResponseRedirect(url)
    context = {"form": form, "page": page, "theirs": theirs, **page.extra}
    return render(request, page.template, context, here=page.here, status=422 if form.is_bound else 200)


def sent(request: HttpRequest) -> Any:
    """What was sent with a form, None where it is only shown."""
    return request.POST if request.method == "POST" else None


def acted(request: HttpRequest, act: Callable[[], object], back: str, done: str) -> HttpResponse:
    """Do what a button asks for, and go back; what is in the way is said there."""
    try:
        act()
    except PermissionDeniedError:
        raise
    except LifeclusterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)
