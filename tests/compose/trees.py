"""Trees from text, and loading phases run on them, for tests of single phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.check import check_references, check_shape
from intermodal.compose.longhand import expand
from intermodal.compose.normalise import normalise
from intermodal.kit.diagnostics import Findings
from intermodal.kit.nodes import Mapping, Scalar, Sequence
from intermodal.kit.places import Source
from intermodal.kit.yamlfiles import read

if TYPE_CHECKING:
    from collections.abc import Collection

    from intermodal.kit.nodes import Node

HOME = "/home/somebody"
FOLDER = "/project"


def tree(text: str) -> Mapping:
    """The tree of a text."""
    [node] = read(Source("compose.yaml", text))
    assert isinstance(node, Mapping)
    return node


def shape(text: str) -> Findings:
    """What is wrong with the shape of a text."""
    findings = Findings()
    check_shape(tree(text), findings)
    return findings


def long(text: str, findings: Findings | None = None) -> Mapping:
    """The long form of a text."""
    return expand(tree(text), Findings() if findings is None else findings)


def whole(text: str) -> Mapping:
    """The long form of a text with everything that is implied."""
    return normalise(
        long(text), name="demo", working_dir=FOLDER, environment={"HOME": HOME, "SET": "yes"}, findings=Findings()
    )


def references(text: str, inactive: Collection[str] = ()) -> Findings:
    """What does not fit together in a text."""
    findings = Findings()
    check_references(whole(text), findings, inactive)
    return findings


def at(node: Node, *path: str | int) -> Node:
    """What stands at a path."""
    for part in path:
        if isinstance(node, Mapping):
            node = node.items[str(part)]
        else:
            assert isinstance(node, Sequence)
            assert isinstance(part, int)
            node = node.items[part]
    return node


def value(node: Node, *path: str | int) -> object:
    """The scalar at a path."""
    found = at(node, *path)
    assert isinstance(found, Scalar)
    return found.value


def service(body: str) -> str:
    """A file with one service; `body` is a flow mapping's inside or indented lines."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"services:\n  web:\n    image: nginx\n{lines}\n"


def told(findings: Findings) -> list[str]:
    """Each finding as `code line:column`."""
    return [
        f"{found.code} {found.place.line}:{found.place.column}" if found.place else found.code
        for found in findings.diagnostics
    ]
