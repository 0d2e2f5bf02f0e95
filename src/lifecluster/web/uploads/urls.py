"""Addresses of uploads."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.uploads import views

app_name = "uploads"
urlpatterns = [
    path("my/uploads", views.index, name="index"),
    path("my/uploads/template/<str:purpose>.csv", views.template, name="template"),
    path("my/uploads/<str:key>", views.upload, name="upload"),
    path("my/uploads/<str:key>/row/<int:number>", views.row, name="row"),
    path("my/uploads/<str:key>/undo", views.undo, name="undo"),
    path("my/uploads/<str:key>/file", views.file, name="file"),
    path("desk/uploads", views.queue, name="queue"),
]
