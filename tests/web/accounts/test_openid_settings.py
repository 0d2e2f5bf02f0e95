"""What the settings take about another service, and what they refuse."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lifecluster.web.settings import openid

pytestmark = pytest.mark.one_database

RIGHT = {
    "ISSUER": "https://login.example.org/realms/ours", "CLIENT": "lifecluster", "NAME": "Our directory", "SECRET": "hush",
}  # fmt: skip


def read(monkeypatch: pytest.MonkeyPatch, *, plain: bool = False, **said: str) -> openid.Provider | None:
    for name in list(os.environ):
        if name.startswith(openid.BEFORE):
            monkeypatch.delenv(name)
    for name, value in said.items():
        monkeypatch.setenv(openid.BEFORE + name, value)
    return openid.read(plain=plain)


def test_nothing_said_means_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch) is None
    assert read(monkeypatch, ISSUER="", NAME=" ") is None


def test_what_is_said_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    more = {"HOSTS": "oauth.example.org", "DOMAINS": "Example.org, park.example", "STEPS": "mfa,otp"}
    said = {name: value for name, value in RIGHT.items() if name != "SECRET"}
    found = read(monkeypatch, **said, **more, SECRET_FILE=str(file))
    assert found == openid.Provider(
        RIGHT["ISSUER"], "lifecluster", "hush", "Our directory", ("oauth.example.org",), ("example.org", "park.example"),
        ("mfa", "otp"),
    )  # fmt: skip
    assert found.origins == {"https://login.example.org", "https://oauth.example.org"}


@pytest.mark.parametrize(("change", "words"), [
    ({"ISSUER": ""}, "LIFECLUSTER_OPENID_ISSUER must be set too"),
    ({"CLIENT": "", "NAME": ""}, "LIFECLUSTER_OPENID_CLIENT, LIFECLUSTER_OPENID_NAME must be set too"),
    ({"SECRET": ""}, "set one of LIFECLUSTER_OPENID_SECRET and LIFECLUSTER_OPENID_SECRET_FILE"),
    ({"SECRET_FILE": "/x"}, "set one of"),
    ({"SECRET": "", "SECRET_FILE": "/nowhere/at/all"}, "SECRET_FILE='/nowhere/at/all': No such file"),
    ({"SECRET": "", "SECRET_FILE": os.devnull}, "is empty"),
    ({"ISSUR": "https://x.example"}, "LIFECLUSTER_OPENID_ISSUR: there is no such setting"),
    ({"ISSUER": "http://login.example.org"}, "it begins with https://"),
    ({"ISSUER": "http://127.0.0.1:8080"}, "it begins with https://"),
    ({"ISSUER": "login.example.org"}, "it begins with https://"),
    ({"ISSUER": "https://user:word@login.example.org"}, "it begins with https://"),
    ({"ISSUER": "https://login.example.org/?x=y"}, "without"),
    ({"ISSUER": "https://login.example.org:port"}, "it begins with https://"),
    ({"ISSUER": "https://login.example.org/" + "x" * 200}, "more than 200 characters"),
    ({"NAME": "x" * 41}, "more than 40 characters"),
    ({"HOSTS": "https://oauth.example.org"}, "is no host"),
    ({"HOSTS": "*.example.org"}, "is no host"),
    ({"DOMAINS": "*"}, "is no host"),
    ({"DOMAINS": "example.org/x"}, "is no host"),
])  # fmt: skip
def test_what_is_wrong_or_half_said_is_refused(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], words: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        read(monkeypatch, **{**RIGHT, **change})
    assert words in str(refusal.value)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_plain_http_is_for_this_machine_and_not_for_production(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    said = {**RIGHT, "ISSUER": f"http://{host}:8080/x"}
    found = read(monkeypatch, plain=True, **said)
    assert found
    assert found.origins == {f"http://{host}:8080"}
    with pytest.raises(ImproperlyConfigured):
        read(monkeypatch, **said)
    with pytest.raises(ImproperlyConfigured):
        read(monkeypatch, plain=True, **{**RIGHT, "ISSUER": "http://localhost.evil.example"})


def test_an_instance_in_production_does_not_start_with_half_of_it(tmp_path: Path) -> None:
    around = {
        **os.environ, "LIFECLUSTER_HOME": str(tmp_path), "LIFECLUSTER_MODE": "production",
        "LIFECLUSTER_HOSTS": "cluster.example.org", "LIFECLUSTER_OPENID_ISSUER": "http://127.0.0.1:1",
        "LIFECLUSTER_OPENID_CLIENT": "x", "LIFECLUSTER_OPENID_NAME": "x", "LIFECLUSTER_OPENID_SECRET": "hush",
    }  # fmt: skip
    around.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "lifecluster.web", "check"], env=around, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "LIFECLUSTER_OPENID_ISSUER='http://127.0.0.1:1': it begins with https://" in done.stderr
    assert "hush" not in done.stderr


def test_every_setting_is_in_the_how_to() -> None:
    page = (Path(__file__).parents[3] / "docs/how-to/sign-in-through-another-service.md").read_text("utf-8")
    assert [name for name in openid.KNOWN if f"`{openid.BEFORE}{name}`" not in page] == []


def test_addresses_are_the_same_however_they_are_written() -> None:
    assert openid.origin("HTTPS://Login.Example.org:443/x") == "https://login.example.org"
    assert openid.origin("http://[::1]:80/") == "http://[::1]"
    for none in ("", "x", "/path", "https://", "https://a:b@x.example/", "https://x:99999/"):
        assert openid.origin(none) == ""
