"""Page numbers: where one is, and the links around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from lifecluster.web.kit.formats import number


@dataclass(frozen=True, slots=True)
class Step:
    """A link to a page, or a gap if `number` is None."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """Paging of a list: `page` counts from 1, of `total` things, `size` a page; `query` what the view was asked for,
    kept in every link; `what` the things in words."""

    page: int
    total: int
    query: QueryDict
    size: int = 50
    what: str = "results"
    parameter: str = "page"

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def sentence(self) -> str:
        """`51 to 100 of 1,262 organisations`."""
        if not self.total:
            return f"No {self.what}"
        first = (self.page - 1) * self.size + 1
        last = min(self.total, first + self.size - 1)
        return f"{number(first)} to {number(last)} of {number(self.total)} {self.what}"

    def url(self, page: int) -> str:
        """Address of a page with everything else as it is; the first page has no number."""
        number = urlencode({self.parameter: page}) if page > 1 else ""
        return f"?{'&'.join(part for part in (self._others, number) if part)}"

    @cached_property
    def _others(self) -> str:
        """Everything of the address but the number of the page."""
        query = self.query.copy()
        query.pop(self.parameter, None)
        return query.urlencode()

    @property
    def previous(self) -> str:
        """Address of the page before, or empty."""
        return self.url(self.page - 1) if self.page > 1 else ""

    @property
    def next(self) -> str:
        """Address of the page after, or empty."""
        return self.url(self.page + 1) if self.page < self.pages else ""

    @property
    def steps(self) -> list[Step]:
        """First, last, and the pages around this one, with gaps; a gap never hides a single page."""
        wanted = {1, self.pages, self.page - 1, self.page, self.page + 1}
        if self.page <= 4:
            wanted |= {2, 3, 4}
        if self.page >= self.pages - 3:
            wanted |= {self.pages - 1, self.pages - 2, self.pages - 3}
        steps: list[Step] = []
        before = 0
        for page in sorted(p for p in wanted if 1 <= p <= self.pages):
            if page - before == 2:
                steps.append(Step(page - 1, self.url(page - 1)))
            elif page - before > 2:
                steps.append(Step(None))
            steps.append(Step(page, self.url(page), page == self.page))
            before = page
        return steps
