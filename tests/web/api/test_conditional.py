"""Conditional requests, cross-origin reading, errors, limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.api import limits, middleware
from lifecluster.web.directory.viewer import OPERATOR
from tests.web import machines

PATHS = (
    "/api/v1/organisations?q=abb",
    "/api/v1/package",
    "/export/csv",
    "/feeds/changes.atom",
    "/sitemap.xml",
    "/feeds/dates.ics",
)


@pytest.mark.parametrize("path", PATHS)
def test_what_did_not_change_is_not_sent_again(web: Client, register: machines.World, path: str) -> None:
    first = web.get(path)
    assert first.status_code == 200
    assert first["ETag"].startswith('W/"')
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        again = web.get(path, headers=headers)
        assert again.status_code == 304
        assert again.getvalue() == b""
    assert web.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_an_edit_and_a_new_day_change_the_answer(
    web: Client, register: machines.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lifecluster.web.directory import actions

    path = f"/api/v1/organisations/{register.plain[6]}"
    first = web.get(path)["ETag"]
    at = datetime(2026, 11, 22, 11, tzinfo=UTC)
    entry = actions.propose_edit(subject=register.plain[6], property="employees", value=43, viewer=OPERATOR, at=at)
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
    second = web.get(path, headers={"If-None-Match": first})
    assert second.status_code == 200
    assert b'"43"' in second.content
    monkeypatch.setenv("LIFECLUSTER_AT", "2026-11-23")
    assert web.get(path, headers={"If-None-Match": second["ETag"]}).status_code == 200


def test_other_origins_may_read(web: Client, register: machines.World) -> None:
    for path in (
        "/api/v1/package",
        "/reconcile",
        "/export/csv?rows=sources",
        f"/id/{register.site}",
        "/api/v1/nowhere",
    ):
        assert web.get(path)["Access-Control-Allow-Origin"] == "*", path
    preflight = web.options(
        "/reconcile", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert (preflight.status_code, preflight["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in web.get("/")
    assert "Set-Cookie" not in web.get("/api/v1/package")


def test_errors_are_problems(web: Client, register: machines.World) -> None:
    for path, status in (("/api/v1/organisations?limit=0", 422), ("/api/v1/organisations/LCO-1", 404),
                         ("/export/spreadsheet", 404), ("/export/geojson?rows=things", 400),
                         ("/reconcile?queries=x", 400), ("/api/v1/segments?segment=%00", 400), ("/api/v1/statements/%00", 400),
                         ("/export/csv?q=%00", 400), ("/oembed?url=http://elsewhere.example/", 404)):  # fmt: skip
        response = web.get(path)
        assert response.status_code == status, path
        assert response["Content-Type"] == "application/problem+json"
        said = json.loads(response.content)
        assert (said["status"], bool(said["detail"]), bool(said["title"])) == (status, True, True)
    assert json.loads(web.get("/api/v1/organisations?limit=0").content)["errors"][0]["field"].endswith("limit")


def test_without_a_package_it_says_so(web: Client, register: machines.World) -> None:
    from lifecluster.web.directory.models import Package

    Package.objects.filter(state="current").update(state="superseded")
    try:
        for path in (
            "/api/v1/package",
            "/api/v1/organisations",
            "/export/csv",
            '/reconcile?queries={"q":{"query":"a"}}',
        ):
            response = web.get(path)
            assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json"), path
        assert web.get("/reconcile").status_code == 200
        assert web.get("/api/").status_code == 200
    finally:
        Package.objects.filter(name="machines-1").update(state="current")


@pytest.fixture
def counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[limits.Counters]:
    made = limits.Counters(tmp_path / "rates")
    monkeypatch.setattr(middleware, "counters", lambda: made)
    yield made
    made.close()


def test_searching_too_often_is_refused(
    web: Client, register: machines.World, counters: limits.Counters, settings_
) -> None:
    settings_(RATE_LIMITS={"search": (3, 60), "api": (100, 60)})
    here = {"REMOTE_ADDR": "203.0.113.5"}
    statuses = [web.get("/api/v1/search?q=abb", **here).status_code for _ in range(8)]
    assert statuses[:3] == [200] * 3
    assert statuses[-1] == 429
    refused = web.get("/api/v1/search?q=abb", **here)
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert web.get("/api/v1/package", **here).status_code == 200
    assert web.get("/api/v1/search?q=abb", REMOTE_ADDR="203.0.113.6").status_code == 200
    assert web.get("/api/v1/search?q=abb").status_code == 200
    settings_(RATE_LIMITS=None)
    assert web.get("/api/v1/search?q=abb", **here).status_code == 200


def test_reconciling_counts_queries(
    web: Client, register: machines.World, counters: limits.Counters, settings_
) -> None:
    settings_(RATE_LIMITS={"reconcile": (10, 60)})
    batch = json.dumps({f"q{i}": {"query": "abb"} for i in range(11)})
    response = web.post("/reconcile", {"queries": batch}, REMOTE_ADDR="203.0.113.7")
    assert response.status_code == 429


def test_a_proxy_is_believed_only_if_there_is_one(settings_, rf) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1, 198.51.100.2"}, REMOTE_ADDR="203.0.113.9")
    assert middleware.client_of(request) == "203.0.113.9"
    settings_(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
    assert middleware.client_of(request) == "198.51.100.2"


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 200)), max_size=60))
def test_counters_never_count_less_than_the_window(hits: list[tuple[int, float]]) -> None:
    import tempfile

    limit = limits.Limit(1000, 60)
    with tempfile.TemporaryDirectory() as folder:
        made = limits.Counters(Path(folder) / "c")
        seen: list[tuple[int, float]] = []
        for client, moment in sorted(hits, key=lambda h: h[1]):
            seen.append((client, moment))
            counted = made.add(f"c{client}".encode(), limit, moment)
            window = [1 for c, m in seen if c == client and int(m // 60) == int(moment // 60)]
            assert counted >= len(window)
        made.close()


def test_processes_share_the_counters(tmp_path: Path) -> None:
    one, two = limits.Counters(tmp_path / "c"), limits.Counters(tmp_path / "c")
    limit = limits.Limit(10, 60)
    for _ in range(3):
        one.add(b"x", limit, 1000.0)
    assert two.add(b"x", limit, 1000.0) == 4
    assert two.add(b"x", limit, 1000.0 + 120) == 1
    one.close()
    two.close()
