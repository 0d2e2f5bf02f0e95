"""The yardstick: a Django project with one page that lists 50 rows of the same table, and nothing else.

Its template is compiled once and its rows come by an index. No middleware, no policy, no facets, no evidence; a plain template. Run by gunicorn exactly as the web app is.
"""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

ROWS = 50
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Organisations</title></head><body>
<h1>Organisations</h1><table><thead><tr><th>Name<th>Town<th>Postcode<th>Employees</tr></thead><tbody>
{% for o in rows %}<tr><td>{{ o.name }}<td>{{ o.town }}<td>{{ o.postcode }}<td>{{ o.employees }}</tr>
{% endfor %}</tbody></table></body></html>"""

if not settings.configured:
    settings.configure(
        SECRET_KEY="of a benchmark",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": os.environ["BARE_DATABASE"],
                "OPTIONS": {"init_command": "PRAGMA journal_mode = WAL; PRAGMA mmap_size = 134217728;"},
            }
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()

from django.db import models  # noqa: E402 - models need configured settings


class Organisation(models.Model):
    """The table that the web app lists too; only the columns that the page shows."""

    package_id = models.BigIntegerField()
    number = models.IntegerField()
    name = models.TextField()
    town = models.TextField()
    postcode = models.TextField()
    employees = models.BigIntegerField(null=True)

    class Meta:
        """Read, never made."""

        app_label = "bare"
        managed = False
        db_table = "directory_organisation"


def listing(request: HttpRequest) -> HttpResponse:
    """A page of the list."""
    page = int(request.GET.get("page", "1"))
    shown = Organisation.objects.filter(package_id=PACKAGE).order_by("number")
    return HttpResponse(TEMPLATE.render({"rows": shown[(page - 1) * ROWS : page * ROWS]}, request))


TEMPLATE = engines["django"].from_string(PAGE)
PACKAGE = int(os.environ.get("BARE_PACKAGE", "1"))
urlpatterns = [path("", listing)]

from django.core.wsgi import get_wsgi_application  # noqa: E402 - as above

application = get_wsgi_application()
