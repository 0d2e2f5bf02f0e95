"""What browser tests share: a real server, a real Chromium, and the questions asked of every page.

Chromium is Debian's (`/usr/bin/chromium`, or CHROMIUM names another); nothing is downloaded. Where there is none the
tests skip and say so. Pictures go to the folder of LIFECLUSTER_PICTURES, else to a temporary one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page, Request

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--font-render-hinting=none",
)  # fmt: skip
WIDTHS = {"wide": 1440, "middle": 900, "narrow": 320}
EDGES = (320, 375, 560, 736, 800, 960, 1120, 1280, 1600)
THEMES = ("light", "dark")
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
START_SECONDS = 40


def chromium() -> Path | None:
    """The browser at hand."""
    stated = os.environ.get("CHROMIUM")
    found = stated or next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(p).exists()), None)
    return Path(found) if found else None


def node_modules() -> Path:
    """The folder of front-end packages."""
    return Path(os.environ.get("LIFECLUSTER_NODE_MODULES") or ROOT / "node_modules")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Server:
    """A running web app: its address, its workspace, and the environment it runs in (for management commands)."""

    url: str
    home: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run a command of the web app on the same workspace; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "lifecluster.web", *arguments],
            env=self.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout


def environment(home: Path, mode: str = "test", **variables: str) -> dict[str, str]:
    """What a process of the web app finds around itself on a workspace."""
    found = {
        **os.environ, "LIFECLUSTER_HOME": str(home), "LIFECLUSTER_MODE": mode, "PYTHONPATH": str(ROOT / "src"),
        "LIFECLUSTER_NODE_MODULES": str(node_modules()), **variables,
    }  # fmt: skip
    for own in ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"):  # of the tests' own process
        found.pop(own, None)
    return found


def run(around: dict[str, str], code: str, *arguments: str) -> str:
    """Run a piece of Python beside a web app, in its environment; its output."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=around, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def prepared(home: Path, code: str, *arguments: str, **variables: str) -> Iterator[Server]:
    """`serve`, on a workspace that a piece of Python has filled."""
    home.mkdir(parents=True, exist_ok=True)
    run(environment(home, **variables), code, *arguments)
    with serve(home, **variables) as running:
        yield running


@contextlib.contextmanager
def serve(home: Path, mode: str = "test", **variables: str) -> Iterator[Server]:
    """The web app in a process of its own, as people run it (gunicorn), on a free port and a fresh workspace."""
    port = free_port()
    around = environment(home, mode, **variables)
    log = home / "server.log"
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "lifecluster.web", "serve", "--port", str(port), "--workers", "1"]
    with log.open("w") as sink:
        process = subprocess.Popen(command, env=around, stdout=sink, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, log)
            yield Server(f"http://localhost:{port}", home, around)
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the address answers; raises RuntimeError with the server's words if it never does."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


@dataclass
class Watch:
    """Writes down what goes wrong on a page.

    Leaving a page takes back what it was still asking for, and so does a list that is asked for again before it came:
    the browser calls both a failed request (ERR_ABORTED), and they are none. So each request is remembered with the
    document it was made for; one that was taken back counts as a failure while its document stays, unless the
    document has asked the same path anew. Every other way to fail always counts.
    """

    page: Page
    troubles: list[str] = field(default_factory=list)
    document: int = 0
    leaving: str = ""
    """The address of the document that is to replace this one."""
    made_for: dict[Request, int] = field(default_factory=dict)
    latest: dict[str, Request] = field(default_factory=dict)
    taken_back: list[tuple[int, str, str]] = field(default_factory=list)
    """Document, path and words of what was taken back for no reason yet: the browser may tell of it before it tells of
    the page that replaces this one, or of the request that does."""

    @classmethod
    def over(cls, page: Page) -> Watch:
        """A watch that listens to a page from now on."""
        watch = cls(page)
        page.on("console", lambda message: watch.said(message.type, message.text))
        page.on("pageerror", lambda error: watch.troubles.append(str(error)))
        page.on("request", watch.asked)
        page.on("requestfailed", lambda request: watch.failed(request, request.failure or ""))
        page.on("framenavigated", watch.arrived)
        return watch

    def said(self, kind: str, text: str) -> None:
        """A line of the console."""
        if kind == "error":
            self.troubles.append(text)

    def asked(self, request: Request) -> None:
        """A request begins; one for a document of the whole window means that the page is being left."""
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.leaving = plain(request.url)
        self.made_for[request] = self.document
        self.latest[path_of(request)] = request
        self._excuse(lambda _document, path: path == path_of(request))

    def arrived(self, frame: Frame) -> None:
        """The window has another document: the one that was asked for. A mere change of the address, as a list makes
        it that comes while the page is being left, is none; what that list still asks for is the old document's."""
        if frame == self.page.main_frame and self.leaving and plain(frame.url) == self.leaving:
            self.document, self.leaving = self.document + 1, ""
            self._excuse(lambda document, _path: document < self.document)

    def _excuse(self, explained: Callable[[int, str], bool]) -> None:
        for document, path, words in [one for one in self.taken_back if explained(one[0], one[1])]:
            self.taken_back.remove((document, path, words))
            self.troubles.remove(words)

    def failed(self, request: Request, why: str) -> None:
        """A request did not succeed."""
        left = bool(self.leaving) or self.made_for.get(request, self.document) < self.document
        replaced = self.latest.get(path_of(request), request) is not request
        if "ERR_ABORTED" in why and (left or replaced) and not request.is_navigation_request():
            return
        words = f"failed: {request.url} ({why})"
        self.troubles.append(words)
        if "ERR_ABORTED" in why and not request.is_navigation_request():
            self.taken_back.append((self.made_for.get(request, self.document), path_of(request), words))


