"""Addresses of the style guide, at and below /style."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.styleguide import views

app_name = "style"
urlpatterns = [
    path("style", views.guide, name="index"),
    path("style/part", views.part, name="part"),
    path("style/form", views.form, name="form"),
    path("style/embed", views.embed, name="embed"),
    path("style/error/<int:status>", views.error, name="error"),
    path("style/evidence/<slug:key>", views.evidence, name="evidence"),
]
