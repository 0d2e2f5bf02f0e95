"""Asking the service: nobody but it, not for long, and never more than an answer of this kind can have."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from lifecluster.web.accounts.openid.trouble import OpenIDError, UnreachableError
from lifecluster.web.settings.openid import LOOPBACK, Provider, origin

SECONDS = 5
"""To wait for a connection, and for each piece of an answer."""
IN_ALL = 15
LARGEST = 2**20
"""Bytes of an answer."""


class _Nobody(AuthBase):
    """No name and password of this machine's files go along."""

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        return r


class Careful(requests.Session):
    """A conversation with the service's own hosts: no redirects, a limit of time and of size."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._origins = provider.origins
        self.auth = _Nobody()
        self.trust_env = urlsplit(provider.issuer).hostname not in LOOPBACK  # proxies are for other machines

    def request(self, method: str, url: str | bytes, *args: Any, **how: Any) -> requests.Response:
        """Ask, and read the answer whole. Raises OpenIDError for a host that is not the service's, or an answer that is
        too large; UnreachableError where none comes in time."""
        found = origin(str(url))
        if found not in self._origins:
            where = found or "an address without a host"
            raise OpenIDError(f"{where} is no host of the service; see LIFECLUSTER_OPENID_HOSTS")
        how |= {"timeout": SECONDS, "allow_redirects": False, "stream": True}
        try:
            with super().request(method, url, *args, **how) as response:
                response._content = _whole(response)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise UnreachableError(f"{found} does not answer: {type(error).__name__}") from None
        return response


def _whole(response: requests.Response) -> bytes:
    until, found = time.monotonic() + IN_ALL, b""
    while piece := response.raw.read1(65536, decode_content=True):
        found += piece
        if len(found) > LARGEST:
            raise OpenIDError("an answer is larger than it can be")
        if time.monotonic() > until:
            raise UnreachableError("an answer did not end in time")
    return found


def ask(session: requests.Session, url: str, what: str, **headers: str) -> dict[str, Any]:
    """An answer in JSON. Raises OpenIDError for any other, and for a status that is not 200."""
    response = session.get(url, headers={"Accept": "application/json", **headers})
    try:
        found = response.json() if response.status_code == requests.codes.ok else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OpenIDError(f"{what} cannot be read (status {response.status_code})")
    return found
