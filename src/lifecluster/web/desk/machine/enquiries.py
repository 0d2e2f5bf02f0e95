"""Enquiries: what firms asked, and the desk's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import After, Limit, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import enquiries
from lifecluster.web.desk.machine.base import NEEDS, OfCase, desk, found, rows
from lifecluster.web.desk.models import Enquiry


class EnquiryAnswerIn(Sent):
    """The answer."""

    model_config = example(text="There is a laboratory of that size in Nottingham.")
    text: str = Field(min_length=1, max_length=5000, description="sent by mail, word for word")


class EnquiryOut(Versioned, OfCase):
    """An enquiry."""

    name: str
    firm: str
    email: str
    telephone: str
    looking_for: str
    cleanroom: str
    space_m2: int | None
    power_kw: int | None
    when: str
    text: str
    received_at: datetime
    answer: str
    answered_at: datetime | None


class EnquiryList(Page[EnquiryOut]):
    """Enquiries."""


@desk.read("/enquiries", needs=NEEDS, gives=EnquiryList, summary="Enquiries")
def enquiry_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """By number, those that have an answer included."""
    return bodies.page(rows(Enquiry, request), after, limit)


@desk.read("/enquiries/{key}", needs=NEEDS, gives=EnquiryOut, summary="One enquiry")
def enquiry(request: HttpRequest, key: int) -> Any:
    """Its case says by when it is to be answered."""
    return found(Enquiry, request, key, "enquiry")


@desk.act("/enquiries/{key}/answer", needs=NEEDS, gives=EnquiryOut, summary="Answer an enquiry")
def answer_enquiry(request: HttpRequest, key: int, body: EnquiryAnswerIn) -> Any:
    """By mail; the clock of the case stops. `If-Match`: the version that you saw."""
    row = found(Enquiry, request, key, "enquiry")
    return enquiries.answer_enquiry(enquiry=row.pk, text=body.text, viewer=viewer(request), at=moment(),
                                    version=bodies.version(request))  # fmt: skip
