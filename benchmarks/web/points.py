"""How long until thousands of points are usable on the map of the directory, in Chromium, from the click on the address.

Usable: the map has all points, has drawn them, and answers a zoom with a finished picture. Nothing is asserted; the
figures go into docs/benchmarks.md. Needs Chromium and `make front`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.web import client
from benchmarks.web.speed import ROOT, free_port, prepare, web_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
ZOOM = """() => new Promise((done) => {
  const start = performance.now();
  document.getElementById("map").addEventListener("map-idle", () => done(performance.now() - start), { once: true });
  document.querySelector(".map-tools button").click();
})"""


def visit(browser: Browser, url: str) -> dict[str, float]:
    """One first visit: seconds until the map stands, seconds of a zoom (its flight of 0.3 s included), kilobytes."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(url, wait_until="commit")
    page.wait_for_selector("#map[data-live]", timeout=60_000)
    live = page.evaluate("() => performance.now()") / 1000
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    zoom = page.evaluate(ZOOM) / 1000
    size = page.evaluate(
        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".reduce((sum, e) => sum + e.transferSize, 0)"
    )
    context.close()
    busy = metrics.get("TaskDuration", 0.0)
    return {"map stands, s": live, "main thread, processor s": busy, "zoom, s": zoom, "kilobytes": size / 1024}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench" / "web")
    chosen = parser.parse_args(arguments)
    chosen.work.mkdir(parents=True, exist_ok=True)
    environment, _, _ = prepare(chosen.work.resolve(), chosen.organisations)
    port = free_port()
    with web_app(environment, port), sync_playwright() as playwright:
        points = len(json.loads(client.text(port, "/directory/points.json"))["at"]) // 2
        for _ in range(8):  # both workers are awake
            client.text(port, "/directory/points.json")
            client.text(port, "/directory")
        browser = playwright.chromium.launch(executable_path=chosen.chromium, args=list(FLAGS))
        visits = [visit(browser, f"http://localhost:{port}/directory") for _ in range(chosen.visits)]
        browser.close()
    told: dict[str, Any] = {"points": points, "visits": chosen.visits}
    for name in visits[0]:
        told[name] = {"median": statistics.median(v[name] for v in visits), "worst": max(v[name] for v in visits)}
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
