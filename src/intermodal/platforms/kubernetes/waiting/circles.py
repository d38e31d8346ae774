"""Circles in a graph: its strongly connected parts of more than one node. Tarjan's algorithm, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def circles(graph: Mapping[str, Sequence[str]]) -> Mapping[str, int]:
    """Every node that can reach itself over another, and a number that all nodes of its circle share."""
    found: dict[str, int] = {}
    for number, part in enumerate(_Search(graph).parts()):
        if len(part) > 1:
            found.update(dict.fromkeys(part, number))
    return found


class _Search:
    """One walk over a graph."""

    def __init__(self, graph: Mapping[str, Sequence[str]]) -> None:
        self.graph = graph
        self.order: dict[str, int] = {}
        self.lowest: dict[str, int] = {}
        self.stack: list[str] = []
        self.standing: set[str] = set()

    def parts(self) -> Iterator[list[str]]:
        """The strongly connected parts."""
        for node in self.graph:
            if node not in self.order:
                yield from self._from(node)

    def _from(self, start: str) -> Iterator[list[str]]:
        path = [(start, iter(self._enter(start)))]
        while path:
            node, following = path[-1]
            for other in following:
                if other not in self.order:
                    path.append((other, iter(self._enter(other))))
                    break
                if other in self.standing:
                    self.lowest[node] = min(self.lowest[node], self.order[other])
            else:
                path.pop()
                if path:
                    parent = path[-1][0]
                    self.lowest[parent] = min(self.lowest[parent], self.lowest[node])
                if self.lowest[node] == self.order[node]:
                    yield self._leave(node)

    def _enter(self, node: str) -> Sequence[str]:
        self.order[node] = self.lowest[node] = len(self.order)
        self.stack.append(node)
        self.standing.add(node)
        return self.graph.get(node, ())

    def _leave(self, root: str) -> list[str]:
        part: list[str] = []
        while not part or part[-1] != root:
            part.append(self.stack.pop())
            self.standing.discard(part[-1])
        return part
