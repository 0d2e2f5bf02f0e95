"""Addresses of the directory."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.directory.views import evidence, find, organisation, things

app_name = "directory"
urlpatterns = [
    path("directory", find.index, name="index"),
    path("directory/points.json", find.points, name="points"),
    path("directory/names.json", find.names, name="names"),
    path("directory/ground.json", find.ground, name="ground"),
    path("directory/suggest", find.suggest, name="suggest"),
    path("directory/embed", find.embed, name="embed"),
    path("organisations/<str:uid>", organisation.short, name="organisation"),
    path("organisations/<str:uid>/<slug:slug>", organisation.page, name="organisation_page"),
    path("sites/<str:uid>", things.site, name="site"),
    path("groups/<str:uid>", things.group, name="group"),
    path("things/<str:uid>", things.thing, name="thing"),
    path("evidence/<str:subject>/<str:prop>", evidence.of_property, name="evidence"),
    path("statements/<str:sid>", evidence.statement, name="statement"),
]
