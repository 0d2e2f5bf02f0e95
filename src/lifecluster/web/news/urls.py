"""Addresses of news."""

from __future__ import annotations

from django.urls import path

from lifecluster.web.news.views import bulletins, desk, editing, feeds, public, writing

app_name = "news"
urlpatterns = [
    path("news", public.index, name="index"),
    path("news/<int:key>", public.item, name="item"),
    path("news/propose", writing.propose, name="propose"),
    path("news/mine", writing.mine, name="mine"),
    path("news/<int:key>/change", writing.change, name="change"),
    path("news/<int:key>/remove", writing.remove, name="remove"),
    path("feeds/news.atom", feeds.atom, name="atom"),
    path("feeds/news.ics", feeds.dates, name="dates"),
    path("news/bulletins", bulletins.archive, name="bulletins"),
    path("news/bulletins/<int:key>", bulletins.bulletin, name="bulletin"),
    path("news/bulletins/subscribe", bulletins.subscribe, name="subscribe"),
    path("news/bulletins/follow", bulletins.follow, name="follow"),
    path("news/bulletins/confirm/<str:token>", bulletins.confirm, name="confirm"),
    path("news/bulletins/stop/<str:token>", bulletins.stop, name="stop"),
    path("desk/news", desk.queue_page, name="desk"),
    path("desk/news/new", writing.post, name="post"),
    path("desk/news/<int:key>", desk.decide, name="decide"),
    path("desk/news/bulletins", editing.bulletins, name="desk_bulletins"),
    path("desk/news/bulletins/<int:key>", editing.bulletin, name="desk_bulletin"),
    path("desk/news/bulletins/<int:key>/send", editing.send, name="send"),
]
