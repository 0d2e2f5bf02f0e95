"""The policy, and who may widen it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from lifecluster.web.shell import headers

pytestmark = pytest.mark.one_database

PAGES = ["/", "/style", "/style/form", "/nowhere", "/style/error/500", "/style/error/403", "/style/error/400"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_under_the_policy(path: str, web: Client) -> None:
    answer = web.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_inline_style_or_script(path: str, web: Client) -> None:
    import lxml.html

    page = lxml.html.fromstring(web.get(path).content)
    assert page.xpath("//*[@style] | //style") == []
    assert page.xpath("//script[not(@src)]") == []
    assert [a for a in page.xpath("//@*") if a.attrname.startswith("on")] == []


def test_a_host_that_is_not_ours_is_refused(web: Client) -> None:
    assert web.get("/", HTTP_HOST="evil.example").status_code == 400
    assert b"evil.example" not in web.get("/", HTTP_HOST="evil.example").content


def test_an_embed_may_be_framed_and_runs_no_script(web: Client) -> None:
    answer = web.get("/style/embed")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"<script" not in answer.content


@override_settings(EMBED_ANCESTORS=["https://partner.example"])
def test_embeds_can_be_kept_to_named_hosts(web: Client) -> None:
    assert "frame-ancestors https://partner.example" in web.get("/style/embed").headers["Content-Security-Policy"]


def test_a_view_may_allow_more_for_itself() -> None:
    @headers.allow(worker_src=("'self'", "blob:"), img_src=("blob:",))
    @headers.allow(frame_src=("https://tiles.example",))
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    answer = headers.HeadersMiddleware(view)(RequestFactory().get("/"))
    policy = answer.headers["Content-Security-Policy"]
    assert "worker-src 'self' blob:" in policy
    assert "img-src 'self' blob:" in policy
    assert "frame-src https://tiles.example" in policy
    assert "script-src 'self';" in policy


def test_nobody_may_allow_inline_code() -> None:
    with pytest.raises(ValueError, match="inline"):
        headers.allow(script_src=("'unsafe-inline'",))


def test_https_upgrades_plain_addresses() -> None:
    assert headers.policy_text(https=True).endswith("upgrade-insecure-requests")
    assert "upgrade" not in headers.policy_text()
