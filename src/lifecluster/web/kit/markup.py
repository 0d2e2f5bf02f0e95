"""Tables and lists of facts as markup. A page has up to ten, so they are written without a template."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.safestring import SafeString

from lifecluster.web.kit.evidence import Evidence, Tray
from lifecluster.web.kit.marks import cell, mark
from lifecluster.web.kit.rendering import quoted
from lifecluster.web.kit.tables import Fact, Row, Table


def table(shown: Table, tray: Callable[[], Tray]) -> SafeString:
    """A table. Raises ValueError for a row with a cell that no column has."""
    caption = quoted(shown.caption)
    names = f"t{' blocks' if shown.narrow == 'blocks' else ''}{f' t-{quoted(shown.name)}' if shown.name else ''}"
    said = f"<caption><b>{caption}</b>{quoted(shown.note)}" if shown.show_caption else f'<caption class="vh">{caption}'
    parts = [
        f'<table class="{names}">{said}</caption>\n<thead><tr>',
        *[column.heading for column in shown.columns],
        "</tr></thead>\n<tbody>",
    ]
    known = {column.key for column in shown.columns}
    for row in shown.rows:
        parts.append(f'<tr class="{quoted(row.mark)}">' if row.mark else "<tr>")
        _cells(shown, row, known, tray, parts)
        parts.append("\n</tr>\n")
    if not shown.rows:
        parts.append(f'<tr><td class="none" colspan="{len(shown.columns)}">{quoted(shown.empty)}</td></tr>')
    parts.append("</tbody>")
    if shown.total:
        parts.append("<tfoot><tr>")
        _cells(shown, shown.total, known, tray, parts)
        parts.append("\n</tr></tfoot>")
    parts.append("</table>")
    if shown.narrow == "scroll":
        parts.insert(0, f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}">')
        parts.append("</div>")
    parts.append("\n")
    return SafeString("".join(parts))


def _cells(shown: Table, row: Row, known: set[str], tray: Callable[[], Tray], parts: list[str]) -> None:
    """The cells of a row in the order of the columns."""
    cells, below = row.cells, row.sub
    if not cells.keys() <= known:
        raise ValueError(f"table {shown.caption!r} has no column {sorted(cells.keys() - known)}")
    for column in shown.columns:
        key = column.key
        sub = below.get(key)
        end = f' <span class="sub">{cell(sub, tray)}</span>{column.end}' if sub else column.end
        parts += (column.begin, cell(cells.get(key, ""), tray), end)


def facts(shown: Iterable[Fact], tray: Callable[[], Tray], panel: Callable[[Evidence], str]) -> SafeString:
    """A list of facts. Evidence of the page itself opens in place: `panel` makes what opens."""
    parts = ['<dl class="facts">']
    for fact in shown:
        value = fact.value
        here = isinstance(value, Evidence)
        said = mark(tray(), value, popup="") if here else cell(value, tray)
        badge = f" {quoted(fact.badge)}" if fact.badge else ""
        age = f'<dd class="age">{quoted(fact.age)}</dd>' if fact.age else ""
        inset = f'<dd class="inset">{panel(value)}</dd>' if here else ""
        parts.append(f'<div><dt>{quoted(fact.label)}</dt><dd class="fact-value">{said}{badge}</dd>{age}{inset}</div>\n')
    parts.append("</dl>\n")
    return SafeString("".join(parts))
