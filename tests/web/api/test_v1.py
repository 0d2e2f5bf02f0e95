"""The REST API: what it gives, pages, refuses, and never gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory.models import Identity
from lifecluster.web.directory.viewer import OPERATOR
from tests.web import machines

LISTS = ("organisations", "sites", "things", "groups", "segments", "statements", "changes")


def get(web: Client, path: str, status: int = 200, **params: object) -> dict:
    response = web.get(f"/api/v1/{path}", params)
    assert response.status_code == status, response.content[:500]
    return json.loads(response.content)


def test_root_links_lead_somewhere(web: Client, register: machines.World) -> None:
    for name, url in get(web, "")["links"].items():
        response = web.get(url.removeprefix("http://testserver"), {"q": "abb"} if name in {"search", "suggest"} else {})
        assert response.status_code == 200, name


def test_one_organisation_carries_its_evidence(web: Client, register: machines.World) -> None:
    found = get(web, f"organisations/{register.plain[0]}")
    assert found["name"] == "Abbeymere Therapeutics Limited"
    staff = next(v for v in found["values"] if v["property"] == "employees")
    assert [s["value"] for s in staff["shown"]] == ["5"]
    assert [s["value"] for s in staff["others"]] == ["6"]
    assert staff["shown"][0]["licence"] == "OGL-UK-3.0"
    assert staff["shown"][0]["locator"] == "bench-official.csv#1"
    assert {t["kind"] for t in found["things"]} == {"licence", "collaboration"}
    assert [s["id"] for s in found["site_list"]] == [register.site]
    assert get(web, f"organisations/{register.plain[3]}")["parent"]["name"] == "Owner Holdings"


def test_parts_have_pages_of_their_own(web: Client, register: machines.World) -> None:
    assert get(web, f"sites/{register.site}")["town"] == "Leicester"
    licence = get(web, f"things/{register.licence}")
    assert (licence["ends_on"], licence["kind"]) == ("2027-03-04", "licence")
    assert get(web, f"groups/{register.group}")["name"] == "Owner Holdings"
    statement = get(web, "statements", subject=register.licence, property="reference")["items"][0]
    assert get(web, f"statements/{statement['id']}") == statement
    get(web, "statements/" + "0" * 32, status=404)


@pytest.mark.parametrize("name", LISTS)
def test_cursors_give_every_row_once(web: Client, register: machines.World, name: str) -> None:
    whole = [json.dumps(i, sort_keys=True) for i in get(web, name, limit=500)["items"]]
    paged: list[str] = []
    url = f"/api/v1/{name}?limit=7"
    while url:
        answer = json.loads(web.get(url.removeprefix("http://testserver")).content)
        assert len(answer["items"]) <= 7
        paged += [json.dumps(i, sort_keys=True) for i in answer["items"]]
        url = answer["next"] or ""
        if name == "statements" and len(paged) > 60:
            whole = whole[: len(paged)]
            break
    assert paged == whole


def test_a_cursor_is_for_one_question_and_one_edition(web: Client, register: machines.World) -> None:
    answer = get(web, "sites", limit=1)
    text = answer["next"].split("cursor=")[1]
    assert get(web, "sites", limit=1, cursor=text)["items"] != answer["items"]
    get(web, "sites", status=400, limit=1, cursor=text, lad="E06000016")
    get(web, "things", status=400, limit=1, cursor=text)
    for broken in ("x", "AAAA", text[:-4], "é", text * 40):
        get(web, "sites", status=400, cursor=broken)
    from lifecluster.web.api import cursor
    from lifecluster.web.directory.models import Package

    assert cursor.LONGEST
    Package.objects.filter(state="current").update(revision=5)
    try:
        assert "begin again" in get(web, "sites", status=410, limit=1, cursor=text)["detail"]
    finally:
        Package.objects.filter(state="current").update(revision=0)


def test_filters_are_those_of_the_directory(web: Client, register: machines.World) -> None:
    from lifecluster.web.directory import search

    for query in ("capability=fill-finish", "q=kestrelby", "near=LE1+7ZZ&within=5", "ended=1&sort=size", "q=kestrelbi"):
        page = search.results(search.Query.parse(dict(p.split("=") for p in query.replace("+", " ").split("&"))), None)
        answer = json.loads(web.get(f"/api/v1/organisations?limit=500&{query}").content)
        assert [i["id"] for i in answer["items"]] == page.uids()
        assert answer["total"] == page.total > 0
    assert get(web, "organisations", q="kestrelbi")["corrected"]
    assert get(web, "organisations", near="Nowhere at all")["notes"]
    assert {f["name"] for f in get_list(web, "facets")} >= {"capability", "segment"}


def get_list(web: Client, path: str, **params: object) -> list[dict]:
    return json.loads(web.get(f"/api/v1/{path}", params).content)


def test_things_sites_and_segments_are_filtered(web: Client, register: machines.World) -> None:
    assert {i["kind"] for i in get(web, "things", kind="licence")["items"]} == {"licence"}
    assert [i["id"] for i in get(web, "things", holder=register.plain[2])["items"]]
    assert get(web, "things", ends_before="2026-12-02")["items"][0]["ends_on"] == "2026-12-01"
    get(web, "things", status=422, ends_before="2026-13-02")
    get(web, "things", status=422, kind="spaceship")
    assert get(web, "sites", postcode="ng1")["items"][0]["town"] == "Nottingham"
    assert {i["state"] for i in get(web, "segments", state="unknown", definition="ols-segments")["items"]} == {
        "unknown"
    }


def test_nothing_that_is_not_public_leaves(web: Client, register: machines.World) -> None:
    """Neither the value, nor that there is one, nor a search for it."""
    one, two = register.plain[1], register.plain[2]
    for path in (f"organisations/{one}", f"statements?subject={one}&limit=500", f"organisations?q={one}", "facets"):
        body = web.get(f"/api/v1/{path}").content.decode()
        assert machines.SECRET not in body
        assert machines.MEMBERS_ONLY_CAPABILITY not in body
    assert get(web, "organisations", q=machines.MEMBERS_ONLY_CAPABILITY)["total"] == 0
    refused = get(web, "organisations", capability=machines.MEMBERS_ONLY_CAPABILITY, status=400)["detail"]
    never = get(web, "organisations", capability="never-heard-of", status=400)["detail"]
    assert refused.replace(machines.MEMBERS_ONLY_CAPABILITY, "never-heard-of") == never
    staff = next(v for v in get(web, f"organisations/{two}")["values"] if v["property"] == "employees")
    assert "777" not in {s["value"] for s in (*staff["shown"], *staff["others"])}


def test_ids_lead_where_they_lead(web: Client, register: machines.World) -> None:
    assert get(web, f"ids/{register.merged.lower()}") | {"others": []} == {
        "asked": register.merged, "id": register.survivor, "kind": "organisation", "status": "redirected", "others": [],
        "url": f"http://testserver/id/{register.survivor}",
    }  # fmt: skip
    moved = web.get(f"/api/v1/organisations/{register.merged}")
    assert (moved.status_code, moved["Location"]) == (301, f"/api/v1/organisations/{register.survivor}")
    get(web, f"organisations/{machines.uid('organisation', 'never issued')}", status=404)
    get(web, "organisations/LCO-XXXX", status=404)
    get(web, "ids/nonsense", status=404)


@pytest.fixture
def ledger_as_built(register: machines.World) -> Iterator[machines.World]:
    """The register with the ledger that a build writes: records become organisations and sites, and no more."""
    with transaction.atomic():
        Identity.objects.exclude(kind__in=("organisation", "site")).delete()
        yield register
        transaction.set_rollback(True)


PARTS = {"organisation": "organisations", "site": "sites", "group": "groups"}


def test_ids_of_every_kind_lead_somewhere(web: Client, ledger_as_built: machines.World) -> None:
    one_of: dict[str, str] = {}
    for name in ("organisations", "sites", "things", "groups"):
        for item in get(web, name, limit=500)["items"]:
            one_of.setdefault(item.get("kind", name.removesuffix("s")), item["id"])
    assert set(one_of) >= {
        "organisation",
        "site",
        "group",
        "licence",
        "award",
        "trial",
        "collaboration",
        "vacancy",
        "need",
    }
    for kind, own in one_of.items():
        found = get(web, f"ids/{own.lower()}")
        assert (found["id"], found["kind"], found["status"]) == (own, kind, "live")
        part = PARTS.get(kind, "things")
        assert get(web, f"{part}/{own}")["id"] == own
        response = web.get(f"/id/{own}", headers={"Accept": "application/json"})
        assert (response.status_code, response["Location"]) == (303, f"/api/v1/{part}/{own}")
        page = web.get(f"/id/{own}", headers={"Accept": "text/html"}, follow=True)
        assert page.status_code == 200, kind
    get(web, f"ids/{machines.uid('licence', 'never issued')}", status=404)
    get(web, f"things/{machines.uid('licence', 'never issued')}", status=404)


@pytest.mark.parametrize("name", LISTS)
def test_every_address_in_a_list_answers(web: Client, ledger_as_built: machines.World, name: str) -> None:
    asked: set[str] = set()
    for item in get(web, name, limit=500)["items"]:
        for key in {"url", "page"} & set(item):
            path = str(item[key])
            if path.startswith("http://testserver/") and path not in asked:
                asked.add(path)
                got = web.get(
                    path.removeprefix("http://testserver"), headers={"Accept": "application/json"}, follow=True
                )
                assert got.status_code == 200, path
    assert asked or name in {"segments", "statements", "changes"}


def test_the_address_of_a_thing(web: Client, register: machines.World) -> None:
    for own, part in ((register.plain[0], "organisations"), (register.site, "sites"), (register.licence, "things"),
                      (register.group, "groups")):  # fmt: skip
        response = web.get(f"/id/{own}", headers={"Accept": "application/json"})
        assert (response.status_code, response["Location"]) == (303, f"/api/v1/{part}/{own}")
        assert response["Vary"].startswith("Accept")
    merged = web.get(f"/id/{register.merged}")
    assert (merged.status_code, merged["Location"]) == (301, f"/id/{register.survivor}")
    assert web.get("/id/LCO-XXXX").status_code == 404


def test_hostile_names_come_through_as_they_are(web: Client, register: machines.World) -> None:
    for key, name in machines.HOSTILE.items():
        shown = get(web, f"organisations/{register.hostile[key]}")["name"]
        assert shown.split() == name.split()


def test_definitions_and_changes(web: Client, register: machines.World) -> None:
    assert get_list(web, "definitions") == []
    answer = get(web, "changes")
    assert answer["cursor"] >= 0
    assert get(web, "changes", since=answer["cursor"])["items"] == []
    get(web, "changes", status=422, since=-1)


def test_an_edit_shows_in_the_feed_of_changes(web: Client, register: machines.World) -> None:
    from lifecluster.web.directory import actions

    before = get(web, "changes", limit=500)["cursor"]
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    entry = actions.propose_edit(subject=register.plain[5], property="employees", value=41, viewer=OPERATOR, at=at)
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
    items = get(web, "changes", since=before)["items"]
    assert [(i["id"], i["what"]) for i in items] == [(register.plain[5], "edited")]


@pytest.mark.parametrize(
    "path", ["organisations?limit=50", "organisations?limit=500", "organisations/{}", "statements?limit=500"]
)
def test_few_queries_whatever_the_size(web: Client, register: machines.World, path: str) -> None:
    address = "/api/v1/" + path.format(register.plain[0])
    web.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert web.get(address).status_code == 200
    assert len(queries) <= 14


def test_documentation_names_every_operation(web: Client, register: machines.World) -> None:
    document = json.loads(web.get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    page = web.get("/api/").content.decode()
    for path, methods in document["paths"].items():
        assert set(methods) <= {"get", "post"}
        for method, operation in methods.items():
            assert f"<b>{method.upper()}</b> <code>{path}</code>" in page
            assert method == "get" or operation["security"], path
            for parameter in operation.get("parameters", ()):
                assert parameter["schema"].get("description") or parameter["in"] == "path", (path, parameter["name"])
    assert "&quot;title&quot;: &quot;Premises in Derby&quot;}</code>" in page
    assert "<script>" not in page
    assert "style=" not in page
    assert json.loads(web.get("/api/v1/openapi.json").content) == document


def test_each_row_of_a_list_names_its_sources_with_their_licences(web: Client, register: machines.World) -> None:
    rows = {row["id"]: row for row in get(web, "organisations")["items"]}
    for uid, row in rows.items():
        assert row["origins"] and all(one["source"] and one["licence"] for one in row["origins"])
        said = {(s["source"], s["licence"]) for value in get(web, f"organisations/{uid}")["values"]
                for s in (*value["shown"], *value["others"])}  # fmt: skip
        told = {(one["source"], one["licence"]) for one in row["origins"]}
        assert said <= told
        assert {source for source, _ in told - said} <= {"areas", "code-point-open"}  # places that were worked out
