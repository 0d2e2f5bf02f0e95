"""The WSGI application; gunicorn serves `lifecluster.web.wsgi:application`."""

from __future__ import annotations

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from lifecluster.web import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
application = get_wsgi_application()
addresses = get_resolver().url_patterns  # of all rooms: read before anybody asks for one
sys.setswitchinterval(0.0005)  # a page lets go of the interpreter at each question; 5 ms to get it back is a page
gc.set_threshold(10_000, 20, 50)  # pages leave little to collect, and each collection makes a page wait
gc.collect()
gc.freeze()  # what a process starts with stays: the collector need not go through it every few pages
