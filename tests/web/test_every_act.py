"""What a page changes, a program can change too: every address that takes a form names its operations, or says why not.

A new page that takes a form fails here until it stands in one of the two lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.api import writing

pytestmark = pytest.mark.one_database

ACTS = {
    "accounts:end_session": "end_session",
    "accounts:grant": "grant_role",
    "accounts:messages": "choose_message",
    "accounts:name": "rename",
    "accounts:revoke": "revoke_role",
    "accounts:revoke_token": "revoke_token",
    "desk:add_case": "open_case",
    "desk:add_case_of": "open_case",
    "desk:add_contact": "add_contact",
    "desk:add_interaction": "add_interaction",
    "desk:add_interaction_of": "add_interaction_of",
    "desk:add_membership": "add_membership",
    "desk:add_note_of": "add_note_of",
    "desk:add_referral": "draft_referral",
    "desk:add_task": "add_task",
    "desk:add_task_of": "add_task_of",
    "desk:answer_enquiry": "answer_enquiry",
    "desk:answer_referral": "answer_referral",
    "desk:bulk": "preview_batch apply_batch",
    "desk:consent": "record_consent",
    "desk:consent_referral": "consent_referral",
    "desk:deal_import": "deal_import",
    "desk:edit_case": "change_case",
    "desk:edit_contact": "change_contact",
    "desk:edit_interaction": "change_interaction",
    "desk:edit_referral": "change_referral",
    "desk:edit_task": "change_task",
    "desk:erase_contact": "erase_contact",
    "desk:finish_task": "finish_task reopen_task",
    "desk:membership": "change_membership",
    "desk:move_case": "move_case",
    "desk:note_case": "add_note",
    "desk:reopen_import": "reopen_import",
    "desk:send_referral": "send_referral",
    "desk:undo_batch": "undo_batch",
    "desk:withdraw_consent": "withdraw_consent",
    "desk:withdraw_referral": "withdraw_referral",
    "links:judge": "judge_link",
    "links:undo": "retract_judgement",
    "members:addition": "approve_thing refuse_thing retract_thing",
    "members:admit": "admit_claim decline_claim",
    "members:ask": "ask_organisation",
    "members:claim": "claim_organisation",
    "members:colleagues": "invite_colleague",
    "members:confirm": "confirm_value",
    "members:decide": "approve_edit refuse_edit",
    "members:dismiss": "end_colleague",
    "members:give_up": "give_up_claim",
    "members:retract": "retract_edit",
    "members:take_back": "take_back_invitation",
    "members:undo": "undo_confirmation",
    "members:value": "propose_edit",
    "members:withdraw": "withdraw_edit",
    "merges:merge": "preview_merge merge_two",
    "merges:split": "preview_split split_one",
    "merges:undo": "preview_undo undo_merge",
    "news:change": "change_news",
    "news:decide": "approve_news refuse_news withdraw_news",
    "news:desk_bulletin": "change_bulletin look_again hold_bulletin discard_bulletin",
    "news:desk_bulletins": "make_bulletin",
    "news:follow": "follow_bulletin leave_bulletin",
    "news:post": "post_news",
    "news:propose": "propose_news",
    "news:remove": "remove_news",
    "news:send": "send_bulletin",
    "uploads:index": "add_upload",
    "uploads:queue": "forget_files",
    "uploads:row": "mend_row",
    "uploads:undo": "undo_upload",
    "uploads:upload": "accept_rows",
}
"""Address -> names of the operations that do the same."""
NOTHING = "changes nothing that is kept"
WAY_IN = "a way into the account: for the person, in a browser"
BY_MAIL = "a link from a mail, which proves who has the mailbox; a program opens none"
VISITOR = "for somebody without an account, whom a mail answers"
WITHOUT = {
    "accounts:address": WAY_IN,
    "accounts:ask_mail": WAY_IN,
    "accounts:confirm_address": BY_MAIL,
    "accounts:delete": "a token deletes no account",
    "accounts:disconnect": WAY_IN,
    "accounts:mail_reached": BY_MAIL,
    "accounts:make_token": "a token makes no token",
    "accounts:openid_again": WAY_IN,
    "accounts:openid_connect": WAY_IN,
    "accounts:openid_sign_in": WAY_IN,
    "accounts:stop": BY_MAIL,
    "api:reconcile": NOTHING,
    "desk:organisations": NOTHING,
    "enquiries:ask": VISITOR,
    "enquiries:forget": BY_MAIL,
    "members:codes": "a code is shown once, and an answer is kept for its Idempotency-Key",
    "members:invitation": BY_MAIL,
    "news:confirm": BY_MAIL,
    "news:stop": BY_MAIL,
    "news:subscribe": VISITOR,
    "style:form": NOTHING,
    "theme": NOTHING,
}
"""Address -> why no operation does the same; those of sign-in and second steps are ways in."""
SIGN_IN = ("account_", "mfa_", "socialaccount_")
ONLY_API = {"add_thing", "withdraw_thing", "join", "leave", "leave_own"}
"""Operations without a page: things are proposed by lists or programs; people join by commands, or are asked."""


def named(resolver: URLResolver | Any, space: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern, (*space, pattern.namespace) if pattern.namespace else space)
        else:
            yield ":".join([*space, pattern.name or ""]), pattern.callback


def takes_forms(view: Any) -> bool:
    """Whether a view takes what is posted: it says so by Django's decorators, or says nothing."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        said = dict(zip(names, getattr(view, "__closure__", None) or (), strict=True))
        if "request_method_list" in said:
            return "POST" in said["request_method_list"].cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def test_every_form_has_an_operation_or_a_reason() -> None:
    found = {name for name, view in named(get_resolver()) if not name.startswith("api-v1:") and takes_forms(view)}
    assert {name for name in found if not name.startswith(SIGN_IN)} == ACTS.keys() | WITHOUT.keys()
    assert not ACTS.keys() & WITHOUT.keys()


def test_the_operations_are_there_and_each_that_changes_something_has_its_page() -> None:
    changing = {one.name.removeprefix("api-v1:") for one in writing.operations() if one.changes}
    meant = {name for names in ACTS.values() for name in names.split()}
    assert meant <= changing
    assert changing - meant == ONLY_API


def test_what_a_view_takes_is_told_by_its_decorators() -> None:
    def view(request: Any) -> None:
        """A view."""

    assert takes_forms(view)
    assert takes_forms(require_POST(view))
    assert takes_forms(require_http_methods(["GET", "POST"])(view))
    assert not takes_forms(require_safe(view))
