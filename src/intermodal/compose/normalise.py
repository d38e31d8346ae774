"""What docker compose adds to every application: the default network, names, implied dependencies, defaults.

Everything added is marked synthetic: nobody wrote it, so no ledger speaks of it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from intermodal.compose.paths import resolve_paths
from intermodal.compose.rebuilding import changed_mapping, implied, like, record_of, resequenced, rewritten
from intermodal.kit.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dictionary

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Node

__all__ = ["normalise", "resolve_paths"]

_NAMED = ("networks", "volumes", "configs", "secrets")
_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def normalise(
    tree: Mapping, *, name: str, working_dir: str, environment: Dictionary[str, str], findings: Findings
) -> Mapping:
    """The tree, in long form, with everything docker compose implies; `name` is the project's."""
    del findings
    changed: dict[str, Node] = {"name": _project_name(tree, name)}
    services = tree.items.get("services")
    uses_default = False
    if type(services) is Mapping:
        made = {key: _service(node, environment) for key, node in services.items.items()}
        uses_default = any(_on_default(node) for node in made.values())
        changed["services"] = changed_mapping(services, made)
    changed |= _named_parts(tree, name, uses_default=uses_default)
    return resolve_paths(changed_mapping(tree, changed), working_dir, environment.get("HOME", ""))


def _project_name(tree: Mapping, name: str) -> Node:
    written = tree.items.get("name")
    return rewritten(written, name) if isinstance(written, Scalar) else implied(name, tree)


def _service(node: Node, environment: Dictionary[str, str]) -> Node:
    if type(node) is not Mapping:
        return node
    changed: dict[str, Node] = {}
    for key, step in _STEPS.items():
        child = node.items.get(key)
        if child is not None:
            made = step(child)
            if made is not child:
                changed[key] = made
    build = changed.get("build", node.items.get("build"))
    if type(build) is Mapping:
        changed["build"] = _arguments(build, environment)
    _scaled(node, changed)
    _depend(node, changed)
    _attach(node, changed)
    return changed_mapping(node, changed) if changed else node


def _attach(node: Mapping, changed: dict[str, Node]) -> None:
    items = node.items
    if "provider" in items or "network_mode" in items:
        return
    networks = items.get("networks")
    if networks is None:
        changed["networks"] = _synthetic([("default", implied(None, node))], node)
    elif not getattr(networks, "items", True):
        changed["networks"] = like(record_of([("default", implied(None, networks))], networks), networks)


def _on_default(node: Node) -> bool:
    if type(node) is not Mapping or "provider" in node.items or "network_mode" in node.items:
        return False
    networks = node.items.get("networks")
    return type(networks) is Mapping and "default" in networks.items


def _synthetic(fields: list[tuple[str, Node]], near: Node) -> Mapping:
    made = record_of(fields, near)
    made.synthetic = True
    return made


def _depend(node: Mapping, changed: dict[str, Node]) -> None:
    """Dependencies that links and shared namespaces imply."""
    found = changed.get("depends_on", node.items.get("depends_on"))
    known = found.items if type(found) is Mapping else {}
    implied_ones: dict[str, Node] = {}
    for target, near, restart in _implications(node):
        if target not in known and target not in implied_ones:
            implied_ones[target] = _dependency(near, restart=restart)
    if implied_ones:
        base = found if type(found) is Mapping else _synthetic([], node)
        changed["depends_on"] = changed_mapping(base, implied_ones)


def _implications(node: Mapping) -> list[tuple[str, Node, bool]]:
    found: list[tuple[str, Node, bool]] = []
    for link, text in _texts(node, "links"):
        parts = text.split(":")
        found.append((parts[0] if len(parts) == 2 else text, link, True))
    for key in _NAMESPACES:
        child = node.items.get(key)
        if type(child) is Scalar and type(child.value) is str and child.value.startswith("service:"):
            found.append((child.value.removeprefix("service:"), child, True))
    found.extend(
        (text.split(":")[0], item, False)
        for item, text in _texts(node, "volumes_from")
        if not text.startswith("container:")
    )
    return found


def _texts(node: Mapping, key: str) -> list[tuple[Scalar, str]]:
    child = node.items.get(key)
    if type(child) is not Sequence:
        return []
    return [(item, item.value) for item in child.items if type(item) is Scalar and type(item.value) is str]


def _dependency(near: Node, *, restart: bool) -> Mapping:
    fields: list[tuple[str, Node]] = [("condition", implied("service_started", near))]
    if restart:
        fields.append(("restart", implied(value=True, near=near)))
    fields.append(("required", implied(value=True, near=near)))
    return _synthetic(fields, near)


def _dependencies(node: Node) -> Node:
    return _each(node, lambda child: _default(child, "required", value=True))


def _each(node: Node, step: Callable[[Node], Node]) -> Node:
    """A list or mapping with a step done to each part."""
    if type(node) is Sequence:
        items = [step(child) for child in node.items]
        return resequenced(node, items)
    if type(node) is Mapping:
        return changed_mapping(node, {key: step(child) for key, child in node.items.items()})
    return node


def _default(node: Node, key: str, value: str | bool) -> Node:
    """A record with a field, if it was not there."""
    if type(node) is not Mapping or key in node.items:
        return node
    return changed_mapping(node, {key: implied(value, node)})


