"""Addresses of feeds, and those that programs look for at the root."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.feeds import atom, calendar, oembed, robots, sitemap

app_name = "feeds"
urlpatterns = [
    path("feeds/changes.atom", atom.changes, name="changes"),
    path("feeds/search.atom", atom.search, name="search"),
    path("feeds/organisations/<str:uid>.atom", atom.organisation, name="organisation"),
    path("feeds/dates.ics", calendar.dates, name="dates"),
    path("oembed", oembed.oembed, name="oembed"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap_part"),
]
