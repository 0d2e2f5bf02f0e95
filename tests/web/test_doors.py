"""Anybody can compute the id of "company number X": no door may tell an id that is not theirs from one never issued.

Every address of the web app is either a door (it takes an id) or listed as taking none; a new one fails here until it
is one of both. Each door is tried with an id that is hidden, one that was never issued and one that is public.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLResolver, get_resolver

import lifecluster.web
from lifecluster.web.api.v1.service import api
from lifecluster.web.directory import memo, reads, remembered
from lifecluster.web.directory.models import Package, Statement
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from lifecluster.web.exports.formats import FORMATS
from tests.web.directory import making
from tests.web.directory.conftest import at, load
from tests.web.directory.making import org, said, uid

__all__ = ["at"]
VIEWERS = {
    "visitor": ANYBODY,
    "member": Viewer(frozenset({"member"})),
    "desk": Viewer(frozenset({"desk"})),
}
CALLED = "Hushwell Ventures"
NUMBER = "ZZ000099"
AS_WRITTEN = "bench-official/organisation:hushwell"
HIDDEN = {
    "organisation": org("hidden"),
    "site": uid("site", "hidden"),
    "licence": uid("licence", "hidden"),
    "group": uid("group", "hidden"),
}
NEVER = {kind: uid(kind, "never") for kind in HIDDEN}
OPEN = {"organisation": org("alpha"), "site": uid("site", "alpha-1"), "licence": uid("licence", "l1"),
        "group": uid("group", "g")}  # fmt: skip
MERGED, ONCE, GONE = org("merged while hidden"), org("once public"), org("gone")

Ask = Callable[[str], tuple[str, dict[str, Any]]]


def get(template: str, **headers: str) -> Ask:
    """A request for an address with the id in it."""
    return lambda one: (template.replace("ID", one), {"headers": headers})


def form(name: str, value: Any) -> Ask:
    """A form sent to the reconciliation service."""
    return lambda one: ("/reconcile", {"form": {name: json.dumps(value).replace("ID", one)}})


def everywhere(template: str) -> dict[str, Ask]:
    """The ways in which one address may be asked."""
    closing = {} if "?" in template else {f"{template} with a closing slash": get(f"{template}/")}
    return {
        **closing,
        template: get(template),
        f"{template} as JSON": get(template, accept="application/json"),
        f"{template} again": get(template, if_none_match='W/"0123"', if_modified_since="Sat, 01 Jan 2000 00:00:00 GMT"),
        f"{template} in small letters": lambda one: (template.replace("ID", one.lower().replace("-", "")), {}),
    }


DOORS: dict[str, dict[str, Ask]] = {
    "organisations/<str:uid>": everywhere("/organisations/ID"),
    "organisations/<str:uid>/<slug:slug>": everywhere("/organisations/ID/page"),
    "sites/<str:uid>": everywhere("/sites/ID"),
    "groups/<str:uid>": everywhere("/groups/ID"),
    "things/<str:uid>": everywhere("/things/ID"),
    "evidence/<str:subject>/<str:prop>": {
        **everywhere("/evidence/ID/name"),
        "panel": get("/evidence/ID/name", x_fragment="panel"),
        "company number": get("/evidence/ID/company_number"),
    },
    "id/<str:uid>": everywhere("/id/ID"),
    "^reconcile/?$": {
        "match by id": form("queries", {"q": {"query": "ID"}}),
        "extend": form("extend", {"ids": ["ID"], "properties": [{"id": "company_number"}, {"id": "name"}]}),
    },
    "reconcile/suggest/<str:what>": everywhere("/reconcile/suggest/entity?prefix=ID"),
    "reconcile/flyout/<str:what>": everywhere("/reconcile/flyout/entity?id=ID"),
    "reconcile/preview": everywhere("/reconcile/preview?id=ID"),
    "api/v1/ids/<text>": everywhere("/api/v1/ids/ID"),
    "api/v1/organisations/<uid>": everywhere("/api/v1/organisations/ID"),
    "api/v1/sites/<uid>": everywhere("/api/v1/sites/ID"),
    "api/v1/things/<uid>": everywhere("/api/v1/things/ID"),
    "api/v1/groups/<uid>": everywhere("/api/v1/groups/ID"),
    "api/v1/sites": everywhere("/api/v1/sites?organisation=ID"),
    "api/v1/things": everywhere("/api/v1/things?holder=ID"),
    "api/v1/segments": everywhere("/api/v1/segments?organisation=ID"),
    "api/v1/statements": everywhere("/api/v1/statements?subject=ID"),
    "api/v1/organisations": everywhere("/api/v1/organisations?q=ID"),
    "api/v1/facets": everywhere("/api/v1/facets?q=ID"),
    "api/v1/search": everywhere("/api/v1/search?q=ID"),
    "api/v1/suggest": everywhere("/api/v1/suggest?q=ID"),
    "directory": everywhere("/directory?q=ID"),
    "directory/points.json": everywhere("/directory/points.json?q=ID"),
    "directory/names.json": everywhere("/directory/names.json?uid=ID"),
    "directory/suggest": everywhere("/directory/suggest?q=ID"),
    "directory/embed": everywhere("/directory/embed?q=ID"),
    "export/<str:name>": {
        name: get(f"/export/{name}?q=ID") for name in FORMATS if name not in {"xlsx", "package", "parquet"}
    },
    "feeds/organisations/<str:uid>.atom": everywhere("/feeds/organisations/ID.atom"),
    "feeds/search.atom": everywhere("/feeds/search.atom?q=ID"),
    "feeds/dates.ics": everywhere("/feeds/dates.ics?q=ID"),
    "desk/merges/": everywhere("/desk/merges/?one=ID"),
    "desk/merges/merge": everywhere(f"/desk/merges/merge?one=ID&other={org('alpha')}"),
    "desk/merges/split/<str:uid>": everywhere("/desk/merges/split/ID"),
    "oembed": {
        kind: get(f"/oembed?url={quote('http://testserver/')}{path}")
        for kind, path in {
            "page": "organisations/ID",
            "id": "id/ID",
            "site": "sites/ID",
            "frame": "api/v1/things/ID",
        }.items()
    },
}
BEHIND = {
    f"desk/organisations/<str:uid>{rest}"
    for rest in ("", "/contacts/new", "/cases/new", "/tasks/new", "/interactions/new", "/notes/new", "/membership")
}
"""Doors of the desk that take an id: to everybody else each answers alike, whatever the id."""
STATEMENTS = ("statements/<str:sid>", "api/v1/statements/<sid>")
"""Doors for the hash of a statement."""
BY_TOKEN = {
    f"api/v1/{path}"
    for path in [
        "edits",
        "confirmations",
        "cases",
        "cases/<key>/change",
        "account/memberships/<organisation>/leave",
        "people/<uid>/memberships/<organisation>/leave",
        "additions",
        "batches",
        "batches/preview",
        "contacts",
        "cases/<key>/referrals",
        "referrals/<key>/change",
        "interactions",
        "memberships",
        "merges",
        "merges/preview",
        "splits",
        "splits/preview",
        "news",
        "news/post",
        "news/<key>/change",
        "uploads",
        "organisations/<uid>/ask",
        "organisations/<uid>/claim",
        "organisations/<uid>/colleagues",
        "organisations/<uid>/colleagues/<person>/end",
        "organisations/<uid>/contacts",
        "organisations/<uid>/interactions",
        "organisations/<uid>/invitations",
        "organisations/<uid>/invitations/<key>/take-back",
        "organisations/<uid>/membership",
        "organisations/<uid>/notes",
        "organisations/<uid>/records",
        "organisations/<uid>/tasks",
    ]
}
"""Doors that take an id with a token alone; `tests/web/test_operations.py` tries them."""
BY_TOKEN_WITHOUT = {
    f"api/v1/{path}"
    for path in [
        "account/bulletin/follow",
        "account/bulletin/leave",
        "account/claims",
        "account/claims/<key>/give-up",
        "account/messages",
        "additions/<entry>",
        "additions/<entry>/approve",
        "additions/<entry>/refuse",
        "additions/<entry>/retract",
        "additions/<entry>/withdraw",
        "batches/<key>",
        "batches/<key>/undo",
        "bulletins",
        "bulletins/<key>",
        "bulletins/<key>/change",
        "bulletins/<key>/discard",
        "bulletins/<key>/hold",
        "bulletins/<key>/look-again",
        "bulletins/<key>/send",
        "cases/<key>/interactions",
        "confirmations/<entry>/undo",
        "consents/<key>/withdraw",
        "contacts/<key>",
        "contacts/<key>/change",
        "contacts/<key>/consents",
        "contacts/<key>/erase",
        "enquiries",
        "enquiries/<key>",
        "enquiries/<key>/answer",
        "imports",
        "imports/<key>/deal",
        "imports/<key>/reopen",
        "interactions/<key>/change",
        "links/<key>",
        "memberships/<key>/change",
        "merges/<act>",
        "merges/<act>/undo",
        "merges/<act>/undo/preview",
        "news/<key>",
        "news/<key>/approve",
        "news/<key>/refuse",
        "news/<key>/remove",
        "news/<key>/withdraw",
        "organisation-claims",
        "organisation-claims/<key>/admit",
        "organisation-claims/<key>/decline",
        "referrals",
        "referrals/<key>",
        "referrals/<key>/answer",
        "referrals/<key>/consent",
        "referrals/<key>/send",
        "referrals/<key>/withdraw",
        "stale",
        "tasks",
        "tasks/<key>/change",
        "tasks/<key>/reopen",
        "upload-files/forget",
        "uploads/<key>",
        "uploads/<key>/accept",
        "uploads/<key>/rows/<number>/mend",
        "uploads/<key>/undo",
    ]
}
"""Doors that ask for a token and take no id of the register."""
WITHOUT = {
    "", "desk/", "desk/cases", "desk/cases/closed", "desk/cases/new", "desk/cases/<int:key>", "desk/cases/<int:key>/edit",
    "desk/cases/<int:key>/move", "desk/cases/<int:key>/notes", "desk/cases/<int:key>/tasks/new",
    "desk/cases/<int:key>/interactions/new", "desk/tasks", "desk/tasks/<int:key>/edit", "desk/tasks/<int:key>/done",
    "desk/interactions/<int:key>/edit", "desk/organisations", "desk/contacts/<int:key>", "desk/contacts/<int:key>/edit",
    "desk/contacts/<int:key>/consent", "desk/contacts/<int:key>/erase", "desk/consents/<int:key>/withdraw",
    "desk/memberships", "desk/memberships/<int:key>", "desk/enquiries", "desk/cases/<int:key>/answer",
    "desk/cases/<int:key>/referrals/new", "desk/referrals/<int:key>", "desk/referrals/<int:key>/edit",
    "desk/referrals/<int:key>/consent", "desk/referrals/<int:key>/send", "desk/referrals/<int:key>/answer",
    "desk/referrals/<int:key>/withdraw", "desk/bulk", "desk/bulk/<int:key>", "desk/bulk/<int:key>/undo",
    "desk/imports", "desk/imports/<int:key>/deal", "desk/imports/<int:key>/reopen",
    "enquiries", "enquiries/<str:secret>", "enquiries/<str:secret>/delete",
    "health", "theme", "directory/ground.json", "definitions", "sources", "package", "about", "accessibility",
    "desk/links/", "desk/links/undo", "desk/links/judged", "desk/links/<slug:key>",
    "desk/links/<slug:key>/judge", "privacy", "claims", "claims/<slug:name>", "api/", "reconcile/properties", "api/v1/openapi.json", "api/v1/",
    "premises/", "desk/uploads", "my/uploads", "my/uploads/template/<str:purpose>.csv",
    "my/uploads/<str:key>", "my/uploads/<str:key>/row/<int:number>", "my/uploads/<str:key>/undo",
    "my/uploads/<str:key>/file", "api/v1/package", "api/v1/sources", "api/v1/definitions", "api/v1/changes", "api/v1/claims",
    "desk/merges/alike", "desk/merges/history", "desk/merges/acts/<slug:act>",
    "desk/merges/acts/<slug:act>/undo", "api/v1/claims/<name>", "api/v1/groups", "feeds/changes.atom", "robots.txt", "sitemap.xml", "sitemap-<int:number>.xml",
    "^claims/(?P<name>[a-z0-9-]+)/(?P<short>[0-9a-f]{12,64})$",
    "^claims/(?P<name>[a-z0-9-]+)/(?P<region>[^/]+)/(?P<short>[0-9a-f]{12,64})$",
    "^atlas/published/(?P<short>[0-9a-f]{12,64})$",
    r"^atlas/take/(?P<kind>[a-z]+)(?:/(?P<key>[a-z0-9-]+))?/(?P<name>[a-z]+)\.(?P<form>[a-z]+)$",
    "api/v1/atlas",
    "api/v1/atlas/areas",
    "api/v1/atlas/benchmark",
    "api/v1/atlas/clusters/<key>",
    "api/v1/atlas/network",
    "api/v1/atlas/segments/<key>",
    "atlas",
    "atlas/areas",
    "atlas/benchmark",
    "atlas/clusters/<int:key>",
    "atlas/network",
    "atlas/segments/<slug:key>",
    "api/v1/links", "api/v1/links/<key>/judge", "api/v1/judgements/<entry>/retract", "api/v1/cases/<key>",
    "api/v1/cases/<key>/move", "api/v1/cases/<key>/notes", "api/v1/cases/<key>/tasks", "api/v1/tasks/<key>/finish",
    "api/v1/edits/<entry>", "api/v1/edits/<entry>/approve", "api/v1/edits/<entry>/refuse",
    "api/v1/edits/<entry>/withdraw", "api/v1/edits/<entry>/retract", "api/v1/token", "api/v1/token/revoke",
    "api/v1/account", "api/v1/account/name", "api/v1/account/data", "api/v1/account/sessions",
    "api/v1/account/sessions/<key>/end", "api/v1/people", "api/v1/people/<uid>", "api/v1/people/<uid>/roles",
    "api/v1/people/<uid>/roles/<role>/revoke", "api/v1/people/<uid>/memberships", "api/v1/audit",
    "account/address", "account/address/<str:key>", "account/mail", "account/mail/<str:key>",
    "account/openid/sign-in", "account/openid/sign-up", "account/openid/connect", "account/openid/again",
    "account/openid/return", "account/connections", "account/connections/<int:key>/remove",
    "account/tokens", "account/tokens/make", "account/tokens/<int:key>/revoke",
    "account", "account/name", "account/sessions", "account/sessions/<int:key>/end", "account/data.json",
    "account/delete", "people", "people/<str:uid>", "people/<str:uid>/grant", "people/<str:uid>/revoke/<slug:role>",
    "audit", "account/sign-in", "account/sign-out", "account/sign-up", "account/closed", "account/again",
    "account/check-your-mail", r"account/^confirm/(?P<key>[-:\w]+)$", "account/password", "account/password/first",
    "account/password/forgotten", "account/password/forgotten/sent",
    r"account/^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)$", "account/password/changed",
    "account/second-step", "account/second-step/code", "account/second-step/again", "account/second-step/app",
    "account/second-step/app/remove", "account/second-step/recovery-codes", "account/second-step/recovery-codes/new",
    "account/second-step/recovery-codes.txt", "account/second-step/passkeys", "account/second-step/passkeys/add",
    "account/second-step/passkeys/again", "account/second-step/passkeys/sign-in",
    "account/second-step/passkeys/<int:pk>/remove", "account/messages", "account/messages/stop/<str:token>",
    "my/<str:uid>/seen", "desk/log", "desk/stale", "desk/stale/<str:uid>/ask",
    "my/join", "my/join/<str:uid>", "my/claims/<int:key>/give-up", "my/invitations/<str:token>",
    "my/<str:uid>/colleagues", "my/<str:uid>/colleagues/<slug:who>/end",
    "my/<str:uid>/invitations/<int:key>/take-back", "desk/claims-to-organisations",
    "desk/claims-to-organisations/codes", "desk/claims-to-organisations/<int:key>",
    "my/", "desk/edits", "desk/edits/<slug:entry>", "desk/edits/<slug:entry>/retract",
    "desk/additions", "desk/additions/<slug:entry>",
    # these take an id, and answer to who does not belong there as to one never issued: tests/web/members/test_own.py
    "my/<str:uid>", "my/<str:uid>/values/<str:subject>/<slug:prop>", "my/<str:uid>/proposals/<slug:entry>/withdraw",
    "my/<str:uid>/values/<str:subject>/<slug:prop>/still-right", "my/<str:uid>/confirmations/<slug:entry>/undo",
    "news", "news/<int:key>", "news/propose", "news/mine", "news/<int:key>/change", "news/<int:key>/remove",
    "feeds/news.atom", "feeds/news.ics", "desk/news", "desk/news/new", "desk/news/<int:key>",
    "news/bulletins", "news/bulletins/<int:key>", "news/bulletins/subscribe", "news/bulletins/follow",
    "news/bulletins/confirm/<str:token>", "news/bulletins/stop/<str:token>", "desk/news/bulletins",
    "desk/news/bulletins/<int:key>", "desk/news/bulletins/<int:key>/send",
}  # fmt: skip
"""Addresses that take no id of the register (those of people take the opaque name of a person)."""
PARAMETERS = {"organisation", "holder", "subject", "q", "uid", "text", "sid"}
"""Parameters of the API in which an id may stand; the doors above try each."""
OTHERS = {
    "key",
    "definition", "counted", "segment", "place", "size", "capability", "licence", "ownership", "mission", "member",
    "activity", "type", "near", "within", "sort", "ended", "kind", "live", "ends_before", "postcode", "lad", "state",
    "property", "source", "limit", "cursor", "since", "name", "entry", "role", "whose", "offset", "after", "before",
    "person", "action", "until", "act", "number",
}  # fmt: skip


def routes(resolver: URLResolver | Any, before: str = "") -> Iterator[str]:
    """All addresses, as the URL conf writes them."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern)


