"""Networks of organisations that work together, and the same networks rewired: what their shape would be by chance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import networkx as nx
import numpy as np

from lifecluster.atlas.points import AtlasError, CannotTellError

Link = tuple[str, str, float]


def network(projects: Iterable[Sequence[str]], *, largest: int = 50) -> nx.Graph[str]:
    """A network from who takes part in what (awards, contracts, trials, projects).

    Parameters: `projects` the organisations of each; one with k of them adds 1/(k-1) to the link of each two, so that
    an organisation gains 1 from each project it does not do alone. Projects of more than `largest` say nothing about
    who works with whom and are left out. Source: Newman, Phys. Rev. E 64 (2001), 016132.
    """
    graph: nx.Graph[str] = nx.Graph()
    for project in projects:
        members = sorted(set(project))
        graph.add_nodes_from(members)
        if not 2 <= len(members) <= largest:
            continue
        for a, b in combinations(members, 2):
            weight = graph.get_edge_data(a, b, {"weight": 0.0})["weight"]
            graph.add_edge(a, b, weight=weight + 1 / (len(members) - 1))
    return graph


def links_of(graph: nx.Graph[str]) -> list[Link]:
    """Links with their weights (1 where none is stated), sorted. Raises AtlasError for a weight that is no positive
    number, CannotTellError where there are no links."""
    found = sorted((*sorted((a, b)), float(w)) for a, b, w in graph.edges(data="weight", default=1.0) if a != b)
    if any(not np.isfinite(w) or w <= 0 for _, _, w in found):
        raise AtlasError("weights of links must be positive numbers")
    if not found:
        raise CannotTellError("the network has no links")
    return [(a, b, w) for a, b, w in found]


class Rewiring:
    """Networks in which every organisation keeps its number of links, but not whom they lead to.

    Two links a-b, c-d become a-d, c-b unless that makes a loop or a double link. To be exactly as likely as the
    observed network, the samples start from a state that was itself reached from it (Besag & Clifford, Biometrika 76,
    1989). Weights move with the links.
    """

    def __init__(self, links: Sequence[Link], *, seed: int, turns: int = 5) -> None:
        self.chance = np.random.default_rng(seed)
        self.steps = turns * len(links)
        self.names = sorted({name for link in links for name in link[:2]})
        self.weights = [link[2] for link in links]
        number = {name: i for i, name in enumerate(self.names)}
        self.hub = self._walk([number[link[0]] for link in links], [number[link[1]] for link in links])

    def sample(self) -> list[Link]:
        """One rewired network."""
        one, two = self._walk(*(list(ends) for ends in self.hub))
        return [(self.names[a], self.names[b], w) for a, b, w in zip(one, two, self.weights, strict=True)]

    def _walk(self, one: list[int], two: list[int]) -> tuple[list[int], list[int]]:
        """Turn links, given by the numbers of their two ends, in place."""
        n, size = len(self.names), len(one)
        there = {a * n + b if a < b else b * n + a for a, b in zip(one, two, strict=True)}
        first, second = self.chance.integers(0, size, (2, self.steps)).tolist()
        turned = (self.chance.random(self.steps) < 0.5).tolist()
        for i, j, turn in zip(first, second, turned, strict=True):
            a, b = one[i], two[i]
            c, d = (two[j], one[j]) if turn else (one[j], two[j])
            if a in {c, d} or b in {c, d}:
                continue
            ad = a * n + d if a < d else d * n + a
            cb = c * n + b if c < b else b * n + c
            if ad in there or cb in there:
                continue
            there.discard(a * n + b if a < b else b * n + a)
            there.discard(c * n + d if c < d else d * n + c)
            there.add(ad)
            there.add(cb)
            one[i], two[i], one[j], two[j] = a, d, c, b
        return one, two


def graph_of(links: Sequence[Link]) -> nx.Graph[str]:
    """A graph from links."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from(links)
    return graph
