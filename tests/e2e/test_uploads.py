"""Lists and premises in a real browser: a messy list read, mended, taken in part and undone; a facility found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import PASSWORD, at_the_desk, looked_at, sign_in
from tests.e2e.region import DAY
from tests.web.directory import making
from tests.web.directory.making import org, uid
from tests.web.uploads.making import workbook

MEMBER = "ada@example.org"
MAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from lifecluster.web.directory import operate
operate.load(Path(sys.argv[1]), confirm=lambda preview: not preview.problems)
from lifecluster.web.accounts import actions
from lifecluster.web.directory.viewer import OPERATOR
at = datetime(2026, 11, 1, tzinfo=UTC)
who = actions.add_person(email="ada@example.org", password=sys.argv[2], viewer=OPERATOR, at=at, name="Sample member")
actions.join(person=who, organisation=sys.argv[3], viewer=OPERATOR, at=at, why="for a test")
"""
ROOM = uid("facility", "r1")
MESSY = [
    ["Our sites, spring 2026"], [], ["Site name", "Town", "Post code", "Staff", "Contact"],
    ["Main works", "Leicester", "LE1 1AA", None, "Jane Smith"], ["North works", "Derby", "de11aa", 12, "John Brown"],
    ["West works", "Derby", "DE1", "c. 20", "Anne Green"], ["Total", None, None, 32, None],
]  # fmt: skip


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app with a small register and a member."""
    rows = making.said(ROOM, {"holder": org("alpha"), "title": "Filling suite", "facility_type": "cleanroom",
                              "cleanroom_class": "iso-7", "space_m2": 240, "space_available_m2": 120, "shared": "true",
                              "held_at": uid("site", "alpha-1")})  # fmt: skip
    package = making.small(tmp_path_factory.mktemp("packages"), extra=rows)
    home: Path = tmp_path_factory.mktemp("uploads")
    given = (str(package.path), PASSWORD, org("alpha"))
    with harness.prepared(home, MAKE, *given, LIFECLUSTER_AT=DAY) as running:
        yield running


def send(visitor: harness.Visitor, tmp_path: Path) -> None:
    file = tmp_path / "our sites.xlsx"
    file.write_bytes(workbook(MESSY))
    visitor.page.set_input_files("[name=file]", str(file))
    visitor.follow("main form button[type=submit]")


def test_a_messy_list_is_mended_taken_in_part_and_undone(new_visitor: NewVisitor, tmp_path: Path) -> None:
    visitor = new_visitor()
    sign_in(visitor, MEMBER, "/my/uploads")
    looked_at(visitor, "upload-form")
    send(visitor, tmp_path)
    page = visitor.page
    text = page.inner_text("main")
    assert "3 rows, 1 to mend, 2 ready" in text
    assert "Row 7 was left out: a total" in text
    assert "Smith" not in text
    looked_at(visitor, "upload-preview")
    visitor.follow("#row-6 a")
    looked_at(visitor, "upload-row")
    page.fill("#id_postcode", "DE2 2BB")
    visitor.follow("main form.form button[type=submit]")
    assert "one number alone" in page.inner_text(".problems")
    assert page.input_value("#id_postcode") == "DE2 2BB"
    looked_at(visitor, "upload-row-wrong")
    page.fill("#id_jobs", "20")
    visitor.follow("main form.form button[type=submit]")
    page.uncheck("#take-4")
    visitor.follow("main form button.button-main")
    assert "2 rows are with the desk now." in page.inner_text("body")
    states = [" ".join(one.split()) for one in page.locator(".row-state").all_inner_texts()]
    assert [one.casefold() for one in states] == ["changes", "taken: with the desk", "taken: with the desk"]
    desk = at_the_desk(new_visitor(), "desk@example.org")
    desk.go(page.url.removeprefix(desk.server.url))
    looked_at(desk, "upload-decide")
    desk.follow("button:has-text('Refuse these rows')")
    assert "say why" in desk.page.inner_text(".problems")
    visitor.follow("a:has-text('Undo this upload')")
    looked_at(visitor, "upload-undo")
    page.fill("#why", "a wrong list")
    visitor.follow("main form button[type=submit]")
    assert "2 entries taken back" in page.inner_text("body")
    assert [one for one in visitor.troubles if "422" not in one] == [], "a row that was not understood answers 422"


def test_without_script(new_visitor: NewVisitor, tmp_path: Path) -> None:
    visitor = new_visitor(script=False, width=320)
    page = visitor.page
    page.goto(visitor.server.url + "/my/uploads")
    page.fill("[name=login]", "ada@example.org")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[name=file]")
    send(visitor, tmp_path)
    page.click("button[name=all]")
    page.wait_for_selector("text=with the desk now")


def test_a_facility_is_found(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/premises/")
    looked_at(visitor, "premises")
    page.fill("#free", "100")
    page.fill("#near", "Leicester")
    visitor.tab_to("main button[type=submit]")
    visitor.enter()
    assert "1 facility with at least 100 m² free within 25 km of Leicester" in page.inner_text(".hits")
    visitor.follow(".premises-filters a:has-text('ISO 7')")
    assert page.locator("tbody tr").count() == 1
    assert page.locator(".premises-filters a[aria-current]").count() == 1
    looked_at(visitor, "premises-found")
    page.click("tbody td a[href*='space_available_m2']")
    page.wait_for_selector("text=Open Government Licence")
    visitor.go("/premises/?q=castle")
    looked_at(visitor, "premises-nothing")
    assert visitor.troubles == []
