"""The atlas: clusters, segments, areas, ranks and collaboration, each with its recipe."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from lifecluster.web.api.v1.common import answers, section, unchanged
from lifecluster.web.atlas import reads
from lifecluster.web.atlas.models import AREAS, BENCHMARK, CLUSTER, NETWORK, SEGMENT
from lifecluster.web.atlas.reads import Part
from lifecluster.web.atlas.show import words

router = section("Atlas")
NOT_YET = "the atlas of this package is not computed yet: run `lifecluster atlas refresh`"


class AtlasRow(Schema):
    """A part of the atlas in the list."""

    kind: str = Field(description="segment, cluster, areas, benchmark or network")
    key: str
    title: str
    url: str
    page: str = Field(description="the page for people")


class AtlasHead(Schema):
    """What every part says of itself."""

    region: str
    package: str
    at: date
    sample: bool
    definition: str
    universe: str = Field(description="the null: what chance is")
    position_error: float = Field(description="metres; nothing is said of shorter distances")
    suppression: str | None = Field(description="the rule that hides figures, null where none does")
    recipe: dict[str, Any] = Field(description="all that makes it again: parameters, package, seed")


class AtlasPart(AtlasHead):
    """A part in full."""

    kind: str
    key: str
    sentence: str = Field(description="what it shows, in words")
    result: dict[str, Any] = Field(
        description="figures with value, interval, p, q, n, null, seed, vintage, suppression"
    )
    page: str


class AtlasList(Schema):
    """All parts of the package that is shown."""

    sentence: str = Field(description="what the region shows, in words; empty where nothing is computed")
    note: str = Field(description="what to do where nothing is computed yet, or empty")
    items: list[AtlasRow]


OPENINGS = {SEGMENT: words.segment_opening, CLUSTER: words.cluster_opening, AREAS: words.areas_opening,
            BENCHMARK: words.benchmark_opening, NETWORK: words.network_opening}  # fmt: skip
HEAD = tuple(AtlasHead.model_fields)


def _url(request: HttpRequest, space: str, kind: str, key: str) -> str:
    name = f"{space}:{'atlas_' if space == 'api-v1' else ''}{kind}"
    return request.build_absolute_uri(reverse(name, args=[key] if key else []))


def _row(request: HttpRequest, kind: str, key: str, title: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "title": title, "url": _url(request, "api-v1", kind, key),
            "page": _url(request, "atlas", kind, key)}  # fmt: skip


def _full(request: HttpRequest, part: Part) -> dict[str, Any]:
    body = part.body
    return {**{name: body[name] for name in HEAD}, "kind": part.kind, "key": part.key,
            "sentence": OPENINGS[part.kind](body), "page": _url(request, "atlas", part.kind, part.key),
            "result": {name: value for name, value in body.items() if name not in HEAD}}  # fmt: skip


@router.get("/atlas", response=answers(AtlasList), summary="The parts of the atlas")
@unchanged
def atlas(request: HttpRequest) -> Any:
    """Every segment, every cluster, and the pages of areas, ranks and collaboration."""
    found = reads.overview()
    if found is None:
        return {"sentence": "", "note": NOT_YET, "items": []}
    body = found.body
    rows = [_row(request, SEGMENT, one["key"], one["title"]) for one in body["segments"]]
    rows += [_row(request, CLUSTER, one["key"], f"{one['name']}, {one['place']}") for one in body["clusters"]]
    titles = {AREAS: "Areas", BENCHMARK: "Ranks", NETWORK: "Collaboration"}
    rows += [_row(request, kind, "", title) for kind, title in titles.items() if kind in body["parts"]]
    return {"sentence": words.opening(body), "note": "", "items": rows}


@router.get("/atlas/segments/{key}", response=answers(AtlasPart), summary="One segment", url_name="atlas_segment")
@unchanged
def segment(request: HttpRequest, key: str) -> Any:
    """Curves of distance with bands under several nulls, and location quotients."""
    return _full(request, reads.part(SEGMENT, key))


@router.get("/atlas/clusters/{key}", response=answers(AtlasPart), summary="One cluster", url_name="atlas_cluster")
@unchanged
def cluster(request: HttpRequest, key: str) -> Any:
    """Members (by id), tests, anchors, links, gaps and neighbours of a cluster."""
    return _full(request, reads.part(CLUSTER, key))


@router.get("/atlas/areas", response=answers(AtlasPart), summary="Areas", url_name="atlas_areas")
@unchanged
def areas(request: HttpRequest) -> Any:
    """Location quotients and indices under two geographies."""
    return _full(request, reads.part(AREAS))


@router.get("/atlas/benchmark", response=answers(AtlasPart), summary="Ranks", url_name="atlas_benchmark")
@unchanged
def benchmark(request: HttpRequest) -> Any:
    """Regions and districts with the ranks that are possible."""
    return _full(request, reads.part(BENCHMARK))


@router.get("/atlas/network", response=answers(AtlasPart), summary="Collaboration", url_name="atlas_network")
@unchanged
def network(request: HttpRequest) -> Any:
    """Groups, brokers, and whether the region works with itself or with others."""
    return _full(request, reads.part(NETWORK))
