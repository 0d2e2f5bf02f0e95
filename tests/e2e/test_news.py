"""A member proposes, the desk approves, everybody reads; a visitor has the bulletin and ends it: in a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import deliver, looked_at
from tests.e2e.region import DAY
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.smtp import Inbox

MAKE = """
from lifecluster.web.directory.operate import open_web
open_web()
from lifecluster.web.accounts import operate
print(operate.sample_sign_ins(again=True))
"""
TITLE = "A bench in a clean room, free on Fridays"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, loaded: Path) -> Iterator[harness.Server]:
    """The web app with the sample region and its people."""
    home = shutil.copytree(loaded, tmp_path_factory.mktemp("news") / "home")
    with harness.serve(home, LIFECLUSTER_AT=DAY) as running:
        yield running


@pytest.fixture(scope="module")
def sign_ins(server: harness.Server) -> dict[str, tuple[str, str]]:
    """Password and recovery code of each of the sample's people, by the beginning of their address."""
    told = harness.run(server.environment, MAKE)
    found: dict[str, tuple[str, str]] = {}
    who = ""
    for line in told.splitlines():
        if match := re.search(r"(\S+)@sample\.example\s+(\S+)$", line):
            who = match[1]
            found[who] = (match[2], "")
        elif match := re.search(r"recovery code: (\S+)$", line):
            found[who] = (found[who][0], match[1])
    return found


def sign_in(visitor: harness.Visitor, who: str, sign_ins: dict[str, tuple[str, str]]) -> None:
    password, code = sign_ins[who]
    visitor.go("/account/sign-in")
    visitor.page.fill("[name=login]", f"{who}@sample.example")
    visitor.page.fill("[name=password]", password)
    visitor.follow("main button[type=submit]")
    if code:
        visitor.page.fill("[name=code]", code)
        visitor.follow("main button[type=submit]")


def words(visitor: harness.Visitor) -> str:
    return " ".join(visitor.page.inner_text("body").replace("\u00a0", " ").split())


def run_job(server: harness.Server, name: str) -> str:
    command = [sys.executable, "-m", "lifecluster.cli", "jobs", "run", name]
    return subprocess.run(command, env=server.environment, check=True, capture_output=True, text=True).stdout


def link_in(mail: Any, what: str) -> str:
    part = mail.get_body(("plain",))
    found = re.search(rf"\S+(/news/bulletins/{what}/\S+)", part.get_content())
    assert found is not None
    return found[1]


def test_from_a_proposal_to_the_bulletin_and_its_end(
    new_visitor: NewVisitor, server: harness.Server, post: Inbox, sign_ins: dict[str, tuple[str, str]]
) -> None:
    member, desk, visitor = new_visitor(), new_visitor(), new_visitor()
    sign_in(member, "member", sign_ins)
    proposed(member)
    sign_in(desk, "desk", sign_ins)
    approved(desk)
    read(visitor, server)
    deliver(server, post)
    assert any("is shown" in str(one["Subject"]) for one in post.to("member@sample.example"))
    asked_for(visitor, server, post)
    sent(desk)
    assert "1" in run_job(server, "bulletins")
    deliver(server, post)
    mail = post.to("reader@example.org")[-1]
    html = mail.get_body(("html",)).get_content()
    assert TITLE in html
    look_at_mail(new_visitor, html)
    stop = server.url + link_in(mail, "stop")
    with urllib.request.urlopen(
        urllib.request.Request(stop, data=b"List-Unsubscribe=One-Click", method="POST")
    ) as answer:
        assert answer.status == 200
    visitor.go(link_in(mail, "stop"))
    looked_at(visitor, "stop")
    assert unexpected(visitor) == [] and unexpected(desk) == []


def proposed(member: harness.Visitor) -> None:
    """A member proposes an opportunity, and is told what is missing."""
    member.go("/news")
    member.follow("text=Propose something")
    looked_at(member, "propose")
    member.page.check("[name=kind][value=opportunity]")
    member.page.fill("[name=title]", TITLE)
    member.page.fill("[name=text]", "Bring your **own** gowns.")
    member.follow("text=Send it")
    assert "Say on which day it closes" in words(member)
    assert member.page.input_value("[name=title]") == TITLE
    member.page.fill("[name=closes_on]", "2026-12-24")
    member.follow("text=Send it")
    assert "Waits for the desk" in words(member)


def approved(desk: harness.Visitor) -> None:
    """The desk approves it."""
    desk.go("/desk/news")
    looked_at(desk, "desk-queue")
    desk.follow(f"text={TITLE}")
    looked_at(desk, "desk-item")
    desk.follow("button[name=approve]")
    assert "is approved" in words(desk)


def read(visitor: harness.Visitor, server: harness.Server) -> None:
    """It is on the home page, in the list and in the feed."""
    for path in ("/", "/news", "/news?kind=opportunity"):
        visitor.go(path)
        assert TITLE in words(visitor), path
    visitor.follow(f"text={TITLE}")
    assert "Closes 24 December 2026" in words(visitor)
    looked_at(visitor, "item")
    with urllib.request.urlopen(server.url + "/feeds/news.atom") as feed:
        assert TITLE in feed.read().decode()


def asked_for(visitor: harness.Visitor, server: harness.Server, post: Inbox) -> None:
    """A visitor asks for the bulletin, and confirms."""
    visitor.go("/news/bulletins")
    looked_at(visitor, "bulletins")
    assert "News of the sample cluster" in words(visitor)
    visitor.page.fill("[name=email]", "reader@example.org")
    visitor.follow("text=Ask for it")
    assert "Look into your mail" in words(visitor)
    deliver(server, post)
    (asked,) = post.to("reader@example.org")
    visitor.go(link_in(asked, "confirm"))
    visitor.follow("text=Yes, send it")
    assert "You get the bulletin" in words(visitor)


def sent(desk: harness.Visitor) -> None:
    """The desk gathers a bulletin, edits it and lets it go."""
    desk.go("/desk/news/bulletins")
    desk.follow("text=Gather what is new")
    desk.page.fill("[name=opening]", "What is **new**.")
    desk.follow("text=Save and preview")
    looked_at(desk, "desk-bulletin")
    desk.follow("text=Send it…")
    looked_at(desk, "desk-send")
    desk.follow("main button[type=submit]")


def look_at_mail(new_visitor: NewVisitor, html: str) -> None:
    """The mail as a mail program draws it: narrow and wide, light and dark, nothing fetched."""
    for theme, width in (("light", 700), ("dark", 320)):
        reader = new_visitor(width=width, theme=theme)
        reader.page.set_content(html)
        assert reader.axe() == [], theme
        assert reader.overflow(width) == ""
        reader.picture(f"mail-{theme}")


def test_choices_of_messages_and_the_list_without_script(
    new_visitor: NewVisitor, sign_ins: dict[str, tuple[str, str]]
) -> None:
    member = new_visitor()
    sign_in(member, "other-member", sign_ins)
    member.go("/account/messages")
    looked_at(member, "messages")
    member.page.select_option("select[name='news.decided']", "week")
    member.follow("text=Save")
    assert "That is how you will be told" in words(member)
    plain = new_visitor(script=False, width=320, theme="dark")
    plain.go("/news")
    assert "Makers meet buyers" in plain.page.inner_text("body")
    plain.picture("news-narrow-dark")
    wide = new_visitor()
    wide.go("/news")
    assert wide.axe() == []
    wide.picture("news-wide")
    wide.go("/")
    wide.picture("home-with-news")
