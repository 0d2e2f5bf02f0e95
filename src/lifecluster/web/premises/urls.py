"""Addresses of premises."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.premises import views

app_name = "premises"
urlpatterns = [path("", views.index, name="index")]
