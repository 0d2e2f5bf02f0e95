"""The register as a whole: package, sources, definitions, changes, ids."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja.params import functions

from lifecluster.web.api import links
from lifecluster.web.api.v1 import schemas, shapes
from lifecluster.web.api.v1.common import answers, reader, section, unchanged
from lifecluster.web.api.v1.paging import LARGEST, WIDEST
from lifecluster.web.directory import reads

router = section("The register")
PACKAGE = ("name", "title", "at", "loaded_at", "revision", "sample", "log_head", "counts")


def _package() -> dict[str, Any]:
    current = reads.current()
    return {name: getattr(current, name) for name in PACKAGE}


@router.get("/", response=answers(schemas.RootOut), summary="Where things are")
@unchanged
def root(request: HttpRequest) -> Any:
    """Links to everything."""
    names = ("package", "sources", "definitions", "organisations", "facets", "sites", "things", "groups", "segments",
             "statements", "changes", "claims", "atlas", "search", "suggest")  # fmt: skip
    found = {name: request.build_absolute_uri(reverse(f"api-v1:{name}")) for name in names}
    found["openapi"] = request.build_absolute_uri(reverse("api-v1:openapi-json"))
    found["reconcile"] = request.build_absolute_uri(reverse("api:reconcile"))
    return {"title": "Lifecluster", "package": _package(), "links": found}


@router.get("/package", response=answers(schemas.PackageOut), summary="The package that is shown")
@unchanged
def package(request: HttpRequest) -> Any:
    """Name, date and counts of the package that all other answers are cut from."""
    return _package()


@router.get("/sources", response=answers(list[schemas.SourceOut]), summary="Files that the register is made from")
@unchanged
def sources(request: HttpRequest) -> Any:
    """Publisher, licence, hash and counts of every file."""
    return [shapes.source(row) for row in reads.sources(reader(request))]


@router.get("/definitions", response=answers(list[schemas.DefinitionOut]), summary="Which organisations count")
@unchanged
def definitions(request: HttpRequest) -> Any:
    """Each definition with what it counts in this package."""
    names = ("name", "title", "organisations", "unknown", "expected", "effect")
    return [{name: getattr(one, name) for name in names} for one in reads.figures().definitions]


@router.get("/changes", response=answers(schemas.ChangeList), summary="What has changed")
@unchanged
def changes(
    request: HttpRequest,
    since: int = functions.Query(0, ge=0, le=WIDEST, description="`cursor` of an earlier answer"),
    limit: int = functions.Query(100, ge=1, le=LARGEST, description="how many"),
) -> Any:
    """The feed of changes, oldest first. Ask with `since=0` once, afterwards with the `cursor` of the last answer."""
    found = reads.changes(reader(request), since=since, limit=limit + 1)
    kept = found[:limit]
    last = kept[-1].id if kept else since
    more = f"{reverse('api-v1:changes')}?since={last}&limit={limit}" if len(found) > limit else None
    return {"items": [shapes.change(row, request) for row in kept], "cursor": last,
            "next": request.build_absolute_uri(more) if more else None}  # fmt: skip


@router.get("/ids/{text}", response=answers(schemas.ResolvedOut), summary="Where an id leads")
@unchanged
def ids(request: HttpRequest, text: str) -> Any:
    """Any id ever issued here, as a person typed it: live, redirected after a merger, or absent."""
    found = reads.resolve(text, reader(request))
    return {"asked": found.asked, "id": found.uid, "kind": found.kind, "status": found.status,
            "others": list(found.others), "url": links.identifier(request, found.uid)}  # fmt: skip
