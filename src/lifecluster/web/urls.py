"""Addresses of the frame and of every room that registered itself."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from lifecluster.web.shell import rooms, theme, views

urlpatterns = [
    path("", views.home, name="home"),
    path("health", views.health, name="health"),
    path("theme", theme.choose, name="theme"),
    *rooms.patterns(),
]
if settings.SHOW_STYLE_GUIDE:
    urlpatterns.append(path("", include("lifecluster.web.styleguide.urls")))

handler400 = "lifecluster.web.shell.errors.bad_request"
handler403 = "lifecluster.web.shell.errors.forbidden"
handler404 = "lifecluster.web.shell.errors.not_found"
handler429 = "lifecluster.web.shell.errors.too_many"  # asked for by django-allauth
handler500 = "lifecluster.web.shell.errors.failed"