def test_every_address_is_a_door_or_takes_no_id() -> None:
    found = {route for route in routes(get_resolver()) if not route.startswith("style")}
    assert found == DOORS.keys() | WITHOUT | BEHIND | set(STATEMENTS) | BY_TOKEN | BY_TOKEN_WITHOUT
    assert not DOORS.keys() & (WITHOUT | BEHIND)


def test_doors_of_the_desk_answer_alike_whatever_the_id(world: Package, ask: Any) -> None:
    for route in BEHIND:
        for kind in KINDS:
            path = "/" + route.replace("<str:uid>", "ID")
            answers = [ask(ANYBODY, get(path)(one), one) for one in (HIDDEN[kind], NEVER[kind], OPEN[kind])]
            assert answers[0] == answers[1] == answers[2] and answers[0][0] == 302, (route, kind)


def test_every_parameter_of_the_api_is_known() -> None:
    operations = [one for path in api.get_openapi_schema()["paths"].values() for one in path.values()]
    names = {parameter["name"] for one in operations for parameter in one.get("parameters", ())}
    assert names <= PARAMETERS | OTHERS
    assert names >= PARAMETERS


READ = {"id", "url", "uid", "q", "prefix", "queries", "extend"} | {
    "all",
    "callback",
    "format",
    "kind",
    "page",
    "rows",
    "show",
    "type",
}
READ |= {"one", "other", "record", "name", "postcode"}  # of merges, at the desk alone
READ |= {"about", "free"}  # of premises: what an enquiry is about, and how much is to be free
READ |= {"before", "code", "error", "iss", "state"}  # of accounts: mails, and the way back from another service
"""Parameters that views read themselves: those in which an id may stand, which doors above try, and the others."""


