"""A small HTTP server on loopback that can behave badly on purpose."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """What the server serves and how: change it between two downloads."""

    body: bytes = b"name,x\n" * 2000
    etag: str = '"one"'
    modified: str = "Wed, 21 Oct 2020 07:28:00 GMT"
    status: int = 200
    cut_at: int | None = None
    length: int | None = None
    redirect: str | None = None
    wrong_range: bool = False
    no_length: bool = False
    missing: tuple[str, ...] = ()
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    host: str = ""


@contextmanager
def serve(site: Site, *, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            if self.path in site.missing:
                self.send_error(404)
            elif site.redirect is not None and self.path != "/moved":
                self.send_response(302)
                self.send_header("Location", site.redirect)
                self.end_headers()
            elif site.status != 200:
                self.send_error(site.status)
            elif headers.get("if-modified-since") == site.modified:
                self.send_response(304)
                self.end_headers()
            else:
                self._body(headers)

        def _body(self, headers: dict[str, str]) -> None:
            start = 0
            if "range" in headers and headers.get("if-range") in {site.etag, site.modified}:
                start = int(headers["range"].removeprefix("bytes=").rstrip("-"))
            data = site.body[start:]
            self.send_response(206 if start else 200)
            if start:
                said = start + 1 if site.wrong_range else start
                self.send_header("Content-Range", f"bytes {said}-{len(site.body) - 1}/{len(site.body)}")
            if not site.no_length:
                self.send_header("Content-Length", str(len(data) if site.length is None else site.length))
            if site.etag:
                self.send_header("ETag", site.etag)
            if site.modified:
                self.send_header("Last-Modified", site.modified)
            self.end_headers()
            self.wfile.write(data if site.cut_at is None else data[: site.cut_at])
            self.close_connection = True

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            pass  # a client that breaks off is what some tests are about

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.host = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
