"""From the resolved long-form tree to the frozen application. One generic step: the grammar names the fields.

A record's keys are its model class's fields; scalars become what their kind reads; `x-*` keys become `extensions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.compose import grammar, values
from intermodal.compose.kinds import Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words
from intermodal.kit.nodes import Mapping, Scalar, Sequence, plain
from intermodal.kit.records import NOTHING, replace
from intermodal.model import application, building, files, health, networks, placement, resources, volumes

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as Dictionary

    from intermodal.compose.kinds import Kind
    from intermodal.kit.nodes import Node
    from intermodal.model.origin import Origins

    EnvValues = Dictionary[tuple[str, int], Dictionary[str, str]]

NO_VALUES: EnvValues = {}

CLASSES: Dictionary[str, Any] = {
    "attachment": networks.Attachment,
    "bind": volumes.BindOptions,
    "blkio_config": resources.BlkioConfig,
    "build": building.Build,
    "config": files.SharedFile,
    "credential_spec": resources.CredentialSpec,
    "dependency": application.Dependency,
    "deploy": placement.Deploy,
    "develop": building.Develop,
    "device": resources.HostDevice,
    "device rate": resources.DeviceRate,
    "device request": resources.DeviceRequest,
    "device weight": resources.DeviceWeight,
    "discrete_resource_spec": resources.DiscreteResource,
    "env_file": files.EnvFile,
    "generic resource": resources.GenericResource,
    "gpu": resources.DeviceRequest,
    "grant": files.Grant,
    "healthcheck": health.Healthcheck,
    "hook": building.Hook,
    "ipam": networks.Ipam,
    "limits": resources.Limits,
    "logging": application.Logging,
    "model": application.LanguageModel,
    "model binding": application.ModelBinding,
    "mount": volumes.Mount,
    "mount image": volumes.ImageOptions,
    "mount volume": volumes.VolumeOptions,
    "network": networks.Network,
    "placement": placement.Placement,
    "pool": networks.Pool,
    "port": networks.Port,
    "preference": placement.Preference,
    "provider": application.Provider,
    "reservations": resources.Reservations,
    "resources": resources.Resources,
    "restart_policy": placement.RestartPolicy,
    "rollback_config": placement.UpdateConfig,
    "secret": files.SharedFile,
    "service": application.Service,
    "tmpfs": volumes.TmpfsOptions,
    "trigger": building.Trigger,
    "ulimit": resources.Ulimit,
    "update_config": placement.UpdateConfig,
    "volume": volumes.Volume,
}
"""The model class of each record of the grammar."""

LOADING = frozenset({"extends"})
"""Keys that loading uses up, so that no model has them."""


def build(
    tree: Mapping,
    *,
    name: str,
    working_dir: str,
    origins: Origins,
    compose_files: tuple[str, ...] = (),
    env_values: EnvValues = NO_VALUES,
    environment: Dictionary[str, str] = NOTHING,
) -> application.Application:
    """Build the application from a checked, normalised tree.

    `env_values` holds what was read from environment files, by service and place in its `env_file` list;
    `environment` is where configs and secrets that name a variable find it.
    """
    sections = grammar.APPLICATION.fields
    parts: dict[str, Any] = {
        key: _value(node, sections[key])
        for key, node in tree.items.items()
        if key in _SECTIONS and type(node) is Mapping and key != "services"
    }
    for key in ("configs", "secrets"):
        parts[key] = {known: _with_value(file, environment) for known, file in parts.get(key, {}).items()}
    services = tree.items.get("services")
    return application.Application(
        name=name,
        working_dir=working_dir,
        origins=origins,
        compose_files=compose_files,
        services=_services(services, env_values) if type(services) is Mapping else NOTHING,
        extensions=_extensions(tree),
        **parts,
    )


_SECTIONS = frozenset({"services", "networks", "volumes", "configs", "secrets", "models"})


def _services(services: Mapping, env_values: EnvValues) -> dict[str, application.Service]:
    built = {}
    for name, node in services.items.items():
        fields = _fields(node, grammar.SERVICE) if type(node) is Mapping else {}
        if "env_file" in fields:
            fields["env_file"] = tuple(
                _with_values(file, env_values.get((name, index), NOTHING))
                for index, file in enumerate(fields["env_file"])
            )
        built[name] = application.Service(**fields | {"name": name})
    return built


def _with_values(file: files.EnvFile, values: Dictionary[str, str]) -> files.EnvFile:
    return files.EnvFile(path=file.path, required=file.required, format=file.format, values=values)


def _with_value(file: files.SharedFile, environment: Dictionary[str, str]) -> files.SharedFile:
    if not file.environment:
        return file

    return replace(file, value=environment.get(file.environment))


def _value(node: Node, kind: Kind) -> Any:  # noqa: ANN401 - each kind has its own type
    return _BUILDS[type(kind)](node, kind)


def _scalar(node: Scalar, kind: Value) -> Any:  # noqa: ANN401 - each kind has its own type
    return node.value if kind.read is None else kind.read(node.value)


def _record(node: Node, kind: Record) -> Any:  # noqa: ANN401 - each kind has its own type
    if kind is grammar.EXTERNAL:
        return type(node) is Mapping or values.boolean(node.value)  # type: ignore[union-attr]
    if type(node) is not Mapping:
        return None
    return CLASSES[kind.name](**_fields(node, kind))


def _fields(node: Mapping, kind: Record) -> dict[str, Any]:
    """The values of a record's fields, those that are said."""
    fields = kind.fields
    found: dict[str, Any] = {}
    extended = False
    for key, child in node.items.items():
        field = fields.get(key)
        if field is None:
            extended = extended or key.startswith("x-")
        elif type(field) is Value:
            value = child.value if field.read is None else field.read(child.value)  # type: ignore[union-attr]
            if value is not None:
                found[key] = value
        elif key not in LOADING:
            built = _BUILDS[type(field)](child, field)
            if built is not None:
                found[key] = built
    if "ssh" in found:
        found["ssh"] = tuple(f"{key}={path}" if path else key for key, path in found["ssh"].items())
    if extended and kind.open:
        found["extensions"] = _extensions(node)
    return found


