"""The reconciliation service, driven as OpenRefine does: manifest, guess, batches of ten, then values."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web import machines
from tests.web.api import reconciliation as spec


def manifest(web: Client) -> dict[str, Any]:
    response = web.get("/reconcile")
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content)


def ask(web: Client, batch: dict[str, Any], status: int = 200) -> dict[str, Any]:
    response = web.post("/reconcile", {"queries": json.dumps(batch)})
    assert response.status_code == status, response.content
    answer = json.loads(response.content)
    if status == 200:
        spec.features_are_told_apart(spec.fits(answer, spec.RESULTS))
    return answer


def path_of(url: str) -> str:
    assert url.startswith("http://testserver/")
    return url.removeprefix("http://testserver")


def test_manifest_is_what_the_specification_asks(web: Client, register: machines.World) -> None:
    found = spec.fits(manifest(web), spec.MANIFEST)
    assert json.loads(web.get("/reconcile/").content) == found
    assert found["identifierSpace"] == "http://testserver/id/"
    assert "sample" in found["name"]
    assert web.get(path_of(found["documentation"].split("#")[0])).status_code == 200
    assert f'id="{found["documentation"].split("#")[1]}"' in web.get("/api/").content.decode()
    view = path_of(found["view"]["url"].replace("{{id}}", register.plain[0]))
    assert web.get(view).status_code == 303


def test_ten_names_as_openrefine_sends_them(web: Client, register: machines.World) -> None:
    batch = {
        f"q{n}": {
            "query": machines.NAMES[n].upper() + " THERAPEUTICS LTD", "type": "organisation", "type_strict": "should",
            "limit": 3, "properties": [{"pid": "postcode", "v": machines.TOWNS[n % 2][1]}],
        }
        for n in range(10)
    }  # fmt: skip
    answers = ask(web, batch)
    assert set(answers) == set(batch)
    for n in range(10):
        result = answers[f"q{n}"]["result"]
        assert result[0]["id"] == register.plain[n]
        assert result[0]["match"] is True
        assert 0 < len(result) <= 3
        assert not any(c["match"] for c in result[1:])
        assert {"id": "organisation", "name": "Organisation"} in result[0]["type"]
        assert result[0]["description"].startswith("sample data")


def test_a_batch_is_answered_as_if_each_were_alone(web: Client, register: machines.World) -> None:
    batch = {f"q{n}": {"query": machines.NAMES[n]} for n in range(8)}
    together = ask(web, batch)
    for key, query in batch.items():
        assert ask(web, {key: query})[key] == together[key]


def test_get_and_jsonp(web: Client, register: machines.World) -> None:
    batch = {"q0": {"query": "Kestrelby Therapeutics"}}
    plain = json.loads(web.get("/reconcile", {"queries": json.dumps(batch)}).content)
    assert plain == ask(web, batch)
    wrapped = web.get("/reconcile", {"queries": json.dumps(batch), "callback": "jQuery1_2.go"})
    assert wrapped["Content-Type"].startswith("application/javascript")
    assert wrapped["X-Content-Type-Options"] == "nosniff"
    body = wrapped.content.decode()
    assert body.startswith("/**/jQuery1_2.go(")
    assert json.loads(body.removeprefix("/**/jQuery1_2.go(").removesuffix(");")) == plain
    for bad in ("alert(1)", "a;b", "<script>", "a" * 200, "a b", "a..b", ".a", "é"):
        assert web.get("/reconcile", {"callback": bad}).status_code == 400


def test_jsonp_does_not_end_a_script(web: Client, register: machines.World) -> None:
    body = web.get("/reconcile/flyout/entity", {"id": register.hostile["markup"], "callback": "f"}).content.decode()
    assert "<" not in body
    assert (
        "\u2028"
        not in web.get(
            "/reconcile/flyout/entity", {"id": register.hostile["separators"], "callback": "f"}
        ).content.decode()
    )


def test_ids_and_numbers_find_themselves(web: Client, register: machines.World) -> None:
    answers = ask(web, {
        "id": {"query": register.plain[3]}, "lower": {"query": register.plain[3].lower()},
        "merged": {"query": register.merged},
        "number": {"query": "Kestrelby Therapeutics", "properties": [{"pid": "company_number", "v": "99000010"}]},
        "only": {"properties": [{"pid": "company_number", "v": "99000010"}]},
    })  # fmt: skip
    for key in ("id", "lower"):
        assert (answers[key]["result"][0]["id"], answers[key]["result"][0]["score"]) == (register.plain[3], 100)
        assert answers[key]["result"][0]["match"]
    assert answers["merged"]["result"][0]["id"] == register.survivor
    assert answers["number"]["result"][0] | {"id": register.plain[10]} == answers["number"]["result"][0]
    assert answers["number"]["result"][0]["match"]
    assert answers["only"]["result"][0]["id"] == register.plain[10]
    assert (answers["only"]["result"][0]["match"], answers["only"]["result"][0]["score"]) == (True, 100)
    asked = {
        "query": {"query": "99000010"},
        "part": {"query": "KESTRELBY ltd", "properties": [{"pid": "company_number", "v": "99000010"}]},
        "both": {"query": "99000010", "properties": [{"pid": "company_number", "v": " 99000010 "}]},
        "none": {"properties": [{"pid": "company_number", "v": "99000099"}]},
    }
    answers = ask(web, asked)
    for key in ("query", "both", "part"):
        (first, *others) = answers[key]["result"]
        assert (first["id"], first["match"], first["score"]) == (register.plain[10], True, 100)
        assert not any(c["match"] for c in others)
    assert not any(c["match"] for c in answers["none"]["result"])
    other = {"query": "Zzyzx Widgets", "properties": [{"pid": "company_number", "v": "99000016"}]}
    assert not any(c["match"] for c in ask(web, {"q": other})["q"]["result"])


def test_names_that_are_not_there_are_not_matched(web: Client, register: machines.World) -> None:
    answers = ask(web, {"a": {"query": "Zzyzx Unheard Of Widgets"}, "b": {"query": "Therapeutics Limited"}})
    assert not any(c["match"] for answer in answers.values() for c in answer["result"])


def test_types_narrow(web: Client, register: machines.World) -> None:
    asked = {"query": "Kestrelby Therapeutics"}
    of = {t: ask(web, {"q": {**asked, "type": t}})["q"]["result"] for t in ("organisation", "company", "unheard-of")}
    assert of["organisation"] == of["company"] == of["unheard-of"]
    both = ask(web, {"q": {**asked, "type": ["company"]}})["q"]["result"]
    assert both == of["company"]


def test_values_of_properties_as_many_values(web: Client, register: machines.World) -> None:
    query = {"query": "Kestrelby", "properties": [{"pid": "town", "v": ["Leicester", {"id": "x", "name": "y"}]},
                                                  {"pid": "unknown_property", "v": 3}]}  # fmt: skip
    assert ask(web, {"q": query})["q"]["result"][0]["id"] == register.plain[10]


@pytest.mark.parametrize("batch", [
    [], "x", {"q": 1}, {"q": {}}, {"q": {"query": 3}}, {"q": {"query": ""}}, {"q": {"query": "a", "limit": 0}},
    {"q": {"query": "a", "limit": "b"}}, {"q": {"query": "a", "what": 1}}, {"q": {"query": "a", "properties": [1]}},
    {"q": {"query": "a", "properties": {"pid": "town"}}}, {"q": {"query": "a", "type": [3]}},
])  # fmt: skip
def test_what_is_no_query_is_refused(web: Client, register: machines.World, batch: Any) -> None:
    assert ask(web, batch, status=400)["detail"]


def test_refusals_of_size_and_method(web: Client, register: machines.World) -> None:
    assert ask(web, {f"q{n}": {"query": "a"} for n in range(51)}, status=413)["detail"]
    assert ask(web, {}) == {}
    assert web.post("/reconcile", {}).status_code == 400
    assert web.put("/reconcile").status_code == 405
    assert web.post("/reconcile", {"extend": json.dumps({"ids": ["a"] * 201, "properties": []})}).status_code == 413
    assert web.post("/reconcile", {"extend": "[]"}).status_code == 400


def test_extend(web: Client, register: machines.World) -> None:
    wanted = ["name", "employees", "incorporated_on", "capability", "parent", "turnover", "nothing-of-the-kind"]
    wish = {
        "ids": [register.plain[3], register.merged, "LCO-NONSENSE", register.plain[1]],
        "properties": [{"id": w} for w in wanted],
    }
    answer = json.loads(web.post("/reconcile", {"extend": json.dumps(wish)}).content)
    spec.fits(answer, spec.EXTENSION)
    assert [m["id"] for m in answer["meta"]] == wanted  # as requested, says the specification
    assert answer["meta"][-1]["name"] == "nothing-of-the-kind"
    assert all(row["nothing-of-the-kind"] == [] for row in answer["rows"].values())
    assert set(answer["rows"]) == set(wish["ids"])
    row = answer["rows"][register.plain[3]]
    assert row["employees"] == [{"int": 14}]
    assert row["incorporated_on"] == [{"date": "2001-02-03T00:00:00Z"}]
    assert row["capability"] == [{"str": "bioanalysis"}]
    assert answer["rows"][register.merged]["name"] == [{"str": "Abbeymere Therapeutics Limited"}]
    assert answer["rows"]["LCO-NONSENSE"] == {w: [] for w in wanted}
    assert answer["rows"][register.plain[1]]["turnover"] == []
    assert machines.SECRET not in json.dumps(answer)
    assert json.loads(web.get("/reconcile", {"extend": json.dumps(wish)}).content) == answer


def test_extend_with_evidence(web: Client, register: machines.World) -> None:
    def of(what: str) -> list[dict[str, str]]:
        wish = {"ids": [register.plain[0]], "properties": [{"id": "employees", "settings": {"what": what}}]}
        answer = spec.fits(json.loads(web.post("/reconcile", {"extend": json.dumps(wish)}).content), spec.EXTENSION)
        return answer["rows"][register.plain[0]]["employees"]

    assert of("source") == [{"str": "bench-official in words, bench-official.csv#1"}]
    assert of("licence") == [{"str": "OGL-UK-3.0"}]
    assert of("value") == [{"int": 5}]
    choices = [choice["value"] for choice in manifest(web)["extend"]["property_settings"][0]["choices"]]
    assert choices == ["value", "source", "licence", "observed_on"]
    wrong = {"ids": [], "properties": [{"id": "employees", "settings": {"what": "colour"}}]}
    refused = web.post("/reconcile", {"extend": json.dumps(wrong)})
    assert refused.status_code == 400
    assert all(choice in json.loads(refused.content)["detail"] for choice in choices)
    assert of("observed_on") == [{"date": "2026-06-01T00:00:00Z"}]


def test_propose_properties(web: Client, register: machines.World) -> None:
    service = manifest(web)["extend"]["propose_properties"]
    url = path_of(service["service_url"] + service["service_path"])
    answer = spec.fits(json.loads(web.get(url, {"type": "organisation", "limit": 5}).content), spec.PROPOSAL)
    assert len(answer["properties"]) == answer["limit"] == 5
    assert len(json.loads(web.get(url, {"type": "organisation"}).content)["properties"]) > 20
    assert web.get(url, {"limit": "x"}).status_code == 400


@pytest.mark.parametrize(("what", "prefix", "first"), [
    ("entity", "Kestrel", "Kestrelby Therapeutics Limited"), ("property", "post", "Postcode"), ("type", "org", "Organisation"),
])  # fmt: skip
def test_suggest_and_flyout(web: Client, register: machines.World, what: str, prefix: str, first: str) -> None:
    service = manifest(web)["suggest"][what]
    url = path_of(service["service_url"] + service["service_path"])
    found = spec.fits(json.loads(web.get(url, {"prefix": prefix}).content), spec.SUGGESTIONS)["result"]
    assert found[0]["name"] == first
    assert json.loads(web.get(url, {"prefix": prefix, "cursor": 1}).content)["result"] == found[1:]
    flyout = service["flyout_service_path"].replace("${id}", quote(found[0]["id"], safe=""))
    spec.fits(json.loads(web.get(flyout).content), spec.FLYOUT)
    assert web.get(f"/reconcile/flyout/{what}?id=unheard-of").status_code == 404
    assert json.loads(web.get(url, {"prefix": ""}).content)["result"] == [] or what != "entity"


def test_suggest_finds_an_id_and_no_other_kind(web: Client, register: machines.World) -> None:
    found = json.loads(web.get("/reconcile/suggest/entity", {"prefix": register.plain[3]}).content)["result"]
    assert found[0]["id"] == register.plain[3]
    assert web.get("/reconcile/suggest/planet", {"prefix": "a"}).status_code == 404


def test_hostile_names_do_not_break_html(web: Client, register: machines.World) -> None:
    for own in register.hostile.values():
        html = json.loads(web.get("/reconcile/flyout/entity", {"id": own}).content)["html"]
        tree = lxml.html.fragment_fromstring(html.replace("\x07", ""), create_parent="div")
        assert {e.tag for e in tree.iter()} <= {"div", "p", "strong"}
        page = web.get("/reconcile/preview", {"id": own})
        assert b"<script>alert" not in page.content


def test_preview_may_be_framed_and_runs_nothing(web: Client, register: machines.World) -> None:
    shape = manifest(web)["preview"]
    response = web.get(path_of(shape["url"].replace("{{id}}", register.plain[0])))
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    assert "script-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "X-Frame-Options" not in response
    page = response.content.decode()
    assert "Abbeymere" in page
    assert "<script" not in page
    assert web.get("/reconcile/preview?id=LCO-XXXX").status_code == 404
    assert machines.SECRET not in web.get(f"/reconcile/preview?id={register.plain[1]}").content.decode()


def test_the_index_is_kept_and_renewed(web: Client, register: machines.World) -> None:
    from django.conf import settings as django_settings

    from lifecluster.web.api.reconcile import index

    opened = index.current()
    assert index.current() is opened
    folder = Path(django_settings.HOME) / "cache" / "reconcile"
    assert any((p / "index.json").is_file() for p in folder.iterdir())
    assert set(opened.uids.values()) >= set(register.plain)
    from datetime import UTC, datetime

    from lifecluster.web.directory import actions
    from lifecluster.web.directory.viewer import OPERATOR

    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    entry = actions.propose_edit(
        subject=register.plain[20], property="trading_name", value="Quicksilver Ferret", viewer=OPERATOR, at=at
    )
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
    assert ask(web, {"q": {"query": "Quicksilver Ferret"}})["q"]["result"][0]["id"] == register.plain[20]
    assert index.current() is not opened


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=80), town=st.text(max_size=20))
def test_any_text_is_answered(web: Client, register: machines.World, name: str, town: str) -> None:
    query = {"query": name, "properties": [{"pid": "town", "v": town}]}
    ask(web, {"q": query})


@pytest.mark.skipif(
    "LIFECLUSTER_RECONCILIATION_SCHEMAS" not in os.environ, reason="the official schemas are not at hand"
)
def test_against_the_official_schemas(web: Client, register: machines.World) -> None:
    """With LIFECLUSTER_RECONCILIATION_SCHEMAS, the folder `0.2/schemas` of the specification's repository."""
    from jsonschema import Draft7Validator
    from referencing import Registry, Resource

    folder = Path(os.environ["LIFECLUSTER_RECONCILIATION_SCHEMAS"])
    loaded = {p.name: json.loads(p.read_text("utf-8")) for p in folder.glob("*.json")}
    registry: Registry = Registry()
    for name, schema in loaded.items():
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        for key in (name, schema.get("$id", name)):
            registry = registry.with_resource(key, Resource.from_contents(schema))
    answers = {
        "manifest": manifest(web),
        "reconciliation-result-batch": ask(web, {"q": {"query": "Kestrelby"}}),
        "suggest-entities-response": json.loads(web.get("/reconcile/suggest/entity?prefix=kes").content),
        "suggest-properties-response": json.loads(web.get("/reconcile/suggest/property?prefix=p").content),
        "suggest-types-response": json.loads(web.get("/reconcile/suggest/type?prefix=o").content),
        "data-extension-response": json.loads(web.get("/reconcile", {"extend": json.dumps(
            {"ids": [register.plain[3]], "properties": [{"id": "name"}, {"id": "employees"}, {"id": "parent"}]})}).content),
    }  # fmt: skip
    for name, answer in answers.items():
        Draft7Validator(loaded[f"{name}.json"], registry=registry).validate(answer)
