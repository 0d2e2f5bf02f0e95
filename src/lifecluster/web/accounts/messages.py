"""Pages on which people choose how they are told, and the one that a link in a mail leads to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lifecluster.web.accounts import choosing, stopping, telling
from lifecluster.web.accounts.models import How, Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.kit.paths import path_of

CHOICES = [(how.value, how.label.capitalize()) for how in How]


class Choices(forms.Form):
    """One choice for each kind of message that leaves one."""

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = dict(person.choices.values_list("kind", "how"))
        for kind in telling.kinds():
            if not kind.always:
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.title, choices=CHOICES, initial=chosen.get(kind.name, kind.usual.value)
                )


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """How one is told of what: at once, in a digest, or not at all."""
    person = person_of(request)
    form = Choices(person, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        for kind, how in form.cleaned_data.items():
            choosing.choose(person=person, kind=kind, how=how, viewer=person.viewer, at=moment())
        messages.success(request, "That is how you will be told.")
        return HttpResponseRedirect(path_of("accounts:messages"))
    context = {"form": form, "always": [kind for kind in telling.kinds() if kind.always], "waits": person.told.count()}
    return render(request, "accounts/messages.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the link is signed, and stops one kind of mail
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the kinds of messages that a link names: opened it asks, posted to it stops."""
    found = stopping.read(token)
    named = found[1] if found else []
    kinds = [one for one in telling.kinds() if one.name in named and not one.always]
    if found is None or not kinds:
        return render(request, "accounts/stop.html", {"kinds": []}, status=404)
    done = request.method == "POST"
    for kind in kinds if done else ():
        choosing.stop(person=found[0], kind=kind.name, at=moment())
    return render(request, "accounts/stop.html", {"kinds": kinds, "done": done})
