"""Every code that can be reported has a page, and every page is of a code that can be reported."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import intermodal
from intermodal.cli.explain import PAGES, codes
from intermodal.model.support import Approximate, Missing
from intermodal.platforms import PLATFORMS, find

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(intermodal.__file__).parent
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def takers() -> dict[str, set[int]]:
    """Functions and records that take a code: their names, and at which position they take it."""
    found: dict[str, set[int]] = {"Missing": {0}, "Approximate": {0}, "Diagnostic": {0}}
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
                if "code" in names:
                    found.setdefault(node.name, set()).add(names.index("code"))
    return found


def literals(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def used() -> dict[str, str]:
    """Every code that is written where a code is taken, and the file it is written in."""
    taking = takers()
    found: dict[str, str] = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                given = [node.args[at] for at in taking.get(name, ()) if at < len(node.args)]
                given += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                found |= {text: str(path.relative_to(SOURCE)) for expression in given for text in literals(expression)}
    return {code: path for code, path in found.items() if CODE.fullmatch(code)}


def tabled() -> set[str]:
    """The codes in the platforms' tables."""
    outcomes = (outcome for name in PLATFORMS for outcome in find(name).support.values())
    return {outcome.code for outcome in outcomes if isinstance(outcome, (Approximate, Missing))}


def written() -> set[str]:
    """Every text in the source that could be a code."""
    return {
        node.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def test_every_code_has_a_page() -> None:
    found = used()
    assert len(found) > 30
    missing = sorted({*found, *tabled()} - set(codes()))
    assert not missing, "\n".join(f"{code}: {found.get(code, 'a table')}" for code in missing)


def test_every_page_has_a_use() -> None:
    assert sorted(set(codes()) - written()) == []


@pytest.mark.parametrize("code", codes())
def test_a_page_begins_with_its_code_and_is_neither_empty_nor_long(code: str) -> None:
    lines = Path(PAGES, f"{code}.md").read_text("utf-8").splitlines()
    assert lines[0] == f"# {code}"
    assert len(" ".join(lines[1:]).split()) >= 12
    assert len(lines) <= 45
    assert max(map(len, lines)) <= 140
