"""How findings about a Compose file call things: paths, what was found instead, what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.kinds import TEXT_ONLY
from intermodal.kit.nodes import Mapping, Scalar
from intermodal.kit.spelling import nearest

if TYPE_CHECKING:
    from intermodal.compose.kinds import Record, Value
    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Path

_LONGEST_QUOTE = 60
ENOUGH = 50
"""Findings after which nobody looks for what may have been meant: comparing names takes time."""

_LEGACY = {
    "net": "network_mode replaced it",
    "log_driver": "logging.driver replaced it",
    "log_opt": "logging.options replaced it",
    "volume_driver": "driver of a top-level volume replaced it",
    "dockerfile": "it belongs below build",
    "context": "it belongs below build",
    "cpu_percentage": "cpu_percent is meant",
    "env": "environment is meant",
    "cmd": "command is meant",
    "replicas": "it belongs below deploy",
    "resources": "it belongs below deploy",
    "placement": "it belongs below deploy",
    "update_config": "it belongs below deploy",
    "restart_policy": "it belongs below deploy, or use restart",
    "test": "it belongs below healthcheck",
}


def dotted(path: Path) -> str:
    """A path as people write it: `services.web.ports.0`."""
    return ".".join(_shortened(str(part)) for part in path) or "the file"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def quoted(value: object) -> str:
    """A scalar in quotes, shortened."""
    return repr(_shortened(str(value)))


def kind_of(node: Node, *, private: bool = False) -> str:
    """What a node is, for the end of "must be text, not …"."""
    if not isinstance(node, Scalar):
        return "a mapping" if isinstance(node, Mapping) else "a list"
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if private:
        return "text" if isinstance(value, str) else "a number"
    return quoted(value) if isinstance(value, str) else f"the number {value}"


def assigned(path: Path, text: str) -> str:
    """A value as it is written at the end of a path: `key: value`, or as an item of a list."""
    key = path[-1] if path else 0
    return f"`{key}: {text}`" if isinstance(key, str) else f"`- {text}`"


def instead(node: Node, expected: str, path: Path, kind: Value | None) -> str:
    """What to write in place of something of a wrong type."""
    if isinstance(node, Scalar) and node.value is None:
        return "give it a value, or remove the key"
    if isinstance(node, Scalar) and kind is not None and kind.types == TEXT_ONLY and kind.code == "wrong-type":
        return "put it in quotes"
    if kind is not None and kind.example:
        return f"write {assigned(path, kind.example)}"
    if "list" in expected:
        return "write each item on a line of its own, behind `- `"
    return "write `name: value` on lines of their own below it"


def suggestion(name: str, kind: Record, path: Path, *, search: bool = True) -> str:
    """What somebody who wrote an unknown key may have meant; without `search`, only what old files meant."""
    if not path and name not in kind.fields:
        return _top_level(name, kind, search=search)
    if kind.name == "service" and name in _LEGACY:
        return _LEGACY[name]
    near = _nearest(name, kind) if search else ""
    return f"did you mean `{near}`?" if near else "remove it, or begin its name with `x-` if it is for another tool"


def _top_level(name: str, kind: Record, *, search: bool) -> str:
    service = "if this is a service, put it below `services:`; begin the name with `x-` if it is for another tool"
    near = _nearest(name, kind) if search else ""
    return f"did you mean `{near}`?" if near else service


def _nearest(name: str, kind: Record) -> str:
    spellings = {key.replace("_", "-"): key for key in kind.fields}
    return spellings.get(nearest(name, spellings), "")
