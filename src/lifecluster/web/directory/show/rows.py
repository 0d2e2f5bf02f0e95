"""The rows of the list: each is made once for a package and a level, and kept beside the index of that level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lifecluster.web.directory.models import Organisation, Site
from lifecluster.web.directory.search.results import Row
from lifecluster.web.directory.show import aged
from lifecluster.web.directory.show.listing import Line, line
from lifecluster.web.directory.told_more import told_more
from lifecluster.web.kit.rendering import EMPTY

if TYPE_CHECKING:
    from lifecluster.web.directory.search import Page

END = "</tr>\n"
"""How a row ends. No value can hold this: what is shown is escaped."""
AT_ONCE = 20_000
"""Organisations of a register whose rows are all made when the first are asked for; those of a larger one as asked."""
_lock = Lock()


def rows(page: Page) -> SafeString:
    """The rows of a page of the list.

    Where a place was asked about they say how far it is, and where a licence, which is stale: they are made anew.
    """
    if page.found is not None or aged.marks(page):
        return SafeString("".join(_rendered(lines(page))))
    kept: dict[int, str] = page.hits.index.made.setdefault(("rows", page.definition), {})
    if any(number not in kept for number in page.numbers):
        with _lock:
            _make(page, kept)
    return SafeString("".join([kept[number] for number in page.numbers if number in kept]))


def lines(page: Page) -> list[Line]:
    """The same in words; one more query where a place was asked about, for the towns of the nearest sites."""
    near = [row.site for row in page.rows if row.site]
    towns = dict(Site.objects.filter(package=page.package, uid__in=near).values_list("uid", "town")) if near else {}
    stale = aged.marks(page)
    index = page.hits.index
    old = aged.staff(index, page.package)
    return [line(row, index.labels, page.definition, towns, stale.get(row.organisation.number, EMPTY),
                 old=row.organisation.number in old)
            for row in page.rows]  # fmt: skip


def _make(page: Page, kept: dict[int, str]) -> None:
    """The rows that are missing; all rows where it is the definition that the list begins with."""
    index = page.hits.index
    first = not page.query.definition and not kept and index.size <= AT_ONCE
    found = Organisation.objects.filter(package=page.package, level__lte=index.level).defer("data")
    wanted = found if first else found.filter(number__in=[n for n in page.numbers if n not in kept])
    rows = [row for row in wanted if row.number < index.size and index.uids[row.number] == row.uid]
    told_more(rows, page.package, index.level)
    old = aged.staff(index, page.package)
    made = _rendered(line(Row(row), index.labels, page.definition, {}, old=row.number in old) for row in rows)
    kept.update(zip([row.number for row in rows], made, strict=True))


def _rendered(found: Iterable[Line]) -> Sequence[str]:
    text = render_to_string("directory/rows.html", {"lines": list(found)})
    return [row + END for row in text.split(END)[:-1]]
