"""Words of link reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lifecluster.web.directory.codes import explained
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit.formats import day

UNSAID = "a row whose words are in its file alone"
JUDGED = {"same": "the same", "different": "different", "unsure": "unsure"}
TO_REVIEW = "to review: "


def called(name: str) -> str:
    """What a row is called, as people write it."""
    return proper(name) if name else UNSAID


def chance(probability: float | None) -> str:
    """A probability with two digits, never rounded to certainty."""
    if probability is None:
        return "unknown"
    if 0.01 <= probability <= 0.99:
        return f"{probability:.2f}"
    return "> 0.99" if probability > 0.5 else "< 0.01"


def of(said: Mapping[str, Any], *props: str) -> str:
    """The values of the first of the properties that a row says anything of, one after the other."""
    words: Mapping[str, Sequence[str]] = said["words"]
    for prop in props:
        if found := words.get(prop):
            return "; ".join(_as_read(prop, value) for value in found)
    return ""


def _as_read(prop: str, value: str) -> str:
    if prop in {"name", "trading_name", "previous_name", "address", "town"}:
        return proper(value)
    if prop in {"incorporated_on", "dissolved_on"}:
        return on(value)
    if prop == "website":
        return value.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    if prop in {"status", "activity", "capability", "organisation_type"}:
        return value.replace("-", " ")
    return explained(prop, value)


def on(text: str) -> str:
    """A day that is written as ISO 8601 has it, as people write it; any other text as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def reviewed_because(reasons: Sequence[str]) -> str:
    """Why the machine did not take the link, in words that begin with a capital; "" if it does not say."""
    told = next((one.removeprefix(TO_REVIEW) for one in reversed(reasons) if one.startswith(TO_REVIEW)), "")
    return told[:1].upper() + told[1:]


def judged(action: str) -> str:
    """What was judged, as a sentence goes on: "are judged …"."""
    kind = action.removeprefix("judgement.")
    return JUDGED.get(kind, kind)
