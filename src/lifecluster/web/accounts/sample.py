"""People of the sample region: one for each role, so that everything can be tried. Their passwords are drawn by lot,
shown once and kept only as hashes; where another region than the sample is shown, there are no such people."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from lifecluster.policy.roles import ROLES
from lifecluster.web.accounts import actions
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import ADMINISTRATOR, GIVEN, MEMBER, SAMPLE_DOMAIN
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR
from lifecluster.web.shell.registry import Registry

WHY = "a person of the sample region"
WORDS_OF_PASSWORD = 4
SHOWN_BEFORE = "Sample sign-ins were shown at the first start; `lifecluster people sample` makes new ones."


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is shown once: `key` for an authenticator app and one `code` in its place, where a second step is asked."""

    title: str
    email: str
    password: str
    key: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a room puts into the sample region beside its people: `make(package, at)` does nothing where its work is
    done already, and writes through the room's actions, as the sample's people (`name@SAMPLE_DOMAIN`)."""

    name: str
    order: int
    make: Callable[[Package, datetime], None]


rooms: Registry[Furniture] = Registry("sample of a room")


def password() -> str:
    """A password drawn by lot that can be typed: 80 bits in groups of letters and digits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(WORDS_OF_PASSWORD))


def people() -> Iterable[Person]:
    """The people of the sample that are here."""
    return Person.objects.filter(email__endswith=f"@{SAMPLE_DOMAIN}")


def remove(*, at: datetime) -> int:
    """Delete the people of the sample; returns how many there were."""
    found = list(people())
    for person in found:
        actions.delete_person(person=person, viewer=OPERATOR, at=at, why=WHY)
    return len(found)


def make(package: Package, *, at: datetime) -> list[SignIn]:
    """One person for each role; two organisations have a member, so that one can look at the other's.

    Those that were here before go. The package must be of the sample region: else nobody is made.
    """
    with transaction.atomic():
        remove(at=at)
        if not package.sample:
            return []
        own, other = _organisations(package)
        made = [_person(role, own, at) for role in (MEMBER, ADMINISTRATOR)]
        made.append(_person(MEMBER, other, at, called="other-member", title="Member of another organisation"))
        made += [_person(role, None, at) for role in GIVEN if role != MEMBER]
        for room in rooms.all():
            room.make(package, at)
        return made


def _organisations(package: Package) -> tuple[str | None, str | None]:
    """Ids of two organisations, the first and the second by their names' order in the register."""
    rows = Organisation.objects.visible_to(ANYBODY, package).order_by("number").values_list("uid", flat=True)[:2]
    found: list[str | None] = [*rows, None, None]
    return found[0], found[1]


def _person(role: str, organisation: str | None, at: datetime, *, called: str = "", title: str = "") -> SignIn:
    """Somebody with a role, and how they sign in."""
    email, word = f"{called or role.replace('_', '-')}@{SAMPLE_DOMAIN}", password()
    name = f"Sample {(title or ROLES[role].title).lower()}"
    person = actions.add_person(email=email, viewer=OPERATOR, at=at, name=name, password=word)
    if organisation is not None:
        actions.join(person=person, organisation=organisation, viewer=OPERATOR, at=at, why=WHY,
                     administrator=role == ADMINISTRATOR)  # fmt: skip
    elif role in GIVEN:
        actions.grant_role(person=person, role=role, viewer=OPERATOR, at=at, why=WHY)
    key = code = ""
    if ROLES[role].second_step:
        key = generate_totp_secret()
        TOTP.activate(person, key)
        code = RecoveryCodes.activate(person).get_unused_codes()[0]
    return SignIn(title or ROLES[role].title, email, word, key, code)


def shown(sign_ins: Iterable[SignIn]) -> str:
    """Sign-ins as lines for a terminal."""
    lines = ["Sample sign-ins, shown this once (`lifecluster people sample` makes new ones):"]
    for one in sign_ins:
        lines.append(f"  {one.title + ':':<32}{one.email:<38}{one.password}")
        if one.key:
            lines.append(f"  {'':<32}second step: this key in an authenticator app: {one.key}")
            lines.append(f"  {'':<32}or, once, this recovery code: {one.code}")
    return "\n".join(lines)
