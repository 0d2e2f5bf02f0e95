"""Addresses of version 1."""

from lifecluster.web.api.v1.service import NAMESPACE, api

app_name = NAMESPACE
urlpatterns = api.urls[0]
