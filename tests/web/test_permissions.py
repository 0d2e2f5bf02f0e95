"""Every address tried as every role, and compared with the declared matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver, resolve

from lifecluster.policy.roles import PERMISSIONS
from lifecluster.web.accounts import actions
from lifecluster.web.accounts.rights import GIVEN
from lifecluster.web.api import writing
from lifecluster.web.api.v1.service import api
from lifecluster.web.directory import memo, remembered
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.doors import DOORS, GUEST, OPEN, PERSON, Outcome, outcome
from scripts.write_permissions_reference import PAGE, READERS, page
from tests.web.accounts.conftest import AT, person, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org, uid

pytestmark = pytest.mark.one_database

__all__ = ["at", "small"]
OPERATIONS = {one.name: one for one in writing.operations()}
HASH = "0" * 64
EXAMPLES: dict[str, str] = {
    "directory:names": "/directory/names.json?uid=x", "directory:suggest": "/directory/suggest?q=al",
    "directory:organisation": f"/organisations/{org('alpha')}",
    "directory:organisation_page": f"/organisations/{org('alpha')}/alpha-medical-limited",
    "directory:site": f"/sites/{uid('site', 'alpha-1')}", "directory:group": f"/groups/{uid('group', 'none')}",
    "directory:statement": f"/statements/{'0' * 32}", "api-v1:statement": f"/api/v1/statements/{'0' * 32}",
    "directory:thing": f"/things/{uid('licence', 'l1')}", "directory:evidence": f"/evidence/{org('alpha')}/employees",
    "figures:claim": "/claims/businesses", "figures:publication": f"/claims/businesses/{HASH}",
    "figures:sealed": f"/claims/businesses/midlands/{HASH}", "atlas:segment": "/atlas/segments/all",
    "atlas:cluster": "/atlas/clusters/1", "atlas:publication": f"/atlas/published/{HASH}",
    "atlas:take": "/atlas/take/areas/none.csv", "api:identifier": f"/id/{org('alpha')}",
    "api:suggest": "/reconcile/suggest/entity?prefix=al", "api:flyout": f"/reconcile/flyout/entity?id={org('alpha')}",
    "api:preview": f"/reconcile/preview?id={org('alpha')}", "api-v1:ids": f"/api/v1/ids/{org('alpha')}",
    "api-v1:organisation": f"/api/v1/organisations/{org('alpha')}", "api-v1:search": "/api/v1/search?q=al",
    "api-v1:suggest": "/api/v1/suggest?q=al", "api-v1:site": f"/api/v1/sites/{uid('site', 'alpha-1')}",
    "api-v1:thing": f"/api/v1/things/{uid('licence', 'l1')}", "api-v1:group": f"/api/v1/groups/{uid('group', 'none')}",
    "api-v1:claim": "/api/v1/claims/businesses", "api-v1:atlas_segment": "/api/v1/atlas/segments/all",
    "api-v1:atlas_cluster": "/api/v1/atlas/clusters/1", "exports:view": "/export/csv",
    "feeds:organisation": f"/feeds/organisations/{org('alpha')}.atom", "feeds:oembed": "/oembed?url=http://testserver/",
    "feeds:sitemap_part": "/sitemap-1.xml", "account_confirm_email": "/account/confirm/none:none:none",
    "account_reset_password_from_key": "/account/password/new/1-none", "style:error": "/style/error/404",
    "style:evidence": "/style/evidence/sites", "mfa_remove_webauthn": "/account/second-step/passkeys/1/remove",
    "accounts:end_session": "/account/sessions/1/end", "accounts:grant": "/people/none/grant",
    **{f"desk:{name}": f"/desk/organisations/{org('alpha')}{rest}" for name, rest in {
        "organisation": "", "add_contact": "/contacts/new", "add_case_of": "/cases/new", "add_task_of": "/tasks/new",
        "add_interaction_of": "/interactions/new", "add_note_of": "/notes/new", "add_membership": "/membership",
    }.items()},
    **{f"desk:{name}": f"/desk/{path}" for name, path in {
        "case": "cases/1", "edit_case": "cases/1/edit", "move_case": "cases/1/move", "note_case": "cases/1/notes",
        "add_task": "cases/1/tasks/new", "add_interaction": "cases/1/interactions/new", "edit_task": "tasks/1/edit",
        "finish_task": "tasks/1/done", "edit_interaction": "interactions/1/edit", "contact": "contacts/1",
        "edit_contact": "contacts/1/edit", "consent": "contacts/1/consent", "erase_contact": "contacts/1/erase",
        "withdraw_consent": "consents/1/withdraw", "membership": "memberships/1",
        "answer_enquiry": "cases/1/answer", "add_referral": "cases/1/referrals/new", "referral": "referrals/1",
        "edit_referral": "referrals/1/edit", "consent_referral": "referrals/1/consent",
        "send_referral": "referrals/1/send", "answer_referral": "referrals/1/answer",
        "withdraw_referral": "referrals/1/withdraw", "batch": "bulk/1", "undo_batch": "bulk/1/undo",
        "deal_import": "imports/1/deal", "reopen_import": "imports/1/reopen",
    }.items()},
    "merges:split": f"/desk/merges/split/{org('alpha')}", "merges:act": "/desk/merges/acts/none",
    "merges:undo": "/desk/merges/acts/none/undo",
    "enquiries:mine": "/enquiries/none", "enquiries:forget": "/enquiries/none/delete",
    "uploads:upload": "/my/uploads/none", "uploads:row": "/my/uploads/none/row/1", "uploads:undo": "/my/uploads/none/undo",
    "uploads:file": "/my/uploads/none/file", "uploads:template": "/my/uploads/template/sites.csv",
    "accounts:person": "/people/UID", "accounts:revoke": "/people/UID/revoke/analyst",
    "accounts:stop": "/account/messages/stop/none",
    "members:organisation": f"/my/{org('alpha')}", "members:value": f"/my/{org('alpha')}/values/{org('alpha')}/employees",
    "members:confirm": f"/my/{org('alpha')}/values/{org('alpha')}/employees/still-right",
    "members:claim": f"/my/join/{org('alpha')}", "members:give_up": "/my/claims/1/give-up",
    "members:invitation": "/my/invitations/none", "members:colleagues": f"/my/{org('alpha')}/colleagues",
    "members:dismiss": f"/my/{org('alpha')}/colleagues/none/end", "members:admit": "/desk/claims-to-organisations/1",
    "members:take_back": f"/my/{org('alpha')}/invitations/1/take-back",
    "members:seen": f"/my/{org('alpha')}/seen", "members:ask": f"/desk/stale/{org('alpha')}/ask",
    "members:withdraw": f"/my/{org('alpha')}/proposals/{HASH}/withdraw", "members:decide": f"/desk/edits/{HASH}",
    "members:undo": f"/my/{org('alpha')}/confirmations/{HASH}/undo", "members:retract": f"/desk/edits/{HASH}/retract",
    "members:addition": f"/desk/additions/{HASH}",
    "links:pair": f"/desk/links/{HASH[:16]}", "links:judge": f"/desk/links/{HASH[:16]}/judge",
    "accounts:revoke_token": "/account/tokens/1/revoke", "news:item": "/news/1", "news:change": "/news/1/change",
    "news:remove": "/news/1/remove", "news:decide": "/desk/news/1",
    "news:bulletin": "/news/bulletins/1", "news:confirm": "/news/bulletins/confirm/none",
    "news:stop": "/news/bulletins/stop/none", "news:desk_bulletin": "/desk/news/bulletins/1",
    "news:send": "/desk/news/bulletins/1/send", "accounts:confirm_address": "/account/address/none",
    "accounts:mail_reached": "/account/mail/none", "accounts:disconnect": "/account/connections/1/remove",
}  # fmt: skip
"""An address of each name that takes something; UID stands for the opaque name of a person who is an analyst."""


def named(resolver: URLResolver | Any, space: tuple[str, ...] = (), path: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        below = path + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern, (*space, pattern.namespace) if pattern.namespace else space, below)
        else:
            yield ":".join([*space, pattern.name or ""]), below


def test_every_address_has_a_name_and_a_door() -> None:
    names = [name for name, _ in named(get_resolver())]
    assert not DOORS.keys() & OPERATIONS.keys()
    assert set(names) == DOORS.keys() | OPERATIONS.keys()
    assert set(DOORS.values()) - {OPEN, GUEST, PERSON} <= PERMISSIONS.keys()


def test_every_operation_of_the_api_has_a_door() -> None:
    paths = api.get_openapi_schema()["paths"]
    found = [(path, method, one) for path, methods in paths.items() for method, one in methods.items()]
    declared = {(f"/api/v1{one.path}", one.method.lower()): one for one in OPERATIONS.values()}
    assert found
    for path, method, operation in found:
        example = re.sub(r"{(\w+)}", lambda name: "1" if name[1] == "key" else "businesses", path)
        if (one := declared.pop((path, method), None)) is not None:
            assert operation["x-needs"] == list(one.needs)
            assert operation["security"] == [{"Token": []}]
            assert resolve(example).view_name in OPERATIONS
        else:
            assert method == "get", "an operation that changes something asks for a token"
            assert DOORS[resolve(example).view_name] == OPEN
    assert not declared


@lru_cache
def examples() -> dict[str, str]:
    """An address for each name."""
    found = {name: "/" + path for name, path in named(get_resolver()) if "<" not in path and name in DOORS}
    found["api:reconcile"] = "/reconcile"
    return found | EXAMPLES


def what_came(name: str, answer: HttpResponse) -> Outcome:
    """What became of a request, told by the answer and by whether the view was reached."""
    where = answer.headers.get("Location", "")
    if "X-Inside" in answer.headers:
        return Outcome.ALLOWED
    if answer.status_code == 404:
        return Outcome.HIDDEN
    assert answer.status_code == 302, name
    if where.startswith("/account/sign-in?next="):
        return Outcome.SIGN_IN
    return {"/account": Outcome.LED_ON, "/account/second-step": Outcome.SECOND_STEP}[where]


class StandIn:
    """Middleware of the tests, behind all others: answers in place of a view whose door let somebody in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse:
        return HttpResponse("inside", headers={"X-Inside": "yes"})


