"""Enquiries from the public form: received, answered, and deleted some months after their case is closed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import outbox
from lifecluster.web.accounts.models import Mail
from lifecluster.web.desk import letters
from lifecluster.web.desk.actions.cases import new_case
from lifecluster.web.desk.actions.common import address, day_of, heard, line, lines, one_of
from lifecluster.web.desk.models import Case, Enquiry, Interaction
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import ANSWER_WITHIN, CLEANROOMS, KEPT_MONTHS, LOOKING_FOR, WHENS
from lifecluster.web.directory.viewer import OPERATOR, Viewer

GONE = "Of an enquiry that was deleted"
"""The title of a task whose own may have named who asked."""
MOST_M2, MOST_KW = 1_000_000, 100_000


def receive_enquiry(
    *, name: str, email: str, looking_for: str, where: str, viewer: Viewer, at: datetime, firm: str = "",
    telephone: str = "", cleanroom: str = "", space_m2: int | None = None, power_kw: int | None = None,
    when: str = "", text: str = "",
) -> tuple[Enquiry, str]:  # fmt: skip
    """Take an enquiry in: it becomes a case with a day by which it is answered, and a mail says that it came.

    Anybody may. Parameters: `where` the address below which private links begin; `space_m2` square metres, `power_kw`
    kilowatts. Returns the enquiry and the secret of its link, which is kept nowhere. Raises LifeclusterError.
    """
    values = _values(name=name, email=email, looking_for=looking_for, firm=firm, telephone=telephone,
                     cleanroom=cleanroom, space_m2=space_m2, power_kw=power_kw, when=when, text=text)  # fmt: skip
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        case = new_case(title=_title(values), kind="enquiry", viewer=viewer, at=at, due_on=day_of(at) + ANSWER_WITHIN)
        made: Enquiry = Enquiry.objects.create(case=case, received_at=at, token=hashed(secret), **values)
        heard("enquiry.receive", f"case:{case.pk}", viewer, at)
        letter = letters.receipt(made, f"{where}{secret}")
        outbox.write(to=made.email, subject=letter.subject, text=letter.text)
    return made, secret


def _values(**given: Any) -> dict[str, Any]:
    for number, most in (("space_m2", MOST_M2), ("power_kw", MOST_KW)):
        if given[number] is not None and not 0 < given[number] <= most:
            raise LifeclusterError(f"A number between 1 and {most:,} is wanted, not {given[number]:,}.")
    return given | {
        "name": line(given["name"], "Your name", most=120, needed=True),
        "email": address(given["email"], needed=True),
        "firm": line(given["firm"], "The name of the firm", most=150),
        "telephone": line(given["telephone"], "The telephone number", most=40),
        "looking_for": one_of(given["looking_for"], LOOKING_FOR, "What you are looking for"),
        "cleanroom": one_of(given["cleanroom"], CLEANROOMS, "Cleanroom class"),
        "when": one_of(given["when"], WHENS, "When"),
        "text": lines(given["text"], "Your message", most=3_000),
    }


def _title(values: dict[str, Any]) -> str:
    """What is asked for, in a line that names nobody."""
    parts = [LOOKING_FOR[values["looking_for"]]]
    parts += [CLEANROOMS[values["cleanroom"]]] if values["cleanroom"] else []
    parts += [f"{values['space_m2']:,} m²"] if values["space_m2"] else []
    parts += [f"{values['power_kw']:,} kW"] if values["power_kw"] else []
    return ", ".join(parts)


def hashed(secret: str) -> str:
    """What is kept of the secret of a private link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_secret(secret: str) -> Enquiry | None:
    """The enquiry that a private link leads to."""
    found: Enquiry | None = Enquiry.objects.select_related("case").filter(token=hashed(secret)).first()
    return found


def answer_enquiry(*, enquiry: int, text: str, viewer: Viewer, at: datetime, version: int | None = None) -> Enquiry:
    """Answer: the words go to the enquirer by mail and stand behind their link; the clock of the case stops.

    Raises PermissionDeniedError (`case.edit`), ChangedError, LifeclusterError.
    """
    viewer.require(WORKS)
    words = lines(text, "The answer", needed=True)
    with transaction.atomic():
        row: Enquiry = hold(Enquiry, enquiry, version)
        case: Case = hold(Case, row.case_id)
        first = row.answered_at is None
        put(row, answer=words, answered_at=at)
        if first:
            put(case, due_on=None)
        heard("enquiry.answer", f"case:{case.pk}", viewer, at)
        letter = letters.answer(row)
        outbox.write(to=row.email, subject=letter.subject, text=letter.text)
    return row


def forget_enquiry(*, secret: str, viewer: Viewer, at: datetime) -> None:
    """Delete what an enquirer told, as who has the private link. Raises LifeclusterError for a link that is none."""
    with transaction.atomic():
        row = Enquiry.objects.select_for_update().filter(token=hashed(secret)).first()
        if row is None:
            raise LifeclusterError("There is nothing behind this link.")
        forget_one(row, at, viewer=viewer)


def forget_old(*, at: datetime) -> int:
    """Delete enquiries whose cases were closed `KEPT_MONTHS` ago or longer; returns how many. For a schedule."""
    limit = datetime.combine(months_before(day_of(at), KEPT_MONTHS), time.max, tzinfo=UTC)
    with transaction.atomic():
        rows = list(
            Enquiry.objects.select_for_update().filter(case__state="closed", case__closed_at__lte=limit).order_by("pk")
        )
        for row in rows:
            forget_one(row, at)
    return len(rows)


def forget_one(row: Enquiry, at: datetime, *, viewer: Viewer = OPERATOR) -> None:
    """Delete an enquiry with the mail to who asked, and what was written in its case about somebody without an
    organisation. Within a transaction."""
    case = row.case
    row.delete()
    if not Enquiry.objects.filter(email=row.email).exists():  # else it may be of another one
        Mail.objects.filter(to=row.email, subject__in=letters.TO_ENQUIRER).delete()
    case.referrals.filter(enquirer=True).update(text="", about="", answer="", consent_by="", enquirer=False)
    if not case.organisation:
        case.notes.all().delete()
        case.tasks.update(title=GONE)
        Case.objects.filter(pk=case.pk).update(outcome_note="")
        Interaction.objects.filter(case=case, organisation="").delete()
    heard("enquiry.forget", f"case:{case.pk}", viewer, at)


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last there is in that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
