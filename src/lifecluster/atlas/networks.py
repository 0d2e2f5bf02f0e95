"""Who works with whom: communities and how firm they are, brokers, and whether a region works with itself or others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import networkx as nx
import numpy as np

from lifecluster.atlas.bands import checked
from lifecluster.atlas.chance import monte_carlo
from lifecluster.atlas.graphs import Link, Rewiring, graph_of, links_of
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.result import Finding, Interval

NULL = "networks rewired at random, each organisation keeping its number of links"


@dataclass(frozen=True)
class Communities:
    """Groups that work with each other more than with the rest, largest first.

    `firmness` of each: mean over all seeds of its best overlap (Jaccard) with a community found there, 1 always the
    same; `agreement` of the seeds as a whole (adjusted Rand index); `modularity` with p against rewired networks.
    """

    groups: tuple[tuple[str, ...], ...]
    firmness: tuple[float, ...]
    agreement: float
    modularity: Finding


@dataclass(frozen=True)
class Broker:
    """`constraint` (Burt): low where contacts do not know each other, None without contacts; `betweenness`: share of
    shortest paths between others that lead through; `links` its number of contacts."""

    name: str
    constraint: float | None
    betweenness: float
    links: int


def communities(graph: nx.Graph[str], *, seeds: int = 20, n_sims: int = 99, seed: int = 0, resolution: float = 1.0,
                vintage: str | None = None) -> Communities:  # fmt: skip
    """Communities by Louvain, the best of many seeds, with what they owe to chance.

    Parameters: `graph` with `weight` on its links, or none; `seeds` how often it is tried; `n_sims` rewired networks,
    each tried once, as the observed one is for p. Raises CannotTellError without links, AtlasError for bad weights.
    Source: Blondel et al., J. Stat. Mech. (2008), P10008.
    """
    links = links_of(graph)
    from sklearn.metrics import adjusted_rand_score  # loads slowly

    base = graph_of(links)
    runs = [_louvain(base, seed + i, resolution) for i in range(max(1, seeds))]
    values = [nx.community.modularity(base, run, resolution=resolution) for run in runs]
    best = runs[int(np.argmax(values))]
    groups = tuple(sorted((tuple(sorted(group)) for group in best), key=lambda g: (-len(g), g)))
    firm = [float(np.mean([max(_overlap(set(group), other) for other in run) for run in runs])) for group in groups]
    order = sorted(base)
    labels = [_labels(run, order) for run in runs]
    agreement = np.mean([adjusted_rand_score(_labels(best, order), one) for one in labels])
    p = None
    if n_sims:
        rewiring, null = Rewiring(links, seed=seed), []
        for i in range(n_sims):
            other = graph_of(rewiring.sample())
            found = _louvain(other, seed + i, resolution)
            null.append(nx.community.modularity(other, found, resolution=resolution))
        p = float(monte_carlo(values[0], np.array(null)))
    finding = Finding(name="modularity", value=float(max(values)), p=p, n=len(order), null=NULL, seed=seed,
                      vintage=vintage, interval=Interval(float(min(values)), float(max(values))),
                      note="interval: over seeds; p: of one run, as for each rewired network")  # fmt: skip
    return Communities(groups, tuple(firm), float(agreement), finding)


def _louvain(graph: nx.Graph[str], seed: int, resolution: float) -> list[set[str]]:
    found: list[set[str]] = nx.community.louvain_communities(graph, weight="weight", seed=seed, resolution=resolution)
    return found


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def _labels(groups: Collection[Collection[str]], order: list[str]) -> list[int]:
    at = {name: i for i, group in enumerate(groups) for name in group}
    return [at[name] for name in order]


def brokers(graph: nx.Graph[str], *, most: int | None = None) -> tuple[Broker, ...]:
    """Organisations between others, those with most betweenness first. Weights do not count: a contact is a contact.

    Raises CannotTellError without links. Source: Burt, Structural Holes, 1992; Freeman, Sociometry 40 (1977), 35-41.
    """
    base: nx.Graph[str] = nx.Graph([(a, b) for a, b, _ in links_of(graph)])
    constraint, between = nx.constraint(base), nx.betweenness_centrality(base)
    found = [Broker(name, None if np.isnan(constraint[name]) else float(constraint[name]), float(between[name]),
                    base.degree[name]) for name in base]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.betweenness, one.name))[:most])


def inside_outside(graph: nx.Graph[str], inside: Collection[str], *, n_sims: int = 199, seed: int = 0,
                   alternative: str = "two-sided", vintage: str | None = None) -> Finding:  # fmt: skip
    """Links that leave the region minus those within it, over both, by weight: -1 works with itself, 1 with others.

    Parameters: `inside` organisations of the region; `alternative` "less": does it work with itself more than rewired
    networks do? `interval`: 95 per cent of rewired networks. Raises AtlasError for an organisation that the network
    does not have, CannotTellError where the region has no links or is the whole network.
    Source: Krackhardt & Stern, Social Psychology Quarterly 51 (1988), 123-140.
    """
    links = links_of(graph)
    region = set(inside)
    if missing := region - set(graph):
        raise AtlasError(f"not in the network: {', '.join(sorted(missing)[:5])}")
    touching = {name for a, b, _ in links for name in (a, b)}
    if not touching & region or not touching - region:
        raise CannotTellError("the region has no links, or there is nobody outside it")
    value = _index(links, region)
    rewiring = Rewiring(links, seed=seed)
    null = np.array([_index(rewiring.sample(), region) for _ in range(n_sims)])
    interval = Interval(*(float(v) for v in np.quantile(null, [0.025, 0.975]))) if n_sims else None
    return Finding(name="inside/outside index", value=value, interval=interval, n=len(touching & region), null=NULL,
                   p=float(monte_carlo(value, null, checked(alternative))) if n_sims else None, seed=seed,
                   vintage=vintage, note="interval: of rewired networks")  # fmt: skip


def _index(links: list[Link], region: set[str]) -> float:
    within = sum(w for a, b, w in links if a in region and b in region)
    across = sum(w for a, b, w in links if (a in region) != (b in region))
    return (across - within) / (across + within)