@pytest.fixture
def people(small: Package) -> Iterator[dict[str, Client]]:
    """A window for each reader of the matrix."""
    found = {}
    for reader in READERS:
        if reader.role == "visitor":
            found[reader.title] = window(None)
            continue
        given = [reader.role] if reader.role in GIVEN and reader.organisation is None else []
        who = person(f"{reader.key}@example.org", *given)
        if reader.organisation is not None:
            actions.join(person=who, organisation=org(reader.organisation), viewer=OPERATOR, at=AT, why="works there",
                         administrator=reader.role == "member_administrator")  # fmt: skip
        found[reader.title] = window(who, second_step=reader.second_step)
    yield found
    remembered.shelf.empty()
    memo.forget()


def test_every_address_as_every_role(people: dict[str, Client]) -> None:
    """What a view shows is for other tests; that it is reached, or not, is for this one. Each is asked for real below."""
    uid_of = person("subject@example.org", "analyst").uid
    wrong = []
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "tests.web.test_permissions.StandIn"]):
        for name, example in examples().items():
            path = example.replace("UID", uid_of)
            for reader in READERS:
                came = what_came(name, people[reader.title].get(path))
                meant = outcome(DOORS[name], reader.viewer, signed_in=reader.role != "visitor", waiting=reader.waiting)
                if came != meant:
                    wrong.append((name, reader.title, came, meant))
    assert wrong == []


def test_pages_behind_their_doors_answer(people: dict[str, Client]) -> None:
    """Asked for without a stand-in: what is behind each door, as who may go there, is no mistake of the server."""
    uid_of = person("subject@example.org", "analyst").uid
    steward, visitor = people["Steward"], people["Visitor"]
    for name, example in examples().items():
        client = visitor if DOORS[name] in {OPEN, GUEST} else steward
        status = client.get(example.replace("UID", uid_of)).status_code
        assert status < 500 or name in {"style:error"}, (name, status)


def test_the_reference_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run scripts/write_permissions_reference.py"


def test_an_address_without_a_door_is_shut(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from lifecluster.web.accounts import middleware

    assert web.get("/health").status_code == 200
    monkeypatch.setattr(middleware, "DOORS", {name: door for name, door in DOORS.items() if name != "health"})
    assert web.get("/health").status_code == 404
