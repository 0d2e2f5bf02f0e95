"""Addresses of version 1."""

from lifecluster.web.api.v1.service import api
from lifecluster.web.api.writing import NAMESPACE

app_name = NAMESPACE
urlpatterns = api.urls[0]
