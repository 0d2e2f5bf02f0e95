"""This machine only, over plain http: as production, without what needs a certificate."""

from lifecluster.web.settings.base import *  # noqa: F403 - settings are one flat namespace by Django's convention
