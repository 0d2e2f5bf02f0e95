"""Claims on the home page: those with a verdict first, a few of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lifecluster.web.directory.reads import NoPackageError
from lifecluster.web.figures import reads
from lifecluster.web.figures.show import tables, words
from lifecluster.web.shell.panels import Panel

SHOWN, FIGURES = 5, 3
ORDER = {"true": 0, "true only for": 1, "false": 2, "cannot tell": 3}


def counted(one: Any) -> bool:
    """Whether it is a figure that nobody stated."""
    return bool(one.body["result"]["word"] == words.NONE)


def chosen(results: tuple[Any, ...]) -> list[Any]:
    """The claims to show: by turns one of each verdict, what cannot be told last; those without a figure never.

    A figure that nobody stated cannot be false, and is no claim to be shown with a verdict.
    """
    known = [one for one in results if one.body["result"]["basis"] is not None and not counted(one)]
    seen: dict[str, int] = {}

    def turn(one: Any) -> tuple[bool, int, int]:
        word = one.body["result"]["word"]
        seen[word] = seen.get(word, 0) + 1
        return word == "cannot tell", seen[word], ORDER[word]

    turns = {one.claim: turn(one) for one in known}
    return sorted(known, key=lambda one: turns[one.claim])[:SHOWN]


def panel(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """A few claims and the sentence that counts them; None where nothing is computed."""
    try:
        found = reads.claims()
    except NoPackageError:
        return None
    some = chosen(found.results)
    figures = [one for one in found.results if counted(one) and one.body["recipe"]["claim"]["kind"] == "total"]
    if not some and not figures:
        return None
    said = [(one.claim, one.body) for one in some]
    counts = [(one.claim, one.body) for one in figures[:FIGURES]]
    return {
        "table": tables.claims(said, "What is said about the region, and whether it holds") if said else None,
        "figures": tables.figures(counts, "What is counted in the region") if counts else None,
        "summary": words.summary(found.counts, found.region),
    }


PANEL = Panel(
    "claims", "home", 20, "What we say about ourselves, checked", "figures/panel.html", panel,
    note="Sentences that regions use in public, computed anew for each package.",
)  # fmt: skip
