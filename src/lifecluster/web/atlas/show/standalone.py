"""A drawing of a page as a file of its own: with its size, its colours (the light theme) and where it is from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from django.utils.html import escape

STYLE = """
text{font:14px 'Source Sans 3',Arial,sans-serif;fill:#3f555b;paint-order:stroke;stroke:#fcfbf8;stroke-width:3px;
stroke-linejoin:round}
.land{fill:#f1efe8}.area-a{fill:#d3e2df}.area-b{fill:#e2ebe4}.area-a,.area-b{stroke:#fcfbf8;stroke-width:1.2}
.area-q0{fill:#fcfbf8}.area-q1{fill:#eef3f1}.area-q2{fill:#cfe0dd}.area-q3{fill:#9cc3c1}.area-q4{fill:#4f8f95}
.area-q5{fill:#0b5661}.area-q0,.area-q1,.area-q2,.area-q3,.area-q4,.area-q5{stroke:#fcfbf8;stroke-width:.8}.area-q0{stroke:#dedbd2}
.swatch{stroke:#586c71}.is-sure{stroke:#10262c;stroke-width:1.6}.heading{font-weight:600;fill:#10262c}
.dots{fill:none;stroke:#0b5661;stroke-width:3.4;stroke-linecap:round}.ring{fill:none;stroke:#a9430f;stroke-width:1.8}
.ring-no,.pin-no{font-weight:600;fill:#a9430f}.pin{fill:#a9430f;stroke:#fcfbf8;stroke-width:2}
.area-name{font-weight:600}.bar{fill:none;stroke:#3f555b}.town circle{fill:#3f555b}
.axis{fill:none;stroke:#a8afac}.grid{fill:none;stroke:#dedbd2}.band{fill:#d3e2df}
.mean{fill:none;stroke:#586c71;stroke-dasharray:4 4}.found{fill:none;stroke:#a9430f;stroke-width:2.5}
.name{font-weight:600;fill:#a9430f}.is-chance{fill:#586c71}.title{font-style:italic}
.tie{fill:none;stroke:#a8afac;stroke-width:.8}.is-strong{stroke-width:1.8}.node{fill:#0b5661;stroke:#fcfbf8}
.g0{fill:#a8afac}.g2{fill:#a9430f}.g3{fill:#4f6e2f}.g4{fill:#6b4b8a}.g5{fill:#8a6a10}.g6{fill:#3f555b}
.group{fill:#fff;stroke:none;font-weight:600;font-size:12px}.network .name{fill:#10262c}
"""
BOX = re.compile(r'^<svg class="([^"]*)" viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
PAD, LINE, SWATCH = 14.0, 20.0, 18.0
"""Paper around the drawing, the height of a line below it, the width of a sample of a shade."""
LETTER, WIDE_LETTER = 6.8, 7.4
"""Mean advance of a letter of the words below, and of those of the heading."""
Legend = Sequence[tuple[str, str]]
"""Class of an area of a map, and what it says in words."""


def standalone(drawn: str, heading: str, said: Sequence[str], legend: Legend = ()) -> str:
    """The drawing as a whole SVG file: its heading above, its legend and what is `said` below, each from a line of its
    own.

    Raises ValueError for what is no drawing with a box.
    """
    found = BOX.match(drawn)
    if found is None:
        raise ValueError("only drawings with a box can stand alone")
    kind, wide, high = found[1], float(found[2]), float(found[3])
    heads = wrap(heading, int(wide / WIDE_LETTER), break_on_hyphens=False)
    top = PAD + LINE * len(heads)
    shades, below = _legend(legend, wide, top + high + PAD)
    lines = [line for text in said for line in wrap(text, int(wide / LETTER))]
    words = _lines(heads, PAD, ' class="heading"') + _lines(lines, below)
    across, down = wide + 2 * PAD, below + LINE * len(lines) + PAD / 2
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" width="{across:g}" height="{down:g}"'
    head += f' viewBox="0 0 {across:g} {down:g}"'
    paper = f'<rect width="{across:g}" height="{down:g}" fill="#fcfbf8"/>'
    opened, rest = drawn[found.end() :].split(">", 1)
    # A drawing within the drawing is cut off at its box, as a page does it: land does not run under the words below.
    box = f'<svg x="{PAD:g}" y="{top:g}" width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}">{rest}'
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{opened}><style>{STYLE}</style>'
    return f"{start}{paper}{box}{shades}{words}</svg>\n"


def _lines(lines: Sequence[str], top: float, mark: str = "") -> str:
    """Lines of words from `top` on."""
    return "".join(
        f'<text{mark} x="{PAD:g}" y="{top + LINE * i + 12:g}">{escape(line)}</text>' for i, line in enumerate(lines)
    )


def _legend(legend: Legend, wide: float, top: float) -> tuple[str, float]:
    """Samples of shades with their words, in rows from `top` on, and where the next line begins."""
    parts, x, y = [], PAD, top
    for name, word in legend:
        room = SWATCH + 6 + len(word) * LETTER + 16
        if x > PAD and x + room > wide + PAD:
            x, y = PAD, y + LINE
        parts.append(f'<path class="swatch {name}" d="M{x:g} {y:g}h{SWATCH:g}v12h-{SWATCH:g}Z"/>'
                     f'<text x="{x + SWATCH + 6:g}" y="{y + 11:g}">{escape(word)}</text>')  # fmt: skip
        x += room
    return "".join(parts), y + LINE + 4 if legend else top
