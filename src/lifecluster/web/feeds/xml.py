"""XML in small: elements from text that may hold anything."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from lifecluster.web.exports.guard import xml_text

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def element(name: str, text: str | None = None, /, **attributes: str) -> str:
    """An element with text, or empty. An attribute `type_` is written `type`."""
    pairs = "".join(f" {key.rstrip('_')}={quoteattr(xml_text(value))}" for key, value in attributes.items())
    return f"<{name}{pairs}/>" if text is None else f"<{name}{pairs}>{escape(xml_text(text))}</{name}>"


def wrap(name: str, inner: str, /, **attributes: str) -> str:
    """An element around others."""
    pairs = "".join(f" {key.rstrip('_')}={quoteattr(xml_text(value))}" for key, value in attributes.items())
    return f"<{name}{pairs}>\n{inner}\n</{name}>"
