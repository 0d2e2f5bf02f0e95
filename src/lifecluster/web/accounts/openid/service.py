"""The service that the settings name."""

from __future__ import annotations

from django.conf import settings

from lifecluster.web.accounts.openid.trouble import OpenIDError
from lifecluster.web.settings.openid import Provider


def service() -> Provider:
    """The service through which people sign in. Raises OpenIDError where there is none."""
    if settings.OPENID is None:
        raise OpenIDError("the settings name no service")
    return settings.OPENID
