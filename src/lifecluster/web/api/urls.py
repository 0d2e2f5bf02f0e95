"""Addresses of the interfaces. Those of a version stay; `/id/` and `/reconcile` have no version."""

from __future__ import annotations

from django.urls import path, re_path

from lifecluster.web.api import views
from lifecluster.web.api.reconcile import views as reconcile

app_name = "api"
urlpatterns = [
    path("api/", views.documentation, name="index"),
    path("id/<str:uid>", views.identifier, name="identifier"),
    re_path(r"^reconcile/?$", reconcile.endpoint, name="reconcile"),
    path("reconcile/suggest/<str:what>", reconcile.suggest, name="suggest"),
    path("reconcile/flyout/<str:what>", reconcile.flyout, name="flyout"),
    path("reconcile/properties", reconcile.properties, name="propose"),
    path("reconcile/preview", reconcile.preview, name="preview"),
]
