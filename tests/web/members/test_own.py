"""My organisation: what is there, one value proposed at a time, still right, and two people at the same value."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from lifecluster.register import edits
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory import actions as register
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import OPERATOR, Viewer
from tests.web.accounts.conftest import AT, person, window
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org, uid
from tests.web.members.conftest import ALPHA, fields, member, said, shown, tree
from tests.web.pages.conftest import assert_harmless
from tests.web.pages.test_hostile import HOSTILE

PAGE = f"/my/{ALPHA}"
EMPLOYEES = f"{PAGE}/values/{ALPHA}/employees"


def send(client: Client, path: str = EMPLOYEES, **changed: Any) -> Any:
    """Open the form, change what is given, send it."""
    return client.post(path, {**fields(client.get(path)), **changed})


def states() -> list[str]:
    return [edit.state for edit in edits.fold(register.log.entries()).values()]


def test_the_page_says_what_the_register_says(small: Package) -> None:
    mine = window(member())
    assert mine.get("/my/").headers["Location"] == PAGE
    page = mine.get(PAGE)
    assert page.status_code == 200
    text = said(page)
    assert "Moulds inhaler parts in clean rooms." in text and "Injection moulding" in text
    lines = [line.get("id") for line in tree(page).cssselect("li.said-line")]
    assert f"{ALPHA}-employees" in lines and f"{uid('site', 'alpha-1')}-jobs" in lines
    assert f"{ALPHA}-company_number" not in lines, "a register decides it"
    assert f"{ALPHA}-parent" not in lines and f"{ALPHA}-segment" not in lines
    assert_harmless(tree(page))
    assert "My organisation" in " ".join(a.text_content() for a in tree(page).cssselect(".masthead a"))


def test_a_value_waits_beside_the_one_that_is_shown(small: Package) -> None:
    mine = window(member())
    form = mine.get(EMPLOYEES)
    assert fields(form)["value"] == "30" and fields(form)["visibility"] == "public"
    done = send(mine, value="1,055", why="as of June")
    assert done.status_code == 302 and done.headers["Location"] == f"{PAGE}#{ALPHA}-employees"
    (edit,) = edits.fold(register.log.entries()).values()
    assert (edit.proposed.value, edit.proposed.visibility, edit.proposed.why) == (1055, "public", "as of June")
    assert edit.proposed.evidence["owner"] == ALPHA and edit.proposed.actor.startswith("person:")
    text = said(mine.get(PAGE))
    assert "1,055" in text and "Waits for the cluster team" in text and shown("employees") == "30"
    back = mine.post(f"{PAGE}/proposals/{edit.proposed.id}/withdraw")
    assert back.status_code == 302 and states() == ["withdrawn"]
    assert "Waits for the cluster team" not in said(mine.get(PAGE))


def test_a_refusal_is_told_with_its_reason(small: Package) -> None:
    mine = window(member())
    send(mine, value="31")
    entry = LogRow.objects.get(action="edit.propose").entry
    register.refuse_edit(entry=entry, viewer=OPERATOR, at=NOW, why="the accounts say 30")
    assert "the accounts say 30" in said(mine.get(PAGE))
    assert "the accounts say 30" in said(mine.get(EMPLOYEES))


@pytest.mark.parametrize(
    ("prop", "typed", "meant"),
    [("description", "Line one\r\nLine two", "Line one\nLine two"), ("website", "alpha.example", "https://alpha.example"),
     ("capability", "Injection moulding\r\nClean room, ISO 8!\n\n", ["injection-moulding", "clean-room-iso-8"]),
     ("trading_name", "One\nTwo\nOne", ["One", "Two"]), ("opened_on", "30/11/2019", "2019-11-30"),
     ("opened_on", "1 May 2020", "2020-05-01"), ("turnover", "£1,200,000.50", 1200000.5), ("employees", "0", 0)],
)  # fmt: skip
def test_what_is_typed_is_read_as_it_is_meant(small: Package, prop: str, typed: str, meant: Any) -> None:
    mine = window(member())
    assert send(mine, f"{PAGE}/values/{ALPHA}/{prop}", value=typed).status_code == 302
    (edit,) = edits.fold(register.log.entries()).values()
    assert edit.proposed.value == meant


@pytest.mark.parametrize(
    ("prop", "typed", "words"),
    [("employees", "many", "no whole number"), ("employees", "-1", "from 0"), ("employees", "1.5", "whole number"),
     ("employees", "9" * 400, "number"), ("employees", "", "Say what it is"), ("opened_on", "31/02/2020", "no date"),
     ("website", "javascript:alert(1)", "https://"), ("description", "x" * 5001, "5000"),
     ("capability", "\n".join(map(str, range(70))), "At most 60"), ("capability", "x" * 201, "at most 200"),
     ("capability", "漢字", "letters from a to z"), ("employees", "1e400", "number"), ("description", "a\x00b", "Null")],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_kept(small: Package, prop: str, typed: str, words: str) -> None:
    mine = window(member())
    done = send(mine, f"{PAGE}/values/{ALPHA}/{prop}", value=typed)
    assert done.status_code == 422
    assert words in said(done) and tree(done).cssselect("#problems")
    assert not edits.fold(register.log.entries())
    if typed and "\x00" not in typed:
        assert fields(done)["value"].split() == typed.split()


def test_a_reason_with_an_address_is_refused_beside_its_field(small: Package) -> None:
    mine = window(member())
    done = send(mine, value="31", why="ask jo@example.org")
    assert done.status_code == 422 and "e-mail address" in said(done)
    assert tree(done).cssselect("#id_why_error")


def test_unknown_and_levels(small: Package) -> None:
    mine = window(member())
    assert send(mine, f"{PAGE}/values/{ALPHA}/description", unknown="on", value="").status_code == 302
    assert send(mine, visibility="members", value="44").status_code == 302
    found = [(e.proposed.value, e.proposed.visibility) for e in edits.fold(register.log.entries()).values()]
    assert found == [(None, "public"), (44, "members")]
    assert send(mine, visibility="broker", value="44").status_code == 422


def test_what_is_for_ones_own_eyes_needs_nobody(small: Package) -> None:
    who = member()
    mine = window(who)
    assert send(mine, value="44", visibility="owner").status_code == 302
    assert states() == ["approved"]
    assert "44" in said(mine.get(PAGE)) and "Only your own organisation" in said(mine.get(PAGE))
    desk = Viewer(frozenset({"desk"}))
    steward = Viewer(frozenset({"steward", "broker"}))
    assert [shown("employees", viewer=one) for one in (desk, steward, OPERATOR)] == ["30"] * 3
    assert shown("employees", viewer=Person.objects.get(pk=who.pk).viewer) == "44"


def test_still_right_in_one_click_and_back(small: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", NOW.date().replace(year=2029))
    monkeypatch.setenv("LIFECLUSTER_AT", "2029-11-22")
    mine = window(member())
    page = mine.get(PAGE)
    line = tree(page).get_element_by_id(f"{ALPHA}-employees")
    assert "Stale" in line.text_content()
    (form,) = line.cssselect("form")
    done = mine.post(form.get("action"), dict(form.fields))
    assert done.status_code == 302
    line = tree(mine.get(PAGE)).get_element_by_id(f"{ALPHA}-employees")
    assert "verified 22\xa0Nov\xa02029" in line.text_content() and "Stale" not in line.text_content()
    (form,) = line.cssselect("form")
    assert "Undo" in form.text_content()
    assert mine.post(form.get("action")).status_code == 302
    assert "Stale" in tree(mine.get(PAGE)).get_element_by_id(f"{ALPHA}-employees").text_content()


def test_another_value_than_the_one_seen_is_not_confirmed(small: Package) -> None:
    mine = window(member())
    done = mine.post(f"{EMPLOYEES}/still-right", {"shown": "29"}, follow=True)
    assert "another value is shown now" in said(done)
    assert not edits.fold(register.log.entries())
    assert mine.post(f"{PAGE}/values/{ALPHA}/company_number/still-right", {"shown": "ZZ000001"}).status_code == 404


def test_two_people_at_the_same_value(small: Package) -> None:
    one, two = window(member("one@example.org")), window(member("two@example.org"))
    opened = fields(two.get(EMPLOYEES))
    assert send(one, value="55").status_code == 302
    told = two.post(EMPLOYEES, {**opened, "value": "66", "why": "my count"})
    assert told.status_code == 409
    assert "Somebody else was at this value" in said(told) and "55" in said(told)
    assert fields(told)["value"] == "66" and fields(told)["why"] == "my count"
    assert [e.proposed.value for e in edits.fold(register.log.entries()).values()] == [55]
    assert two.post(EMPLOYEES, fields(told)).status_code == 302
    assert [e.proposed.value for e in edits.fold(register.log.entries()).values()] == [55, 66]


def test_a_decision_meanwhile_is_told_as_well(small: Package) -> None:
    mine = window(member())
    send(mine, value="55")
    opened = fields(mine.get(EMPLOYEES))
    register.approve_edit(entry=LogRow.objects.get(action="edit.propose").entry, viewer=OPERATOR, at=NOW)
    assert mine.post(EMPLOYEES, {**opened, "value": "66"}).status_code == 409


def test_nobody_of_another_organisation_gets_anything(small: Package) -> None:
    send(window(member("mine@example.org")), value="55")
    entry = LogRow.objects.get(action="edit.propose").entry
    others = [window(member("other@example.org", org("beta"))), window(person("nobody@example.org"))]
    for client in others:
        for path in (PAGE, EMPLOYEES, f"/my/{org('never')}", f"/my/{org('never')}/values/{org('never')}/employees"):
            assert client.get(path).status_code == 404, path
        for path in (f"{EMPLOYEES}/still-right", f"{PAGE}/proposals/{entry}/withdraw",
                     f"{PAGE}/confirmations/{entry}/undo"):  # fmt: skip
            assert client.post(path, {"shown": "30"}).status_code == 404, path
    assert others[0].post(f"/my/{org('beta')}/proposals/{entry}/withdraw").status_code == 404
    assert others[0].get(f"/my/{org('beta')}/values/{ALPHA}/employees").status_code == 404
    assert others[0].get(f"/my/{org('beta')}/values/{uid('site', 'alpha-1')}/jobs").status_code == 404
    assert states() == ["pending"]


def test_a_membership_that_ends_while_somebody_types(small: Package) -> None:
    who = member()
    mine = window(who)
    opened = fields(mine.get(EMPLOYEES))
    accounts.leave(person=who, organisation=ALPHA, viewer=OPERATOR, at=AT, why="moved on")
    done = mine.post(EMPLOYEES, {**opened, "value": "<b>66</b>", "why": "a long story"})
    assert done.status_code == 403
    assert "<b>66</b>" in said(done) and "a long story" in said(done)
    assert not edits.fold(register.log.entries())
    never = mine.post(f"/my/{org('never')}/values/{org('never')}/employees", {**opened, "value": "<b>66</b>",
                                                                             "why": "a long story"})  # fmt: skip
    body = [re.sub(rb"csrfmiddlewaretoken\" value=\"\w+|" + one.encode(), b"", response.content)
            for one, response in ((ALPHA, done), (org("never"), never))]  # fmt: skip
    assert never.status_code == 403 and body[0] == body[1]


@pytest.mark.parametrize("key", HOSTILE)
def test_hostile_words_stay_words(small: Package, key: str) -> None:
    mine = window(member())
    text = HOSTILE[key]
    done = send(mine, f"{PAGE}/values/{ALPHA}/description", value=text, why=text)
    assert done.status_code in {302, 422}
    for page in (done if done.status_code == 422 else mine.get(PAGE), mine.get(f"{PAGE}/values/{ALPHA}/description")):
        assert_harmless(tree(page))


@pytest.mark.parametrize("prop", ["nothing", "easting", "company_number", "holder", "name", "__class__"])
def test_what_is_not_theirs_to_say_has_no_form(small: Package, prop: str) -> None:
    assert window(member()).get(f"{PAGE}/values/{ALPHA}/{prop}").status_code == 404
