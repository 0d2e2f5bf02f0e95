"""From signing up to a value in the directory: claim by domain, propose, the desk approves, the member hears by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import PASSWORD, at_the_desk, deliver, fill, looked_at, make, sign_in
from tests.e2e.region import LOAD
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.smtp import Inbox
from tests.web.directory import making
from tests.web.directory.making import org

BETA = org("beta")
MINE = f"/my/{BETA}"
PEOPLE = """
import sys
from datetime import UTC, datetime
from lifecluster.web.directory.operate import open_web
open_web()
from lifecluster.web.accounts import actions
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.viewer import OPERATOR
at = datetime(2026, 11, 1, tzinfo=UTC)
who = Person.objects.get(email=sys.argv[1])
actions.join(person=who, organisation=sys.argv[2], viewer=OPERATOR, at=at, why="for a test", administrator=True)
"""
THINGS = """
import sys
from datetime import UTC, datetime
from lifecluster.web.directory.operate import open_web
open_web()
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.members import adding
at = datetime(2026, 11, 1, tzinfo=UTC)
for kind, values in (
    ("site", {"name": "North works", "town": "Derby", "postcode": "DE1 1AA", "capability": ["gene-editing"]}),
    ("offer", {"title": "Hours in a clean room"}),
):
    adding.propose(kind=kind, organisation=sys.argv[1], values=values, viewer=OPERATOR, at=at, why="by a program")
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app with a small register, in which an organisation has a web address."""
    folder = tmp_path_factory.mktemp("members")
    site = making.said(BETA, {"website": "https://www.beta.example", "capability": ["assays"]})
    package = making.small(folder / "package", extra=site)
    with harness.prepared(folder / "home", LOAD, str(package.path)) as running:
        yield running


def link(post: Inbox, to: str, pattern: str) -> str:
    """The address in the last mail to somebody."""
    (found,) = re.findall(rf"http://\S+{pattern}\S*", post.to(to)[-1].get_body(("plain",)).get_content())
    return str(found)


def sign_up(visitor: harness.Visitor, post: Inbox, email: str) -> None:
    """From nothing to being signed in."""
    visitor.go("/account/sign-up")
    fill(visitor, email=email, password1=PASSWORD)
    deliver(visitor.server, post)
    visitor.page.goto(link(post, email, "/account/confirm/"))
    visitor.page.click("button:has-text('Confirm')")
    fill(visitor, login=email, password=PASSWORD)


def claims_and_proposes(ada: harness.Visitor, post: Inbox) -> None:
    """By keyboard: sign up, claim by domain, propose one value, after one that cannot be read."""
    sign_up(ada, post, "ada@beta.example")
    page = ada.go("/my/")
    looked_at(ada, "members-none")
    ada.tab_to("a[href='/my/join']")
    ada.enter()
    fill(ada, q="diagnostics")
    looked_at(ada, "members-join")
    page.reload()
    ada.tab_to(f"a[href='/my/join/{BETA}']")
    ada.enter()
    looked_at(ada, "members-claim")
    page.reload()
    fill(ada, code="")
    assert page.url.endswith(MINE) and "You belong to" in page.inner_text("main")
    looked_at(ada, "members-organisation")
    page.reload()
    ada.tab_to(f"a[href='{MINE}/values/{BETA}/employees']")
    ada.enter()
    looked_at(ada, "members-value")
    page.reload()
    ada.tab_to("[name=value]")
    page.keyboard.press("Control+A")
    page.keyboard.type("many")
    ada.enter()
    assert page.locator("#problems").is_visible()
    looked_at(ada, "members-value-error")
    page.reload()
    ada.tab_to("[name=value]")
    page.keyboard.press("Control+A")
    page.keyboard.type("1,234")
    ada.enter()
    assert "Waits for the cluster team" in page.inner_text("main")
    looked_at(ada, "members-waits")
    ada.go(f"{MINE}/values/{BETA}/description")
    page.fill("[name=value]", "Assays, and no more.")
    ada.follow("button:has-text('Propose it')")


def decides(office: harness.Visitor) -> None:
    """Two proposals by keyboard: the first accepted, the second refused."""
    at_the_desk(office, "desk@example.org")
    desk = office.go("/desk/")
    looked_at(office, "members-desk")
    if desk.locator(".lines-open").is_visible():  # narrow: the lines of work open over the page
        desk.click(".lines-open")
    desk.click(".lines-of-work >> text=Member edits")
    looked_at(office, "members-queue")
    office.follow("text=Begin with the oldest")
    looked_at(office, "members-decide")
    assert "1,234" in desk.inner_text("main")
    with desk.expect_navigation():
        desk.keyboard.press("a")
    assert "accepted" in desk.inner_text(".messages") and "Assays, and no more." in desk.inner_text("main")
    desk.keyboard.press("r")
    desk.keyboard.type("Say more of what it does")
    office.enter()
    assert "Nothing waits" in desk.inner_text("main")


def test_from_sign_up_to_the_directory(new_visitor: NewVisitor, post: Inbox) -> None:
    ada, office, reader = new_visitor(), new_visitor(), new_visitor(width=320)
    claims_and_proposes(ada, post)
    decides(office)
    page, desk = ada.page, office.page
    deliver(ada.server, post)
    first, second = post.to("ada@beta.example")[-2:]
    assert (
        "was accepted" in first["Subject"] and "Say more of what it does" in second.get_body(("plain",)).get_content()
    )
    reader.go(f"/organisations/{BETA}")
    assert "1,234" in reader.page.inner_text("main")
    ada.go(MINE)
    assert "Say more of what it does" in page.inner_text("main")
    looked_at(ada, "members-decided")
    desk.click("text=Take it back")
    looked_at(office, "members-retract")
    desk.fill("[name=why]", "a slip of ours")
    office.follow("button:has-text('Take it back')")
    reader.go(f"/organisations/{BETA}")
    assert "1,234" not in reader.page.inner_text("main")
    assert unexpected(ada) + unexpected(office) + unexpected(reader) == []


def test_things_are_decided_by_keyboard(new_visitor: NewVisitor, post: Inbox) -> None:
    office, reader = new_visitor(), new_visitor(width=320)
    harness.run(office.server.environment, THINGS, BETA)
    at_the_desk(office, "adds@example.org")
    office.go("/desk/additions")
    looked_at(office, "members-additions")
    office.follow("text=Begin with the oldest")
    looked_at(office, "members-addition")
    page = office.page
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("South works")
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("a")
    assert "accepted" in page.inner_text(".messages") and "Hours in a clean room" in page.input_value("[name=title]")
    page.keyboard.press("r")
    page.keyboard.type("Say when")
    office.enter()
    assert "Nothing waits" in page.inner_text("main")
    looked_at(office, "members-additions-decided")
    reader.go(f"/organisations/{BETA}")
    assert "Derby" in reader.page.inner_text("main")
    office.follow("main .lines >> text=Site of")
    assert "South works" in page.inner_text("main")
    looked_at(office, "members-addition-accepted")
    page.fill("[name=why]", "a slip of ours")
    office.follow("button:has-text('Take it back')")
    reader.go(f"/organisations/{BETA}")
    assert "Derby" not in reader.page.inner_text("main")
    assert unexpected(office) + unexpected(reader) == []


def test_inviting_and_being_invited_without_script(new_visitor: NewVisitor, post: Inbox) -> None:
    boss, colleague = new_visitor(script=False, width=320), new_visitor(script=False, width=320)
    make(boss.server, "boss@alpha.example")
    harness.run(boss.server.environment, PEOPLE, "boss@alpha.example", org("alpha"))
    boss.go("/account/sign-in")
    boss.page.fill("[name=login]", "boss@alpha.example")
    boss.page.fill("[name=password]", PASSWORD)
    boss.page.click("main button:has-text('Sign in')")
    boss.go(f"/my/{org('alpha')}/colleagues")
    boss.page.fill("[name=email]", "new@alpha.example")
    boss.page.click("main button:has-text('Invite')")
    deliver(boss.server, post)
    invitation = link(post, "new@alpha.example", "/my/invitations/")
    make(boss.server, "new@alpha.example")
    colleague.page.goto(invitation)
    colleague.page.fill("[name=login]", "new@alpha.example")
    colleague.page.fill("[name=password]", PASSWORD)
    colleague.page.click("main button:has-text('Sign in')")
    colleague.page.click("main button:has-text('I work there')")
    assert colleague.page.url.endswith(f"/my/{org('alpha')}")
    line = f"#{org('alpha')}-employees"
    assert colleague.page.locator(line).is_visible()
    colleague.page.click(f"{line} >> text=Change")
    colleague.page.fill("[name=value]", "31")
    colleague.page.click("main button:has-text('Propose it')")
    assert "Waits for the cluster team" in colleague.page.inner_text(line)
    colleague.page.click(f"{line} >> text=Take it back")
    assert "Waits for the cluster team" not in colleague.page.inner_text(line)


def test_other_pages(new_visitor: NewVisitor, post: Inbox) -> None:
    boss, office = new_visitor(), new_visitor()
    make(boss.server, "boss@gamma.example")
    harness.run(boss.server.environment, PEOPLE, "boss@gamma.example", org("gamma"))
    sign_in(boss, "boss@gamma.example")
    boss.go(f"/my/{org('gamma')}/colleagues")
    fill(boss, email="new@gamma.example")
    for name in ("colleagues", "seen", f"values/{org('gamma')}/capability", f"values/{org('gamma')}/ownership"):
        boss.go(f"/my/{org('gamma')}/{name}")
        looked_at(boss, f"members-{name.rpartition('/')[2]}")
    boss.go("/my/invitations/none")
    assert "This invitation is not for" in boss.page.inner_text("h1")
    looked_at(boss, "members-invitation")
    boss.go(f"/my/join/{org('alpha')}")
    boss.page.fill("[name=words]", "I moved there last week")
    boss.follow("button:has-text('I work there')")
    looked_at(boss, "members-asked")
    at_the_desk(office, "second@example.org")
    for name in ("claims-to-organisations", "claims-to-organisations/codes?q=alpha", "stale", "edits"):
        office.go(f"/desk/{name}")
        looked_at(office, f"members-desk-{name.partition('?')[0].rpartition('/')[2]}")
    office.go("/desk/claims-to-organisations/codes?q=alpha")
    office.follow("button:has-text('Make a code')")
    looked_at(office, "members-code")
    office.go("/desk/claims-to-organisations")
    office.follow(".work .lines a")
    looked_at(office, "members-admit")
    office.page.fill("#id_why", "rang them")
    office.follow("main button:has-text('Accept')")
    boss.go("/my/")
    assert boss.page.locator(".lines li").count() == 2
    looked_at(boss, "members-two")
    problems = [one for one in unexpected(boss) if "404" not in one]  # the invitation that is none
    assert problems + unexpected(office) == []