def plain(url: str) -> str:
    """An address without the place on its page."""
    return url.partition("#")[0]


def path_of(request: Request) -> str:
    """The address without its question."""
    return request.url.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser window on a server. Whatever goes wrong on a page (script errors, refused policies, lost files) is
    kept in `troubles`."""

    context: BrowserContext
    page: Page
    server: Server
    troubles: list[str]
    pictures: Path

    def go(self, path: str) -> Page:
        """Open a page of the web app and wait until its files are there."""
        self.page.goto(self.server.url + path, wait_until="load")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self.page

    def follow(self, selector: str) -> Page:
        """Click on what leads to another document, and wait until that is there: before, questions would be answered
        by the old one, or by one without a body."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.click(selector)
        return self.page

    def enter(self) -> Page:
        """Press Enter where that leads to another document, and wait until that is there."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        return self.page

    def picture(self, name: str, *, full: bool = True) -> Path:
        """A picture of the page as it is now."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=str(path), full_page=full, animations="disabled")
        return path

    def axe(self, *, within: str | None = None, colours: bool = False) -> list[str]:
        """Violations that axe finds, a line each; empty is what is wanted. Runs in the page without loosening its
        policy. Parameters: `colours` only what hangs on the theme, for a page that was looked at whole in the other."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text("utf-8"))
        only = {"type": "rule", "values": list(COLOURS)} if colours else {"type": "tag", "values": list(STANDARD)}
        options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
        found: dict[str, Any] = self.page.evaluate("([at, how]) => axe.run(at ?? document, how)", [within, options])
        return [
            f"{v['id']} ({v['impact']}): {v['help']}: {node['target']} {node['failureSummary']}"
            for v in found["violations"]
            for node in v["nodes"]
        ]

    def overflow(self, width: int) -> str:
        """What sticks out to the right at a width; empty if the page needs no sideways scroll."""
        self.page.set_viewport_size({"width": width, "height": 900})
        return str(self.page.evaluate(OVERFLOW))

    def until(self, expression: str, seconds: float = 5) -> None:
        """Wait until a JavaScript expression holds. (Playwright's own wait evaluates text in the page, which the
        policy refuses.)"""
        end = time.monotonic() + seconds
        while not self.page.evaluate(f"() => Boolean({expression})"):
            if time.monotonic() > end:
                raise AssertionError(f"never held: {expression}")
            self.page.wait_for_timeout(30)

    def tab(self, times: int = 1) -> str:
        """Press Tab and say where the focus is now."""
        for _ in range(times):
            self.page.keyboard.press("Tab")
        return self.focus()

    def focus(self) -> str:
        """The focused element: its id, else its name with its words."""
        return str(self.page.evaluate(FOCUS))

    def tab_to(self, selector: str, limit: int = 200) -> None:
        """Reach an element with Tab alone; fails if that is not possible."""
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
                return
        raise AssertionError(f"{selector} cannot be reached with the Tab key")

    def tab_order(self, limit: int = 400) -> list[str]:
        """All stops of the Tab key, in order, each with whether its focus can be seen."""
        stops: list[str] = []
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            stop = str(self.page.evaluate(STOP))
            if stop == "body" or (stops and stop == stops[0]):
                return stops
            stops.append(stop)
        return stops


OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return "";
  const out = [...document.querySelectorAll("body *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.right > wide + 1 && box.width && !e.closest(".scroll, .vh, svg");
  });
  return `${document.documentElement.scrollWidth} > ${wide}: ` +
    out.slice(0, 5).map(e => `${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`).join(" | ");
}"""
FOCUS = """() => { const e = document.activeElement;
  return e.id || `${e.tagName.toLowerCase()} ${(e.textContent || e.value || "").trim().slice(0, 40)}`; }"""
STOP = """() => { const e = document.activeElement; if (!e || e === document.body) return "body";
  const style = getComputedStyle(e);
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none" ||
    (e.closest(".row") && getComputedStyle(e.closest(".row")).outlineStyle !== "none");
  const words = (e.textContent || "").trim().slice(0, 30);
  return `${e.tagName.toLowerCase()}#${e.id} ${words} ${shown ? "" : "UNSEEN"}`; }"""


def visitor(
    browser: Browser, server: Server, pictures: Path, *, width: int = 1440, theme: str = "light", script: bool = True
) -> Visitor:
    """A new window: `width` in pixels, the system's theme, with or without script."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        java_script_enabled=script,
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page = context.new_page()
    return Visitor(context, page, server, Watch.over(page).troubles, pictures)


def copy_pictures(source: Path, target: Path, *names: str) -> None:
    """Put chosen pictures where the docs show them."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copyfile(source / f"{name}.png", target / f"{name}.png")
