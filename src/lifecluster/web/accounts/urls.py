"""Addresses of people. Those with names that begin with `account_`, `mfa_` and `socialaccount_` are led by
django-allauth, which knows them by these names; its other addresses are not offered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as sign_in
from allauth.decorators import rate_limit
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from lifecluster.web.accounts import administration, audit_views, mail_views, messages, views
from lifecluster.web.accounts.again import asked_again
from lifecluster.web.accounts.mailed import first_step_by_mail
from lifecluster.web.accounts.openid import pages as openid_pages
from lifecluster.web.accounts.openid import views as openid
from lifecluster.web.accounts.tokens import views as tokens

View = Callable[..., HttpResponseBase]


def whole(view: View) -> View:
    """What a form of this view changes, its audit and its mail stand or fall together."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with transaction.atomic():
            response = view(request, *args, **kwargs)
            render = getattr(response, "render", None)
            if callable(render):
                render()
            return response

    return wrapped


entrance = [
    path("sign-in", openid_pages.SignIn.as_view(), name="account_login"),
    path("sign-out", sign_in.logout, name="account_logout"),
    path("sign-up", whole(openid_pages.SignUp.as_view()), name="account_signup"),
    path("closed", sign_in.account_inactive, name="account_inactive"),
    path("again", sign_in.reauthenticate, name="account_reauthenticate"),
    path("check-your-mail", sign_in.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm/(?P<key>[-:\w]+)$", whole(sign_in.confirm_email), name="account_confirm_email"),
    path("password", whole(sign_in.password_change), name="account_change_password"),
    path("password/first", asked_again(whole(sign_in.password_set)), name="account_set_password"),
    path("password/forgotten", whole(sign_in.password_reset), name="account_reset_password"),
    path("password/forgotten/sent", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)$",
        whole(sign_in.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/changed", sign_in.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("openid/sign-up", rate_limit(action="signup")(whole(social.signup)), name="socialaccount_signup"),
    path("second-step", second.index, name="mfa_index"),
    path("second-step/code", second.authenticate, name="mfa_authenticate"),
    path("second-step/again", second.reauthenticate, name="mfa_reauthenticate"),
    path("second-step/app", first_step_by_mail(whole(totp.activate_totp)), name="mfa_activate_totp"),
    path("second-step/app/remove", whole(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-step/recovery-codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-step/recovery-codes/new", whole(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("second-step/recovery-codes.txt", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("second-step/passkeys", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("second-step/passkeys/add", first_step_by_mail(whole(passkeys.add_webauthn)), name="mfa_add_webauthn"),
    path("second-step/passkeys/again", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("second-step/passkeys/sign-in", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("second-step/passkeys/<int:pk>/remove", whole(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
]
own = [
    path("account", views.index, name="index"),
    path("account/name", views.name, name="name"),
    path("account/address", whole(mail_views.change_address), name="address"),
    path("account/address/<str:key>", mail_views.confirm_address, name="confirm_address"),
    path("account/mail", whole(mail_views.ask_mail), name="ask_mail"),
    path("account/mail/<str:key>", mail_views.mail_reached, name="mail_reached"),
    path("account/sessions", views.sessions, name="sessions"),
    path("account/sessions/<int:key>/end", views.end_session, name="end_session"),
    path("account/tokens", tokens.index, name="tokens"),
    path("account/tokens/make", tokens.make, name="make_token"),
    path("account/tokens/<int:key>/revoke", tokens.revoke, name="revoke_token"),
    path("account/openid/sign-in", openid.sign_in, name="openid_sign_in"),
    path("account/openid/connect", openid.connect, name="openid_connect"),
    path("account/openid/again", openid.again, name="openid_again"),
    path("account/openid/return", openid.back, name="openid_return"),
    path("account/connections", openid_pages.index, name="connections"),
    path("account/connections/<int:key>/remove", openid_pages.disconnect, name="disconnect"),
    path("account/data.json", views.data, name="data"),
    path("account/delete", whole(views.delete), name="delete"),
    path("account/messages", whole(messages.choices), name="messages"),
    path("account/messages/stop/<str:token>", whole(messages.stop), name="stop"),
    path("people", administration.people, name="people"),
    path("people/<str:uid>", administration.person, name="person"),
    path("people/<str:uid>/grant", administration.grant, name="grant"),
    path("people/<str:uid>/revoke/<slug:role>", administration.revoke, name="revoke"),
    path("audit", audit_views.audit, name="audit"),
]
urlpatterns = [path("account/", include(entrance)), path("", include((own, "accounts")))]
