"""One GET over a connection whose address was checked: no way into private networks, whatever a name resolves to."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from lifecluster.errors import LifeclusterError

TIMEOUT = 30.0
"""Seconds without an answer, for connecting and for each block."""


class Response(Protocol):
    """What an opener gives: `status`, `headers` with lower-case names, `read` (empty bytes at the end), `close`."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers, names in lower case."""

    def read(self, size: int) -> bytes:
        """At most `size` bytes; OSError if the connection breaks."""

    def close(self) -> None:
        """Let go of the connection."""


Opener = Callable[[str, Mapping[str, str]], Response]
"""Opens one address with request headers; does not follow redirects."""


class _Answer:
    def __init__(self, connection: http.client.HTTPConnection, inner: http.client.HTTPResponse) -> None:
        self._connection, self._inner = connection, inner
        self.status = inner.status
        self.headers = {name.lower(): value for name, value in inner.getheaders()}

    def read(self, size: int) -> bytes:
        try:
            return self._inner.read(size)
        except http.client.HTTPException as error:
            raise OSError(str(error) or type(error).__name__) from error

    def close(self) -> None:
        self._inner.close()
        self._connection.close()


def addresses(host: str, port: int, *, allow: frozenset[str] = frozenset()) -> list[str]:
    """The addresses of a host, all of which must be public unless the host is in `allow`.

    Raises LifeclusterError if the name is not known, or any address is private, loopback, link-local or reserved.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise LifeclusterError(f"{host}: this name is not known here ({error}); is there a network?") from error
    numbers = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not {host, f"{host}:{port}"} & allow:
        for number in numbers:
            if not is_public(number):
                raise LifeclusterError(f"{host} leads to {number}, an address that is not public: refused")
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address is public; IPv4 addresses dressed as IPv6 (mapped, 6to4, Teredo, NAT64) are looked into."""
    address = ipaddress.ip_address(number)
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return False
    return address.is_global and not address.is_multicast


def open_checked(
    url: str, headers: Mapping[str, str], *, allow: frozenset[str] = frozenset(), timeout: float = TIMEOUT
) -> Response:
    """GET `url` from an address that was checked first; the name is not resolved again, so it cannot change in between.

    Raises LifeclusterError where the host may not be used or cannot be reached.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    numbers = addresses(host, port, allow=allow)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    trouble: Exception | None = None
    for number in numbers:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        try:
            raw = socket.create_connection((number, port), timeout=timeout)
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host) if secure else raw
            connection.request("GET", target, headers=dict(headers))
            return _Answer(connection, connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            trouble = error
    raise LifeclusterError(f"{url}: cannot be reached ({trouble})") from trouble