def _extensions(node: Mapping) -> Dictionary[str, Any]:
    return {key: plain(child) for key, child in node.items.items() if key.startswith("x-")} or NOTHING


def _list(node: Sequence, kind: ListOf) -> tuple[Any, ...]:
    item = kind.item
    if type(item) is Value:
        read = item.read
        if read is None:
            return tuple([child.value for child in node.items])  # type: ignore[union-attr]
        return tuple([read(child.value) for child in node.items])  # type: ignore[union-attr]
    step = _BUILDS[type(item)]
    return tuple([step(child, item) for child in node.items])


def _map(node: Mapping, kind: MapOf) -> dict[str, Any]:
    value = kind.value
    if type(value) is Value:
        read = value.read
        if read is None:
            return {key: child.value for key, child in node.items.items()}  # type: ignore[union-attr]
        return {key: read(child.value) for key, child in node.items.items()}  # type: ignore[union-attr]
    step = _BUILDS[type(value)]
    found = {key: step(child, value) for key, child in node.items.items()}
    if kind.nullable and type(value) is Record:
        empty = CLASSES[value.name]
        found = {key: empty() if built is None else built for key, built in found.items()}
    return found


def _words(node: Node, _: Kind) -> tuple[str, ...] | None:
    return tuple([child.value for child in node.items]) if type(node) is Sequence else None  # type: ignore[union-attr, misc]


def _limit(node: Node, kind: Limit) -> resources.Ulimit:
    if type(node) is Mapping:
        limit: resources.Ulimit = _record(node, kind.record)
        return limit
    both = _scalar(node, kind.number)  # type: ignore[arg-type]
    return resources.Ulimit(soft=both, hard=both)


def _many(node: Sequence, kind: OneOrMany) -> tuple[str, ...]:
    return tuple([_scalar(child, kind.item) for child in node.items])  # type: ignore[arg-type]


_BUILDS: dict[type[Kind], Callable[[Any, Any], Any]] = {
    Value: _scalar,
    Record: _record,
    ListOf: _list,
    MapOf: _map,
    Words: _words,
    Test: _words,
    Limit: _limit,
    OneOrMany: _many,
}
