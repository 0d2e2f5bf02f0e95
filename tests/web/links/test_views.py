"""Pages of link reviews, as the desk's people get them: forms alone, without script."""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.html
import pytest
from django.test import Client

from lifecluster.register.linkage.scored import Scored, Weight
from lifecluster.web.desk import waiting as lines
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.links import actions
from lifecluster.web.links.models import Filled, Pair
from tests.web.accounts.conftest import fresh as counts
from tests.web.accounts.conftest import person, window
from tests.web.links.conftest import company, pairs

__all__ = ["counts"]
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OTHER = Viewer(frozenset({"desk"}), actor="person:two")


@pytest.fixture
def desk(three: list[Pair]) -> Client:
    """Somebody of the cluster team, signed in with a second step."""
    return window(person("desk@example.org", "desk"), second_step=True)


def tree(client: Client, path: str, status: int = 200) -> lxml.html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[:300]
    return lxml.html.document_fromstring(answer.content)


def text(element: lxml.html.HtmlElement, path: str) -> str:
    return " ".join(" ".join(one.text_content().split()) for one in element.cssselect(path))


def url(pair: Pair) -> str:
    return f"/desk/links/{pair.key}"


def send(client: Client, pair: Pair, kind: str, **more: str) -> str:
    answer = client.post(f"{url(pair)}/judge", {"kind": kind, "seen": "", **more})
    assert answer.status_code == 303, answer.content
    return str(answer.headers["Location"])


def test_the_queue_leads_to_the_first_pair_and_a_judgement_to_the_next(desk: Client, three: list[Pair]) -> None:
    assert desk.get("/desk/links/").headers["Location"] == url(three[0])
    assert send(desk, three[0], "same") == url(three[1])
    assert send(desk, three[2], "different") == url(three[1])
    assert send(desk, three[1], "unsure") == "/desk/links/"
    page = tree(desk, "/desk/links/")
    assert "No pair waits for you" in text(page, ".lead")


def test_a_page_shows_both_rows_what_differs_and_why_a_person_should_look(desk: Client, three: list[Pair]) -> None:
    page = tree(desk, url(three[1]))
    assert text(page, "h1") == "Are these the same organisation?"
    name = page.cssselect("tr.name")[0]
    assert text(name, "mark") == "Limited"
    assert text(page, "tr.differs:not(.name) mark") == "A B"
    assert text(page, ".prob .big a") == "0.88"
    assert text(page, ".because") == "Not sure enough."
    assert "Postcode agrees but for one character" in text(page, ".reasons")
    assert "Weight" not in text(page, ".reasons")
    assert [one.get("data-key") for one in page.cssselect("[data-key]")] == ["s", "d", "u", "j", "k"]
    review = page.cssselect(".review")[0]
    assert (review.get("data-next"), review.get("data-back")) == (url(three[2]), url(three[0]))
    assert text(page, ".pairs h3") == "Similar: Quarndale, 2 pairs Others, 1 pair"
    assert text(page, ".pairs [aria-current] b") == "Quarndale b"
    assert text(page, ".lines-of-work [aria-current] .num") == "3"
    assert text(page, ".pairs [aria-current] .num") == "0.88"


def test_weights_are_drawn_where_the_package_has_them(small: Package, desk_of_small: Client) -> None:
    weights = (Weight("name", "the names agree", 2.2), Weight("left", "only one has HOLDINGS", -1.1))
    (pair,) = pairs(small, ("a", "A"), scored=Scored("m9", 0.8, -3.0, -1.9, {}, weights).text())
    page = tree(desk_of_small, url(pair))
    assert text(page, ".reasons td.n") == "+2.2 −1.1"
    ends = [line.get("x2") for line in page.cssselect(".lot .same, .lot .different")]
    assert ends == ["75.0%", "37.5%"]
    assert "from −3.0, where every pair begins" in text(page, ".weighing .notes")


@pytest.fixture
def desk_of_small(small: Package) -> Client:
    """The same, with the pairs still to be made."""
    return window(person("desk@example.org", "desk"), second_step=True)


