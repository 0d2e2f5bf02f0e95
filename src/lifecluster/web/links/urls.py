"""Addresses of link reviews, below the desk."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.links import views

app_name = "links"
urlpatterns = [
    path("", views.index, name="index"),
    path("undo", views.undo, name="undo"),
    path("judged", views.judged, name="judged"),
    path("<slug:key>", views.pair, name="pair"),
    path("<slug:key>/judge", views.judge, name="judge"),
]
