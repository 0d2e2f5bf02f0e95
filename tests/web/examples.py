"""For each operation of the API something that succeeds for whoever may do it: prepared, then asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lifecluster.web.accounts import actions, rights
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import letters
from lifecluster.web.desk.actions import bulk, cases, contacts, enquiries, interactions, memberships, referrals, tasks
from lifecluster.web.desk.actions.imports import fail_import
from lifecluster.web.desk.models import Enquiry, FailedImport, Referral
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import adding, memo
from lifecluster.web.directory.failures import Failure
from lifecluster.web.directory.models import Package, Statement
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from lifecluster.web.links import actions as links
from lifecluster.web.members import belonging
from lifecluster.web.members.models import Invitation
from lifecluster.web.merges import actions as merges
from lifecluster.web.news import actions as news
from lifecluster.web.news.bulletin import actions as bulletins
from lifecluster.web.news.draft import Draft
from lifecluster.web.news.models import Bulletin
from lifecluster.web.uploads import actions as uploads
from lifecluster.web.uploads.models import Upload
from tests.web.accounts.conftest import AT, person
from tests.web.directory.making import org
from tests.web.links.conftest import pairs
from tests.web.merges.conftest import rec

Sent = tuple[str, Any]
"""Address and body."""
WHY = {"why": "a test of every role"}
PROPOSED = {"subject": org("alpha"), "property": "employees", "value": 41}


def proposed(by: Person | None = None) -> str:
    """A proposal for alpha that waits, of the person or of the operator."""
    viewer = rights.viewer(by, AT, second_step=True) if by else OPERATOR
    found = register.propose_edit(
        subject=org("alpha"), property="employees", value=12, viewer=viewer, at=AT, why="counted"
    )
    return found.id


def approved() -> str:
    """One that was approved."""
    entry = proposed()
    register.approve_edit(entry=entry, viewer=OPERATOR, at=AT)
    return entry


def subject() -> Person:
    """Somebody else, who is an analyst and works for beta."""
    found = person("subject@example.org", "analyst")
    actions.join(person=found, organisation=org("beta"), viewer=OPERATOR, at=AT, why="works there")
    return found


def session_of(who: Person) -> int:
    from allauth.usersessions.models import UserSession

    return UserSession.objects.create(user=who, session_key=f"key of {who.pk}", ip="127.0.0.1", user_agent="x").pk


def own_or_else(who: Person) -> str:
    """A proposal of this person's own, or else of somebody else."""
    viewer = rights.viewer(who, AT, second_step=True)
    return proposed(who if viewer.may("edit.review") or viewer.may("organisation.edit", org("alpha")) else None)


def member_of(who: Person) -> str:
    actions.join(person=who, organisation=org("gamma"), viewer=OPERATOR, at=AT, why="works there too")
    return org("gamma")


def case_of(who: Person) -> int:
    """A case that is open."""
    return int(cases.open_case(title="Premises", kind="premises", viewer=OPERATOR, at=AT).pk)


def task_of(who: Person) -> int:
    return int(tasks.add_task(title="Ring them", viewer=OPERATOR, at=AT, case=case_of(who)).pk)


def done_of(who: Person) -> int:
    return int(tasks.finish_task(task=task_of(who), viewer=OPERATOR, at=AT).pk)


def pair_of(who: Person) -> str:
    """A pair that waits."""
    return str(pairs(Package.objects.get(state="current"), ("a", "A"))[0].key)


def judged(who: Person) -> str:
    """A judgement."""
    return links.judge_link(key=pair_of(who), kind="same", viewer=OPERATOR, at=AT).id


# --- the desk ---


def contact_of(who: Person) -> int:
    return int(contacts.add_contact(organisation_uid=org("alpha"), name="A. Person", viewer=OPERATOR, at=AT).pk)


def consent_of(who: Person) -> int:
    row = contacts.record_consent(contact=contact_of(who), purpose="news", given_by="A. Person", how="e-mail",
                                  given_on=AT.date(), viewer=OPERATOR, at=AT)  # fmt: skip
    return int(row.pk)


def talk_of(who: Person) -> int:
    row = interactions.record_interaction(on=AT.date(), kind="visit", subject="A visit", policy=False, viewer=OPERATOR,
                                          at=AT, organisation_uid=org("alpha"))  # fmt: skip
    return int(row.pk)


def membership_of(who: Person) -> int:
    row = memberships.add_membership(organisation_uid=org("alpha"), level="full", begins_on=AT.date(), viewer=OPERATOR,
                                     at=AT)  # fmt: skip
    return int(row.pk)


