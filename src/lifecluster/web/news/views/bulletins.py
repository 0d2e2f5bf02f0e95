"""The archive of bulletins, and wanting them or not."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.api.middleware import spend
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import answer, loaded, reader
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import markdown
from lifecluster.web.news.bulletin import compose, subscribing
from lifecluster.web.news.models import Bulletin, Part, Stage, State, Subscriber
from lifecluster.web.shell import errors

METHODS = ["GET", "HEAD", "POST"]
MOST = 200


class AddressForm(forms.Form):
    """Where the bulletin is to go."""

    email = forms.CharField(
        label="E-mail", help_text="A mail there asks you to confirm.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip


@require_safe
@loaded
@remembered
def archive(request: HttpRequest) -> HttpResponse:
    """All bulletins that were sent and have something for this reader."""
    return answer(request, "news/bulletins.html", _archive(request, AddressForm()))


def _archive(request: HttpRequest, form: AddressForm) -> dict[str, object]:
    level = int(viewer_of(reader(request)).clearance)
    live = Part.objects.filter(left_out=False, level__lte=level).exclude(item__isnull=False, item__level__gt=level)
    live = live.exclude(item__state__in=[State.WITHDRAWN, State.WAITING, State.REFUSED])
    rows = Bulletin.objects.filter(stage=Stage.SENT, pk__in=live.values("bulletin")).order_by("-send_at", "-pk")
    uid = viewer_of(request.user).actor.partition("person:")[2]
    return {
        "rows": [{"title": one.title, "url": compose.address(one), "sample": one.sample,
                  "day": (one.send_at or one.made_at).date()} for one in rows[:MOST]],
        "form": form,
        "person": bool(uid),
        "follows": bool(uid) and Subscriber.objects.filter(person__uid=uid).exists(),
    }  # fmt: skip


@require_safe
@loaded
@remembered
def bulletin(request: HttpRequest, key: int) -> HttpResponse:
    """One bulletin, as far as it is for this reader."""
    row = Bulletin.objects.filter(pk=key, stage=Stage.SENT).first() if key < 2**31 else None
    found = compose.parts(row, int(viewer_of(reader(request)).clearance)) if row else []
    if row is None or not found:
        raise Http404
    day = (row.send_at or row.made_at).date()
    context = {"bulletin": row, "day": day, "opening": markdown.html(row.opening),
               "groups": compose.groups(found, today())}  # fmt: skip
    return answer(request, "news/bulletin.html", context)


@csrf_exempt  # the page with the form is the same for all visitors; a mail to the address asks before anything is kept
@require_http_methods(METHODS)
@loaded
def subscribe(request: HttpRequest) -> HttpResponse:
    """Ask for the bulletin: the answer is the same whatever is known of the address."""
    if request.method != "POST":
        return HttpResponseRedirect(path_of("news:bulletins"))
    if spend(request, "mail") is not None:
        return errors.too_many(request)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            subscribing.ask(email=form.cleaned_data["email"], at=moment())
        except LifeclusterError as error:
            form.add_error("email", str(error))
        else:
            return render(request, "news/asked.html", {"email": form.cleaned_data["email"]})
    return render(request, "news/bulletins.html", _archive(request, form), status=422)


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Have the bulletin, or have it no more, as the person that one is."""
    person: Person = person_of(request)
    if "stop" in request.POST:
        subscribing.leave(person=person, viewer=person.viewer, at=moment())
        messages.success(request, "You will not get the bulletin any more.")
    else:
        subscribing.follow(person=person, viewer=person.viewer, at=moment())
        messages.success(request, f"The next bulletin comes to {person.email}.")
    return HttpResponseRedirect(path_of("news:bulletins"))


@csrf_exempt  # the link is signed, and was sent to the address that it speaks of
@require_http_methods(METHODS)
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm an address: opened it asks, posted to it confirms, as programs open links too."""
    done = request.method == "POST"
    right = subscribing.confirm(token=token, at=moment()) if done else subscribing.asks(token)
    return render(request, "news/confirm.html", {"right": right, "done": done}, status=200 if right else 404)


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the link is signed, and ends the bulletin alone
@require_http_methods(METHODS)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more bulletins: opened it asks, posted to it ends them."""
    done = request.method == "POST"
    right = subscribing.stop(token=token, at=moment()) if done else subscribing.knows(token)
    return render(request, "news/stop.html", {"right": right, "done": done}, status=200 if right else 404)
