"""How long a reviewer of links waits: the server's time for a judgement and for the next page, and, in Chromium, the time
from the key to the next pair. Nothing is asserted; the figures go into docs/benchmarks.md.

    python -m benchmarks.web.reviews --home WORKSPACE   # a workspace that shows a package with links that wait

Works on a copy of the workspace. Server times are of the processor, in one process, without a browser.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REVIEWS = 100
PASSWORD, SECRET = "a sentence that is long enough", "JBSWY3DPEHPK3PXP"
KEYS = "sdssudsssd"
SERVER = """
import json, sys, time
from lifecluster.web.directory.operate import open_web
open_web()
from django.test import Client
from lifecluster.web.accounts.models import Person
who = Person.objects.get(email=sys.argv[1])
client = Client(HTTP_HOST="localhost")
client.force_login(who)
session = client.session
session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
session["account_authentication_methods_user"] = str(who.pk)
session.save()
where = client.get("/desk/links/").headers["Location"]
judging, showing = [], []
for i in range(int(sys.argv[2])):
    start = time.process_time()
    client.get(where)
    shown = time.process_time()
    answer = client.post(where + "/judge", {"kind": "sd"[i % 2] == "s" and "same" or "different", "seen": ""})
    judging.append(time.process_time() - shown)
    showing.append(shown - start)
    where = answer.headers["Location"]
print(json.dumps({"judging": judging[1:], "showing": showing[1:]}))
"""


def p95(values: Sequence[float]) -> float:
    """The value that 95 in 100 do not exceed, in milliseconds."""
    return round(1000 * statistics.quantiles(values, n=20)[-1], 1)


def ready(home: Path, to: Path) -> None:
    """A copy of a workspace without what is large and not needed."""
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("packages", "inputs"))


def run(code: str, environment: dict[str, str], *arguments: str) -> str:
    """A piece of Python in a process of its own on the workspace; what it printed last."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=environment, check=True, capture_output=True,
                          text=True)  # fmt: skip
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def in_chromium(home: Path, reviews: int) -> dict[str, float]:
    """Press a key for each pair as soon as the one before is shown; seconds until the next pair stands there."""
    from playwright.sync_api import sync_playwright

    from tests.e2e import harness
    from tests.e2e.test_links import MAKE, signed_in

    assert MAKE
    waited = []
    with harness.serve(home) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(harness.chromium()), args=list(harness.FLAGS))
        visitor = signed_in(harness.visitor(browser, server, home), "reviewer@example.org")
        page = visitor.go("/desk/links/")
        begun = time.monotonic()
        for i in range(reviews):
            page.wait_for_timeout(300)  # a person reads; far less than one does
            here, start = page.url, time.monotonic()
            page.keyboard.press(KEYS[i % len(KEYS)])
            while page.url == here:
                page.wait_for_timeout(1)
            waited.append(time.monotonic() - start)
        whole = time.monotonic() - begun
        browser.close()
    return {"mean_ms": round(1000 * statistics.mean(waited), 1), "p95_ms": p95(waited),
            "longest_ms": round(1000 * max(waited), 1), "whole_s": round(whole, 1)}  # fmt: skip


def measure(home: Path, reviews: int) -> dict[str, Any]:
    """Both measurements, each on a copy."""
    from tests.e2e import harness
    from tests.e2e.test_links import MAKE

    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one", Path(folder) / "two"
        ready(home, one)
        environment = harness.environment(one)
        run(MAKE, environment, "server@example.org", PASSWORD, SECRET)
        times = json.loads(run(SERVER, environment, "server@example.org", str(reviews)))
        ready(home, two)
        return {
            "reviews": reviews,
            "server_judging_p95_ms": p95(times["judging"]),
            "server_page_p95_ms": p95(times["showing"]),
            "chromium": in_chromium(two, reviews),
        }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("LIFECLUSTER_HOME") or "var"))
    parser.add_argument("--reviews", type=int, default=REVIEWS)
    options = parser.parse_args()
    print(json.dumps(measure(options.home, options.reviews), indent=1))


if __name__ == "__main__":
    main()
