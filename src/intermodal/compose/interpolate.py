"""Puts variables into values: `$NAME`, `${NAME}` and every operator of the Compose Specification, Interpolation.

Operators: `:-` and `-` (default), `:?` and `?` (required), `:+` and `+` (when set), nested; `$$` is a dollar sign.
Knows where variables come from only as a mapping; reading them is `environment.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from intermodal.kit.nodes import Mapping, Scalar, Sequence, with_items
from intermodal.kit.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Variables

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node

    Lookup: TypeAlias = Callable[[str], str | None]

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME = _LETTERS | frozenset("0123456789")
_OPERATORS = (":?", "?", ":-", "-", ":+", "+")
_DEEPEST = 100


class InvalidTemplateError(ValueError):
    """A text with `${` in it that is not an expression; `snippet` is the part at fault."""

    def __init__(self, snippet: str) -> None:
        super().__init__("this is not an expression that can be filled in")
        self.snippet = snippet


class MissingVariableError(ValueError):
    """A variable that the text demands has no value; `reason` is what the text says about it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"the variable {name} has no value")
        self.name = name
        self.reason = reason


def interpolate(tree: Mapping, variables: Variables[str, str], findings: Findings) -> Mapping:
    """The tree with every expression in its values filled in; keys stay as they are.

    What has no expression is shared with the tree given. An unset variable without a default becomes an empty text
    and is a warning, once for each name; wrong expressions and missing required variables are errors.
    """
    if "$" not in tree.source.text:
        return tree
    filled = _Interpolation(variables, findings).node(tree)
    return filled if isinstance(filled, Mapping) else tree


