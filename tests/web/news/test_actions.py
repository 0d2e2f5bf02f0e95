"""Who may propose, post, change, approve, refuse and withdraw; what is kept of it; and who hears."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts import taking
from lifecluster.web.accounts.models import AuditRow, Mail
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError
from lifecluster.web.news import actions
from lifecluster.web.news.draft import Draft, DraftError, problems
from lifecluster.web.news.models import Item, State, Version
from tests.web.directory.making import org
from tests.web.news.conftest import CALL, DESK, DESK_ROLE, EVENT, MEMBERS, NEWS, NOW, member, person, put

pytestmark = pytest.mark.usefixtures("register")


def told() -> int:
    return int(Package.objects.get().told)


def test_a_member_proposes_and_the_desk_decides() -> None:
    who = member()
    item = actions.propose(draft=CALL, viewer=who.viewer, at=NOW)
    assert (item.state, item.author) == (State.WAITING, who)
    before = told()
    actions.approve(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    item.refresh_from_db()
    assert (item.state, item.approved_at) == (State.SHOWN, NOW)
    assert told() == before + 1
    mail = Mail.objects.get()
    assert mail.to == who.email and "is shown" in mail.subject and f"/news/{item.pk}" in mail.text
    assert [row.action for row in AuditRow.objects.filter(subject=f"news:{item.pk}").order_by("pk")] == [
        "news.propose", "news.approve",
    ]  # fmt: skip


def test_a_refusal_says_why_and_can_be_answered() -> None:
    who = member()
    item = actions.propose(draft=NEWS, viewer=who.viewer, at=NOW)
    with pytest.raises(LifeclusterError, match="say why"):
        actions.refuse(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="  ")
    actions.refuse(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="Say where it is.")
    assert "Say where it is." in Mail.objects.get().text
    again = actions.change(
        item=item.pk, draft=replace(NEWS, place="", text="In Derby."), seen=1, viewer=who.viewer, at=NOW
    )
    assert (again.state, again.why, again.number) == (State.WAITING, "", 2)
    assert Version.objects.get().said["text"] == NEWS.text


def test_who_may_not_may_not() -> None:
    who, other = member(), member("other@example.org", "beta")
    item = actions.propose(draft=NEWS, viewer=who.viewer, at=NOW)
    for act in (
        lambda: actions.propose(draft=NEWS, viewer=ANYBODY, at=NOW),
        lambda: actions.propose(draft=NEWS, viewer=person("p@example.org", "policy_reader").viewer, at=NOW),
        lambda: actions.post(draft=NEWS, viewer=who.viewer, at=NOW),
        lambda: actions.approve(item=item.pk, seen=1, viewer=who.viewer, at=NOW),
        lambda: actions.refuse(item=item.pk, seen=1, viewer=other.viewer, at=NOW, why="x"),
        lambda: actions.change(item=item.pk, draft=CALL, seen=1, viewer=other.viewer, at=NOW),
        lambda: actions.remove(item=item.pk, viewer=other.viewer, at=NOW),
    ):
        with pytest.raises(PermissionDeniedError):
            act()
    shown = put()
    with pytest.raises(PermissionDeniedError):
        actions.change(item=shown.pk, draft=CALL, seen=1, viewer=who.viewer, at=NOW)
    with pytest.raises(DraftError):
        actions.propose(draft=replace(NEWS, level=DESK), viewer=who.viewer, at=NOW)
    assert Item.objects.count() == 2


def test_an_author_does_not_change_what_is_shown_and_it_is_not_taken_back() -> None:
    who = member()
    item = actions.propose(draft=NEWS, viewer=who.viewer, at=NOW)
    actions.approve(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    with pytest.raises(PermissionDeniedError):
        actions.change(item=item.pk, draft=CALL, seen=1, viewer=who.viewer, at=NOW)
    with pytest.raises(LifeclusterError, match="shown already"):
        actions.remove(item=item.pk, viewer=who.viewer, at=NOW)


def test_two_at_the_same_item_the_second_is_told_and_nothing_is_lost() -> None:
    item = put()
    actions.change(item=item.pk, draft=replace(NEWS, text="First."), seen=1, viewer=DESK_ROLE, at=NOW)
    for act in (
        lambda: actions.change(item=item.pk, draft=replace(NEWS, text="Second."), seen=1, viewer=DESK_ROLE, at=NOW),
        lambda: actions.withdraw(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="x"),
    ):
        with pytest.raises(actions.ConflictError):
            act()
    assert Item.objects.get().text == "First."
    assert Version.objects.get().said["text"] == NEWS.text


def test_withdrawing_is_undone_by_approving_and_nobody_is_told_of_their_own_act() -> None:
    item = put()
    before = told()
    actions.withdraw(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="It was wrong.")
    with pytest.raises(LifeclusterError, match="not shown"):
        actions.withdraw(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="It was wrong.")
    actions.approve(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    with pytest.raises(LifeclusterError, match="already"):
        actions.approve(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    assert told() == before + 2
    assert not Mail.objects.exists()


def test_what_was_saved_unchanged_is_no_new_version() -> None:
    item = put(CALL, organisations=(org("alpha"),))
    assert actions.change(item=item.pk, draft=Draft.of(item), seen=1, viewer=DESK_ROLE, at=NOW).number == 1
    changed = actions.change(
        item=item.pk, draft=replace(Draft.of(item), organisations=()), seen=1, viewer=OPERATOR, at=NOW
    )
    assert changed.number == 2 and not item.abouts.exists()


def test_what_somebody_wrote_is_copied_and_goes_or_stays_with_the_account() -> None:
    who = member()
    waiting = actions.propose(draft=NEWS, viewer=who.viewer, at=NOW)
    shown = actions.propose(draft=CALL, viewer=who.viewer, at=NOW)
    actions.approve(item=shown.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    assert [row["title"] for row in taking.copy(person=who, at=NOW)["news"]] == [NEWS.title, CALL.title]
    accounts.delete_person(person=who, viewer=OPERATOR, at=NOW)
    assert not Item.objects.filter(pk=waiting.pk).exists()
    assert Item.objects.get(pk=shown.pk).author is None


def test_taking_back_leaves_nothing() -> None:
    who = member()
    item = actions.propose(draft=NEWS, viewer=who.viewer, at=NOW)
    actions.change(item=item.pk, draft=CALL, seen=1, viewer=who.viewer, at=NOW)
    actions.remove(item=item.pk, viewer=who.viewer, at=NOW)
    assert not Item.objects.exists() and not Version.objects.exists()
    kept = " ".join(row.body for row in AuditRow.objects.all())
    assert NEWS.title not in kept and CALL.title not in kept


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(NEWS, title=" \u202e\n "), "title"), (replace(NEWS, title="x" * 500), "title"),
        (replace(NEWS, text=""), "text"), (replace(NEWS, text="x" * 10_001), "text"), (replace(NEWS, kind="x"), "kind"),
        (replace(CALL, closes_on=None), "closes_on"), (replace(EVENT, begins_on=None), "begins_on"),
        (replace(EVENT, ends_on=date(2026, 12, 1)), "ends_on"), (replace(NEWS, level=4), "level"),
        (replace(NEWS, shown_until=date(2026, 10, 1)), "shown_until"), (replace(NEWS, link="javascript:x"), "link"),
        (replace(NEWS, link="https://"), "link"), (replace(NEWS, link="http://[x"), "link"),
        (replace(NEWS, organisations=("nonsense",)), "organisations"), (replace(NEWS, shown_from=date(1, 1, 1)), "shown_from"),
        (replace(NEWS, organisations=(org("alpha"),) * 21), "organisations"), (replace(EVENT, place="x" * 161), "place"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(draft: Draft, field: str) -> None:
    assert field in problems(draft)
    with pytest.raises(DraftError) as refused:
        actions.post(draft=draft, viewer=OPERATOR, at=NOW)
    assert field in refused.value.problems
    assert not Item.objects.exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=200), text=st.text(max_size=300), level=st.integers(-1, 5))
def test_a_draft_is_refused_or_kept_clean(title: str, text: str, level: int) -> None:
    draft = replace(NEWS, title=title, text=text, level=level)
    if problems(draft):
        return
    tidy = draft.tidy()
    assert problems(tidy) == {} and tidy.tidy() == tidy
    assert "\n" not in tidy.title and not set(tidy.title + tidy.text) & set("\u202e\u2066\x00\r\x1b")
    assert tidy.level in {0, MEMBERS, DESK}


def test_dates_that_go_without_saying() -> None:
    assert CALL.tidy().shown_until == CALL.closes_on
    assert EVENT.tidy().shown_until == EVENT.begins_on
    assert (
        replace(NEWS, closes_on=date(2026, 12, 1), place="x").tidy() == NEWS.tidy()
    )  # news neither closes nor is anywhere
