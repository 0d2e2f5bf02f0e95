"""Pictures of the main pages for the docs; LIFECLUSTER_PICTURES=docs/images puts them there."""

from __future__ import annotations

import struct

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.region import Firm
from tests.e2e.test_style_guide import unexpected

MOST_BYTES = 200_000
PICTURES = {
    "home": ("/", 1280, "light"), "home-dark": ("/", 1280, "dark"), "home-narrow": ("/", 320, "light"),
    "directory": ("/directory?q=moulding&near=Derby", 1280, "light"), "organisation": ("", 1280, "light"),
    "evidence": ("", 1280, "light"), "organisation-narrow": ("", 320, "dark"),
    "definitions": ("/definitions", 1280, "light"),
}  # fmt: skip


@pytest.fixture(scope="session")
def server(region_server: harness.Server) -> harness.Server:
    """The web app that is shown."""
    return region_server


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_the_main_pages(name: str, firm: Firm, new_visitor: NewVisitor) -> None:
    path, width, theme = PICTURES[name]
    height = 800 if width > 400 else 760
    visitor = new_visitor(width=width, theme=theme)
    page = visitor.go(path or f"/organisations/{firm.uid}")
    page.set_viewport_size({"width": width, "height": height})
    if name == "directory":
        visitor.until("document.getElementById('map').dataset.live", 30)
    if name == "evidence":
        page.click(f'#facts a.ev[href="/evidence/{firm.uid}/employees"]')
        page.wait_for_selector("#facts .inset .panel.is-open")
    picture = visitor.picture(name, full=False)
    head = picture.read_bytes()[:24]
    assert struct.unpack(">II", head[16:24]) == (width, height)
    assert 10_000 < picture.stat().st_size <= MOST_BYTES
    assert unexpected(visitor) == []
