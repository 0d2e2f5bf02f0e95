"""GraphML: organisations, and what joins them (collaborations, awards, contracts, trials), as a network of two kinds.

A thing with many partners is one node with many lines, so nothing is multiplied; project it to see who works with whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lifecluster.web.directory.models import Organisation
from lifecluster.web.exports.columns import cell
from lifecluster.web.exports.guard import xml_text
from lifecluster.web.exports.selection import PORTION, Row, Selection

JOINING = ("collaboration", "award", "contract", "trial")
NODE = ("type", "label", "town", "live", "employees", "title", "state", "starts_on", "ends_on", "amount", "currency",
        "in_view", "source", "source_licence", "attribution", "package", "sample")  # fmt: skip
TYPES = {"live": "boolean", "employees": "int", "amount": "double", "in_view": "boolean", "sample": "boolean"}
EDGE = ("role", "source", "source_licence", "attribution", "sample")


def stream(selection: Selection, table: str) -> Iterator[bytes]:
    """The network. Organisations outside the view that share its things are in it too, marked `in_view` false."""
    yield _head(selection).encode()
    here = set(selection.uids)
    for row in selection.organisations():
        values = {**row, "type": "organisation", "label": row["name"], "in_view": True}
        yield _node(row["id"], values).encode()
    outside: dict[str, None] = {}
    edges: list[str] = []
    for row in selection.things():
        if row["kind"] not in JOINING:
            continue
        yield _node(row["id"], {**row, "type": row["kind"], "label": row.get("title") or row["id"]}).encode()
        for role in ("holder", "partner", "buyer"):
            for party in row[role]:
                edges.append(_edge(party, row, role))
                if party not in here:
                    outside[party] = None
    yield from _outside(selection, list(outside))
    yield from (edge.encode() for edge in edges)
    yield b"</graph>\n</graphml>\n"


def _outside(selection: Selection, uids: list[str]) -> Iterator[bytes]:
    for start in range(0, len(uids), PORTION):
        some = uids[start : start + PORTION]
        rows = Organisation.objects.visible_to(selection.user, selection.package).filter(uid__in=some)
        found = {row.uid: row for row in rows}
        origins = selection.origins(found)
        for uid in some:
            row = found.get(uid)
            values: dict[str, Any] = {"type": "organisation", "label": uid, "in_view": False}
            if row is not None:
                values |= {"label": row.name, "town": row.town, "live": row.live, "employees": row.employees,
                           "sample": row.sample, **origins.of(uid)}  # fmt: skip
            yield _node(uid, values).encode()


def _head(selection: Selection) -> str:
    keys = [f'<key id="n_{n}" for="node" attr.name="{n}" attr.type="{TYPES.get(n, "string")}"/>' for n in NODE]
    keys += [f'<key id="e_{n}" for="edge" attr.name="{n}" attr.type="{TYPES.get(n, "string")}"/>' for n in EDGE]
    about = "sample data; " if selection.sample else ""
    words = (
        f"{about}package {selection.package.name}; each node names its sources and, in the same order, their licences"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    body = [f"<desc>{escape(xml_text(words))}</desc>", *keys, '<graph id="G" edgedefault="undirected">']
    return head + "\n".join(body) + "\n"


def _data(prefix: str, names: tuple[str, ...], values: Row) -> str:
    parts = []
    for name in names:
        value = values.get(name)
        if value is None or value in ("", []):
            continue
        text = str(cell(value))
        text = text.lower() if isinstance(value, bool) else text
        parts.append(f'<data key="{prefix}_{name}">{escape(xml_text(text))}</data>')
    return "".join(parts)


def _node(uid: str, values: Row) -> str:
    return f"<node id={quoteattr(uid)}>{_data('n', NODE, values)}</node>\n"


def _edge(party: str, thing: Row, role: str) -> str:
    data = _data("e", EDGE, {**thing, "role": role})
    return f"<edge source={quoteattr(party)} target={quoteattr(thing['id'])}>{data}</edge>\n"
