"""A case from an enquiry to its close, with a referral, in a real browser, with mail over a real conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import at_the_desk, deliver, fill, looked_at
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.smtp import Inbox

LOAD = """
import sys
from pathlib import Path
from lifecluster.web.directory import operate
from tests.web.directory.making import small
operate.load(small(Path(sys.argv[1])).path, confirm=lambda preview: not preview.problems)
from lifecluster.web.directory.models import Package
Package.objects.update(sample=True)
from lifecluster.web.accounts.operate import sample_sign_ins
sample_sign_ins()
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app on a small register with the desk of the sample."""
    folder = tmp_path_factory.mktemp("desk")
    with harness.prepared(folder / "home", LOAD, str(folder / "package")) as running:
        yield running


def signed_in(new_visitor: NewVisitor, email: str) -> harness.Visitor:
    """Somebody of the desk, with a second step."""
    return at_the_desk(new_visitor(), email)


def press(visitor: harness.Visitor, words: str) -> None:
    """Reach a button or a link by keyboard, and press Enter."""
    for _ in range(200):
        visitor.page.keyboard.press("Tab")
        if words in str(visitor.page.evaluate("document.activeElement.textContent || ''")):
            visitor.enter()
            return
    raise AssertionError(f"{words!r} cannot be reached with the Tab key")


def test_from_an_enquiry_to_its_close_with_a_referral(new_visitor: NewVisitor, post: Inbox) -> None:  # noqa: PLR0915 - one story
    firm = new_visitor(width=320)
    page = firm.go("/enquiries")
    looked_at(firm, "enquiry")
    page.set_viewport_size({"width": 320, "height": 900})
    page.click("button:has-text('Send it')")
    assert page.locator("#problems").is_visible()
    looked_at(firm, "enquiry-error")
    firm.go("/enquiries")
    firm.tab_to("[name=looking_for]")
    page.keyboard.press("Space")
    fill(firm, space_m2="240", text="Close to a hospital", name="Sam Firth", email="sam@firth.example")
    assert re.search(r"/enquiries/[\w-]{32}$", page.url)
    looked_at(firm, "enquiry-mine")
    mine = page.url
    deliver(firm.server, post)
    (receipt,) = post.to("sam@firth.example")
    (link,) = re.findall(r"http://\S+/enquiries/\S+", receipt.get_content())
    assert link == mine

    desk = signed_in(new_visitor, "desk.one@example.org")
    page = desk.go("/desk/")
    assert page.locator(".due >> text=Laboratory, 240 m²").count() >= 1
    looked_at(desk, "desk")
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.follow(".due >> text=Laboratory, 240 m² >> nth=0")
    looked_at(desk, "desk-case")
    where = page.url
    press(desk, "Answer")
    desk.tab_to("[name=text]")
    page.keyboard.type("There is space near the hospital.")
    press(desk, "Send the answer")
    assert page.url == where and page.locator("text=There is space near the hospital.").count() == 1
    press(desk, "Refer it to another body")
    desk.tab_to("[name=body]")
    page.keyboard.type("The hospital")
    desk.tab_to("[name=email]")
    page.keyboard.type("space@hospital.example")
    desk.tab_to("[name=about]")
    page.keyboard.type("A firm looks for 240 m² of laboratory.")
    desk.tab_to("[name=enquirer]")
    page.keyboard.press("Space")
    press(desk, "Save and read it")
    assert page.locator("button:has-text('Send it')").count() == 0
    assert "Sam Firth, sam@firth.example" in page.inner_text(".letter")
    looked_at(desk, "desk-referral")
    page.set_viewport_size({"width": 1440, "height": 900})
    letter = page.inner_text(".letter")
    press(desk, "Record consent")
    looked_at(desk, "desk-consent")
    page.reload()
    desk.tab_to("[name=given_by]")
    page.keyboard.type("Sam Firth")
    press(desk, "Record it")
    press(desk, "Send it")
    deliver(desk.server, post)
    (sent,) = post.to("space@hospital.example")
    assert " ".join(sent.get_content().split()) == " ".join(letter.split())
    (_, answer) = post.to("sam@firth.example")
    assert "There is space near the hospital." in answer.get_content()
    press(desk, "Record what they answered")
    desk.tab_to("[name=answer]")
    page.keyboard.type("We show them round.")
    press(desk, "Record it")
    press(desk, "Wait or close")
    looked_at(desk, "desk-close")
    page.reload()
    desk.tab_to("[name=state]")
    page.select_option("[name=state]", "closed")
    page.select_option("[name=outcome]", "referred")
    press(desk, "Save")
    assert page.url == where and "We show them round." in page.inner_text(".timeline")
    assert page.inner_text(".standing").startswith("State\nClosed")
    firm.page.goto(mine)
    assert "There is space near the hospital." in firm.page.inner_text("main")
    assert unexpected(firm) + unexpected(desk) == []


def test_every_page_of_the_desk_is_right_for_all(new_visitor: NewVisitor) -> None:
    desk = signed_in(new_visitor, "desk.two@example.org")
    page = desk.go("/desk/organisations")
    looked_at(desk, "desk-organisations")
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.follow(".lines a >> nth=0")
    organisation = page.url.removeprefix(desk.server.url)
    for name, path in {
        "organisation": organisation, "contact": f"{organisation}/contacts/new", "interaction": f"{organisation}/interactions/new",
        "cases": "/desk/cases", "closed": "/desk/cases/closed", "case-new": "/desk/cases/new", "tasks": "/desk/tasks",
        "memberships": "/desk/memberships", "imports": "/desk/imports", "bulk": "/desk/bulk", "enquiries": "/desk/enquiries",
    }.items():  # fmt: skip
        desk.go(path)
        looked_at(desk, f"desk-{name}")
    assert unexpected(desk) == []


def test_two_at_the_same_case_in_two_windows(new_visitor: NewVisitor) -> None:
    one, other = signed_in(new_visitor, "desk.three@example.org"), signed_in(new_visitor, "desk.four@example.org")
    page = one.go("/desk/cases/new")
    page.fill("[name=title]", "Both at once")
    page.click("button:has-text('Open it')")
    edit = page.url.removeprefix(one.server.url) + "/edit"
    for visitor, title in ((one, "First of the two"), (other, "Second of the two")):
        visitor.go(edit).fill("[name=title]", title)
    one.page.click("button:has-text('Save')")
    other.page.click("button:has-text('Save')")
    assert other.page.input_value("[name=title]") == "Second of the two"
    assert "First of the two" in other.page.inner_text(".theirs")
    looked_at(other, "desk-two")
    other.page.click("button:has-text('Save')")
    assert "Second of the two" in other.page.inner_text("h1")
