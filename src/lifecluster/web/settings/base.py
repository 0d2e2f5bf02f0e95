"""Settings of every mode. What differs between modes is in the module of the mode and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from lifecluster.web.settings import environment, openid
from lifecluster.workspace import Workspace

WEB = Path(__file__).resolve().parent.parent
HOME = Workspace.current().home.resolve()

DEBUG = False
SHOW_STYLE_GUIDE = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SECRET_KEY = environment.secret_key(HOME)
DATABASES = {"default": environment.database(os.environ.get("DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rooms add themselves here, in any order: navigation and home page are ordered by what each room registers.
ROOMS: list[str] = [
    "lifecluster.web.accounts",
    "lifecluster.web.directory",
    "lifecluster.web.figures",
    "lifecluster.web.atlas",
    "lifecluster.web.api",
    "lifecluster.web.exports",
    "lifecluster.web.feeds",
    "lifecluster.web.desk",
    "lifecluster.web.members",
    "lifecluster.web.links",
    "lifecluster.web.merges",
    "lifecluster.web.uploads",
    "lifecluster.web.premises",
    "lifecluster.web.news",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",  # asked for by django.contrib.auth
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "lifecluster.web.kit",
    "lifecluster.web.shell",
    *ROOMS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
]

MIDDLEWARE = [
    "lifecluster.web.shell.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lifecluster.web.api.middleware.MachinesMiddleware",
    "lifecluster.web.shell.encoding.CompressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lifecluster.web.shell.slash.ClosingSlashMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lifecluster.web.accounts.middleware.PeopleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lifecluster.web.urls"
WSGI_APPLICATION = "lifecluster.web.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "lifecluster.web.kit.quick.loader.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django.templatetags.static", "lifecluster.web.kit.templatetags.kit"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lifecluster.web.shell.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "lifecluster.web.kit.forms.Renderer"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Static files: our own, and those of node_modules that are listed one by one.
STATIC_URL = "static/"
STATIC_ROOT = Workspace(HOME).folder("static")
STATICFILES_DIRS = [WEB / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lifecluster.web.shell.npm.NpmFinder",
]
NODE_MODULES = Path(os.environ.get("LIFECLUSTER_NODE_MODULES") or Path.cwd() / "node_modules")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lifecluster.web.shell.storage.HashedStorage"},
}
MEDIA_ROOT = HOME / "media"
LIFECLUSTER_PAGES: Path | None = HOME / "cache" / "pages"  # shared by all processes; None: each keeps its own

# Security. The content security policy and the permissions policy are in shell/headers.py.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lifecluster.web.shell.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
EMBED_ANCESTORS = environment.names("LIFECLUSTER_EMBED_ANCESTORS") or ["*"]
API_TOKEN_ORIGINS = environment.names("LIFECLUSTER_TOKEN_ORIGINS")  # origins whose scripts may send tokens

# People. Roles are those of lifecluster.policy; words and rules of sign-in are in web/accounts.
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:index"
LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "lifecluster.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays; all others end, as their password is another
ACCOUNT_FORMS = {
    name: f"lifecluster.web.accounts.forms.{form}"
    for name, form in {
        "login": "SignIn", "signup": "SignUp", "reset_password": "Forgotten", "reset_password_from_key": "NewPassword",
        "change_password": "ChangePassword", "set_password": "FirstPassword", "reauthenticate": "Again",
    }.items()
}  # fmt: skip
MFA_ADAPTER = "lifecluster.web.accounts.adapter.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # of localhost alone: browsers know no passkeys on other plain addresses
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "lifecluster.web.accounts.forms.Code",
    "reauthenticate": "lifecluster.web.accounts.forms.CodeAgain",
    "activate_totp": "lifecluster.web.accounts.forms.FirstCode",
    "add_webauthn": "lifecluster.web.accounts.forms.AddPasskey",
    "login_webauthn": "lifecluster.web.accounts.forms.SignInByPasskey",
    "authenticate_webauthn": "lifecluster.web.accounts.forms.StepByPasskey",
    "reauthenticate_webauthn": "lifecluster.web.accounts.forms.AgainByPasskey",
}
OPENID = openid.read(plain=True)  # the service through which people may sign in; None: there is none
SOCIALACCOUNT_ADAPTER = "lifecluster.web.accounts.openid.adapter.Adapter"
SOCIALACCOUNT_FORMS = {"signup": "lifecluster.web.accounts.openid.forms.SignUp"}
CACHES = {  # counts of sign-ins that failed, shared by all processes; pages are kept elsewhere
    "default": {
        "BACKEND": "lifecluster.web.accounts.counts.Counts",
        "LOCATION": HOME / "cache" / "counts",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# Mail is written to the database with the act it tells of, and sent from there (web/accounts/outbox.py).
EMAIL_BACKEND = "lifecluster.web.accounts.outbox.Backend"
PUBLIC_URL = (os.environ.get("LIFECLUSTER_URL") or "http://localhost:8000").rstrip("/")  # of links in mails
DEFAULT_FROM_EMAIL = os.environ.get("LIFECLUSTER_MAIL_FROM") or "Lifecluster <lifecluster@localhost>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
