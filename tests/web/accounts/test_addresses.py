"""Addresses that look alike, that no server takes, or that are too long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import operate, outbox
from lifecluster.web.accounts.addresses import LONGEST, as_kept, canonical
from lifecluster.web.accounts.models import Mail, Person
from tests.web.accounts.conftest import PASSWORD, person
from tests.web.accounts.smtp import Inbox

NOT_LETTERS = ["fırst@example.org", "FIRſT@example.org", "İvan@example.org", "straße@example.org"]
LOCAL = st.text(min_size=1, max_size=12)
DOMAINS = st.sampled_from(
    ["example.org", "EXAMPLE.org", "bücher.example", "straße.example", "ex\u00adample.org", "a..b", ""]
)


@given(LOCAL, DOMAINS)
@example("First", "straße.example")
@example("\u212aate", "example.org")
def test_what_is_kept_is_ascii_and_stays_what_it_is(local: str, domain: str) -> None:
    try:
        kept = canonical(f"{local}@{domain}")
    except ValidationError:
        return
    assert kept.isascii()
    assert len(kept) <= LONGEST
    assert kept == kept.lower() == canonical(kept) == as_kept(f" {local}@{domain} ")
    assert kept.partition("@")[0] == local.strip().lower().partition("@")[0]


def test_a_domain_stands_as_it_is_looked_up() -> None:
    assert canonical("A@Bücher.Example") == "a@xn--bcher-kva.example"
    assert canonical("a@straße.example") == "a@strasse.example"


@pytest.mark.parametrize("path", ["/account/sign-up", "/account/password/forgotten"])
@pytest.mark.parametrize("email", [*NOT_LETTERS, "a" * 250 + "@example.org", "a\x00b@example.org"])
def test_an_address_nobody_can_be_written_to_is_refused_beside_its_field(database: None, path: str, email: str) -> None:
    person("first@example.org")
    answer = Client(raise_request_exception=False).post(path, {"email": email, "password1": PASSWORD})
    assert answer.status_code == 200
    assert "id_email_error" in answer.content.decode()
    assert Person.objects.count() == 1
    assert not Mail.objects.exists()


def test_two_spellings_of_a_domain_are_one_account_and_mail_arrives(database: None, post: Inbox) -> None:
    who = person("first@bücher.example")
    assert who.email == operate.find("FIRST@BÜCHER.example").email == "first@xn--bcher-kva.example"
    with pytest.raises(LifeclusterError, match="already"):
        person("first@xn--bcher-kva.example")
    Client().post("/account/password/forgotten", {"email": "First@Bücher.example"})
    assert outbox.deliver(post.server, at=Mail.objects.get().written_at + timedelta(minutes=1)).sent == 1
    assert [str(one["To"]) for one in post.messages] == [who.email]
    answer = Client().post("/account/sign-in", {"login": "first@bücher.example", "password": PASSWORD})
    assert answer["Location"] == "/account"
