"""A picture of a network that can be read: its backbone, laid out by communities, not every link there is."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np

from lifecluster.atlas.graphs import graph_of, links_of
from lifecluster.atlas.networks import Communities


@dataclass(frozen=True)
class Picture:
    """`nodes` name -> (x, y) in -1 to 1 and community number; `links` those to draw; `hidden` how many are not."""

    nodes: dict[str, tuple[float, float, int]]
    links: tuple[tuple[str, str, float], ...]
    hidden: int


def picture(graph: nx.Graph[str], found: Communities, *, most: int = 80, level: float = 0.05, seed: int = 0) -> Picture:
    """The `most` best linked organisations with the links that hold them together and those that stand out.

    A link stands out if chance would give one of an organisation's links so large a share of its weight with
    probability `level` at most (Serrano, Boguñá & Vespignani, PNAS 106, 2009); a spanning tree keeps it together.
    """
    whole = graph_of(links_of(graph))
    strength = dict(whole.degree(weight="weight"))
    chosen = sorted(whole, key=lambda name: (-strength[name], name))[:most]
    part = whole.subgraph(chosen)
    kept = {frozenset(edge) for edge in nx.maximum_spanning_edges(part, data=False)}
    kept |= {frozenset((a, b)) for a, b, w in part.edges(data="weight") if _stands_out(whole, strength, a, b, w, level)}
    community = {name: i for i, group in enumerate(found.groups) for name in group}
    drawn: nx.Graph[str] = nx.Graph()
    drawn.add_nodes_from(chosen)
    drawn.add_weighted_edges_from((a, b, w) for a, b, w in part.edges(data="weight") if frozenset((a, b)) in kept)
    places = nx.spring_layout(drawn, seed=seed, k=1.5 / np.sqrt(len(chosen)), iterations=100)
    nodes = {name: (float(places[name][0]), float(places[name][1]), community[name]) for name in chosen}
    links = sorted((*sorted((a, b)), float(w)) for a, b, w in drawn.edges(data="weight"))
    return Picture(nodes, tuple((a, b, w) for a, b, w in links), whole.number_of_edges() - len(links))


def _stands_out(graph: nx.Graph[str], strength: dict[str, float], a: str, b: str, weight: float, level: float) -> bool:
    return any(graph.degree[end] > 1 and (1 - weight / strength[end]) ** (graph.degree[end] - 1) <= level
               for end in (a, b))  # fmt: skip
