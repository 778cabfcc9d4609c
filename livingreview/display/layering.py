"""A layered drawing order for a graph (Sugiyama: layers, dummy nodes, barycentres)."""

from __future__ import annotations

from typing import Any, TypeAlias

import networkx as nx

#: A node of the graph, or a place ``(source, target, layer)`` on the way of a long edge.
Place: TypeAlias = str | tuple[str, str, int]


def layers(edges: list[tuple[str, str]], first: str) -> list[list[Place]]:
    """Nodes in drawing layers, left to right, `first` as far left as its edges allow.

    Long edges get a dummy node ``(source, target, layer)`` in every layer they pass, so that they
    run between the boxes.
    """
    graph: nx.DiGraph[Any] = nx.DiGraph(edges)
    # walk from the middle of the chapter first: its edges lead right
    for node in [first, *[n for n in graph if n != first]]:
        _drop_back_edges(graph, node)
    level: dict[str, int] = {}
    for node in nx.topological_sort(graph):
        level[node] = max((level[p] + 1 for p in graph.predecessors(node)), default=0)
    for node in graph:  # a source drawn right before what it acts on makes short edges
        if graph.in_degree(node) == 0 and graph.out_degree(node) and node != first:
            level[node] = min(level[s] for s in graph.successors(node)) - 1
    rows: list[list[Place]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for node, at in level.items():
        rows[at].append(node)
    chains: nx.Graph[Any] = nx.Graph()
    chains.add_nodes_from(level)
    for source, target in graph.edges:
        steps: list[Place] = [source]
        for at in range(level[source] + 1, level[target]):
            dummy = (source, target, at)
            rows[at].append(dummy)
            steps.append(dummy)
        nx.add_path(chains, [*steps, target])
    for _ in range(4):
        _sweep(rows, chains, range(1, len(rows)), -1)
        _sweep(rows, chains, range(len(rows) - 2, -1, -1), +1)
    return rows


def _drop_back_edges(graph: nx.DiGraph[Any], start: str) -> None:
    if start not in graph:
        return
    on_path: set[str] = set()

    def visit(node: str, seen: set[str]) -> None:
        seen.add(node)
        on_path.add(node)
        for target in list(graph.successors(node)):
            if target in on_path:
                graph.remove_edge(node, target)
            elif target not in seen:
                visit(target, seen)
        on_path.discard(node)

    visit(start, set())


def _sweep(rows: list[list[Place]], chains: nx.Graph[Any], order: range, side: int) -> None:
    """Put the nodes of each layer at the mean place of their neighbours in the layer beside it."""
    for at in order:
        place = {node: index for index, node in enumerate(rows[at + side])}

        wanted = {}
        for own, node in enumerate(rows[at]):
            seen = [place[n] for n in chains.neighbors(node) if n in place]
            wanted[node] = sum(seen) / len(seen) if seen else own
        rows[at].sort(key=wanted.__getitem__)
