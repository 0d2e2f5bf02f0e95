"""Addresses of claims."""

from __future__ import annotations

from django.urls import path, re_path

from lifecluster.web.figures import views

app_name = "figures"
urlpatterns = [
    path("claims", views.index, name="index"),
    path("claims/<slug:name>", views.claim, name="claim"),
    re_path(r"^claims/(?P<name>[a-z0-9-]+)/(?P<short>[0-9a-f]{12,64})$", views.publication, name="publication"),
    re_path(r"^claims/(?P<name>[a-z0-9-]+)/(?P<region>[^/]+)/(?P<short>[0-9a-f]{12,64})$", views.sealed, name="sealed"),
]
