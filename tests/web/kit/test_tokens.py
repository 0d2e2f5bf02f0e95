"""Colours: the two lists of the themes agree, and every pair used for text has enough contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lifecluster.web import settings

pytestmark = pytest.mark.one_database

CSS = Path(settings.__file__).parents[1] / "static" / "lifecluster" / "css"
TOKENS = (CSS / "tokens.css").read_text("utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}
LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")

TEXT = [("ink", g) for g in ("paper", "sunk", "raised", "teal-tint", "accent-tint", "area-a", "area-b")]
TEXT += [("ink-2", g) for g in ("paper", "sunk", "raised", "teal-tint", "area-a", "area-b")]
TEXT += [("ink-3", g) for g in ("paper", "raised")]
TEXT += [("teal", g) for g in ("paper", "sunk", "raised", "teal-tint")]
TEXT += [("accent", g) for g in ("paper", "raised", "accent-tint", "sunk")]
TEXT += [("on-fill", g) for g in ("teal", "teal-2", "accent")]
DRAWN = [("teal", g) for g in ("area-a", "area-b")] + [("accent", "area-a"), ("accent", "area-b"), ("edge", "raised")]
DRAWN += [("edge", "paper")]


def luminance(colour: str) -> float:
    """Relative luminance; WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), TEXT, ids="-on-".join)
def test_text_can_be_read(front: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "ground"), DRAWN, ids="-on-".join)
def test_drawings_and_edges_can_be_seen(front: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[front][theme], COLOURS[ground][theme]) >= 3


def test_the_written_out_list_agrees_with_the_pairs() -> None:
    older = TOKENS.split("@supports not")[1]
    blocks = [dict(re.findall(r"--([\w-]+): (#\w+)", part)) for part in older.split("{")[2:]]
    light, *dark = [block for block in blocks if block]
    assert light == {name: pair[0] for name, pair in COLOURS.items()}
    assert len(dark) == 2
    assert all(block == {name: pair[1] for name, pair in COLOURS.items()} for block in dark)


@pytest.mark.parametrize("path", sorted(p for p in CSS.glob("*.css") if p.name != "tokens.css"), ids=lambda p: p.stem)
def test_other_files_use_names_that_exist_and_no_literal_colours(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
    assert LITERAL.findall(text) == []
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined


def test_the_whole_stylesheet_is_small() -> None:
    import gzip

    whole = b"".join(path.read_bytes() for path in sorted(CSS.glob("*.css")))
    assert len(gzip.compress(whole, 9)) < 12_000
