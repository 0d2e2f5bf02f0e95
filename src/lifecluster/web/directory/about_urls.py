"""Addresses of the pages that say what the register is made of."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.directory.views import about

app_name = "pages"
urlpatterns = [
    path("definitions", about.definitions, name="definitions"),
    path("sources", about.sources, name="sources"),
    path("package", about.package, name="package"),
    path("about", about.words_page, {"page": "about"}, name="about"),
    path("accessibility", about.words_page, {"page": "accessibility"}, name="accessibility"),
    path("privacy", about.words_page, {"page": "privacy"}, name="privacy"),
]
