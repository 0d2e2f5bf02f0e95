"""Sign-ins of the sample region: one for each role, each works, and no password is kept."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts import address, operate, rights, sample
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory.models import Package
from tests.web.accounts import totp
from tests.web.accounts.conftest import window


@pytest.fixture
def shown(small: Package) -> Package:
    Package.objects.update(sample=True)
    return Package.objects.get()


def test_there_is_one_for_each_role_and_each_signs_in(shown: Package) -> None:
    words = operate.sample_sign_ins()
    lines = re.findall(r"^  (.+):\s+(\S+@sample\.example)\s+(\S+)$", words, re.MULTILINE)
    assert {title for title, _, _ in lines} >= {role.title for role in ROLES.values() if role.name != "visitor"}
    keys = re.findall(r"app: (\w+)", words)
    needing = [role.name for role in ROLES.values() if role.second_step]
    for title, email, password in lines:
        client = Client()
        answer = client.post("/account/sign-in", {"login": email, "password": password})
        role = email.partition("@")[0].replace("-", "_")
        if role in needing:
            assert answer["Location"] == "/account/second-step/code"
            shown_now = totp.code(keys[needing.index(role)])
            answer = client.post("/account/second-step/code", {"code": shown_now})
        assert answer["Location"] == "/account", title
        assert client.get("/account").status_code == 200
    everything = str([list(model.objects.values()) for model in (Person, AuditRow, Mail)])
    assert not any(password in everything for _, _, password in lines)
    assert len({password for _, _, password in lines}) == len(lines)


def test_they_are_shown_once_and_made_anew_on_request(shown: Package) -> None:
    first = operate.sample_sign_ins()
    assert first
    assert operate.sample_sign_ins() == sample.SHOWN_BEFORE
    again = operate.sample_sign_ins(again=True)
    assert again != first
    assert Person.objects.count() == again.count("@sample.example")


def test_their_powers_end_with_the_sample_and_not_with_the_next_start(shown: Package) -> None:
    operate.sample_sign_ins()
    steward = Person.objects.get(email="steward@sample.example")
    client = window(steward, second_step=True)
    assert client.get("/people").status_code == 200
    Package.objects.update(sample=False)  # a region of one's own is loaded while the web app is served
    assert client.get("/people").status_code == 404
    for who in Person.objects.all():
        viewer = rights.viewer(who, rights.moment(), second_step=True)
        assert (viewer.roles, viewer.organisations) == ({"visitor"}, frozenset())


def test_where_no_sample_is_shown_there_are_no_sample_people(shown: Package) -> None:
    operate.sample_sign_ins()
    Package.objects.update(sample=False)
    assert operate.sample_sign_ins() == ""
    assert not Person.objects.exists()
    assert sample.make(Package.objects.get(), at=rights.moment()) == []


def test_they_do_not_become_somebody_elses_account_that_outlives_the_sample(shown: Package) -> None:
    operate.sample_sign_ins()
    steward = Person.objects.get(email="steward@sample.example")
    with pytest.raises(LifeclusterError, match="stays as it is"):
        address.ask(person=steward, email="mine@example.org", viewer=steward.viewer, at=rights.moment())
    key = signing.dumps([steward.uid, steward.email, "mine@example.org"], salt=address.SALT)
    with pytest.raises(LifeclusterError, match="stays as it is"):
        address.change(person=steward, key=key, viewer=steward.viewer, at=rights.moment())
    assert not Mail.objects.filter(to="mine@example.org").exists()
