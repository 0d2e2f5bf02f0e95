"""Addresses of merges and splits."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.merges import views

app_name = "merges"
urlpatterns = [
    path("", views.index, name="index"),
    path("alike", views.alike, name="alike"),
    path("history", views.history, name="history"),
    path("merge", views.merge, name="merge"),
    path("split/<str:uid>", views.split, name="split"),
    path("acts/<slug:act>", views.act, name="act"),
    path("acts/<slug:act>/undo", views.undo, name="undo"),
]
