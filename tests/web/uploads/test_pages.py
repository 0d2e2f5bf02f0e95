"""Pages of uploads: the form, the preview, mending, taking, undoing; who gets them."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from lifecluster.web.accounts import actions as people
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.uploads import reading, slots
from lifecluster.web.uploads.models import Upload, UploadRow
from tests.web.accounts.conftest import AT, person, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.uploads.making import workbook
from tests.web.uploads.test_uploads import SITES

__all__ = ["at", "small"]


@pytest.fixture
def member(small: Package) -> Person:
    who = person("first@example.org")
    people.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    return who


@pytest.fixture
def desk(small: Package) -> Client:
    return window(person("desk@example.org", "desk"), second_step=True)


def send(client: Client, content: bytes | None = None, **more: Any) -> Any:
    file = SimpleUploadedFile("our sites.xlsx", workbook(SITES) if content is None else content)
    data = {"file": file, "purpose": "sites", "organisation": org("alpha"), "visibility": "public"} | more
    return client.post("/my/uploads", data)


def page(client: Client, url: str) -> lxml.html.HtmlElement:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content[:300]
    return lxml.html.fromstring(answer.content)


def test_a_list_from_the_form_to_the_desk(member: Person) -> None:
    client = window(member)
    answer = send(client)
    assert answer.status_code == 302
    tree = page(client, answer.url)
    text = tree.text_content()
    assert "5 rows, 2 to mend, 2 ready" in text
    assert [box.get("value") for box in tree.cssselect("input[name=row]")] == ["2", "3"]
    assert "“DE1” is no postcode" in text
    assert "not recorded" in text
    assert "Main works" in text
    row = f"{answer.url}/row/4"
    form = page(client, row)
    assert form.cssselect(".row-wrong a[href='#id_postcode']")
    assert [one.get("name") for one in form.cssselect("[aria-invalid=true]")] == ["postcode"]
    bad = client.post(row, {"seen": 0, "name": "West works", "postcode": "still not", "jobs": "3"})
    assert bad.status_code == 422
    kept = lxml.html.fromstring(bad.content)
    assert kept.cssselect("#id_postcode")[0].get("value") == "still not"
    assert kept.cssselect(".problems a[href='#id_postcode']")
    good = client.post(row, {"seen": 0, "name": "West works", "postcode": "de2 2bb", "jobs": "3"})
    assert (good.status_code, good.url) == (302, f"{answer.url}#row-4")
    assert client.post(row, {"seen": 0, "name": "x", "postcode": "DE2 2BB"}).status_code == 422, "mended meanwhile"
    client.post(f"{answer.url}/row/5", {"leave": "1"})
    assert client.post(answer.url, {}).status_code == 422
    taken = client.post(answer.url, {"row": ["3", "4"]}, follow=True)
    assert "2 rows are with the desk now." in taken.content.decode()
    states = [li.text_content() for li in lxml.html.fromstring(taken.content).cssselect(".row-state")]
    assert [" ".join(one.split()) for one in states] == ["changes", "taken: with the desk", "taken: with the desk",
                                                         "left out", "the same"]  # fmt: skip
    assert [e.action for e in log.entries()[1:]] == ["thing.add", "thing.add"]


def test_what_waits_for_a_decision_is_said_in_the_queue_and_the_page_stays_at_the_desk(
    member: Person, desk: Client
) -> None:
    client = window(member)
    url = send(client).url
    client.post(url, {"all": "1"})
    assert "2 of 5 rows taken, 2 of them to be decided on" in page(desk, "/desk/uploads").text_content()
    assert page(desk, url).cssselect(".desk-side") and not page(client, url).cssselect(".desk-side")


def test_a_member_finds_uploads(member: Person) -> None:
    tree = page(window(member), f"/my/{org('alpha')}")
    assert tree.cssselect("main a[href='/my/uploads']")


def test_new_words_and_headings_that_are_not_known_are_told(member: Person) -> None:
    rows = [["Town", "Postcode", "What happens there", "Odd"], ["Derby", "DE1 1AA", "Manufacture; R&D lab", "x"]]
    client = window(member)
    tree = page(client, send(client, workbook(rows)).url)
    text = " ".join(tree.text_content().split())
    assert "The column “Odd” was left out" in text and "“What happens there” was left out" not in text
    assert "“R d lab” is a new word" in text and "“Manufacture” is a new word" not in text
    assert "Manufacture, R d lab" in text and "r-d-lab" not in text


def test_the_desk_takes_all_and_undoes_it(member: Person, desk: Client) -> None:
    url = send(window(member)).url
    queue = page(desk, "/desk/uploads")
    assert queue.cssselect(f"a[href='{url}']")
    assert "Uploaded lists" in page(desk, "/desk/").text_content()
    desk.post(url, {"all": "1"})
    assert len(reads.organisation(org("alpha"), None).sites) == 3
    assert "2 accepted" in page(desk, f"{url}/undo").text_content()
    assert "to be decided on" not in page(desk, "/desk/uploads").text_content()
    assert "the desk alone takes those back" in page(window(member), f"{url}/undo").text_content()
    assert desk.post(f"{url}/undo", {"why": ""}).status_code == 422
    assert desk.post(f"{url}/undo", {"why": "a wrong list"}).status_code == 302
    assert len(reads.organisation(org("alpha"), None).sites) == 2
    assert "Undone on" in page(desk, url).text_content()


def test_the_desk_decides_rows_of_a_member_together(member: Person, desk: Client) -> None:
    mine = window(member)
    url = send(mine).url
    mine.post(url, {"row": ["2", "3"]})
    assert not page(mine, url).cssselect("[name=waits], [name=decide]")
    assert desk.get(url).status_code == 200
    assert [box.get("value") for box in page(desk, url).cssselect("[name=waits]")] == ["2", "3"]
    assert mine.post(url, {"decide": "accept", "waits": ["2"]}).status_code == 422
    assert desk.post(url, {"decide": "refuse", "waits": ["2"]}).status_code == 422
    done = desk.post(url, {"decide": "accept", "waits": ["2", "3"]}, follow=True)
    assert "accepted; what they say shows now" in done.content.decode()
    assert "taken: accepted" in " ".join(page(mine, url).text_content().split())
    assert len(reads.organisation(org("alpha"), None).sites) == 3


def test_rows_that_are_no_numbers_are_none(member: Person, desk: Client) -> None:
    mine = window(member)
    url = send(mine).url
    for wrong in ("²", "9" * 5000, "x", ""):
        assert mine.post(url, {"row": [wrong]}).status_code == 422
        assert desk.post(url, {"decide": "accept", "waits": [wrong]}).status_code == 422


@pytest.mark.one_database  # PostgreSQL's locks are a connection's, and this test has one
def test_a_third_list_at_once_is_told_to_wait(member: Person) -> None:
    with slots.slot(member.actor), slots.slot(member.actor):
        answer = send(window(member))
    assert answer.status_code == 422
    assert (
        "send this one when they are done"
        in lxml.html.fromstring(answer.content).cssselect(".problems")[0].text_content()
    )


def test_what_cannot_be_read_is_said_beside_the_file(member: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    client = window(member)
    for content, words in ((b"%PDF-1.4", "a PDF, not a table"), (b"", "empty")):
        answer = send(client, content)
        assert answer.status_code == 422
        assert words in lxml.html.fromstring(answer.content).cssselect(".problems")[0].text_content()
    large = send(client, b"a,b\n" + b"x" * (reading.SIZE_LIMIT + 10))
    assert large.status_code == 422
    assert "larger than 5 MB" in large.content.decode()


def test_nobody_brings_a_list_of_others(member: Person) -> None:
    client = window(member)
    for organisation in (org("beta"), ""):
        answer = send(client, organisation=organisation)
        assert answer.status_code in {403, 422}
    assert not Upload.objects.exists()
    assert (
        "You do not belong to an organisation"
        in page(window(person("other@example.org")), "/my/uploads").text_content()
    )


def test_somebody_elses_upload_is_not_there(member: Person) -> None:
    url = send(window(member)).url
    other = window(person("other@example.org"))
    for path in (url, f"{url}/row/2", f"{url}/undo", f"{url}/file"):
        assert other.get(path).status_code == 404
        assert window(None).get(path).status_code == 302


def test_the_file_comes_back_as_it_was_and_is_never_opened(member: Person) -> None:
    content = workbook(SITES)
    client = window(member)
    url = send(client, content).url
    answer = client.get(f"{url}/file")
    assert answer.content == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_empty_list_has_headings_that_are_known(member: Person) -> None:
    client = window(member)
    for purpose in ("sites", "capabilities", "facilities"):
        text = client.get(f"/my/uploads/template/{purpose}.csv").content
        found = reading.read(text + b"a,b\r\n", "x.csv", __import__("lifecluster.web.uploads.purposes", fromlist=["x"]).PURPOSES[purpose])  # fmt: skip
        assert all(column["property"] for column in found["columns"])
    assert client.get("/my/uploads/template/people.csv").status_code == 404


def test_a_form_from_elsewhere_is_refused(member: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    assert send(client).status_code == 403
    assert not Upload.objects.exists()


def test_hostile_text_is_only_text(member: Person) -> None:
    rows = [["Site name", "Postcode"], ["<script>alert(1)</script>", "<b>x</b>"], ["=cmd|' /C calc'!A0", "DE1 1AA"]]
    client = window(member)
    answer = send(client, workbook(rows, change=lambda book: setattr(book.active["A3"], "data_type", "s")))
    body = client.get(answer.url).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body
    assert UploadRow.objects.count() == 2


def test_nobody_fills_the_disk_with_lists(member: Person) -> None:
    client = window(member)
    with override_settings(RATE_LIMITS={"upload": (2, 3600)}):
        assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    assert Upload.objects.count() == 2
