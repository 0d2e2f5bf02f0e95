"""The service manifest: what the service is, and where its parts are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lifecluster import __version__
from lifecluster.web.api import links
from lifecluster.web.api.reconcile import schema
from lifecluster.web.api.reconcile.reading import BATCH
from lifecluster.web.shell import packages

SCHEMA_SPACE = "https://schema.org/Organization"
PREVIEW = (420, 220)


def manifest(request: HttpRequest) -> dict[str, Any]:
    """The manifest of this instance; all its addresses are on the host that was asked."""
    root = links.base(request).rstrip("/")
    identifiers = root + reverse("api:identifier", args=["x"])[:-1]
    package = packages.current()
    where = package.region or "a region"
    sample = " (sample data)" if package.sample else ""
    service = {"service_url": root}
    return {
        "versions": ["0.2"],
        "name": f"Lifecluster: life-science organisations of {where}{sample}",
        "identifierSpace": identifiers,
        "schemaSpace": SCHEMA_SPACE,
        "documentation": root + reverse("api:index") + "#reconcile",
        "serviceVersion": __version__,
        "defaultTypes": [schema.ORGANISATION],
        "view": {"url": f"{identifiers}{{{{id}}}}"},
        "preview": {
            "url": f"{root}{reverse('api:preview')}?id={{{{id}}}}", "width": PREVIEW[0], "height": PREVIEW[1],
        },
        "suggest": {
            what: {
                **service, "service_path": reverse("api:suggest", args=[what]), "flyout_service_url": root,
                "flyout_service_path": f"{reverse('api:flyout', args=[what])}?id=${{id}}",
            }
            for what in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {**service, "service_path": reverse("api:propose")},
            "property_settings": [schema.SETTING],
        },
        "batchSize": BATCH,
    }  # fmt: skip
