"""Addresses of clients, ways back, and secrets."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from allauth.core import context
from cryptography.fernet import InvalidToken
from django.test import RequestFactory, override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from lifecluster.web.accounts.adapter import Adapter, SecondStep

WAYS = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(["/", "\\", "//", "http:", "https:", "evil.example", "testserver", "@", "?", "#", "\t", "a", ":"]),
             max_size=8).map("".join),
)  # fmt: skip


@given(WAYS)
@example("/directory?q=a")
@example("///evil.example")
@example("http:evil.example")
@example("/\\evil.example")
def test_a_way_back_that_counts_as_safe_stays_on_this_host(way: str) -> None:
    request = RequestFactory().get("/account/sign-in")
    with context.request_context(request):
        safe = Adapter().is_safe_url(way)
    if safe:
        led = urlsplit(urljoin("http://testserver/account/sign-in", way.replace("\\", "/")))
        assert (led.scheme, led.netloc) in {("http", "testserver"), ("https", "testserver")}, way


def test_other_hosts_of_this_instance_are_other_hosts() -> None:
    with override_settings(ALLOWED_HOSTS=["testserver", "other.example"]):
        request = RequestFactory().get("/")
        with context.request_context(request):
            assert not Adapter().is_safe_url("http://other.example/")
            assert Adapter().is_safe_url("http://testserver/x")


@pytest.mark.parametrize(
    ("remote", "forwarded", "behind_proxy", "expected"),
    [
        ("192.0.2.7", "", False, "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", False, "192.0.2.7"),  # anybody can say so
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.1", "nonsense", True, "127.0.0.1"),
        ("", "", False, "127.0.0.1"),
        ("2001:db8::1", "", False, "2001:db8::1"),
    ],
)
def test_the_address_of_a_client(remote: str, forwarded: str, behind_proxy: bool, expected: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    header = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    with override_settings(SECURE_PROXY_SSL_HEADER=header):
        assert Adapter().get_client_ip(request) == expected


@given(st.text(max_size=60))
def test_secrets_come_back_and_are_not_kept_as_they_are(secret: str) -> None:
    kept = SecondStep().encrypt(secret)
    assert SecondStep().decrypt(kept) == secret
    assert len(secret) < 4 or secret not in kept


def test_another_instance_opens_nothing() -> None:
    kept = SecondStep().encrypt("JBSWY3DPEHPK3PXP")
    with override_settings(SECRET_KEY="of another instance"), pytest.raises(InvalidToken):
        SecondStep().decrypt(kept)
