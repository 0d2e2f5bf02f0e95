"""What the directory adds to the web app: addresses, navigation, footer, panels of the home page."""

from __future__ import annotations

from lifecluster.web.shell import panels, rooms
from lifecluster.web.shell.footer import FooterLink
from lifecluster.web.shell.footer import register as footer

ABOUT = (
    ("definitions", "Definitions"),
    ("sources", "Sources"),
    ("package", "This package"),
    ("about", "About"),
    ("accessibility", "Accessibility"),
    ("privacy", "Privacy"),
)


USE = (
    ("directory", "Directory", "directory:index"),
    ("downloads", "Downloads", "/directory#take"),
    ("api", "API documentation", "api:index"),
    ("openapi", "OpenAPI document", "api-v1:openapi-json"),
    ("reconcile", "Reconciliation service", "/api/#reconcile"),
    ("changes", "Changes by Atom", "feeds:changes"),
)
"""Ways to the data; those whose room is not there are left out."""


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.directory.panels import home

    rooms.register(rooms.Room("directory", "Directory", 10, "lifecluster.web.directory.urls", ""))
    rooms.register(
        rooms.Room("pages", "Definitions", 11, "lifecluster.web.directory.about_urls", "", entry="definitions")
    )
    for place, (name, title) in enumerate(ABOUT):
        footer(FooterLink(name, title, 10 * place, "about", f"pages:{name}"))
    for place, (name, title, address) in enumerate(USE):
        footer(FooterLink(name, title, 10 * place, "use", address))
    for panel in home.PANELS:
        panels.register(panel)
