"""Pages around links in mails: before a first second step or a connection, and for another e-mail address."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import address, mailed, mailserver
from lifecluster.web.accounts.addresses import canonical
from lifecluster.web.accounts.rights import moment
from lifecluster.web.accounts.views import person_of
from lifecluster.web.api.middleware import spend
from lifecluster.web.shell import errors


class AddressForm(forms.Form):
    """Another address."""

    email = forms.CharField(
        label="New e-mail", max_length=254, help_text="We send a link there; until you open it the present one stays.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        """The address as it is kept."""
        return canonical(self.cleaned_data["email"])


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def ask_mail(request: HttpRequest) -> HttpResponse:
    """Before the first second step, or before another service is connected: have a link sent."""
    person = person_of(request)
    if request.method == "POST":
        if spend(request, "mail", who=person.uid) is not None:
            return errors.too_many(request)
        mailed.send(request, person)
        messages.success(request, f"The link {mailserver.becomes()}.")
        return HttpResponseRedirect(request.get_full_path())
    leads, words = mailed.BEFORE[mailed.before(request)]
    context = {"email": person.email, "words": words, "leads": reverse(leads)}
    return render(request, "accounts/ask_mail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_reached(request: HttpRequest, key: str) -> HttpResponse:
    """The link was opened; pressing the button counts, so that programs that look at links spend nothing."""
    person = person_of(request)
    good = mailed.good(key, person)
    leads, words = mailed.BEFORE[mailed.before(request)]
    if good and request.method == "POST":
        mailed.mark(request, person)
        return HttpResponseRedirect(reverse(leads))
    context = {"good": good, "words": words}
    return render(request, "accounts/mail_reached.html", context, status=200 if good else 404)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # as above
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for another address. The answer is the same whether somebody has it already."""
    person = person_of(request)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        new = form.cleaned_data["email"]
        if spend(request, "mail", who=person.uid) is not None:
            return errors.too_many(request)
        try:
            key = address.ask(person=person, email=new, viewer=person.viewer, at=moment())
        except LifeclusterError as error:
            form.add_error("email", str(error))
        else:
            link = request.build_absolute_uri(reverse("accounts:confirm_address", args=[key]))
            address.send(person=person, email=new, link=link)
            messages.success(request, f"We have written to {new}. Open the link there to confirm.")
            return HttpResponseRedirect(reverse("accounts:index"))
    return render(request, "accounts/address.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, key: str) -> HttpResponse:
    """The link was opened: with the button the address is the new one."""
    person = person_of(request)
    email = address.asked(key, person)
    problem = "" if email else "This link is not good any more, or was meant for another account."
    if email and request.method == "POST":
        try:
            address.change(person=person, key=key, viewer=person.viewer, at=moment())
        except LifeclusterError as error:
            problem = str(error)
        else:
            messages.success(request, f"Your address is now {email}.")
            return HttpResponseRedirect(reverse("accounts:index"))
    context = {"email": email, "problem": problem}
    return render(
        request, "accounts/address_confirm.html", context, status=409 if email and problem else 200 if email else 404
    )
