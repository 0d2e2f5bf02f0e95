"""Claims through the API: as the OpenAPI document says, conditional, and nothing that pages would not show."""

from __future__ import annotations

import json

import jsonschema
from django.test import Client

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.figures import actions, reads
from lifecluster.web.figures.computing import Computed
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org


def get(web: Client, path: str, status: int = 200) -> dict:
    response = web.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content[:400]
    return json.loads(response.content)


def conforms(web: Client, answer: dict, name: str) -> None:
    document = get(web, "openapi.json")
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.validate(answer, schema)


def test_the_list_is_that_of_the_pages(claimed: Package, computed: list[Computed], web: Client) -> None:
    found = get(web, "claims")
    conforms(web, found, "ClaimList")
    assert [one["name"] for one in found["items"]] == sorted(one.claim for one in computed)
    assert sum(found["counts"].values()) == len(computed)
    assert found["note"] == ""
    jobs = next(one for one in found["items"] if one["name"] == "jobs")
    assert (jobs["value"], jobs["low"], jobs["definition"], jobs["word"]) == (7645, 6218, "dbt-sic", "no verdict")
    assert jobs["low"] <= jobs["expected"] <= jobs["high"]
    assert jobs["interval_of"] == ["rounding", "sampling"]
    assert jobs["page"] == "http://testserver/claims/jobs"
    assert get(web, "")["links"]["claims"] == "http://testserver/api/v1/claims"


def test_one_claim_in_full(claimed: Package, web: Client) -> None:
    made = actions.publish_claim(claim="second-largest-employer", viewer=OPERATOR, at=NOW)
    found = get(web, "claims/second-largest-employer")
    conforms(web, found, "ClaimOut")
    assert [line["region"] for line in found["result"]["bases"][0]["league"]].count("Wales") == 1
    assert [one["record"] for one in found["publications"]] == [made.record] == [found["record"]]
    for name in ("businesses", "jobs", "sites"):
        text = json.dumps(get(web, f"claims/{name}"))
        assert "row_list" not in text
        assert org("alpha") not in text


def test_what_did_not_change_is_not_sent_again(claimed: Package, web: Client) -> None:
    first = web.get("/api/v1/claims")
    again = web.get("/api/v1/claims", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    reads.touched(claimed)
    assert web.get("/api/v1/claims", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_is_not_there(small: Package, web: Client) -> None:
    assert "claims refresh" in get(web, "claims")["note"]
    answer = get(web, "claims/jobs", 404)
    assert answer["status"] == 404
    assert "no claim 'jobs'" in answer["detail"]
