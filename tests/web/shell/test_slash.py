"""Addresses with a closing slash."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.one_database

PAGES = ["/atlas", "/claims", "/directory", "/account", "/sources", "/organisations/anything", "/people", "/health"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("closing", ["/", "//"])
def test_a_closing_slash_leads_to_the_address_without_it(path: str, closing: str, web: Client) -> None:
    answer = web.get(f"{path}{closing}?q=a%26b&near=LE1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{path}?q=a%26b&near=LE1")
    assert "Content-Security-Policy" in answer.headers
    assert web.head(f"{path}/").headers["Location"] == path


def test_what_is_sent_is_not_led_elsewhere(web: Client) -> None:
    for method in (web.post, web.put, web.delete, web.patch, web.options):
        assert method("/atlas/").status_code == 404


def test_addresses_that_end_so_stay(web: Client) -> None:
    assert web.get("/api/v1/openapi.json/").headers["Location"] == "/api/v1/openapi.json"
    assert web.get("/api").headers["Location"] == "/api/"
    assert "Location" not in web.get("/reconcile/").headers


@pytest.mark.parametrize(
    "path", ["//evil.example/", "///evil.example//", "/\\evil.example/", "//evil.example/atlas/", "/nowhere/", "///a/"]
)
def test_nothing_leads_to_another_host_or_to_no_page(path: str, web: Client) -> None:
    answer = web.get("/", PATH_INFO=path)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_a_slash_within_stays_within(web: Client) -> None:
    assert "Location" not in web.get("/organisations/%2F%2Fevil.example/").headers
    assert web.get("/organisations/a%3Fb%0D%0Ac/").headers["Location"] == "/organisations/a%3Fb%0D%0Ac"
