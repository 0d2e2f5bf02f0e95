"""Addresses of the atlas."""

from __future__ import annotations

from django.urls import path, re_path

from lifecluster.web.atlas import taking, views

app_name = "atlas"
urlpatterns = [
    path("atlas", views.index, name="index"),
    path("atlas/areas", views.areas, name="areas"),
    path("atlas/benchmark", views.benchmark, name="benchmark"),
    path("atlas/network", views.network, name="network"),
    path("atlas/segments/<slug:key>", views.segment, name="segment"),
    path("atlas/clusters/<int:key>", views.cluster, name="cluster"),
    re_path(r"^atlas/published/(?P<short>[0-9a-f]{12,64})$", views.publication, name="publication"),
    re_path(r"^atlas/take/(?P<kind>[a-z]+)(?:/(?P<key>[a-z0-9-]+))?/(?P<name>[a-z]+)\.(?P<form>[a-z]+)$", taking.take,
            name="take"),
]  # fmt: skip
