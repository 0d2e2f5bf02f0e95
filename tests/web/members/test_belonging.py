"""Coming to belong: by domain, by code, by the desk, by invitation; and what nobody learns on the way."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts import taking
from lifecluster.web.accounts.models import AuditRow, Membership, Person
from lifecluster.web.directory.models import Identity, Package
from lifecluster.web.directory.viewer import OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.members import belonging, domains
from lifecluster.web.members.jobs import old_invitations
from lifecluster.web.members.models import Code, Invitation, OrganisationClaim
from lifecluster.web.merges import actions as merges
from tests.web.accounts.conftest import AT, person, window
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org
from tests.web.members.conftest import ALPHA, desk, fields, mails, member, said, tree
from tests.web.pages.conftest import assert_harmless
from tests.web.pages.test_hostile import HOSTILE
from tests.web.tokens import Program, token

BETA, GAMMA = org("beta"), org("gamma")
DESK = Viewer(frozenset({"desk"}), actor="person:desk")
SITES = {BETA: "https://www.beta.example/about", ALPHA: "http://alpha.example",
         GAMMA: "https://shared.example/gamma", org("epsilon"): "shared.example", org("delta"): "https://gmail.com"}  # fmt: skip


@pytest.fixture
def region(database: None, tmp_path: Path) -> Package:
    """The small register, whose organisations have web addresses."""
    rows = [row for uid, url in SITES.items() for row in making.said(uid, {"website": url})]
    rows += making.said(org("secret"), {"name": "Secret Ltd", "website": "https://secret.example"})
    return load(making.small(tmp_path, extra=rows, presence={org("secret"): "desk"}).path)


def ask(who: Person, organisation: str = BETA, **more: Any) -> OrganisationClaim:
    mine = Person.objects.get(pk=who.pk)
    return belonging.claim(organisation=organisation, person=mine, viewer=mine.viewer, at=AT, **more)


def places(who: Person) -> list[tuple[str, bool]]:
    return list(who.memberships.at(AT + timedelta(days=1)).values_list("organisation", "administrator"))


def test_the_domain_of_a_confirmed_address_proves_it(region: Package) -> None:
    who = person("ada@beta.example")
    mine = window(who)
    assert "My organisation" in said(mine.get("/"))
    found = mine.get("/my/join?q=diagnostics")
    (link,) = tree(found).cssselect(f"a[href='/my/join/{BETA}']")
    assert "Bêta Diagnostics" in link.text_content()
    done = mine.post(f"/my/join/{BETA}", fields(mine.get(f"/my/join/{BETA}")))
    assert done.headers["Location"] == f"/my/{BETA}"
    assert mine.get(f"/my/{BETA}").status_code == 200
    assert list(who.memberships.values_list("organisation", "administrator", "given_by")) == [
        (BETA, False, "role:proof")
    ]
    assert [row.action for row in AuditRow.objects.filter(subject=who.actor).order_by("pk")][-2:] == [
        "organisation.claim", "member.join",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("email", "organisation", "proven"),
    [("a@beta.example", BETA, True), ("a@alpha.example", ALPHA, True), ("a@alpha.example", BETA, False),
     ("a@mail.beta.example", BETA, False), ("a@xbeta.example", BETA, False), ("a@example", BETA, False),
     ("a@shared.example", GAMMA, False), ("a@gmail.com", org("delta"), False), ("a@www.beta.example", BETA, False),
     ("beta.example", BETA, False), ("", BETA, False), ("a@beta.example@evil.example", BETA, False)],
)  # fmt: skip
def test_what_a_domain_proves(region: Package, email: str, organisation: str, proven: bool) -> None:
    assert domains.proves(email, organisation) is proven


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.Example.ORG/x", "example.org"), ("example.org:8080", "example.org"), ("https://[::1", ""),
     ("https://straße.example", "strasse.example"), ("", ""), ("https://a..b", ""), ("https://u@example.org", "example.org"),
     ("https://example.org.", "example.org"), ("javascript:alert(1)", "")],
)  # fmt: skip
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert domains.host_of(url) == host


def test_an_address_that_was_not_confirmed_proves_nothing(region: Package) -> None:
    who = person("ada@beta.example")
    from allauth.account.models import EmailAddress

    EmailAddress.objects.filter(user=who).update(verified=False)
    with pytest.raises(PermissionDeniedError):
        ask(who)


def test_without_proof_the_desk_decides_and_the_person_hears(region: Package) -> None:
    who = person("ada@gmail.com")
    mine, office = window(who), desk()
    sent = {**fields(mine.get(f"/my/join/{BETA}")), "words": "I run the laboratory"}
    assert mine.post(f"/my/join/{BETA}", sent).headers["Location"] == "/my/join"
    assert "has not decided yet" in said(mine.get("/my/join")) and mine.get(f"/my/{BETA}").status_code == 404
    assert "ada: Bêta Diagnostics Ltd" in said(office.get("/desk/"))
    (row,) = OrganisationClaim.objects.all()
    page = office.get(f"/desk/claims-to-organisations/{row.pk}")
    assert "ada@gmail.com" in said(page) and "I run the laboratory" in said(page) and "beta.example" in said(page)
    path = f"/desk/claims-to-organisations/{row.pk}"
    assert office.post(path, {"decision": "accept", "why": " "}).status_code == 422
    done = office.post(path, {"decision": "accept", "why": "rang the firm", "administrator": "on"})
    assert done.headers["Location"] == "/desk/claims-to-organisations"
    (mail,) = mails("ada@gmail.com")
    assert "You belong to" in mail.subject and f"/my/{BETA}" in mail.text
    assert [row[1] for row in who.memberships.values_list("organisation", "administrator")] == [True]
    again = office.post(path, {"decision": "refuse", "why": "no"})
    assert again.status_code == 422 and "decided already" in said(again)


def test_a_refusal_is_heard_and_one_may_ask_again(region: Package) -> None:
    who = person("ada@gmail.com")
    row = ask(who)
    with pytest.raises(LifeclusterError, match="already"):
        ask(who)
    belonging.decline(entry=row, viewer=DESK, at=AT, why="nobody there knows you")
    assert "nobody there knows you" in mails("ada@gmail.com")[0].text
    assert "nobody there knows you" in said(window(who).get("/my/join"))
    assert ask(who).state == "pending"


def test_so_it_is_where_the_administrator_is_of_one_that_was_merged_into_it(region: Package) -> None:
    member("boss@gamma.example", GAMMA, administrator=True)
    merges.merge(one=BETA, other=GAMMA, viewer=DESK, at=AT, why="the same")
    (uid,) = {row.target for row in Identity.objects.filter(uid__in=[BETA, GAMMA])}
    assert uid == BETA, "the other leads to it"
    assert ask(person("ada@beta.example"), BETA).state == "pending"
    assert len(mails("boss@gamma.example")) == 1


def test_an_organisation_with_an_administrator_is_the_desks_to_decide(region: Package) -> None:
    member("boss@beta.example", BETA, administrator=True)
    member("other@beta.example", BETA)
    who = person("ada@beta.example")
    mine = window(who)
    page = mine.get(f"/my/join/{BETA}")
    done = mine.post(f"/my/join/{BETA}", fields(page), follow=True)
    for response in (page, done, mine.get("/my/join"), mine.get("/my/join?q=beta")):
        assert "boss" not in said(response) and "administrator" not in said(response).lower()
    assert places(who) == []
    (mail,) = mails("boss@beta.example")
    assert "Somebody asks to belong" in mail.subject and "ada" not in mail.text
    assert mails("other@beta.example") == []
    text = said(desk().get(f"/desk/claims-to-organisations/{OrganisationClaim.objects.get().pk}"))
    assert "2, of whom 1 administers" in text and "domain of the address" in text


def test_a_code_works_once_for_its_organisation_within_its_time(region: Package) -> None:
    office = desk()
    shown = office.post("/desk/claims-to-organisations/codes", {"organisation": BETA, "administrator": "on"})
    assert shown.status_code == 200, said(shown)
    (code,) = re.findall(r"^[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}$", tree(shown).cssselect(".code")[0].text_content())
    assert code not in str(list(Code.objects.values())) and code not in said(
        office.get("/desk/claims-to-organisations")
    )
    one, two = person("one@gmail.com"), person("two@gmail.com")
    with pytest.raises(LifeclusterError, match="code"):
        ask(one, ALPHA, code=code)
    mine = window(one)
    wrong = mine.post(f"/my/join/{BETA}", {"code": "AAAA-AAAA-AAAA-AAAA", "words": "x"})
    assert (
        wrong.status_code == 422 and tree(wrong).cssselect("#id_code_error") and fields(wrong)["words"].strip() == "x"
    )
    done = mine.post(f"/my/join/{BETA}", {"code": f" {code.lower().replace('-', ' ')} "})
    assert done.headers["Location"] == f"/my/{BETA}"
    assert list(one.memberships.values_list("administrator", flat=True)) == [True]
    with pytest.raises(LifeclusterError, match="code"):
        ask(two, code=code)
    assert OrganisationClaim.objects.count() == 1
    late = belonging.make_code(organisation=GAMMA, viewer=DESK, at=AT - belonging.CODE_LASTS)
    with pytest.raises(LifeclusterError, match="too old"):
        ask(two, GAMMA, code=late)


def test_codes_cannot_be_tried_without_end(region: Package) -> None:
    who = person("one@gmail.com")
    for _ in range(belonging.MOST_WRONG):
        with pytest.raises(LifeclusterError, match="not right"):
            ask(who, code="WRON-GONE")
    code = belonging.make_code(organisation=BETA, viewer=DESK, at=AT)
    with pytest.raises(LifeclusterError, match="too many"):
        ask(who, code=code)


def test_who_may_do_what(region: Package) -> None:
    who, other = person("ada@gmail.com"), person("bob@gmail.com")
    row = ask(who)
    with pytest.raises(PermissionDeniedError):
        belonging.claim(organisation=BETA, person=other, viewer=who.viewer, at=AT)
    for act in (belonging.admit, belonging.decline):
        with pytest.raises(PermissionDeniedError):
            act(entry=row, viewer=who.viewer, at=AT, why="me")  # type: ignore[operator]
    with pytest.raises(PermissionDeniedError):
        belonging.make_code(organisation=BETA, viewer=who.viewer, at=AT)
    with pytest.raises(PermissionDeniedError):
        belonging.give_up(entry=row, viewer=other.viewer, at=AT)
    assert window(other).post(f"/my/claims/{row.pk}/give-up").status_code == 404
    own = ask(person("desk-too@gmail.com", "desk"))
    with pytest.raises(PermissionDeniedError):
        belonging.admit(entry=own, viewer=Viewer(frozenset({"desk"}), actor=own.person.actor), at=AT, why="me")
    assert window(who).post(f"/my/claims/{row.pk}/give-up").status_code == 302
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_a_hidden_organisation_answers_as_one_that_was_never_issued(region: Package) -> None:
    mine = window(person("ada@secret.example"))
    for way in ("get", "post"):
        answers = []
        for one in (org("secret"), org("never")):
            response = getattr(mine, way)(f"/my/join/{one}")
            answers.append(
                (
                    response.status_code,
                    re.sub(rb'csrf\w+" value="\w+', b"", response.content.replace(one.encode(), b"ID")),
                )
            )
        assert answers[0] == answers[1] and answers[0][0] == 404
    assert "Secret" not in said(mine.get("/my/join?q=secret"))
    assert mine.get("/my/join/nonsense").status_code == 404


def test_five_may_wait_and_no_more(region: Package) -> None:
    who = person("ada@gmail.com")
    for key in ("alpha", "beta", "gamma", "epsilon", "delta"):
        ask(who, org(key))
    rows = OrganisationClaim.objects.filter(person=who)
    assert rows.count() == belonging.MOST_WAITING
    belonging.give_up(entry=rows[0], viewer=who.viewer, at=AT)
    ask(who, ALPHA)
    with pytest.raises(LifeclusterError, match="already"):
        ask(who, ALPHA)


def invited(client: Client, email: str = "new@example.org") -> str:
    """Invite over the page; the path of the link in the mail."""
    assert client.post(f"/my/{ALPHA}/colleagues", {"email": email}).status_code == 302
    (link,) = re.findall(r"http://testserver(/my/invitations/\S+)", mails(email)[-1].text)
    return link


def test_an_invitation_from_the_mail_to_the_organisation(region: Package) -> None:
    boss = window(member("boss@example.org", administrator=True))
    link = invited(boss)
    token = link.rpartition("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    assert "open until" in said(boss.get(f"/my/{ALPHA}/colleagues"))
    visitor = Client().get(link)
    assert visitor.status_code == 302 and visitor.headers["Location"].startswith(
        "/account/sign-in?next=/my/invitations/"
    )
    who = person("new@example.org")
    mine = window(who)
    assert "You are invited to Alpha Medical Limited" in said(mine.get(link))
    assert places(who) == [], "opening the link does nothing: mailboxes open links by themselves"
    assert mine.post(link).headers["Location"] == f"/my/{ALPHA}"
    assert list(who.memberships.values_list("organisation", "administrator")) == [(ALPHA, False)]
    twice = mine.post(link, follow=True)
    assert "You took this invitation up already" in said(twice) and who.memberships.count() == 1
    assert "used" in said(boss.get(f"/my/{ALPHA}/colleagues"))


def test_an_invitation_is_for_its_address_alone(region: Package) -> None:
    link = invited(window(member("boss@example.org", administrator=True)))
    other = window(person("other@example.org"))
    for way in ("get", "post"):
        response = getattr(other, way)(link)
        assert response.status_code == 404
        assert "Alpha" not in said(response) and "new@example.org" not in said(response)
        never = getattr(other, way)("/my/invitations/none")
        found = [
            re.sub(r'csrf\w+" value="\w+|/my/invitations/[\w-]+', "", one.content.decode()) for one in (never, response)
        ]
        assert found[0] == found[1], "an invitation to somebody else is as none"
    assert Invitation.objects.get().used_at is None


def test_invitations_taken_back_too_old_or_sent_anew(region: Package) -> None:
    boss = window(member("boss@example.org", administrator=True))
    first, second = invited(boss), invited(boss)
    mine = window(person("new@example.org"))
    gone = mine.get(first)
    assert gone.status_code == 410 and "was taken back" in said(gone)
    key = Invitation.objects.latest("pk").pk
    assert boss.post(f"/my/{ALPHA}/invitations/{key}/take-back").status_code == 302
    assert mine.post(second).status_code == 410
    third = invited(boss)
    Invitation.objects.update(expires_at=AT)
    assert "older than fourteen days" in said(mine.post(third))
    assert Membership.objects.filter(person__email="new@example.org").count() == 0


def test_addresses_of_invitations_that_are_over_are_forgotten(region: Package) -> None:
    boss_of = member("boss@example.org", administrator=True)
    boss, viewer = window(boss_of), Person.objects.get(pk=boss_of.pk).viewer
    made = {who: belonging.invite(organisation=ALPHA, email=f"{who}@example.org", person=boss_of, viewer=viewer, at=AT)
            for who in ("used", "back", "ended", "open")}  # fmt: skip
    Invitation.objects.filter(pk=made["used"].pk).update(used_at=AT, used_by=boss_of)
    belonging.take_back(invitation=made["back"], viewer=viewer, at=AT)
    Invitation.objects.filter(pk=made["open"].pk).update(expires_at=AT + timedelta(days=400))

    def kept() -> set[str]:
        return set(Invitation.objects.exclude(email="").values_list("email", flat=True))

    assert old_invitations(AT + belonging.ADDRESS_KEPT) == "0 addresses forgotten"
    assert old_invitations(AT + belonging.ADDRESS_KEPT + timedelta(days=1)) == "2 addresses forgotten"
    assert kept() == {"ended@example.org", "open@example.org"}
    end = AT + belonging.INVITATION_LASTS + belonging.ADDRESS_KEPT + timedelta(days=1)
    assert (old_invitations(end), old_invitations(end)) == ("1 addresses forgotten", "0 addresses forgotten")
    assert kept() == {"open@example.org"}
    assert AuditRow.objects.filter(action="invitation.forget").count() == 3
    page = said(boss.get(f"/my/{ALPHA}/colleagues"))
    assert page.count("Address no longer kept") == 3 and "used@example.org" not in page
    assert taking.copy(person=boss_of, at=end)["invitations"][0]["email"] is None
    with pytest.raises(PermissionDeniedError):
        belonging.forget_addresses(viewer=viewer, at=end)


def test_nobody_fills_mailboxes(region: Package) -> None:
    boss = window(member("boss@example.org", administrator=True))
    with override_settings(RATE_LIMITS={"invitation": (2, 3600), "mail": (2, 3600)}):
        found = [boss.post(f"/my/{ALPHA}/colleagues", {"email": "victim@example.org"}).status_code for _ in range(4)]
        assert found == [302, 302, 429, 429] and len(mails("victim@example.org")) == 2
        asks = person("ada@gmail.com")
        mine = window(asks)
        for _ in range(4):
            mine.post(f"/my/join/{ALPHA}", {"words": "", "code": ""})
            for row in OrganisationClaim.objects.filter(person=asks, state="pending"):
                mine.post(f"/my/claims/{row.pk}/give-up")
        assert len(mails("boss@example.org")) == 2


def test_invitations_of_who_may_invite_no_longer_let_nobody_in(region: Package) -> None:
    boss_of = member("boss@example.org", administrator=True)
    link = invited(window(boss_of))
    new = person("new@example.org")
    accounts.leave(person=boss_of, organisation=ALPHA, viewer=OPERATOR, at=AT + timedelta(hours=1), why="was put out")
    mine = window(new)
    answer = mine.post(link)
    assert answer.status_code == 410 and "may do so no longer" in said(answer) and places(new) == []
    boss_of.delete()
    assert mine.post(link).status_code == 410 and places(new) == []


def test_only_administrators_invite_and_end(region: Package) -> None:
    boss_of = member("boss@example.org", administrator=True)
    plain = member("plain@example.org")
    stranger = member("stranger@beta.example", BETA, administrator=True)
    boss = window(boss_of)
    invited(boss)
    key = Invitation.objects.get().pk
    for who in (plain, stranger):
        client = window(who)
        for path in (f"/my/{ALPHA}/colleagues", f"/my/{ALPHA}/colleagues/{plain.uid}/end"):
            assert client.get(path).status_code == 404
            assert client.post(path, {"email": "x@example.org", "why": "so"}).status_code == 404
        assert client.post(f"/my/{ALPHA}/invitations/{key}/take-back").status_code == 404
    assert boss.post(f"/my/{ALPHA}/colleagues/{stranger.uid}/end", {"why": "so"}).status_code == 404
    assert boss.post(f"/my/{ALPHA}/colleagues/{boss_of.uid}/end", {"why": "so"}).status_code == 404
    assert boss.post(f"/my/{ALPHA}/colleagues/{plain.uid}/end", {"why": ""}).status_code == 422
    mine = window(plain)
    assert mine.get(f"/my/{ALPHA}").status_code == 200
    assert boss.post(f"/my/{ALPHA}/colleagues/{plain.uid}/end", {"why": "moved on"}).status_code == 302
    assert mine.get(f"/my/{ALPHA}").status_code == 404
    with pytest.raises(PermissionDeniedError):
        belonging.invite(organisation=ALPHA, email="x@example.org", person=plain, viewer=plain.viewer, at=AT)


def test_who_administers_one_organisation_does_not_administer_another_that_they_belong_to(region: Package) -> None:
    who, plain = member("ann@example.org"), member("plain@example.org")
    accounts.join(person=who, organisation=BETA, viewer=OPERATOR, at=AT, why="speaks for it", administrator=True)
    invited(window(member("boss@example.org", administrator=True)))
    key = Invitation.objects.get().pk
    client, mine = window(who), Program(token(who))
    assert client.get(f"/my/{ALPHA}").status_code == 200
    assert f"/my/{ALPHA}/colleagues" not in client.get(f"/my/{ALPHA}").content.decode()
    assert client.get(f"/my/{ALPHA}/colleagues").status_code == 404, "it tells of colleagues and whom they invited"
    assert client.post(f"/my/{ALPHA}/colleagues", {"email": "x@example.org"}).status_code == 404
    assert client.post(f"/my/{ALPHA}/invitations/{key}/take-back").status_code == 404
    assert client.post(f"/my/{ALPHA}/colleagues/{plain.uid}/end", {"why": "so"}).status_code == 404
    assert mine.get(f"/organisations/{ALPHA}/colleagues").status_code == 404
    assert mine.post(f"/organisations/{ALPHA}/invitations", {"email": "x@example.org"}).status_code == 404
    assert mine.post(f"/organisations/{ALPHA}/colleagues/{plain.uid}/end", {"why": "so"}).status_code == 404
    with pytest.raises(PermissionDeniedError):
        belonging.dismiss(organisation=ALPHA, colleague=plain, viewer=who.viewer, at=AT, why="so")
    assert client.get(f"/my/{BETA}/colleagues").status_code == 200


@pytest.mark.parametrize(
    "email", ["", "none", "a@b", "ı@example.org", "x" * 300 + "@example.org", "a@example.org\nBcc: b@c.org"]
)
def test_an_address_that_is_none(region: Package, email: str) -> None:
    boss = window(member("boss@example.org", administrator=True))
    done = boss.post(f"/my/{ALPHA}/colleagues", {"email": email})
    assert done.status_code == 422 and tree(done).cssselect("#id_email_error")
    assert not Invitation.objects.exists()
    assert boss.post(f"/my/{ALPHA}/colleagues", {"email": "boss@example.org"}).status_code == 422


def test_what_is_kept_is_copied_and_goes_with_the_person(region: Package) -> None:
    boss = window(member("boss@example.org", administrator=True))
    invited(boss, "ada@gmail.com")
    who = person("ada@gmail.com")
    ask(who, words="I run the laboratory")
    copy = taking.copy(person=who, at=AT)
    assert copy["claims_to_organisations"][0]["words"] == "I run the laboratory"
    assert copy["invitations"][0]["email"] == "ada@gmail.com"
    accounts.delete_person(person=who, viewer=OPERATOR, at=AT)
    assert not OrganisationClaim.objects.exists() and not Invitation.objects.exists()
    for body in AuditRow.objects.values_list("body", flat=True):
        assert "laboratory" not in body and "@" not in body


@pytest.mark.parametrize("key", HOSTILE)
def test_hostile_words_stay_words(region: Package, key: str) -> None:
    from urllib.parse import quote

    who = person("ada@gmail.com", name=HOSTILE[key][:80].replace("\x00", ""))
    mine, office = window(who), desk()
    answer = mine.post(f"/my/join/{BETA}", {"words": HOSTILE[key], "code": ""})
    assert answer.status_code in {302, 422}
    assert_harmless(tree(mine.get(f"/my/join?q={quote(HOSTILE[key])}")))
    for row in OrganisationClaim.objects.all():
        for path in ("/desk/claims-to-organisations", f"/desk/claims-to-organisations/{row.pk}", "/desk/"):
            assert_harmless(tree(office.get(path)))


def test_the_table_of_shared_domains_says_why() -> None:
    found = domains.shared()
    assert found["gmail.com"] and all(found.values()) and all(name == name.lower() for name in found)
    assert len(found) == len(set(found))