def drafted(who: Person) -> Referral:
    return referrals.draft_referral(case=case_of(who), email="hub@example.org", about="A cleanroom", body="The hub",
                                    viewer=OPERATOR, at=AT)  # fmt: skip


def letter_of(row: Referral) -> str:
    return letters.referral(row).digest


def agreed(who: Person) -> Referral:
    row = drafted(who)
    return referrals.record_referral_consent(referral=row.pk, given_by="A. Person", how="e-mail", given_on=AT.date(),
                                             covers=letter_of(row), viewer=OPERATOR, at=AT)  # fmt: skip


def sent(who: Person) -> Referral:
    row = agreed(who)
    return referrals.send_referral(referral=row.pk, covers=letter_of(row), viewer=OPERATOR, at=AT)


def send_it(who: Person) -> Sent:
    row = agreed(who)
    return f"/referrals/{row.pk}/send", {"covers": letter_of(row)}


def consent_to_it(who: Person) -> Sent:
    row = drafted(who)
    return f"/referrals/{row.pk}/consent", {**AGREED, "covers": letter_of(row)}


def enquiry_of(who: Person) -> int:
    enquiries.receive_enquiry(name="A. Person", email="firm@example.org", looking_for="office", where="http://t/",
                              viewer=ANYBODY, at=AT)  # fmt: skip
    return Enquiry.objects.latest("pk").pk


def failed_of(who: Person, *, dealt: bool = False) -> int:
    fail_import(Failure("upload", "sites.xlsx", "no postcode", row="14"), AT)
    row = FailedImport.objects.latest("pk")
    if dealt:
        FailedImport.objects.filter(pk=row.pk).update(dealt_at=AT)
    return int(row.pk)


BATCH = {"query": "type=company&type=university", "property": "mission", "how": "add", "value": "respiratory"}


def applied(who: Person) -> int:
    digest = bulk.preview_bulk(viewer=OPERATOR, **BATCH).digest
    return bulk.apply_bulk(digest=digest, why="a survey", viewer=OPERATOR, at=AT, **BATCH).pk


def apply_it(who: Person) -> Sent:
    return "/batches", {**BATCH, "digest": bulk.preview_bulk(viewer=OPERATOR, **BATCH).digest, **WHY}


def merged(who: Person) -> str:
    return merges.merge(one=org("epsilon"), other=org("alpha"), viewer=OPERATOR, at=AT, why="one firm")


# --- members ---


def confirmed(who: Person) -> str:
    """A value of alpha that this person confirmed, or somebody else where they may not."""
    viewer = rights.viewer(who, AT, second_step=True)
    by = viewer if viewer.may("organisation.confirm", org("alpha")) else Viewer(
        frozenset({"member"}), frozenset({org("alpha")}), actor="person:other")  # fmt: skip
    return register.confirm_value(subject=org("alpha"), property="employees", viewer=by, at=AT).id


def added(by: Person | None = None) -> str:
    """A thing for alpha that waits, of the person or of the operator."""
    viewer = rights.viewer(by, AT, second_step=True) if by else OPERATOR
    return adding.add_thing(kind="site", organisation=org("alpha"), values=SITE, viewer=viewer, at=AT).id


def own_thing_or_else(who: Person) -> str:
    viewer = rights.viewer(who, AT, second_step=True)
    return added(who if viewer.may("edit.review") or viewer.may("organisation.edit", org("alpha")) else None)


def accepted() -> str:
    entry = added()
    adding.approve_thing(entry=entry, viewer=OPERATOR, at=AT)
    return entry


def claimed(who: Person) -> int:
    return int(belonging.claim(organisation=org("gamma"), person=who, viewer=Viewer(actor=who.actor), at=AT).pk)


def invited(who: Person) -> int:
    row = Invitation.objects.create(organisation=org("alpha"), email="x@example.org", digest="x" * 64, made_at=AT,
                                    expires_at=AT + timedelta(days=999), invited_by=who)  # fmt: skip
    return int(row.pk)


