"""The letters that the desk sends, word for word: what a page previews is what is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings

from lifecluster.web.desk.models import Enquiry, Referral
from lifecluster.web.desk.words import ANSWER_WITHIN, KEPT_MONTHS, LOOKING_FOR
from lifecluster.web.kit.formats import day

RECEIPT, ANSWER = "Your enquiry came in", "An answer to your enquiry"
TO_ENQUIRER = (RECEIPT, ANSWER)
"""Subjects of what goes to an enquirer."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: to whom, under which words, and its text."""

    to: str
    subject: str
    text: str

    @property
    def digest(self) -> str:
        """A short name of exactly this letter: consent is for one letter, not for whatever it becomes."""
        return hashlib.sha256("\0".join((self.to, self.subject, self.text)).encode()).hexdigest()[:32]


def receipt(enquiry: Enquiry, link: str) -> Letter:
    """To the enquirer: it came, and what becomes of it."""
    text = (
        f"Thank you. Your enquiry came in on {day(enquiry.received_at.date(), long=True)}: {enquiry.case.title}.\n\n"
        f"The cluster team answers within {ANSWER_WITHIN.days} days. This private link shows where it stands,\n"
        f"and lets you delete what you told us:\n\n{link}\n\n"
        f"Whoever has the link can read it: pass it on only if you mean to. What you told us is used to\n"
        f"answer you and for nothing else, and is deleted {KEPT_MONTHS} months after the case is closed.\n"
    )
    return Letter(enquiry.email, RECEIPT, text.replace("\u00a0", " "))


def answer(enquiry: Enquiry) -> Letter:
    """To the enquirer: the answer."""
    what = LOOKING_FOR[enquiry.looking_for].lower()
    text = (
        f"You asked us ({what}). Our answer:\n\n{enquiry.answer}\n\nThe private link of the first mail shows it too.\n"
    )
    return Letter(enquiry.email, ANSWER, text)


def referral(row: Referral) -> Letter:
    """To another body: what is passed on, and nothing else."""
    who = [*_contact(row), *_enquirer(row)]
    asked = (
        "\n".join(["Whom to answer:", *who]) if who else "No person’s name or address is passed on: please answer us."
    )
    text = (
        f"To {row.body}\n\nWith the consent of those whom it is about we pass this on to you:\n\n"
        f"{row.about}\n\n{asked}\n\n"
        f"Please tell us whether you take it on, by answering the cluster team. Our number: {row.case_id}.\n\n"
        f"The cluster team\n{settings.DEFAULT_FROM_EMAIL}\n"
    )
    return Letter(row.email, f"Referral, our case {row.case_id}", text)


def _contact(row: Referral) -> list[str]:
    """The contact whose name and address go with it."""
    one = row.contact
    if one is None or one.erased_at is not None:
        return []
    return [", ".join(part for part in (one.name, one.role, one.email, one.telephone) if part)]


def _enquirer(row: Referral) -> list[str]:
    enquiry = Enquiry.objects.filter(case=row.case_id).first() if row.enquirer else None
    if enquiry is None:
        return []
    return [", ".join(part for part in (enquiry.name, enquiry.firm, enquiry.email, enquiry.telephone) if part)]