def _build(node: Node) -> Node:
    made = _default(node, "context", ".")
    if type(made) is Mapping and "dockerfile_inline" not in made.items:
        made = _default(made, "dockerfile", "Dockerfile")
    return made


def _arguments(build: Mapping, environment: Dictionary[str, str]) -> Mapping:
    """Build arguments without a value take the environment's, or go."""
    arguments = build.items.get("args")
    if type(arguments) is not Mapping:
        return build
    items: dict[str, Node] = {}
    for key, node in arguments.items.items():
        if type(node) is not Scalar or node.value is not None:
            items[key] = node
        elif key in environment:
            items[key] = rewritten(node, environment[key])
        else:
            items[key] = node
    if all(items[key] is node for key, node in arguments.items.items()):
        return build
    return changed_mapping(build, {"args": changed_mapping(arguments, items)})


def _ports(node: Node) -> Node:
    return _each(node, lambda port: _default(_default(port, "mode", "ingress"), "protocol", "tcp"))


def _secrets(node: Node) -> Node:
    return _each(node, _secret)


def _secret(node: Node) -> Node:
    source = node.items.get("source") if type(node) is Mapping else None
    return _default(node, "target", f"/run/secrets/{source.value}") if type(source) is Scalar else node


def _mounts(node: Node) -> Node:
    return _each(node, _mount)


def _mount(node: Node) -> Node:
    """A mount's target in its shortest form, as docker compose compares it."""
    if type(node) is not Mapping:
        return node
    target = node.items.get("target")
    if type(target) is not Scalar or type(target.value) is not str:
        return node
    clean = clean_target(target.value)
    if clean == target.value:
        return node
    return changed_mapping(node, {"target": rewritten(target, clean)})


def clean_target(target: str) -> str:
    """A path inside a container without `//`, `.` and `..`."""
    clean = posixpath.normpath(target)
    return clean[1:] if clean.startswith("//") else clean


def _pull_policy(node: Node) -> Node:
    if type(node) is Scalar and node.value == "if_not_present":
        return rewritten(node, "missing")
    return node


def _requests(node: Node) -> Node:
    return _each(node, _request)


def _request(node: Node) -> Node:
    if type(node) is Mapping and "device_ids" not in node.items:
        return _default(node, "count", "all")
    return node


def _servers(node: Node) -> Node:
    """Name servers; docker compose drops empty ones."""
    if type(node) is not Sequence or all(type(item) is not Scalar or item.value for item in node.items):
        return node
    return resequenced(node, [item for item in node.items if type(item) is not Scalar or item.value])


def _scaled(node: Mapping, changed: dict[str, Node]) -> None:
    """`scale` is told to a deployment that does not say how many replicas it has."""
    scale, deploy = node.items.get("scale"), changed.get("deploy", node.items.get("deploy"))
    if type(scale) is Scalar and type(deploy) is Mapping and "replicas" not in deploy.items:
        changed["deploy"] = changed_mapping(deploy, {"replicas": implied(scale.value, scale)})


def _deploy(node: Node) -> Node:
    path = ("resources", "reservations", "devices")
    return _at(node, path, _requests)


def _at(node: Node, path: tuple[str, ...], step: Callable[[Node], Node]) -> Node:
    """The node with a step done to what stands at a path below it."""
    if not path:
        return step(node)
    child = node.items.get(path[0]) if type(node) is Mapping else None
    if child is None or type(node) is not Mapping:
        return node
    made = _at(child, path[1:], step)
    return node if made is child else changed_mapping(node, {path[0]: made})


def _env_files(node: Node) -> Node:
    return _each(node, lambda child: _default(child, "required", value=True))


_STEPS: dict[str, Callable[[Node], Node]] = {
    "build": _build,
    "depends_on": _dependencies,
    "deploy": _deploy,
    "dns": _servers,
    "env_file": _env_files,
    "gpus": _requests,
    "ports": _ports,
    "pull_policy": _pull_policy,
    "secrets": _secrets,
    "volumes": _mounts,
}


def _named_parts(tree: Mapping, name: str, *, uses_default: bool) -> dict[str, Node]:
    """Networks, volumes, configs and secrets with their names on the engine."""
    changed: dict[str, Node] = {}
    for section in _NAMED:
        node = tree.items.get(section)
        parts: Mapping | None = node if type(node) is Mapping else None
        if section == "networks" and uses_default and (parts is None or "default" not in parts.items):
            base = parts if parts is not None else _synthetic([], tree)
            parts = changed_mapping(base, {"default": _synthetic([], tree)})
        if parts is not None:
            changed[section] = changed_mapping(
                parts, {key: _named(child, key, name) for key, child in parts.items.items()}
            )
    return changed


def _named(node: Node, key: str, project: str) -> Node:
    record = node if type(node) is Mapping else like(record_of([], node), node)
    if type(record) is not Mapping or _has_value(record, "name"):
        return record
    external = record.items.get("external")
    own = type(external) is Scalar and str(external.value).lower() in {"true", "1", "t"}
    return changed_mapping(record, {"name": implied(key if own else f"{project}_{key}", record)})


def _has_value(node: Mapping, key: str) -> bool:
    child = node.items.get(key)
    return child is not None and not (type(child) is Scalar and child.value is None)
