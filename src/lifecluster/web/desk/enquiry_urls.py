"""Addresses of enquiries, open to everybody."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.desk.views import enquiries

app_name = "enquiries"
urlpatterns = [
    path("enquiries", enquiries.ask, name="ask"),
    path("enquiries/<str:secret>", enquiries.mine, name="mine"),
    path("enquiries/<str:secret>/delete", enquiries.forget, name="forget"),
]
