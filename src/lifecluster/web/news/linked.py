"""Items as linked data (schema.org), for machines that read pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lifecluster.web.news import markdown
from lifecluster.web.news.models import Item, Kind

SUMMARY = 300


def item(found: Item, address: str, about: Sequence[str]) -> dict[str, Any]:
    """An item; `address` the whole address of its page, `about` names of organisations."""
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event" if found.kind == Kind.EVENT else "NewsArticle",
        "@id": address,
        "url": address,
        "description": markdown.words(found.text, SUMMARY),
        "about": [{"@type": "Organization", "name": name} for name in about],
        "disambiguatingDescription": "Invented: part of a sample region" if found.sample else None,
    }
    if found.kind == Kind.EVENT:
        said |= {
            "name": found.title,
            "startDate": found.begins_on and found.begins_on.isoformat(),
            "endDate": found.ends_on and found.ends_on.isoformat(),
            "location": {"@type": "Place", "name": found.place} if found.place else None,
        }
    else:
        said |= {
            "headline": found.title,
            "datePublished": found.shown_from.isoformat(),
            "dateModified": found.changed_at.isoformat(),
            "expires": found.closes_on.isoformat() if found.closes_on else None,
        }
    return {key: value for key, value in said.items() if value not in (None, "", [])}