def test_every_parameter_that_a_view_reads_is_known() -> None:
    files = (Path(lifecluster.web.__file__).parent).rglob("*.py")
    text = "\n".join(path.read_text("utf-8") for path in files if "styleguide" not in path.parts)
    named = re.findall(r"GET\.get(?:list)?\(\s*\"(\w+)\"|(?:GET|sent)\[\"(\w+)\"\]|\"(\w+)\" in sent", text)
    assert {name for names in named for name in names if name} == READ


class Doorman:
    """Middleware of the tests: says who is looking."""

    viewer = ANYBODY

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = self  # type: ignore[assignment]  # whatever has a viewer is a reader
        return self._get_response(request)


def rows(*, there: bool = True) -> list[dict[str, Any]]:
    """The group of alpha, and an organisation with all it has; or (not `there`) what is left if it had never come."""
    party = {"value": org("hidden"), "original": AS_WRITTEN} if there else {"value": AS_WRITTEN}
    joint = uid("collaboration", "joint")
    found = said(OPEN["group"], {"name": "Alpha Group"}) + said(org("alpha"), {"parent": OPEN["group"]})
    found += said(joint, {"holder": org("alpha"), "title": "Joint work"})
    found += [{**said(joint, {"partner": "x"}, record="bench-official/collaboration:joint")[0], **party}]
    if not there:
        return found
    found += said(HIDDEN["organisation"], {"name": CALLED, "company_number": NUMBER, "employees": 7,
                                           "organisation_type": "company", "parent": HIDDEN["group"],
                                           "capability": ["hushwell-casting"]})  # fmt: skip
    found += said(HIDDEN["site"], {"holder": HIDDEN["organisation"], "town": "Hushwellton", "postcode": "LE9 9ZZ"})
    found += said(HIDDEN["licence"], {"holder": HIDDEN["organisation"], "licence_type": "MIA", "ends_on": "2027-05-05"})
    found += said(HIDDEN["group"], {"name": "Hushwell Group"})
    return found


