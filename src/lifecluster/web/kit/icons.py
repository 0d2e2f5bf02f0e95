"""Icons: a sprite at the top of each page, and references to it. Drawn for this project on a 20-unit square."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from lifecluster.web.kit.rendering import format_html

SHAPES: dict[str, str] = {
    "yes": '<circle class="f" cx="10" cy="10" r="9"/><path class="o" d="m5.8 10.4 3 3 5.6-6.4"/>',
    "no": '<rect class="f" x="1.5" y="1.5" width="17" height="17" rx="1"/>'
    '<path class="o" d="m6.3 6.3 7.4 7.4m0-7.4-7.4 7.4"/>',
    "unknown": '<path stroke-dasharray="3.1 1.9" d="m10 1.2 8.8 8.8-8.8 8.8L1.2 10Z"/>'
    '<path d="M8 8.2c.1-2.7 4.1-2.6 4.1-.1 0 1.7-2.1 1.8-2.1 3.5m0 2.4v.2"/>',
    "partly": '<circle cx="10" cy="10" r="8.3"/><path class="f" d="M10 1.7a8.3 8.3 0 0 1 0 16.6Z"/>',
    "stale": '<path d="M17.9 7.2A8.4 8.4 0 1 1 12.8 2.1M10 5.4V10l3.2 2.1"/>'
    '<circle class="f" cx="16.2" cy="3.9" r="1.1"/>',
    "sample": '<rect x="1.8" y="1.8" width="16.4" height="16.4"/>'
    '<path d="M1.8 9.4 9.4 1.8M1.8 18.2 18.2 1.8M10.6 18.2l7.6-7.6"/>',
    "chatham": '<path d="M2 3h16v10.6H9.4L5.4 17v-3.4H2ZM6 7h8m-8 3h5"/>',
    "indicative": '<path d="M2.4 8c2.5-2.6 5.1-2.6 7.6 0s5.1 2.6 7.6 0"/>'
    '<path d="M2.4 13.2c2.5-2.6 5.1-2.6 7.6 0s5.1 2.6 7.6 0"/>',
    "proposed": '<path stroke-dasharray="3 2.2" d="M4 1.9h12v16.2H4Z"/><path d="M7.2 7.2h5.6m-5.6 4h5.6"/>',
    "locked": '<rect x="3.6" y="8.8" width="12.8" height="9.4" rx="1"/>'
    '<path d="M6.4 8.8V5.6a3.6 3.6 0 0 1 7.2 0v3.2"/>',
    "close": '<path d="m4.5 4.5 11 11m0-11-11 11"/>',
    "menu": '<path d="M2.5 5.5h15m-15 4.5h15m-15 4.5h15"/>',
    "search": '<circle cx="8.6" cy="8.6" r="6"/><path d="m13.2 13.2 5 5"/>',
    "next": '<path d="M3.5 10h13m-5-5 5 5-5 5"/>',
    "previous": '<path d="M16.5 10h-13m5-5-5 5 5 5"/>',
    "problem": '<path d="M10 2 18.6 17.4H1.4ZM10 7.6v4.6m0 2.3v.2"/>',
    "download": '<path d="M10 2.5v10m-4.2-4 4.2 4 4.2-4M3 17.2h14"/>',
}


def sprite() -> SafeString:
    """All shapes, hidden, to stand once in a page before they are used."""
    symbols = format_html_join(
        "",
        '<symbol id="i-{}" viewBox="0 0 20 20">{}</symbol>',
        ((name, mark_safe(drawing)) for name, drawing in SHAPES.items()),  # noqa: S308 - constants of this module
    )
    return format_html('<svg class="sprite" width="0" height="0" aria-hidden="true">{}</svg>', symbols)


def icon(name: str) -> SafeString:
    """A reference to a shape; decorative, so a word always stands beside it. Raises KeyError for an unknown name."""
    if name not in SHAPES:
        raise KeyError(f"no icon {name!r}; there are: {', '.join(SHAPES)}")
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)
