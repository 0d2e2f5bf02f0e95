"""What tests run in processes of their own: load a package with its claims, perhaps die on the way; look at pages."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import django

CLAIMS = ("jobs", "businesses", "largest-by-turnover")
HEAVY = {"polars", "duckdb", "sklearn", "scipy", "numpy", "pyarrow", "numba", "lightgbm"}
PAGES = ("/claims", "/claims/jobs", "/claims/largest-by-turnover", "/api/v1/claims", "/api/v1/claims/jobs", "/")


def load(path: str, when: str) -> None:
    """Load a package as the command line does; `writing`: die within the transaction that stores the claims."""
    from lifecluster.web.directory import operate

    operate.open_web()
    _fewer()
    from lifecluster.web.figures import actions

    if when == "writing":
        actions.reads.touched = lambda _: os.kill(os.getpid(), signal.SIGKILL)
    operate.load(Path(path), confirm=lambda preview: not preview.problems)


def ready() -> None:
    """What is done before serving."""
    from lifecluster.web.directory import operate

    operate.open_web()
    _fewer()
    operate.ensure_loaded()


def look() -> None:
    """Answer pages, and say which heavy libraries that took, and what each page answered."""
    django.setup()
    from django.test import Client

    answers = {path: Client().get(path).status_code for path in PAGES}
    sys.stdout.write(json.dumps({"answers": answers, "heavy": sorted(HEAVY & set(sys.modules))}))


def _fewer() -> None:
    from lifecluster.figures.claim import load_claim
    from lifecluster.web.figures import computing

    computing.claims = lambda: tuple(load_claim(name) for name in CLAIMS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecluster.web.settings.test")
    {"load": load, "ready": ready, "look": look}[sys.argv[1]](*sys.argv[2:])
