"""News by token: proposed, decided as it was seen, changed by two, taken off; and the bulletin."""

from __future__ import annotations

from pathlib import Path

from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.news.models import Bulletin, Subscriber, Version
from tests.web.accounts.conftest import AT, fresh, person
from tests.web.directory import making
from tests.web.directory.conftest import at, load, small
from tests.web.directory.making import org
from tests.web.tokens import Program, token

__all__ = ["at", "fresh", "small"]
NEWS = {"kind": "news", "title": "A cold store", "text": "It is **open**.", "organisations": [org("alpha")]}


def member(email: str = "m@example.org") -> Person:
    who = person(email)
    accounts.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    return who


def office() -> Program:
    return Program(token(person("d@example.org", "desk"), second_step=True))


def test_proposed_decided_as_it_was_seen_and_told(small: Package) -> None:
    mine, desk = Program(token(member())), office()
    made = mine.post("/news", NEWS).json()
    assert (made["state"], made["version"], made["organisations"]) == ("waiting", 1, [org("alpha")])
    other = Program(token(member("o@example.org")))
    assert other.get(f"/news/{made['key']}").status_code == 404
    assert other.get("/news?whose=everybody").status_code == 403
    assert mine.post(f"/news/{made['key']}/approve").status_code == 403
    mine.post(f"/news/{made['key']}/change", {**NEWS, "title": "Two cold stores"}, If_Match='"1"')
    assert Version.objects.count() == 1
    late = desk.post(f"/news/{made['key']}/approve", If_Match='"1"')
    assert late.status_code == 412, "it is another than the desk saw"
    assert desk.post(f"/news/{made['key']}/approve", If_Match='"2"').json()["state"] == "shown"
    assert any("Two cold stores" in mail.subject for mail in Mail.objects.filter(to="m@example.org"))
    assert [one["key"] for one in other.get("/news?kind=news").json()["items"]] == [made["key"]]
    assert mine.post(f"/news/{made['key']}/remove").status_code == 422, "it was shown"
    gone = desk.post(f"/news/{made['key']}/withdraw", {"why": "it closed"}).json()
    assert (gone["state"], gone["why"]) == ("withdrawn", "it closed")
    assert other.get("/news").json()["items"] == []
    assert [one["state"] for one in mine.get("/news?whose=own").json()["items"]] == ["withdrawn"]


def test_what_does_not_fit_and_what_members_may_not(small: Package) -> None:
    mine = Program(token(member()))
    for more, words in (
        ({"kind": "event"}, "on which day"),
        ({"level": "desk"}, "who may read"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"organisations": ["LCO-X"]}, "no id"),
        ({"title": ""}, "title"),
        ({"shown": True}, "shown"),
    ):
        answer = mine.post("/news", {**NEWS, **more})
        assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.content
    assert mine.post("/news/post", NEWS).status_code == 403


def test_a_hidden_organisation_is_not_named(database: None, tmp_path: Path) -> None:
    hidden = making.said(org("secret"), {"name": "Secret Ltd"})
    load(making.small(tmp_path, extra=hidden, presence={org("secret"): "desk"}).path)
    desk, mine = office(), Program(token(member()))
    made = desk.post("/news/post", {**NEWS, "organisations": [org("alpha"), org("secret")]}).json()
    assert made["organisations"] == sorted([org("alpha"), org("secret")])
    for answer in (mine.get(f"/news/{made['key']}"), mine.get("/news")):
        assert org("alpha") in answer.content.decode() and org("secret") not in answer.content.decode()
    guessed = [mine.post("/news", {**NEWS, "organisations": [org(one)]}).json() for one in ("secret", "nobody")]
    assert [one["organisations"] for one in guessed] == [[], []], "both answer as an id that was never issued"


def test_the_bulletin_gathered_edited_let_go_and_held_back(small: Package) -> None:
    desk, mine = office(), Program(token(member()))
    assert mine.post("/account/bulletin/follow").status_code == 200
    assert Subscriber.objects.get().person is not None
    desk.post("/news/post", NEWS)
    made = desk.post("/bulletins").json()
    assert "A cold store" in [part["title"] for part in made["parts"]]
    part = made["parts"][0]
    edited = desk.post(
        f"/bulletins/{made['key']}/change",
        {"title": "November", "parts": [{"key": part["key"], "place": 99, "left_out": True}]},
        If_Match=f'"{made["version"]}"',
    ).json()
    assert (edited["title"], edited["parts"][-1]["left_out"]) == ("November", True)
    assert desk.post(f"/bulletins/{made['key']}/send", If_Match=f'"{made["version"]}"').status_code == 412
    row = Bulletin.objects.get()
    row.parts.update(left_out=False)
    assert desk.post(f"/bulletins/{made['key']}/send").json()["stage"] == "sending"
    assert desk.post(f"/bulletins/{made['key']}/hold").json()["stage"] == "draft"
    assert desk.post(f"/bulletins/{made['key']}/discard").status_code == 200
    assert not Bulletin.objects.exists()
    assert mine.post("/account/bulletin/leave").status_code == 200
    assert not Subscriber.objects.exists()
