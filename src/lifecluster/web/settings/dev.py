"""For work on the web app: debug pages, the style guide, static files straight from their folders."""

from lifecluster.web.settings.base import *  # noqa: F403 - settings are one flat namespace by Django's convention
from lifecluster.web.settings.base import INSTALLED_APPS, STORAGES

DEBUG = True
SHOW_STYLE_GUIDE = True
INSTALLED_APPS = ["whitenoise.runserver_nostatic", *INSTALLED_APPS, "lifecluster.web.styleguide"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
LIFECLUSTER_PAGES = None
