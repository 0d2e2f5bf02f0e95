"""Figures of the register as claims: each with its definition, its method, and the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from lifecluster.web.directory import memo
from lifecluster.web.directory.panels.headline import Headline
from lifecluster.web.directory.reads import DefinitionFigure, Figures
from lifecluster.web.directory.search import Query
from lifecluster.web.directory.search.index import index_of
from lifecluster.web.directory.show import listing, words
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.kit import formats
from lifecluster.web.kit.evidence import Evidence, Link

A_SITE = (
    "Places where an organisation works, as a source names them. "
    "A registered office is no site until something says so."
)
OPEN = ("likely", "unknown", "unlikely")
"""What a definition says where it is not certain."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Evidence of the figures of a package."""

    figures: Figures

    def _of(
        self, key: str, title: str, value: int, definition: str, method: str, *links: Link, interval: str = ""
    ) -> Evidence:
        package = self.figures.package
        return Evidence(
            key=f"figure-{key}",
            title=title,
            value=formats.number(value),
            interval=interval,
            definition=definition,
            source=f"Counted in this package, {package.name}",
            source_url=reverse("pages:package"),
            locator=f"from {formats.number(self.figures.statements)} statements of {self.figures.sources} files",
            licence="As each source has it; see the sources",
            licence_url=reverse("pages:sources"),
            observed=package.at,
            why=method,
            sample=package.sample,
            links=links,
        )

    def span(self, figure: DefinitionFigure) -> tuple[int, int]:
        """Organisations that a definition is certain of, and those that it does not rule out."""
        index = index_of(self.figures.package, ANYBODY)
        sets = {
            value: (index.members(f"counted:{figure.name}", value) & index.live).bit_count() for value in ("yes", *OPEN)
        }
        return sets["yes"], sum(sets.values())

    def definition(self, figure: DefinitionFigure) -> Evidence:
        """Organisations under a definition."""
        known = memo.definitions(self.figures.package)[figure.name]
        low, high = self.span(figure)
        return self._of(
            f"definition-{figure.name}",
            figure.title,
            figure.organisations,
            f"{words.unit(known).capitalize()}. {figure.effect}",
            f"Method: {words.METHODS.get(str(known['method']), '')}. "
            f"Expected number, all probabilities added: {formats.number(figure.expected, 1)}.",
            Link("The rows behind it", listing.url(Query(definition=figure.name))),
            Link("Those that are certain", listing.url(Query(definition=figure.name, counted=("yes",)))),
            Link("Those left open", listing.url(Query(definition=figure.name, counted=OPEN))),
            Link("The definition", f"{reverse('pages:definitions')}#{figure.name}"),
            interval=f"{formats.number(low)} certain, {formats.number(high)} possible",
        )

    def organisations(self) -> Evidence:
        """All organisations of the register that have not ended."""
        return self._of(
            "organisations",
            "Organisations in the register",
            self.figures.organisations,
            "Legal entities that a source or a definition puts into the region’s life sciences; none has ended.",
            f"Another {formats.number(self.figures.ended)} have ended; they stay in the register with their dates.",
            Link("The rows behind it", reverse("directory:index")),
        )

    def sites(self, count: int | None = None) -> Evidence:
        """Sites of the whole register; `count` where only a part of them is meant."""
        return self._of(
            "sites",
            "Sites",
            self.figures.sites if count is None else count,
            f"{A_SITE} Of all organisations of the register; sites that have closed are left out.",
            "Each site is counted once, whatever number of sources name it.",
            Link("By area", "/#where"),
            Link("The organisations", reverse("directory:index")),
        )

    def sites_counted(self, head: Headline) -> Evidence:
        """Sites of the organisations that the first definition counts."""
        return self._of(
            "sites-counted",
            "Sites of those that count",
            head.sites,
            f"{A_SITE} Of the organisations that count under “{head.title}”, within the region, not closed.",
            "Each site is counted once, whatever number of sources name it.",
            Link("The organisations behind it", listing.url(Query(definition=head.definition))),
            Link("Sites of all organisations, by area", "/#where"),
        )

    def jobs(self, head: Headline) -> Evidence | None:
        """Jobs at those sites, at least; None where nobody has stated any."""
        if not head.jobs:
            return None
        silent = f" {formats.plural(head.silent, 'site')} without any figure add nothing." if head.silent else ""
        return self._of(
            "jobs-counted",
            "Jobs at those sites, at least",
            head.jobs,
            f"Head counts at the sites of the organisations that count under “{head.title}”, within the region.",
            "What sources state for a site, or leave for it of an organisation’s total; where only a range is known, "
            f"its low end (the high ends add up to {formats.number(head.jobs_high)}).{silent} "
            "An estimate with its interval needs the official jobs survey as well.",
            Link("The organisations behind it", listing.url(Query(definition=head.definition))),
        )
