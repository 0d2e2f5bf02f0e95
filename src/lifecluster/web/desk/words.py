"""The short lists from which the desk chooses, and what each word means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

PURPOSES: Mapping[str, str] = {
    "case": "keep in touch about a case",
    "referral": "pass name and address on to another body",
    "news": "send news and opportunities",
    "events": "invite to events",
    "policy": "ask for views on policy",
}
"""What a contact may agree to be used for."""
WAYS: Mapping[str, str] = {
    "writing": "in writing",
    "e-mail": "by e-mail",
    "telephone": "by telephone",
    "person": "in person",
    "form": "on a form",
}
"""How somebody agreed."""
CASE_KINDS: Mapping[str, str] = {
    "enquiry": "Enquiry",
    "support": "Support",
    "premises": "Premises",
    "funding": "Funding",
    "regulation": "Regulation",
    "partner": "Looking for a partner",
    "skills": "Skills",
    "other": "Other",
}
PRIORITIES: Mapping[int, str] = {1: "Urgent", 2: "Normal", 3: "Low"}
STATES: Mapping[str, str] = {"opened": "Open", "waiting": "Waiting for somebody else", "closed": "Closed"}
MOVES: Mapping[str, tuple[str, ...]] = {
    "opened": ("waiting", "closed"),
    "waiting": ("opened", "closed"),
    "closed": ("opened",),
}
"""From each state of a case the states that may follow."""
OUTCOMES: Mapping[str, str] = {
    "helped": "Helped",
    "referred": "Referred to another body",
    "not-taken-up": "Not taken up",
    "no-answer": "No answer from the other side",
    "out-of-scope": "Not ours to help with",
}
INTERACTIONS: Mapping[str, str] = {
    "meeting": "Meeting",
    "visit": "Visit",
    "call": "Telephone call",
    "video": "Video call",
    "e-mail": "E-mail",
    "event": "Talk at an event",
}
TOPICS: Mapping[str, str] = {
    "regulation": "Regulation of products",
    "procurement": "How the NHS buys",
    "funding": "Funding and tax",
    "skills": "Skills and visas",
    "trade": "Trade and supply",
    "premises": "Planning, premises, power",
    "data": "Data and research access",
    "other": "Another topic",
}
"""Topics of policy feedback."""
LEVELS: Mapping[str, str] = {
    "founding": "Founding member",
    "full": "Full member",
    "associate": "Associate member",
    "partner": "Partner",
}
STANDINGS: Mapping[str, str] = {"active": "Active", "lapsed": "Lapsed", "ended": "Ended"}
REFERRALS: Mapping[str, str] = {
    "drafted": "Not sent",
    "sent": "Sent, no answer yet",
    "accepted": "Taken on",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
}
LOOKING_FOR: Mapping[str, str] = {
    "laboratory": "Laboratory",
    "cleanroom": "Cleanroom",
    "office": "Office",
    "manufacturing": "Manufacturing space",
    "test-bed": "A test bed or clinical partner",
    "advice": "Advice",
    "other": "Something else",
}
CLEANROOMS: Mapping[str, str] = {
    "": "None, or not known yet",
    "iso-5": "ISO 5",
    "iso-6": "ISO 6",
    "iso-7": "ISO 7",
    "iso-8": "ISO 8",
}
"""Classes of ISO 14644-1 that firms ask for."""
WHENS: Mapping[str, str] = {
    "": "Not known yet",
    "soon": "Within 3 months",
    "year": "Within a year",
    "later": "Later",
}
ERASED = "a contact who was erased"
ANSWER_WITHIN = timedelta(days=5)
"""How soon an enquiry is answered, counted from the day it came."""
KEPT_MONTHS = 12
"""How many months after a case is closed what an enquirer told about themselves is kept."""
RENEWAL_AHEAD = timedelta(days=60)
"""How long before its day a renewal is work to be done."""
SOON = timedelta(days=7)
"""What is due within this stands on the first page."""


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """A list as a form shows it."""
    return list(words.items())