def build(folder: Path, *, there: bool = True) -> Path:
    closed = dict.fromkeys([*HIDDEN.values(), MERGED, ONCE], "desk")
    extra = rows(there=there) + (said(ONCE, {"name": "Onceover Ltd"}) if there else [])
    events = [("absent", GONE, None)]
    if there:
        events += [("redirect", MERGED, org("beta")), ("split", org("beta"), HIDDEN["organisation"])]
    else:
        events += [("absent", ONCE, None)]
    presence = closed if there else {}
    return making.small(folder, "doors-1", extra=extra, events=events, presence=presence, ever={ONCE: "public"}).path


@pytest.fixture
def world(database: None, tmp_path: Path) -> Iterator[Package]:
    yield load(build(tmp_path))
    remembered.shelf.empty()
    memo.forget()


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The answer of a door to a reader: status, headers and body."""
    from django.conf import settings

    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "tests.web.test_doors.Doorman"]):
        client = Client(raise_request_exception=False)

        def answer(who: Viewer, made: tuple[str, dict[str, Any]], *hide: str) -> tuple[int, Mapping[str, str], str]:
            Doorman.viewer = who
            path, more = made
            client.cookies.clear()
            if "form" in more:
                response = client.post(path, more["form"])
            else:
                response = client.get(path, headers=more.get("headers", {}))
            body = b"".join(response.streaming_content) if response.streaming else response.content
            headers = {
                name: plain(value, *hide) for name, value in response.headers.items() if name != "Content-Length"
            }
            if "ETag" in headers:  # of the address and of what is shown: the id is in both
                headers["ETag"] = "…"
            return response.status_code, headers, plain(body.decode("utf-8", "replace"), *hide)

        yield answer
    Doorman.viewer = ANYBODY


def plain(text: str, *ids: str) -> str:
    """A text without the ids asked for, however they are written, and names made of a hash of the question."""
    for one in ids:
        for form_ in (one, one.lower(), one.replace("-", ""), one.lower().replace("-", "")):
            text = text.replace(form_, "ID")
    return re.sub(r"(doors-1|midlands-2026-10-01-[0-9a-f]{8})-[0-9a-f]{8}", r"\1-…", text)


KINDS = sorted(HIDDEN)
ALL = [(route, name) for route, doors in DOORS.items() for name in doors]


def as_visitor(route: str) -> bool:
    """Whether a door reads as a visitor whoever asks."""
    return route.startswith(("api/", "id/", "^reconcile", "reconcile", "export", "feeds", "oembed"))


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_a_hidden_id_answers_as_one_that_was_never_issued(world: Package, ask: Any, who: str) -> None:
    for route, name in ALL:
        if who != "visitor" and as_visitor(route):
            continue
        door = DOORS[route][name]
        for kind in KINDS:
            hidden = ask(VIEWERS[who], door(HIDDEN[kind]), HIDDEN[kind])
            never = ask(VIEWERS[who], door(NEVER[kind]), NEVER[kind])
            assert hidden == never, (route, name, kind)
            assert CALLED not in hidden[2] and NUMBER not in hidden[2], (route, name)
        merged = ask(VIEWERS[who], door(MERGED), MERGED)
        assert merged == ask(VIEWERS[who], door(NEVER["organisation"]), NEVER["organisation"]), (route, name)


def test_what_was_public_once_answers_as_what_is_gone(world: Package, ask: Any) -> None:
    for route, name in ALL:
        door = DOORS[route][name]
        assert ask(ANYBODY, door(ONCE), ONCE) == ask(ANYBODY, door(GONE), GONE), (route, name)
    assert ask(ANYBODY, DOORS["api/v1/ids/<text>"]["/api/v1/ids/ID"](ONCE))[0] == 200
    assert reads.resolve(ONCE, ANYBODY).status == "absent"


def test_the_desk_finds_it_and_the_interfaces_answer_as_to_a_visitor(world: Package, ask: Any) -> None:
    pages = {"organisation": "organisations/<str:uid>", "site": "sites/<str:uid>", "licence": "things/<str:uid>",
             "group": "groups/<str:uid>"}  # fmt: skip
    for kind, route in pages.items():
        (door,) = [d for name, d in DOORS[route].items() if name.endswith("/ID")]
        assert ask(VIEWERS["desk"], door(HIDDEN[kind]))[0] in {200, 301}, kind
        assert ask(VIEWERS["desk"], door(NEVER[kind]))[0] == 404, kind
    for route, name in ALL:
        if as_visitor(route):
            door = DOORS[route][name]
            one = HIDDEN["organisation"]
            assert ask(VIEWERS["desk"], door(one), one) == ask(ANYBODY, door(one), one), (route, name)
    assert reads.resolve(MERGED, VIEWERS["desk"]).uid == org("beta")
    assert reads.resolve(org("beta"), VIEWERS["desk"]).others == (org("hidden"),)
    assert reads.resolve(org("beta"), ANYBODY).others == ()


def test_a_public_id_is_found_at_every_door(world: Package, ask: Any) -> None:
    """The test above could not fail if every door were shut."""
    quiet = {
        "feeds/dates.ics",
        "desk/merges/",
        "desk/merges/merge",
        "desk/merges/split/<str:uid>",
    }  # the first says what ends of what is found, and alpha's licence is not among its words; merges are the desk's
    for route in DOORS.keys() - quiet:
        differ = [
            kind for door in DOORS[route].values() for kind in KINDS
            if ask(ANYBODY, door(OPEN[kind]), OPEN[kind]) != ask(ANYBODY, door(NEVER[kind]), NEVER[kind])
        ]  # fmt: skip
        assert differ, route


def test_the_hash_of_a_hidden_statement_is_no_hash(world: Package, ask: Any) -> None:
    hidden = Statement.objects.filter(subject=HIDDEN["organisation"], property="company_number").get().sid
    known = Statement.objects.filter(subject=OPEN["organisation"], property="company_number").get().sid
    for route in STATEMENTS:
        path = "/" + re.sub("<.*>", "", route)
        for who in ("visitor", "member"):
            shut = ask(VIEWERS[who], (f"{path}{hidden}", {}), hidden)
            assert shut == ask(VIEWERS[who], (f"{path}{'0' * 32}", {}), "0" * 32)
            assert ask(VIEWERS[who], (f"{path}{known}", {}))[0] == 200
    assert ask(VIEWERS["desk"], (f"/statements/{hidden}", {}))[0] == 200


LISTS = (
    "/", "/directory", "/directory?q=Hushwell", "/directory?q=Onceover", "/directory/points.json",
 "/directory/names.json?uid=x", "/directory/suggest?q=hush", "/directory/embed", "/definitions", "/sitemap.xml",
    "/sitemap-1.xml", "/feeds/changes.atom", "/feeds/search.atom", "/feeds/dates.ics", "/api/v1/organisations",
    "/api/v1/facets", "/api/v1/sites", "/api/v1/things", "/api/v1/groups", "/api/v1/segments", "/api/v1/statements?limit=500",
    "/api/v1/changes", "/api/v1/search?q=Hushwell", "/api/v1/suggest?q=hush", "/api/v1/definitions", "/export/csv",
    "/export/csv?rows=sites", "/export/csv?rows=things", "/export/csv?rows=statements", "/export/geojson",
    "/export/jsonld", "/export/graphml", "/reconcile/suggest/entity?prefix=hush", "/api/v1/package",
    f"/organisations/{org('alpha')}/alpha-medical-limited", f"/organisations/{org('beta')}/beta-diagnostics-ltd",
    f"/things/{uid('collaboration', 'joint')}", f"/api/v1/things/{uid('collaboration', 'joint')}",
    f"/api/v1/organisations/{org('alpha')}", f"/evidence/{uid('collaboration', 'joint')}/partner",
    f"/api/v1/ids/{org('beta')}", f"/groups/{OPEN['group']}",
)  # fmt: skip
"""What everybody reads without naming the hidden thing."""


def read_all(ask: Any) -> dict[str, tuple[int, str]]:
    remembered.shelf.empty()
    memo.forget()
    return {path: ask(ANYBODY, (path, {}))[::2] for path in LISTS}


def test_the_register_reads_as_if_it_had_never_come(database: None, ask: Any, tmp_path: Path) -> None:
    from django.db import transaction

    found = []
    for there in (True, False):
        with transaction.atomic():
            load(build(tmp_path / str(there), there=there))
            found.append(read_all(ask))
            transaction.set_rollback(True)
    for path in LISTS:
        one, other = (re.sub(r"\b[0-9a-f]{32}\b", "a hash", text[path][1]) for text in found)
        assert found[0][path][0] == found[1][path][0] == 200, path
        assert one == other, path
        assert CALLED not in one and HIDDEN["organisation"] not in one, path


def test_one_that_a_closed_list_alone_names_is_no_news_to_everybody(database: None, ask: Any, tmp_path: Path) -> None:
    """From the list to the page: it is built, loaded and asked for as the real one would be."""
    from tests.build.test_presence import built, stranger
    from tests.commands.tiny import STRANGER

    package = built(tmp_path, "members")
    one, never = stranger(package), NEVER["organisation"]
    load(package.path)
    remembered.shelf.empty()
    memo.forget()
    (page,) = [d for name, d in DOORS["organisations/<str:uid>"].items() if name.endswith("/ID")]
    assert ask(VIEWERS["member"], page(one))[0] in {200, 301}
    assert reads.organisation(one, VIEWERS["member"]).organisation.data["place_basis"] == "site"
    for route, name in ALL:
        door = DOORS[route][name]
        hidden = ask(ANYBODY, door(one), one)
        assert hidden == ask(ANYBODY, door(never), never), (route, name)
        assert STRANGER not in hidden[2], (route, name)
    for path in ("/directory", "/export/csv", "/export/csv?rows=sites", "/api/v1/organisations", "/feeds/changes.atom"):
        status, _, body = ask(ANYBODY, (path, {}))
        assert status == 200 and STRANGER not in body and one not in body, path
