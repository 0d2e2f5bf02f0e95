"""One address: `/export/csv?…`, with the query part of the directory."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.exports import views

app_name = "exports"
urlpatterns = [path("<str:name>", views.export, name="view")]
