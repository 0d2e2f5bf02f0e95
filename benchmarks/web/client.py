"""Clients that ask one after another over connections that stay open, and how long each answer took."""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: seconds until its last byte, bytes over the wire."""

    seconds: float
    size: int


def fetch(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """One answer in full: status, headers, body as sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Host": f"localhost:{port}"})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def text(port: int, path: str) -> str:
    """A page as text, redirects followed."""
    for _ in range(4):
        status, headers, body = fetch(port, path)
        if status not in {301, 302, 303, 308}:
            if status != http.client.OK:
                raise RuntimeError(f"{path}: {status}")
            return (gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body).decode()
        path = headers["Location"].removeprefix(f"http://localhost:{port}")
    raise RuntimeError(f"{path}: redirected in circles")


def load(port: int, paths: Sequence[str], *, clients: int, requests: int) -> list[Answer]:
    """Let `clients` ask for `requests` answers in all, of `paths` in turn. Raises RuntimeError for any but 200."""
    answers: list[Answer] = []
    problems: list[str] = []
    lock = threading.Lock()
    queue = iter([paths[i % len(paths)] for i in range(requests)])

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                path = next(queue, None)
            if path is None or problems:
                break
            start = time.perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Host": f"localhost:{port}"})
            answer = connection.getresponse()
            size = len(answer.read())
            took = time.perf_counter() - start
            with lock:
                if answer.status != http.client.OK:
                    problems.append(f"{path}: {answer.status}")
                answers.append(Answer(took, size))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise RuntimeError(problems[0])
    return answers


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered) - 1e-9) - 1)]
