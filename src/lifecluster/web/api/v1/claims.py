"""Claims: sentences with figures, and whether they are true."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from lifecluster.web.api.v1.common import answers, section, unchanged
from lifecluster.web.figures import reads
from lifecluster.web.figures.models import SHORT, ClaimResult
from lifecluster.web.figures.show import words

router = section("Claims")
NOT_YET = "the claims of this package are not computed yet: run `lifecluster claims refresh`"


class ClaimRow(Schema):
    """A claim in the list; figures are those of the definition that decides, null where none could be computed."""

    name: str
    title: str
    sentence: str = Field(description="with its slots filled")
    kind: str = Field(description="total, share, growth or rank")
    region: str
    verdict: str = Field(description="in full")
    word: str = Field(description="true, false, true only for, cannot tell, or no verdict: a figure that nobody stated")
    only_for: list[str]
    probability: float | None = Field(description="that the sentence holds")
    shown: str | None = Field(description="as a public table shows it; [c] withheld")
    value: float | None = Field(description="as the rows state it; it need not lie in low to high")
    expected: float | None = Field(description="always in low to high")
    low: float | None = Field(description="95 %; interval_of names what it takes in")
    high: float | None
    interval_of: list[str]
    unit: str | None
    definition: str | None
    source: str | None
    geography: str | None
    vintage: str | None
    computed_on: date
    url: str
    page: str = Field(description="the page for people")


class PublicationOut(Schema):
    """A frozen publication."""

    published_on: date
    record: str = Field(description="id of the computation it freezes")
    page: str


class ClaimList(Schema):
    """All claims of the package that is shown."""

    region: str
    counts: dict[str, int] = Field(description="claims by verdict")
    note: str = Field(description="what to do where nothing is computed yet, or empty")
    items: list[ClaimRow]


class ClaimOut(ClaimRow):
    """A claim with every definition, the ranks of all regions, what changed, the recipe and the sources."""

    result: dict[str, Any] = Field(description="as `lifecluster claims compute --json` gives it")
    recipe: dict[str, Any]
    about: dict[str, Any] = Field(description="as `lifecluster claims explain --json` gives it, without history")
    record: str = Field(description="id of the computation")
    publications: list[PublicationOut]


SAID = ("title", "sentence", "region", "verdict", "word", "only_for", "probability")
FIGURES = (
    "shown",
    "value",
    "expected",
    "low",
    "high",
    "interval_of",
    "unit",
    "definition",
    "source",
    "geography",
    "vintage",
)


def _row(one: ClaimResult, request: HttpRequest) -> dict[str, Any]:
    result = one.body["result"]
    basis = {**dict.fromkeys(FIGURES), "interval_of": [], **(words.deciding(result) or {})}
    return {
        **{name: basis[name] for name in FIGURES},
        **{name: result[name] for name in SAID},
        "name": one.claim, "kind": one.body["recipe"]["claim"]["kind"], "computed_on": result["at"],
        "url": request.build_absolute_uri(reverse("api-v1:claim", args=[one.claim])),
        "page": request.build_absolute_uri(reverse("figures:claim", args=[one.claim])),
    }  # fmt: skip


@router.get("/claims", response=answers(ClaimList), summary="Claims and their verdicts")
@unchanged
def claims(request: HttpRequest) -> Any:
    """Every claim that ships, computed for the region of the package that is shown."""
    found = reads.claims()
    return {"region": found.region, "counts": found.counts, "note": "" if found.results else NOT_YET,
            "items": [_row(one, request) for one in found.results]}  # fmt: skip


@router.get("/claims/{name}", response=answers(ClaimOut), summary="One claim in full")
@unchanged
def claim(request: HttpRequest, name: str) -> Any:
    """A claim with everything that everybody may know of it."""
    one = reads.current_result(name)
    publications = [
        {"published_on": found.at, "record": found.record,
         "page": request.build_absolute_uri(reverse("figures:publication", args=[name, found.record[:SHORT]]))}
        for found in reads.publications(name)
    ]  # fmt: skip
    parts = {part: one.body[part] for part in ("result", "recipe", "about", "record")}
    return {**_row(one, request), **parts, "publications": publications}
