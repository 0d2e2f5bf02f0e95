"""For the test suite: the style guide is on, static files come straight from their folders."""

from lifecluster.web.settings.base import *  # noqa: F403 - settings are one flat namespace by Django's convention
from lifecluster.web.settings.base import INSTALLED_APPS, STORAGES

SHOW_STYLE_GUIDE = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "lifecluster.web.styleguide"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LIFECLUSTER_PAGES = None
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
