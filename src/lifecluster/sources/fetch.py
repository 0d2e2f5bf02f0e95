"""Downloading the official files of a source, from the hosts that its source.yml names and from nowhere else."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lifecluster.errors import LifeclusterError
from lifecluster.sources.connect import Opener, Response, open_checked
from lifecluster.sources.spec import Download, SourceSpec

BLOCK = 1 << 18
REDIRECTS = 5
MONTHS_BACK = 3
"""How many months before `at` are tried for an address with a date in it: the newest file is often not out yet."""
Progress = Callable[[str, int, int | None], None]
"""Called after each block with the name of the file, the bytes there are, and how many there will be or None."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file as it lies there now: `path`, `bytes`, `sha256`, the `url` it came from, and whether it is unchanged
    since the last download (`unchanged`) or was continued from an interrupted one (`resumed`)."""

    path: Path
    url: str
    bytes: int
    sha256: str
    unchanged: bool = False
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """One download in hand."""

    url: str
    path: Path
    download: Download
    hosts: frozenset[str]
    opener: Opener

    @property
    def part(self) -> Path:
        return self.path.with_name(self.path.name + ".part")

    @property
    def note(self) -> Path:
        return self.path.with_name(self.path.name + ".part.json")


class MissingError(LifeclusterError):
    """The server says that there is no such file."""


def fetch(
    spec: SourceSpec,
    folder: Path,
    *,
    at: date,
    opener: Opener | None = None,
    allow: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> list[Fetched]:
    """Download all files of one source into `folder`.

    Only https, only hosts in `spec.hosts` (after each redirect too), and only public addresses; hosts in `allow` may
    be private and may use plain http (for tests and mirrors of one's own; empty otherwise). An interrupted download
    leaves `<file>.part` and goes on from there if the server's file is still the same; a finished one is moved into
    place at once. Parameters: `at` fills `{yyyy}` and `{mm}` of addresses; `opener` opens one address (default: the
    checked connection of `connect`). Raises LifeclusterError saying what is wrong and with which address.
    """
    if not spec.downloads:
        raise LifeclusterError(f"{spec.name} has no direct download; get it by hand from {spec.url}")
    folder.mkdir(parents=True, exist_ok=True)
    hosts = frozenset(spec.hosts) | allow
    use = opener or (lambda url, headers: open_checked(url, headers, allow=allow))
    return [_newest(download, folder, at, hosts, use, progress=progress, allow=allow) for download in spec.downloads]


def _newest(
    download: Download,
    folder: Path,
    at: date,
    hosts: frozenset[str],
    opener: Opener,
    *,
    progress: Progress | None,
    allow: frozenset[str],
) -> Fetched:
    """The file of the month of `at`, or of the newest month before it that there is."""
    for url, name in _dated(download, at):
        _check_url(url, hosts, allow)
        try:
            return _get(_Target(url, folder / name, download, hosts, opener), allow, progress)
        except MissingError as error:
            missing = error
    raise missing


def _dated(download: Download, at: date) -> list[tuple[str, str]]:
    """Addresses and file names to try, newest first; one only where the address has no date in it."""
    found: dict[str, str] = {}
    for back in range(MONTHS_BACK + 1):
        year, month = divmod(at.year * 12 + at.month - 1 - back, 12)
        fill = {"yyyy": f"{year:04}", "mm": f"{month + 1:02}"}
        name = _filled(download.file, fill)
        if Path(name).name != name or name.startswith("."):
            raise LifeclusterError(f"{name!r} is no file name")
        found.setdefault(_filled(download.url, fill), name)
    return list(found.items())


def _filled(text: str, fill: dict[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace("{" + name + "}", value)
    return text


def _check_url(url: str, hosts: frozenset[str], allow: frozenset[str]) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host not in hosts and parts.netloc not in hosts:
        raise LifeclusterError(f"{url}: {host} is none of the hosts of this source ({', '.join(sorted(hosts))})")
    open_here = {host, parts.netloc} & allow
    if parts.scheme != "https" and not (parts.scheme == "http" and open_here):
        raise LifeclusterError(f"{url}: only https is used")
    if parts.username is not None or parts.password is not None:
        raise LifeclusterError(f"{url}: an address with a user name is refused")


def _get(target: _Target, allow: frozenset[str], progress: Progress | None) -> Fetched:
    have, note = _left_over(target)
    headers = {"Accept-Encoding": "identity", "User-Agent": "lifecluster-fetch"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": str(note["validator"])}
    elif target.path.is_file():
        changed = datetime.fromtimestamp(target.path.stat().st_mtime, UTC)
        headers["If-Modified-Since"] = format_datetime(changed, usegmt=True)
    response = _follow(target, headers, allow)
    try:
        if response.status == 304 and not have:
            size, digest = _digest(target.path)
            return Fetched(target.path, target.url, size, digest, unchanged=True)
        if response.status == 416:
            _forget(target)
            raise LifeclusterError(f"{target.url}: the server's file is not the one that was begun; run it again")
        start = _begin(target, response, have)
        _receive(target, response, start, progress)
    finally:
        response.close()
    return _finish(target, response, resumed=start > 0)


def _left_over(target: _Target) -> tuple[int, dict[str, object]]:
    """Bytes of an interrupted download that can be continued, and what is known of them."""
    try:
        note = json.loads(target.note.read_text("utf-8"))
        size = target.part.stat().st_size
    except (OSError, ValueError):
        return 0, {}
    usable = isinstance(note, dict) and note.get("url") == target.url and note.get("validator") and size > 0
    return (size, note) if usable else (0, {})


def _follow(target: _Target, headers: dict[str, str], allow: frozenset[str]) -> Response:
    url = target.url
    for _ in range(REDIRECTS + 1):
        response = target.opener(url, headers)
        if response.status in {301, 302, 303, 307, 308}:
            response.close()
            url = urljoin(url, response.headers.get("location", ""))
            _check_url(url, target.hosts, allow)
            continue
        if response.status in {404, 410}:
            response.close()
            raise MissingError(f"{url}: there is no such file (HTTP {response.status})")
        if response.status not in {200, 206, 304, 416}:
            response.close()
            raise LifeclusterError(f"{url}: the server answered HTTP {response.status}")
        return response
    raise LifeclusterError(f"{target.url}: more than {REDIRECTS} redirects")


def _begin(target: _Target, response: Response, have: int) -> int:
    """Where the answer goes on: at `have` if it is the rest of the same file, else at 0. Keeps what tells it apart."""
    start = 0
    if response.status == 206:
        stated = response.headers.get("content-range", "")
        if not have or not stated.startswith(f"bytes {have}-"):
            raise LifeclusterError(f"{target.url}: the server sent another part than was asked for ({stated!r})")
        start = have
    etag = response.headers.get("etag", "")
    validator = etag if etag and not etag.startswith("W/") else response.headers.get("last-modified", "")
    target.note.write_text(json.dumps({"url": target.url, "validator": validator}), "utf-8")
    return start


def _receive(target: _Target, response: Response, start: int, progress: Progress | None) -> None:
    stated = response.headers.get("content-length", "")
    total = start + int(stated) if stated.isdigit() else None
    cap = target.download.max_bytes
    if total is not None and total > cap:
        _forget(target)
        raise LifeclusterError(f"{target.url}: {total:,} bytes, more than the {cap:,} that source.yml allows")
    size = start
    with target.part.open("ab" if start else "wb") as out:
        while True:
            try:
                block = response.read(BLOCK)
            except (OSError, ValueError) as error:
                raise LifeclusterError(f"{target.url}: interrupted after {size:,} bytes ({error}); "
                                       "run it again to go on from there") from error  # fmt: skip
            if not block:
                break
            size += len(block)
            if size > cap:
                out.close()
                _forget(target)
                raise LifeclusterError(f"{target.url}: more than the {cap:,} bytes that source.yml allows")
            out.write(block)
            if progress is not None:
                progress(target.path.name, size, total)
        out.flush()
        os.fsync(out.fileno())
    if total is not None and size < total:
        raise LifeclusterError(f"{target.url}: the connection ended after {size:,} of {total:,} bytes; "
                               "run it again to go on from there")  # fmt: skip
    if size == 0:
        _forget(target)
        raise LifeclusterError(f"{target.url}: the server sent an empty file")


def _finish(target: _Target, response: Response, *, resumed: bool) -> Fetched:
    size, digest = _digest(target.part)
    wanted = target.download.sha256
    if wanted is not None and digest != wanted.casefold():
        _forget(target)
        raise LifeclusterError(f"{target.url}: the checksum is {digest}, published is {wanted}; thrown away")
    target.part.replace(target.path)
    target.note.unlink(missing_ok=True)
    changed = response.headers.get("last-modified")
    if changed:
        try:
            stamp = parsedate_to_datetime(changed).timestamp()
            os.utime(target.path, (stamp, stamp))
        except (ValueError, OverflowError):
            pass  # a date that cannot be read only costs a download next time
    return Fetched(target.path, target.url, size, digest, resumed=resumed)


def _digest(path: Path) -> tuple[int, str]:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return path.stat().st_size, digest.hexdigest()


def _forget(target: _Target) -> None:
    target.part.unlink(missing_ok=True)
    target.note.unlink(missing_ok=True)