def substitute(text: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    """The text with its expressions filled in; `unset` hears of each variable that has no value and no default.

    Raises `InvalidTemplateError` and `MissingVariableError`.
    """
    return _Substitution(lookup, unset).fill(text, 0)


class _Interpolation:
    """One walk over a tree. Values that aliases share are filled in once and stay shared."""

    def __init__(self, variables: Variables[str, str], findings: Findings) -> None:
        self.variables = variables
        self.findings = findings
        self.warned: set[str] = set()
        self.done: dict[int, Node] = {}

    def node(self, node: Node) -> Node:
        if type(node) is Scalar:
            value = node.value
            return self._scalar(node, value) if type(value) is str and "$" in value else node
        known = self.done.get(id(node))
        if known is None:
            known = self.done[id(node)] = self._container(node)
        return known

    def _container(self, node: Node) -> Node:
        if isinstance(node, Mapping):
            items = {key: self.node(value) for key, value in node.items.items()}
            if all(items[key] is value for key, value in node.items.items()):
                return node
            return with_items(node, items)
        if isinstance(node, Sequence):
            entries = [self.node(value) for value in node.items]
            if any(new is not old for new, old in zip(entries, node.items, strict=True)):
                sequence = Sequence(entries, node.source, node.line, node.column, node.tag)
                sequence.overrides = node.overrides
                return sequence
        return node

    def _scalar(self, node: Scalar, text: str) -> Scalar:
        try:
            filled = substitute(text, self.variables.get, lambda name: self._unset(name, node))
        except InvalidTemplateError as error:
            message = "this expression cannot be filled in"
            place = place_in(node, error.snippet)
            self.findings.error("invalid-interpolation", message, place, help=_EXPRESSION_HELP)
            return node
        except MissingVariableError as error:
            self._missing(error, node)
            return node
        scalar = Scalar(filled, node.source, node.line, node.column, node.tag)
        scalar.overrides = node.overrides
        return scalar

    def _missing(self, error: MissingVariableError, node: Scalar) -> None:
        message = f"the variable {error.name} must have a value" + (f": {error.reason}" if error.reason else "")
        advice = f"set {error.name} in the environment, in .env, or in a file given with --env-file"
        self.findings.error("variable-required", message, place_in(node, "${" + error.name), help=advice)

    def _unset(self, name: str, node: Scalar) -> None:
        if name in self.warned:
            return
        self.warned.add(name)
        place = _first_place(node, ("${" + name, "$" + name))
        message = f"the variable {name} is not set; an empty text stands in its place"
        advice = f"set {name}, or write a default: ${{{name}:-value}}; a dollar sign itself is written $$"
        self.findings.warning("variable-not-set", message, place, help=advice)


_EXPRESSION_HELP = "write ${NAME}, ${NAME:-default}, ${NAME:?reason} or ${NAME:+value}; a dollar sign itself is $$"


class _Expression(NamedTuple):
    """`${name operator word}`; `end` is the index behind its brace."""

    name: str
    operator: str
    word: str
    end: int


class _Substitution:
    def __init__(self, lookup: Lookup, unset: Callable[[str], None]) -> None:
        self.lookup = lookup
        self.unset = unset

    def fill(self, text: str, depth: int) -> str:
        start = text.find("$")
        if start < 0:
            return text
        parts: list[str] = []
        done = 0
        while start >= 0:
            parts.append(text[done:start])
            value, done = self._at(text, start, depth)
            parts.append(value)
            start = text.find("$", done)
        parts.append(text[done:])
        return "".join(parts)

    def _at(self, text: str, start: int, depth: int) -> tuple[str, int]:
        """What stands for the dollar sign at `start`, and the index to go on from."""
        following = text[start + 1 : start + 2]
        if following == "$":
            return "$", start + 2
        if following in _LETTERS and following:
            end = _name_end(text, start + 1)
            return self._plain(text[start + 1 : end]), end
        if following == "{":
            if depth > _DEEPEST:
                raise InvalidTemplateError(text[start : start + 20])
            expression = _expression(text, start)
            return self._value(expression, depth), expression.end
        return "$", start + 1

    def _plain(self, name: str) -> str:
        value = self.lookup(name)
        if value is None:
            self.unset(name)
            return ""
        return value

    def _value(self, expression: _Expression, depth: int) -> str:
        name, operator = expression.name, expression.operator
        if not operator:
            return self._plain(name)
        # Filled in even where it is not used, as `docker compose` does: a wrong or required one inside still counts.
        word = self.fill(expression.word, depth + 1)
        value = self.lookup(name)
        there = value is not None and (bool(value) or len(operator) == 1)
        if operator[-1] == "+":
            return word if there else value or ""
        if not there and operator[-1] == "?":
            raise MissingVariableError(name, word)
        return word if value is None or not there else value


def _expression(text: str, start: int) -> _Expression:
    name_end = _name_end(text, start + 2)
    name = text[start + 2 : name_end]
    line_end = text.find("\n", name_end)
    line_end = len(text) if line_end < 0 else line_end
    operator = next((one for one in _OPERATORS if text.startswith(one, name_end)), "")
    close = name_end if not operator else _closing_brace(text, start, line_end)
    if not name or name[0] not in _LETTERS or text[close : close + 1] != "}":
        raise InvalidTemplateError(text[start : min(line_end, start + 60)])
    return _Expression(name, operator, text[name_end + len(operator) : close], close + 1)


def _closing_brace(text: str, start: int, line_end: int) -> int:
    """The brace that closes the one at `start`, else the last of the line: where compose-go ends a match too."""
    opened, at = 0, start
    while at < line_end:
        if text.startswith("${", at):
            opened, at = opened + 1, at + 1
        elif text[at] == "}":
            opened -= 1
            if opened == 0:
                return at
        at += 1
    return text.rfind("}", start, line_end)


def _name_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end] in _NAME:
        end += 1
    return end


def place_in(node: Scalar, snippet: str) -> Place:
    """The place of a snippet inside a value as it was written, or of the value where escapes hide it."""
    return _first_place(node, (snippet.split("\n", 1)[0],))


def _first_place(node: Scalar, snippets: tuple[str, ...]) -> Place:
    value = str(node.value)
    # An escape makes a character of a value at most ten of the file; looking further would find another value's text.
    reach = 10 * len(value) + 10
    for number in range(node.line, node.line + value.count("\n") + 2):
        start = node.column - 1 if number == node.line else 0
        text = node.source.line(number)[start : start + reach]
        found = [at for at in map(text.find, snippets) if at >= 0]
        if found:
            return Place(node.source, number, start + min(found) + 1)
    return node.place
