"""Whether an address proves that somebody works for an organisation: its domain is that of the organisation's web
address, as everybody reads it in the register, and of nobody else's."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Statement
from lifecluster.web.directory.viewer import ANYBODY


@cache
def shared() -> dict[str, str]:
    """Domains that prove nothing, with the reason."""
    text = resources.files("lifecluster.reference").joinpath("domains", "shared.csv").read_text("utf-8")
    return {row["domain"]: row["reason"] for row in csv.DictReader(text.splitlines())}


def host_of(url: str) -> str:
    """The host of a web address in small letters of ASCII, without `www.`; "" for what is none."""
    try:
        host = (urlsplit(url if "://" in url else f"https://{url}").hostname or "").rstrip(".")
        plain = host.encode("idna").decode().lower() if host else ""
    except (ValueError, UnicodeError):
        return ""
    return plain.removeprefix("www.") if "." in plain else ""


def proves(email: str, organisation: str) -> bool:
    """Whether an address that was confirmed is one of this organisation, by what is public."""
    mailbox, _, domain = email.lower().rpartition("@")
    if not mailbox or domain in shared() or "." not in domain:
        return False
    stated = reads.values([organisation], ANYBODY, property="website").of(organisation, "website")
    if stated is None or domain not in {host_of(said.value) for said in stated.shown}:
        return False
    rows = Statement.objects.filter(package=reads.current(), property="website", value__icontains=domain)
    others = rows.filter(kind="organisation").exclude(subject=organisation).values_list("value", flat=True)
    return all(host_of(value) != domain for value in others)
