"""Pages of one's own tokens."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Token
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.tokens import actions, scopes
from lifecluster.web.accounts.tokens.forms import TokenForm
from lifecluster.web.accounts.views import person_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One's tokens: what each may do, until when, and the day of its last use."""
    person = person_of(request)
    rows = [
        {"token": one, "may": [scopes.WORDS[name] for name in one.scopes if name in scopes.WORDS]}
        for one in Token.objects.live(moment()).filter(person=person).order_by("-pk")
    ]
    return render(request, "accounts/tokens.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def make(request: HttpRequest) -> HttpResponse:
    """Make a token, after saying once more who one is. The token is on the page that answers, and nowhere else."""
    person = person_of(request)
    form = TokenForm(request.POST if request.method == "POST" else None, viewer=person.viewer)
    if form.is_bound and form.is_valid():
        now = moment()
        try:
            token, text = actions.make_token(
                person=person, name=form.cleaned_data["name"], scopes=form.cleaned_data["scopes"],
                expires_at=now + timedelta(days=int(form.cleaned_data["lasts"])), second_step=person.second_step,
                viewer=person.viewer, at=now,
            )  # fmt: skip
        except LifeclusterError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "accounts/token_made.html", {"token": token, "text": text})
    return render(request, "accounts/token_make.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """Take one of one's tokens back."""
    person = person_of(request)
    token = get_object_or_404(Token, pk=key, person=person, revoked_at__isnull=True)
    actions.revoke_token(token=token, viewer=person.viewer, at=moment())
    messages.success(request, f"The token {token.name} opens nothing any more.")
    return HttpResponseRedirect(reverse("accounts:tokens"))
