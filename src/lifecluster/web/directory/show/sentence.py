"""What a list holds, in one sentence that names every filter: for the page, its table, a frame elsewhere, oEmbed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING

from lifecluster.places.spoken import listed
from lifecluster.web.directory.loading.facets import COUNTED, UNKNOWN
from lifecluster.web.kit import formats

if TYPE_CHECKING:
    from lifecluster.web.directory.search import FacetCounts, Page

SPELT_WITH_A_VOWEL = "AEFHILMNORSX"
"""Letters whose names begin with a vowel: an MIA, a UKCA."""


def article(label: str) -> str:
    """`an MIA`, `a WDA(H)`, `an export licence`: a label with its article."""
    first = label.split("(", maxsplit=1)[0].split(maxsplit=1)[0] if label.split("(", maxsplit=1)[0].split() else label
    spelt = len(first) > 1 and first.isupper()
    vowel = label[:1] in SPELT_WITH_A_VOWEL if spelt else label[:1].lower() in set("aeiou")
    return f"{'an' if vowel else 'a'} {label}"


def _quoted(labels: list[str]) -> str:
    return either([f"“{label}”" for label in labels])


def either(labels: list[str]) -> str:
    """`a, b or c`."""
    return " or ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _sized(labels: list[str]) -> str:
    bands = [label.rpartition(", ")[2] for label in labels]
    return f"with {either([f'{band} employees' if band[:1].isdigit() else 'employees not known' for band in bands])}"


CLAUSES: Mapping[str, Callable[[list[str]], str]] = {
    "segment": lambda labels: f"in the segment {_quoted(labels)}",
    "place": lambda labels: f"in {either(labels)}",
    "size": _sized,
    "capability": lambda labels: f"with the capability {_quoted(labels)}",
    "licence": lambda labels: f"holding {either([article(label) for label in labels])}",
    "ownership": lambda labels: f"of the ownership {_quoted(labels)}",
    "mission": lambda labels: f"in the healthcare mission {_quoted(labels)}",
    "member": lambda labels: f"belonging to {either(labels)}",
    "activity": lambda labels: f"with the activity {_quoted(labels)}",
    "type": lambda labels: f"of the kind {_quoted(labels)}",
    "facility": lambda labels: f"with premises of the kind {_quoted(labels)}",
}
"""What a list with values of a facet says of its organisations, from the labels of the values."""


def clauses(facets: list[FacetCounts]) -> list[str]:
    """A clause for each facet that is set but the definition's, which has the verb of the sentence."""
    found = []
    for facet in facets:
        labels = [value.label if value.value != UNKNOWN else "not known" for value in facet.values if value.chosen]
        if labels and facet.name != COUNTED:
            found.append(CLAUSES[facet.name](labels))
    return found


def verb(counted: set[str], total: int) -> str:
    """What the organisations of the list do under a definition: count, for certain or not, or are left open."""
    one = total in {0, 1}
    if counted in ({"yes"}, {"no"}):
        no = " does not" if one else " do not"
        return f"certainly{no if counted == {'no'} else ''} count{'s' if one and counted == {'yes'} else ''}"
    if counted <= {"yes", "likely"}:  # also where nothing is chosen
        return "counts" if one else "count"
    if not counted & {"yes", "no"}:
        return "is left open" if one else "are left open"
    return "stands" if one else "stand"


def sentence(page: Page, titles: Mapping[str, str]) -> str:
    """What the list holds, in a sentence; `titles` of the definitions by name."""
    query = page.query
    count = formats.number(page.total) if page.total else "No"
    what = "organisation" if page.total in {0, 1} else "organisations"
    said = "".join(f" {part}" for part in [listed(clauses(page.facets))] if part)
    under = ""
    if query.definition in titles:
        joined = " and" if query.q else ""
        under = f"{joined} {verb(set(query.counted), page.total)} under “{titles[query.definition]}”"
        under += _certainty(page) if verb(set(query.counted), page.total).startswith("stand") else ""
    elif query.segment and page.definition in titles:
        under = f" (segments of “{titles[page.definition]}”)"
    near = f" within {query.within:g} km of {page.found.label}" if page.found else ""
    matches = f" {'matches' if page.total in {0, 1} else 'match'} “{page.corrected or query.q}”" if query.q else ""
    rest = " in the register" if not (under or near or matches or query.chosen) else ""
    ended = ", those that have closed included" if query.ended else ""
    return f"{count} {what}{said}{matches}{near}{under}{rest}{ended}."


def _certainty(page: Page) -> str:
    """The certainties that are chosen where no verb says them."""
    chosen = [v.label for facet in page.facets if facet.name == COUNTED for v in facet.values if v.chosen]
    return f" ({'; '.join(chosen).lower()})" if chosen else ""


def snippet(said: str, frame: str, address: str, source: str) -> str:
    """Markup for a page elsewhere: the list in a frame, and below it a link for where frames are not shown.

    `said` the sentence, `frame` and `address` of the list for frames and for people, `source` of the data in words.
    Plain text: the page that shows it escapes it once more.
    """
    said, frame, address, source = (escape(text) for text in (said, frame, address, source))
    return (
        f'<iframe src="{frame}" title="{said}" width="100%" height="600" loading="lazy"></iframe>\n'
        f'<p><a href="{address}">{said}</a> Source: {source}.</p>'
    )
