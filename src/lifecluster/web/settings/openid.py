"""What the settings take from the machine about signing in through another service (OpenID Connect).

Variables: LIFECLUSTER_OPENID_ISSUER, _CLIENT, _NAME and one of _SECRET and _SECRET_FILE (needed); _HOSTS, _DOMAINS and
_STEPS (comma-separated, may be left out). `docs/how-to/sign-in-through-another-service.md` says what each is for.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from lifecluster.web.settings import environment

BEFORE = "LIFECLUSTER_OPENID_"
KNOWN = ("ISSUER", "CLIENT", "NAME", "SECRET", "SECRET_FILE", "HOSTS", "DOMAINS", "STEPS")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LONGEST_ISSUER, LONGEST_NAME = 200, 40


@dataclass(frozen=True, slots=True)
class Provider:
    """A service through which people sign in.

    `issuer`, `client` and `secret` as agreed with it; `name` what people call it; `hosts` other hosts of it that are
    asked or led to; `domains` those of whose addresses its word is trusted; `steps` values of `amr` or `acr` that count
    as a second step.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str
    hosts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def origins(self) -> frozenset[str]:
        """Scheme, host and port of everything that is asked or led to."""
        return frozenset({origin(self.issuer), *(f"https://{host}" for host in self.hosts)})


def origin(url: str) -> str:
    """Scheme, host and port of an address; empty for one that has none, or a name or password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if not parts.hostname or parts.username is not None or parts.password is not None:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")


def read(*, plain: bool) -> Provider | None:
    """The provider that the environment names, None if it says nothing about one.

    Parameters: `plain` whether one on this machine may be asked over plain http. Raises ImproperlyConfigured for a
    variable that is not known or missing, and for an issuer or host that may not be asked.
    """
    said = {
        name.removeprefix(BEFORE): value.strip()
        for name, value in os.environ.items()
        if name.startswith(BEFORE) and value.strip()
    }
    if not said:
        return None
    if unknown := sorted(said.keys() - set(KNOWN)):
        _refuse(f"{_listed(unknown)}: there is no such setting")
    if missing := [name for name in ("ISSUER", "CLIENT", "NAME") if name not in said]:
        _refuse(f"{_listed(missing)} must be set too, or nothing that begins with {BEFORE}")
    if len(said["NAME"]) > LONGEST_NAME:
        _refuse(f"{BEFORE}NAME has more than {LONGEST_NAME} characters")
    return Provider(
        issuer=_issuer(said["ISSUER"], plain=plain), client=said["CLIENT"], secret=_secret(said), name=said["NAME"],
        hosts=_hosts("HOSTS"), domains=_hosts("DOMAINS"), steps=tuple(environment.names(f"{BEFORE}STEPS")),
    )  # fmt: skip


def _issuer(url: str, *, plain: bool) -> str:
    parts = urlsplit(url)
    local = plain and parts.scheme == "http" and parts.hostname in LOOPBACK
    if not origin(url) or not (parts.scheme == "https" or local) or parts.query or parts.fragment:
        _refuse(f"{BEFORE}ISSUER={url!r}: it begins with https://, as the service itself writes it, without ? and #")
    if len(url) > LONGEST_ISSUER:
        _refuse(f"{BEFORE}ISSUER has more than {LONGEST_ISSUER} characters")
    return url


def _secret(said: dict[str, str]) -> str:
    """The secret; what is refused is never said."""
    if ("SECRET" in said) == ("SECRET_FILE" in said):
        _refuse(f"set one of {BEFORE}SECRET and {BEFORE}SECRET_FILE")
    if "SECRET" in said:
        return said["SECRET"]
    path = Path(said["SECRET_FILE"])
    try:
        found = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ImproperlyConfigured(f"{BEFORE}SECRET_FILE={str(path)!r}: {reason}") from None
    if not found:
        _refuse(f"{path} is empty")
    return found


def _hosts(name: str) -> tuple[str, ...]:
    found = tuple(one.lower() for one in environment.names(f"{BEFORE}{name}"))
    for one in found:
        if origin(f"https://{one}") != f"https://{one}" or "." not in one or "*" in one or "/" in one:
            _refuse(f"{BEFORE}{name}: {one!r} is no host, such as login.example.org")
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(f"{BEFORE}{name}" for name in names)


def _refuse(why: str) -> NoReturn:
    raise ImproperlyConfigured(why)
