"""Behind https, for the hosts named in `LIFECLUSTER_HOSTS`.

Variables: LIFECLUSTER_HOSTS (comma-separated, needed); LIFECLUSTER_HSTS_SECONDS (default a year);
LIFECLUSTER_BEHIND_PROXY=1 if a proxy of yours sets X-Forwarded-Proto and strips it from what it receives.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from lifecluster.web.settings import environment, openid
from lifecluster.web.settings.base import *  # noqa: F403 - settings are one flat namespace by Django's convention

ALLOWED_HOSTS = environment.names("LIFECLUSTER_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("LIFECLUSTER_HOSTS must name the hosts of this instance, such as cluster.example.org")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = int(os.environ.get("LIFECLUSTER_HSTS_SECONDS") or 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
OPENID = openid.read(plain=False)
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
if os.environ.get("LIFECLUSTER_BEHIND_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
