"""Addresses of members, and of the desk about them."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.members.views import admitting, deciding, joining, log, own, stale, things

app_name = "members"
urlpatterns = [
    path("my/", own.index, name="index"),
    path("my/join", joining.join, name="join"),
    path("my/join/<str:uid>", joining.claim, name="claim"),
    path("my/claims/<int:key>/give-up", joining.give_up, name="give_up"),
    path("my/invitations/<str:token>", joining.invitation, name="invitation"),
    path("my/<str:uid>", own.organisation, name="organisation"),
    path("my/<str:uid>/values/<str:subject>/<slug:prop>", own.value, name="value"),
    path("my/<str:uid>/values/<str:subject>/<slug:prop>/still-right", own.confirm, name="confirm"),
    path("my/<str:uid>/proposals/<slug:entry>/withdraw", own.withdraw, name="withdraw"),
    path("my/<str:uid>/confirmations/<slug:entry>/undo", own.undo, name="undo"),
    path("my/<str:uid>/seen", stale.seen, name="seen"),
    path("my/<str:uid>/colleagues", joining.colleagues, name="colleagues"),
    path("my/<str:uid>/colleagues/<slug:who>/end", joining.dismiss, name="dismiss"),
    path("my/<str:uid>/invitations/<int:key>/take-back", joining.take_back, name="take_back"),
    path("desk/edits", deciding.queue, name="queue"),
    path("desk/edits/<slug:entry>", deciding.decide, name="decide"),
    path("desk/edits/<slug:entry>/retract", deciding.retract, name="retract"),
    path("desk/additions", things.queue, name="additions"),
    path("desk/additions/<slug:entry>", things.decide, name="addition"),
    path("desk/log", log.index, name="log"),
    path("desk/stale", stale.queue, name="stale"),
    path("desk/stale/<str:uid>/ask", stale.ask, name="ask"),
    path("desk/claims-to-organisations", admitting.claims, name="claims"),
    path("desk/claims-to-organisations/codes", admitting.codes, name="codes"),
    path("desk/claims-to-organisations/<int:key>", admitting.claim, name="admit"),
]
