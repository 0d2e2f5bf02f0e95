"""Every act of the desk that the audit knows, in words."""

from __future__ import annotations

from collections.abc import Mapping

ACTS: Mapping[str, str] = {
    "contact.add": "a contact was written down",
    "contact.change": "what is kept of a contact was changed",
    "contact.erase": "a contact was erased",
    "consent.record": "a contact's consent was recorded",
    "consent.withdraw": "a contact's consent was taken back",
    "cluster.join": "an organisation became a member of the cluster",
    "cluster.change": "a membership of the cluster was changed",
    "case.open": "a case was opened",
    "case.change": "a case was changed",
    "case.move": "a case went to another state",
    "case.note": "a note was written",
    "task.add": "a task was set",
    "task.change": "a task was changed",
    "task.finish": "a task was done",
    "task.reopen": "a task that was done is to be done again",
    "interaction.record": "an interaction was recorded",
    "interaction.change": "an interaction was changed",
    "referral.draft": "a referral was drafted",
    "referral.change": "a referral was changed",
    "referral.consent": "consent to a referral was recorded",
    "referral.send": "a referral was sent",
    "referral.answer": "the answer to a referral was recorded",
    "referral.withdraw": "a referral was withdrawn",
    "enquiry.receive": "an enquiry came in",
    "enquiry.answer": "an enquiry was answered",
    "enquiry.forget": "what an enquirer told about themselves was deleted",
    "bulk.apply": "one property of many organisations was changed",
    "bulk.undo": "a change of many organisations was taken back",
    "import.fail": "something could not be taken in",
    "import.deal": "a failed import was dealt with",
}
