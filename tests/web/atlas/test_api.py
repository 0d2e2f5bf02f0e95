"""The atlas through the API: as the OpenAPI document says, and nothing that pages would not show."""

from __future__ import annotations

import json

import jsonschema
from django.test import Client

from lifecluster.web.atlas.computing import Computed
from lifecluster.web.directory.models import Package
from tests.web.atlas.conftest import part


def get(web: Client, path: str, status: int = 200) -> dict:
    response = web.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content[:400]
    return json.loads(response.content)


def conforms(web: Client, answer: dict, name: str) -> None:
    document = get(web, "openapi.json")
    jsonschema.validate(answer, {"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_before_anything_is_computed_the_list_says_what_to_do(towns: Package, web: Client) -> None:
    found = get(web, "atlas")
    assert (found["items"], found["sentence"]) == ([], "")
    assert "lifecluster atlas refresh" in found["note"]
    get(web, "atlas/areas", 404)


def test_the_list_leads_to_every_part(mapped: Package, computed: list[Computed], web: Client) -> None:
    found = get(web, "atlas")
    conforms(web, found, "AtlasList")
    assert [(one["kind"], one["key"]) for one in found["items"]] == [(one.kind, one.key) for one in computed[1:]]
    for one in found["items"]:
        answer = get(web, one["url"].removeprefix("http://testserver/api/v1/"))
        conforms(web, answer, "AtlasPart")
        body = part(computed, one["kind"], one["key"])
        assert {
            **answer["result"],
            **{key: answer[key] for key in ("recipe", "universe", "package")},
        }.items() <= body.items()
        assert web.get(one["page"].removeprefix("http://testserver")).status_code == 200
        assert answer["sentence"].endswith(".")


def test_answers_that_did_not_change_are_not_sent_again(mapped: Package, web: Client) -> None:
    tag = web.get("/api/v1/atlas/areas")["ETag"]
    assert web.get("/api/v1/atlas/areas", headers={"If-None-Match": tag}).status_code == 304