def colleague() -> Person:
    found = person("colleague@example.org")
    actions.join(person=found, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    return found


def stale() -> str:
    """Alpha, with values that nobody looked at for long."""
    Statement.objects.filter(subject=org("alpha")).update(observed_on="2010-01-01", verified_on=None)
    memo.forget()
    return org("alpha")


# --- news, lists ---

NEWS = {"kind": "news", "title": "A cold store", "text": "It is **open**."}


def item_of(who: Person | None) -> int:
    """An item that waits, of this person or of the operator."""
    viewer = OPERATOR if who is None else Viewer(frozenset({"member"}), actor=who.actor)
    return news.propose(draft=Draft("news", "A cold store", "Open.", AT.date()), viewer=viewer, at=AT).pk


def posted() -> int:
    return news.post(draft=Draft("news", "A cold store", "Open.", AT.date()), viewer=OPERATOR, at=AT).pk


def gathered(*, given: bool = False) -> int:
    """A bulletin, given to be sent or not."""
    posted()
    row = bulletins.make(viewer=OPERATOR, at=AT)
    if given:
        bulletins.send(bulletin=row.pk, seen=Bulletin.objects.get(pk=row.pk).number, viewer=OPERATOR, at=AT)
    return row.pk


LIST = b"Town,Postcode\nDerby,DE1 1AA\n"


def list_of(who: Person, *, taken: bool = False) -> str:
    """A list of this person, or of the operator where they may bring none of alpha."""
    viewer = rights.viewer(who, AT, second_step=True)
    may = viewer.may("edit.review") or viewer.may("organisation.edit", org("alpha"))
    made = Upload.objects.create(
        purpose="sites", organisation=org("alpha"), person=who if may else None,
        actor=(viewer if may else OPERATOR).actor, name="sites.csv", sha256="0" * 64, size=1, at=AT,
        kept_until=AT.date(),
    )  # fmt: skip
    made.rows.create(number=2, cells=SITE_CELLS, read=SITE_CELLS)
    if taken:
        uploads.accept_rows(upload=made, numbers=None, at=AT, viewer=Viewer(
            frozenset({"member"}), frozenset({org("alpha")}), actor=made.actor))  # fmt: skip
    return str(made.key)


AGREED = {"given_by": "A. Person", "how": "e-mail", "given_on": "2026-11-01"}
SITE = {"name": "North works", "town": "Derby", "postcode": "DE1 1AA"}
SITE_CELLS = {"town": "Derby", "postcode": "DE1 1AA"}
TALK = {"on": "2026-11-01", "kind": "visit", "subject": "A visit", "policy": False}
REFER = {"body": "The hub", "email": "hub@example.org", "about": "A cleanroom"}
TWO = {"one": org("epsilon"), "other": org("alpha")}
PARTS = {"organisation": org("alpha"), "records": [rec("alpha", "bench-list")]}
WORDS = {"title": "News of the cluster", "opening": "Dear all"}


CASE = {"title": "Premises", "kind": "premises"}
EXAMPLES: dict[str, Callable[[Person], Sent]] = {
    "edit_list": lambda who: ("/edits", None),
    "propose_edit": lambda who: ("/edits", PROPOSED),
    "edit": lambda who: (f"/edits/{own_or_else(who)}", None),
    "approve_edit": lambda who: (f"/edits/{proposed()}/approve", {}),
    "refuse_edit": lambda who: (f"/edits/{proposed()}/refuse", WHY),
    "withdraw_edit": lambda who: (f"/edits/{own_or_else(who)}/withdraw", None),
    "retract_edit": lambda who: (f"/edits/{approved()}/retract", WHY),
    "confirm_value": lambda who: ("/confirmations", {"subject": org("alpha"), "property": "employees"}),
    "link_list": lambda who: ("/links", None),
    "judge_link": lambda who: (f"/links/{pair_of(who)}/judge", {"kind": "same"}),
    "retract_judgement": lambda who: (f"/judgements/{judged(who)}/retract", {}),
    "case_list": lambda who: ("/cases", None),
    "case": lambda who: (f"/cases/{case_of(who)}", None),
    "open_case": lambda who: ("/cases", CASE),
    "change_case": lambda who: (f"/cases/{case_of(who)}/change", CASE),
    "move_case": lambda who: (f"/cases/{case_of(who)}/move", {"state": "waiting"}),
    "add_note": lambda who: (f"/cases/{case_of(who)}/notes", {"text": "They rang"}),
    "add_task": lambda who: (f"/cases/{case_of(who)}/tasks", {"title": "Ring them"}),
    "finish_task": lambda who: (f"/tasks/{task_of(who)}/finish", None),
    "token": lambda who: ("/token", None),
    "revoke_token": lambda who: ("/token/revoke", None),
    "account_itself": lambda who: ("/account", None),
    "rename": lambda who: ("/account/name", {"name": "Another"}),
    "account_data": lambda who: ("/account/data", None),
    "account_sessions": lambda who: ("/account/sessions", None),
    "end_session": lambda who: (f"/account/sessions/{session_of(who)}/end", None),
    "leave_own": lambda who: (f"/account/memberships/{member_of(who)}/leave", WHY),
    "people_list": lambda who: ("/people", None),
    "person": lambda who: (f"/people/{subject().uid}", None),
    "grant_role": lambda who: (f"/people/{subject().uid}/roles", {"role": "provider", **WHY}),
    "revoke_role": lambda who: (f"/people/{subject().uid}/roles/analyst/revoke", WHY),
    "join": lambda who: (f"/people/{subject().uid}/memberships", {"organisation": org("alpha"), **WHY}),
    "leave": lambda who: (f"/people/{subject().uid}/memberships/{org('beta')}/leave", WHY),
    "audit_list": lambda who: ("/audit", None),
    "account_messages": lambda who: ("/account/messages", None),
    "choose_message": lambda who: ("/account/messages", {"kind": "edit.decided", "how": "day"}),
    "link": lambda who: (f"/links/{pair_of(who)}", None),
    "add_note_of": lambda who: (f"/organisations/{org('alpha')}/notes", {"text": "They rang"}),
    "task_list": lambda who: ("/tasks", None),
    "add_task_of": lambda who: (f"/organisations/{org('alpha')}/tasks", {"title": "Ring them"}),
    "change_task": lambda who: (f"/tasks/{task_of(who)}/change", {"title": "Write to them"}),
    "reopen_task": lambda who: (f"/tasks/{done_of(who)}/reopen", None),
    "contact_list": lambda who: (f"/contacts?organisation={org('alpha')}", None),
    "contact": lambda who: (f"/contacts/{contact_of(who)}", None),
    "add_contact": lambda who: (f"/organisations/{org('alpha')}/contacts", {"name": "A. Person"}),
    "change_contact": lambda who: (f"/contacts/{contact_of(who)}/change", {"name": "B. Person"}),
    "erase_contact": lambda who: (f"/contacts/{contact_of(who)}/erase", WHY),
    "record_consent": lambda who: (f"/contacts/{contact_of(who)}/consents", {**AGREED, "purpose": "news"}),
    "withdraw_consent": lambda who: (f"/consents/{consent_of(who)}/withdraw", None),
    "interaction_list": lambda who: ("/interactions", None),
    "add_interaction_of": lambda who: (f"/organisations/{org('alpha')}/interactions", TALK),
    "add_interaction": lambda who: (f"/cases/{case_of(who)}/interactions", TALK),
    "change_interaction": lambda who: (f"/interactions/{talk_of(who)}/change", TALK),
    "membership_list": lambda who: ("/memberships", None),
    "add_membership": lambda who: (
        f"/organisations/{org('alpha')}/membership", {"level": "full", "begins_on": "2026-11-01"}),
    "change_membership": lambda who: (
        f"/memberships/{membership_of(who)}/change", {"level": "full", "begins_on": "2026-11-01", "state": "lapsed"}),
    "referral_list": lambda who: ("/referrals", None),
    "referral": lambda who: (f"/referrals/{drafted(who).pk}", None),
    "draft_referral": lambda who: (f"/cases/{case_of(who)}/referrals", REFER),
    "change_referral": lambda who: (f"/referrals/{drafted(who).pk}/change", REFER),
    "consent_referral": consent_to_it,
    "send_referral": send_it,
    "answer_referral": lambda who: (
        f"/referrals/{sent(who).pk}/answer", {"state": "accepted", "answered_on": "2026-11-01"}),
    "withdraw_referral": lambda who: (f"/referrals/{drafted(who).pk}/withdraw", None),
    "enquiry_list": lambda who: ("/enquiries", None),
    "enquiry": lambda who: (f"/enquiries/{enquiry_of(who)}", None),
    "answer_enquiry": lambda who: (f"/enquiries/{enquiry_of(who)}/answer", {"text": "There is one in Derby"}),
    "import_list": lambda who: ("/imports", None),
    "deal_import": lambda who: (f"/imports/{failed_of(who)}/deal", {"note": "mended"}),
    "reopen_import": lambda who: (f"/imports/{failed_of(who, dealt=True)}/reopen", None),
    "preview_batch": lambda who: ("/batches/preview", BATCH),
    "apply_batch": apply_it,
    "batch": lambda who: (f"/batches/{applied(who)}", None),
    "undo_batch": lambda who: (f"/batches/{applied(who)}/undo", WHY),
    "merge_list": lambda who: ("/merges", None),
    "preview_merge": lambda who: ("/merges/preview", TWO),
    "merge_two": lambda who: ("/merges", {**TWO, **WHY}),
    "organisation_records": lambda who: (f"/organisations/{org('alpha')}/records", None),
    "preview_split": lambda who: ("/splits/preview", PARTS),
    "split_one": lambda who: ("/splits", {**PARTS, **WHY}),
    "merge_act": lambda who: (f"/merges/{merged(who)}", None),
    "preview_undo": lambda who: (f"/merges/{merged(who)}/undo/preview", None),
    "undo_merge": lambda who: (f"/merges/{merged(who)}/undo", WHY),
    "undo_confirmation": lambda who: (f"/confirmations/{confirmed(who)}/undo", None),
    "addition_list": lambda who: ("/additions", None),
    "add_thing": lambda who: ("/additions", {"kind": "site", "organisation": org("alpha"), "values": SITE}),
    "addition": lambda who: (f"/additions/{own_thing_or_else(who)}", None),
    "approve_thing": lambda who: (f"/additions/{added()}/approve", {}),
    "refuse_thing": lambda who: (f"/additions/{added()}/refuse", WHY),
    "withdraw_thing": lambda who: (f"/additions/{own_thing_or_else(who)}/withdraw", None),
    "retract_thing": lambda who: (f"/additions/{accepted()}/retract", WHY),
    "own_claims": lambda who: ("/account/claims", None),
    "claim_organisation": lambda who: (f"/organisations/{org('gamma')}/claim", {"words": "I work there"}),
    "give_up_claim": lambda who: (f"/account/claims/{claimed(who)}/give-up", None),
    "claim_list": lambda who: ("/organisation-claims", None),
    "admit_claim": lambda who: (f"/organisation-claims/{claimed(subject())}/admit", WHY),
    "decline_claim": lambda who: (f"/organisation-claims/{claimed(subject())}/decline", WHY),
    "colleague_list": lambda who: (f"/organisations/{org('alpha')}/colleagues", None),
    "invite_colleague": lambda who: (f"/organisations/{org('alpha')}/invitations", {"email": "new@example.org"}),
    "take_back_invitation": lambda who: (f"/organisations/{org('alpha')}/invitations/{invited(who)}/take-back", None),
    "end_colleague": lambda who: (f"/organisations/{org('alpha')}/colleagues/{colleague().uid}/end", WHY),
    "stale_list": lambda who: ("/stale", None),
    "ask_organisation": lambda who: (f"/organisations/{stale()}/ask", None),
    "news_list": lambda who: ("/news", None),
    "propose_news": lambda who: ("/news", NEWS),
    "post_news": lambda who: ("/news/post", NEWS),
    "news_item": lambda who: (f"/news/{item_of(who)}", None),
    "change_news": lambda who: (f"/news/{item_of(who)}/change", {**NEWS, "title": "Two cold stores"}),
    "approve_news": lambda who: (f"/news/{item_of(None)}/approve", None),
    "refuse_news": lambda who: (f"/news/{item_of(None)}/refuse", WHY),
    "withdraw_news": lambda who: (f"/news/{posted()}/withdraw", WHY),
    "remove_news": lambda who: (f"/news/{item_of(who)}/remove", None),
    "bulletin_list": lambda who: ("/bulletins", None),
    "bulletin": lambda who: (f"/bulletins/{gathered()}", None),
    "make_bulletin": lambda who: ("/bulletins", None),
    "look_again": lambda who: (f"/bulletins/{gathered()}/look-again", None),
    "change_bulletin": lambda who: (f"/bulletins/{gathered()}/change", WORDS),
    "send_bulletin": lambda who: (f"/bulletins/{gathered()}/send", None),
    "hold_bulletin": lambda who: (f"/bulletins/{gathered(given=True)}/hold", None),
    "discard_bulletin": lambda who: (f"/bulletins/{gathered()}/discard", None),
    "follow_bulletin": lambda who: ("/account/bulletin/follow", None),
    "leave_bulletin": lambda who: ("/account/bulletin/leave", None),
    "upload_list": lambda who: ("/uploads", None),
    "add_upload": lambda who: ("/uploads", {
        "name": "sites.csv", "content": base64.b64encode(LIST).decode(), "purpose": "sites",
        "organisation": org("alpha")}),
    "upload": lambda who: (f"/uploads/{list_of(who)}", None),
    "mend_row": lambda who: (f"/uploads/{list_of(who)}/rows/2/mend", {"left": True}),
    "accept_rows": lambda who: (f"/uploads/{list_of(who)}/accept", {}),
    "undo_upload": lambda who: (f"/uploads/{list_of(who, taken=True)}/undo", WHY),
    "forget_files": lambda who: ("/upload-files/forget", None),
}  # fmt: skip
"""By name of the operation, something that succeeds for whoever may do it: prepared, then asked for."""
