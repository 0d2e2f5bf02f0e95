from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.atlas import networks
from lifecluster.atlas.graphs import Rewiring, links_of, network
from lifecluster.atlas.picture import picture
from lifecluster.atlas.points import AtlasError, CannotTellError
from tests.atlas.cases import within_binomial


def karate() -> nx.Graph:
    """Zachary's club without weights, members as text."""
    return nx.relabel_nodes(nx.Graph(nx.karate_club_graph().edges()), str)


def two_groups(seed: int = 0) -> nx.Graph:
    return nx.relabel_nodes(nx.planted_partition_graph(2, 15, 0.6, 0.03, seed=seed), lambda i: f"org {i:02}")


def random_graph(seed: int) -> nx.Graph:
    return nx.relabel_nodes(nx.gnm_random_graph(24, 50, seed=seed), lambda i: f"org {i:02}")


def test_the_known_values_of_zacharys_club() -> None:
    found = networks.communities(karate(), seeds=20, n_sims=39)
    assert found.modularity.value == pytest.approx(0.4197896121, abs=1e-9)
    assert found.modularity.p == pytest.approx(1 / 40)
    by_name = {one.name: one for one in networks.brokers(karate())}
    assert by_name["0"].constraint == pytest.approx(0.1554232976, abs=1e-9)
    assert by_name["33"].constraint == pytest.approx(0.1564186851, abs=1e-9)
    assert [one.name for one in networks.brokers(karate(), most=2)] == ["0", "33"]
    assert by_name["0"].links == 16


def test_clear_groups_are_found_firmly() -> None:
    found = networks.communities(two_groups(), seeds=10, n_sims=19)
    assert [len(group) for group in found.groups] == [15, 15]
    assert found.firmness == (1.0, 1.0)
    assert found.agreement == 1.0
    assert found.modularity.interval.low <= found.modularity.value


def test_groups_of_chance_are_not_firm() -> None:
    found = networks.communities(random_graph(1), seeds=10, n_sims=0)
    assert min(found.firmness) < 0.8
    assert found.agreement < 0.95
    assert found.modularity.p is None


def test_a_project_shares_its_weight() -> None:
    graph = network([["a", "b", "c"], ["a", "b", "a"], ["d"], [str(i) for i in range(60)]])
    assert graph["a"]["b"]["weight"] == pytest.approx(1.5)
    assert graph["a"]["c"]["weight"] == pytest.approx(0.5)
    assert dict(graph.degree(weight="weight"))["a"] == pytest.approx(2)
    assert "d" in graph
    assert graph.number_of_edges() == 3


@settings(max_examples=20)
@given(st.integers(0, 999))
def test_rewiring_keeps_degrees_weights_and_simplicity(seed: int) -> None:
    graph = random_graph(seed)
    for i, (a, b) in enumerate(graph.edges()):
        graph[a][b]["weight"] = 1.0 + i
    links = links_of(graph)
    rewired = Rewiring(links, seed=seed).sample()
    other = nx.Graph()
    other.add_weighted_edges_from(rewired)
    assert {n: d for n, d in graph.degree() if d} == dict(other.degree())
    assert sorted(w for *_, w in rewired) == sorted(w for *_, w in links)
    assert all(a != b for a, b, _ in rewired)
    assert {frozenset(link[:2]) for link in rewired} != {frozenset(link[:2]) for link in links}


def test_every_network_of_the_same_degrees_is_as_likely() -> None:
    """The six-node ring of degrees two has 60 hexagons and 10 pairs of triangles: pairs come up one time in seven."""
    ring = [(str(i), str((i + 1) % 6), 1.0) for i in range(6)]
    rewiring = Rewiring(ring, seed=3)
    count = 0
    for _ in range(1_400):
        graph = nx.Graph([link[:2] for link in rewiring.sample()])
        count += nx.number_connected_components(graph) == 2
    assert abs(count - 200) < 4 * np.sqrt(1_400 / 7 * 6 / 7)


def test_a_region_that_works_with_itself_is_told_from_one_that_does_not() -> None:
    graph = two_groups()
    region = [f"org {i:02}" for i in range(15)]
    found = networks.inside_outside(graph, region, alternative="less")
    within = sum(a in region and b in region for a, b in graph.edges())
    across = sum((a in region) != (b in region) for a, b in graph.edges())
    assert found.value == pytest.approx((across - within) / (across + within))
    assert found.p == pytest.approx(0.005)
    assert found.value < found.interval.low
    assert found.n == 15


def test_a_region_of_chance_is_called_inward_no_more_often_than_stated() -> None:
    """150 true nulls at 5 per cent each for the index and for modularity; a binomial tail of 1e-4 is the tolerance."""
    region = [f"org {i:02}" for i in range(8)]
    index = modular = 0
    for seed in range(150):
        graph = random_graph(seed)
        there = [name for name in region if name in graph]
        index += networks.inside_outside(graph, there, n_sims=39, seed=seed).p <= 0.05
        modular += networks.communities(graph, seeds=1, n_sims=19, seed=seed).modularity.p <= 0.05
    assert within_binomial(index, 150, 0.05)
    assert within_binomial(modular, 150, 0.05)


def test_a_picture_is_no_hairball() -> None:
    graph = nx.relabel_nodes(nx.complete_graph(40), str)
    for i, (a, b) in enumerate(graph.edges()):
        graph[a][b]["weight"] = 50.0 if i % 97 == 0 else 1.0
    found = networks.communities(graph, seeds=2, n_sims=0)
    drawn = picture(graph, found, most=30)
    assert len(drawn.nodes) == 30
    assert 29 <= len(drawn.links) < 60
    assert drawn.hidden == 780 - len(drawn.links)
    assert all(abs(x) <= 1.01 and abs(y) <= 1.01 for x, y, _ in drawn.nodes.values())
    assert drawn == picture(graph, found, most=30)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotTellError, match="no links"):
        networks.communities(network([["a"], ["b"]]))
    with pytest.raises(AtlasError, match="not in the network: x"):
        networks.inside_outside(karate(), ["x"])
    with pytest.raises(CannotTellError, match="nobody outside"):
        networks.inside_outside(karate(), list(karate()))
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=-1)
    with pytest.raises(AtlasError, match="positive"):
        networks.brokers(graph)