def test_what_was_judged_last_can_be_taken_back(desk: Client, three: list[Pair]) -> None:
    send(desk, three[0], "same", why="they share a board")
    page = tree(desk, url(three[1]))
    assert text(page, ".last p").startswith("Your last judgement: Quarndale a, the same.")
    judged = tree(desk, url(three[0]))
    assert "Judged the same by person:" in text(judged, ".settled")
    assert "they share a board" in text(judged, ".settled")
    listed = tree(desk, "/desk/links/judged")
    assert text(listed, "tbody th a") == "Quarndale a"
    entry = page.cssselect(".last [name=entry]")[0].get("value")
    answer = desk.post("/desk/links/undo", {"entry": entry})
    assert (answer.status_code, answer.headers["Location"]) == (303, url(three[0]))
    assert not tree(desk, url(three[0])).cssselect(".settled, .last")
    again = desk.post("/desk/links/undo", {"entry": entry})
    assert again.status_code == 409
    assert "not a live" in again.content.decode().replace("<wbr>", "")


def test_the_second_is_told_and_what_was_typed_is_kept(desk: Client, three: list[Pair]) -> None:
    actions.judge_link(key=three[0].key, kind="same", viewer=OTHER, at=AT)
    answer = desk.post(f"{url(three[0])}/judge", {"kind": "different", "seen": "", "why": "another board"})
    assert answer.status_code == 409
    page = lxml.html.document_fromstring(answer.content)
    assert "somebody has judged this pair since you opened it: same" in text(page, "#problems")
    assert page.cssselect("#why")[0].get("value") == "another board"
    assert len([one for one in log.entries() if one.action.startswith("judgement.")]) == 1


def test_a_contradiction_is_refused_with_the_entries_named(small: Package, desk_of_small: Client) -> None:
    one, _, other = pairs(small, ("a", "A"), ("b", "A"), ("a", "B"),
                          numbers={company("A"): "09100001", company("B"): "09100002"})  # fmt: skip
    send(desk_of_small, one, "same")
    answer = desk_of_small.post(f"{url(other)}/judge", {"kind": "same", "seen": ""})
    assert answer.status_code == 422
    assert log.entries()[-1].id[:12] in answer.content.decode()


def test_nonsense_is_refused(desk: Client, three: list[Pair]) -> None:
    assert desk.post(f"{url(three[0])}/judge", {"kind": "maybe"}).status_code == 422
    assert desk.post("/desk/links/0000000000000000/judge", {"kind": "same"}).status_code == 404
    assert desk.get("/desk/links/0000000000000000").status_code == 404
    assert desk.get(f"{url(three[0])}/judge").status_code == 405


def test_words_of_sources_are_text_and_never_markup(desk: Client, three: list[Pair]) -> None:
    bad = "<script>alert(1)</script> & Sons"
    three[0].body["left"]["words"]["name"] = [bad]
    three[0].body["reasons"].append("to review: <b>bold</b>")
    three[0].save()
    page = tree(desk, url(three[0]))
    assert bad in text(page, "tr.name td")
    assert not [one for one in page.cssselect("script") if not one.get("src")]


def test_the_line_of_work_counts_what_waits(desk: Client, three: list[Pair]) -> None:
    viewer = Viewer(frozenset({"desk"}))
    (line,) = [one for one in lines.lines(viewer) if one.name == "links"]
    assert (line.count(viewer), [item.title for item in line.first(viewer, 2)]) == (3, ["Quarndale a", "Quarndale b"])
    send(desk, three[0], "same")
    assert line.count(viewer) == 2
    assert "Quarndale b" in text(tree(desk, "/desk/"), "#main")
    assert "links" not in {one.name for one in lines.lines(Viewer(frozenset({"member"})))}


def test_what_was_left_out_is_said(desk: Client, three: list[Pair]) -> None:
    Filled.objects.update(left_out=12)
    assert "12 less important ones were left out" in text(tree(desk, url(three[0])), ".review > .notes")


def test_a_package_without_pairs_says_so(desk_of_small: Client) -> None:
    assert "No pairs were filled in" in text(tree(desk_of_small, "/desk/links/"), ".lead")
