"""The rules each service, config, secret, network and volume must keep with respect to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import values
from intermodal.compose.ports import valid_address
from intermodal.compose.treewalk import at, items, mapping, part, scalar, text
from intermodal.compose.wording import quoted
from intermodal.kit.nodes import Scalar
from intermodal.kit.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping, Node


class Known:
    """The names an application has, by section."""

    __slots__ = ("built", "configs", "inactive", "models", "networks", "secrets", "services", "volumes")

    def __init__(self, tree: Mapping, inactive: Collection[str] = ()) -> None:
        self.inactive = inactive
        self.services = _names(tree, "services")
        self.built = frozenset(name for name in self.services if at(tree, "services", name, "build") is not None)
        self.networks = _names(tree, "networks")
        self.volumes = _names(tree, "volumes")
        self.configs = _names(tree, "configs")
        self.secrets = _names(tree, "secrets")
        self.models = _names(tree, "models")


def _names(tree: Mapping, section: str) -> frozenset[str]:
    found = mapping(tree, section)
    return frozenset(found.items) if found is not None else frozenset()


def _unknown(what: str, section: str, found: Scalar, name: str, known: Iterable[str], findings: Findings) -> None:
    """Record a reference to something that is not there, and what is meant perhaps."""
    target = str(found.value)
    advice = did_you_mean(target, known, f"add it below `{section}:`")
    findings.error(
        f"unknown-{what}",
        f"service {name!r} refers to the {what} {quoted(target)}, which is not defined",
        found.place,
        help=advice,
    )


def _origin(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Something to run: an image, something to build, or a provider."""
    del known
    if text(service, "image") or "build" in service.items or "provider" in service.items:
        return
    findings.error(
        "image-missing",
        f"service {name!r} has neither an image nor a build",
        service.place,
        help="add `image: <name>` or `build: <folder>`",
    )


def _build(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """One Dockerfile, and the platform among those built for."""
    build = mapping(service, "build")
    if build is None:
        return
    inline, dockerfile = scalar(build, "dockerfile_inline"), scalar(build, "dockerfile")
    if inline is not None and dockerfile is not None and inline.value and dockerfile.value:
        findings.error(
            "exclusive-keys",
            f"service {name!r} has both a dockerfile and a dockerfile_inline",
            inline.place,
            help="keep one of them",
            secondary=((dockerfile.place, "the other one"),),
        )
    platform = scalar(service, "platform")
    platforms = [item.value for item in items(build, "platforms") if type(item) is Scalar]
    if platforms and platform is not None and platform.value and platform.value not in platforms:
        findings.error(
            "platform-not-built",
            f"service {name!r} runs on {quoted(platform.value)}, for which its image is not built",
            platform.place,
            help="add it to build.platforms",
        )
    contexts = mapping(build, "additional_contexts")
    for context in contexts.items.values() if contexts is not None else ():
        _context(name, context, known, findings)
    for grant in items(build, "secrets"):
        _granted("secret", "secrets", grant, name, known.secrets, findings)


def _context(name: str, context: Node, known: Known, findings: Findings) -> None:
    """A build context that is another service's image, which must be built here too."""
    target = text(context).removeprefix("service:")
    if not isinstance(context, Scalar) or target == text(context):
        return
    if target not in known.services:
        _unknown(
            "service",
            "services",
            Scalar(target, context.source, context.line, context.column),
            name,
            known.services,
            findings,
        )
    elif target not in known.built:
        findings.error(
            "service-not-built",
            f"service {name!r} builds on the image of service {target!r}, which has no build",
            context.place,
            help=f"add a build to {target!r}, or name its image: `docker-image://<image>`",
        )


def _networks(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Networks that exist, and not together with a network mode."""
    networks = mapping(service, "networks")
    mode = scalar(service, "network_mode")
    if networks is None:
        return
    if mode is not None and mode.value and networks.items:
        findings.error(
            "exclusive-keys",
            f"service {name!r} has both a network_mode and networks",
            mode.place,
            help="keep one of them",
            secondary=((networks.place, "the networks"),),
        )
    for key in networks.items:
        if key not in known.networks:
            _unknown("network", "networks", networks.keys[key], name, known.networks, findings)


def _dependencies(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Services that exist, or need not."""
    depends = mapping(service, "depends_on")
    for key, node in depends.items.items() if depends is not None else ():
        if key not in known.services and not (key in known.inactive and _optional(node)):
            _unknown("service", "services", _where(depends, key, node), name, known.services, findings)


def _optional(node: Node) -> bool:
    required = scalar(node, "required")
    return required is not None and required.value is False


def _where(depends: Mapping | None, key: str, node: Node) -> Scalar:
    found = depends.keys.get(key) if depends is not None else None
    return found if found is not None else Scalar(key, node.source, node.line, node.column)


def _mounts(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Volumes that exist, and binds that say what they bind."""
    for mount in items(service, "volumes"):
        kind, source = text(mount, "type"), scalar(mount, "source")
        if kind == "volume" and source is not None and source.value and source.value not in known.volumes:
            _unknown("volume", "volumes", source, name, known.volumes, findings)
        elif kind == "bind" and (source is None or not source.value):
            findings.error(
                "missing-key",
                f"service {name!r} has a bind mount without a source",
                mount.place,
                help="add `source: <path>`",
            )


def _grants(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Configs and secrets that exist."""
    for grant in items(service, "configs"):
        _granted("config", "configs", grant, name, known.configs, findings)
    for grant in items(service, "secrets"):
        _granted("secret", "secrets", grant, name, known.secrets, findings)


def _granted(what: str, section: str, grant: Node, name: str, known: frozenset[str], findings: Findings) -> None:
    source = scalar(grant, "source")
    if source is None:
        findings.error(
            "missing-key", f"service {name!r} uses a {what} without a source", grant.place, help="add `source: <name>`"
        )
    elif source.value not in known:
        _unknown(what, section, source, name, known, findings)


def _models(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Models that exist."""
    models = mapping(service, "models")
    for key in models.items if models is not None else ():
        if key not in known.models:
            _unknown("model", "models", models.keys[key], name, known.models, findings)  # type: ignore[union-attr]


_TWINS = (
    ("scale", ("deploy", "replicas"), values.integer),
    ("cpus", ("deploy", "resources", "limits", "cpus"), values.number),
    ("mem_limit", ("deploy", "resources", "limits", "memory"), values.size),
    ("mem_reservation", ("deploy", "resources", "reservations", "memory"), values.size),
    ("pids_limit", ("deploy", "resources", "limits", "pids"), values.integer),
)


def _twins(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Keys that say the same in two places must agree; docker compose takes a missing limit for another one."""
    del known
    if "deploy" not in service.items:
        return
    for key, path, read in _TWINS:
        own = scalar(service, key)
        parent = mapping(service, *path[:-1])
        if own is None or parent is None or (key == "scale" and path[-1] not in parent.items):
            continue
        other = scalar(service, *path)
        mine, theirs = _read(read, own), _read(read, other) if other is not None else 0
        if mine is None or theirs is None or mine == theirs or (not mine and key != "scale"):
            continue
        findings.error(
            "twin-keys-differ",
            f"service {name!r} says one thing in {key} and another in {'.'.join(path)}",
            own.place,
            help="keep one of them" if other is not None else f"move {key} to {'.'.join(path)}",
            secondary=(((other or parent).place, "the other one"),),
        )


def _read(read: Callable[[object], float], node: Scalar) -> float | None:
    try:
        return read(node.value)
    except ValueError:
        return None


def _one_name(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """A container's name is for one container only."""
    del known
    container = scalar(service, "container_name")
    if container is None:
        return
    many = scalar(service, "scale") or scalar(service, "deploy", "replicas")
    if many is not None and (_read(values.integer, many) or 0) > 1:
        findings.error(
            "container-name-with-replicas",
            f"service {name!r} has a container_name, so it cannot run {many.value} times",
            container.place,
            help="remove container_name",
            secondary=((many.place, "more than one instance"),),
        )


def _watches(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Watched files that are copied need somewhere to go."""
    del known
    for trigger in items(service, "develop", "watch"):
        action = text(trigger, "action")
        path = scalar(trigger, "path")
        if path is not None and path.value == "":
            findings.error("missing-value", f"service {name!r} watches an empty path", path.place)
        if action in {"sync", "sync+restart", "sync+exec"} and not text(trigger, "target"):
            findings.error(
                "missing-key",
                f"service {name!r} watches files with the action {action!r} but without a target",
                trigger.place,
                help="add `target: <path in the container>`",
            )


def _addresses(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Addresses to publish on that are addresses."""
    del known
    for port in items(service, "ports"):
        address = scalar(port, "host_ip")
        if address is not None and not valid_address(str(address.value)):
            findings.error(
                "invalid-port",
                f"service {name!r} publishes on {quoted(address.value)}, which is not an IP address",
                address.place,
            )


def _device_requests(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Devices by number or by name, not both."""
    del known
    requests = [*items(service, "gpus"), *items(service, "deploy", "resources", "reservations", "devices")]
    for request in requests:
        count, names = scalar(request, "count"), at(request, "device_ids")
        if count is not None and names is not None and not count.synthetic:
            findings.error(
                "exclusive-keys",
                f"service {name!r} asks for devices both by count and by device_ids",
                count.place,
                help="keep one of them",
                secondary=((names.place, "the other one"),),
            )


RULES: tuple[Callable[[str, Mapping, Known, Findings], None], ...] = (
    _origin,
    _build,
    _networks,
    _dependencies,
    _mounts,
    _grants,
    _models,
    _twins,
    _one_name,
    _watches,
    _addresses,
    _device_requests,
)

_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def check_shared_files(tree: Mapping, findings: Findings) -> None:
    """A config or secret has exactly one origin."""
    for section in _SOURCES:
        found = mapping(tree, section)
        for name, node in found.items.items() if found is not None else ():
            record = part(node)
            if record is not None:
                _one_source(section, name, record, findings)


def _one_source(section: str, name: str, record: Mapping, findings: Findings) -> None:
    where, keys = f"{section}.{name}", _SOURCES[section]
    given = [key for key in keys if key in record.items]
    if len(given) > 1:
        findings.error(
            "exclusive-keys",
            f"{where} has {' and '.join(given)}",
            record.keys[given[1]].place,
            help="keep one of them",
            secondary=((record.keys[given[0]].place, "the other one"),),
        )
    elif not given and not _true_at(record, "external") and (section == "secrets" or "external" not in record.items):
        findings.error("missing-key", f"{where} has no content", record.place, help=f"add {' or '.join(keys)}")


_BESIDE_EXTERNAL = frozenset({"name", "external"})


def check_externals(tree: Mapping, findings: Findings) -> None:
    """What is made elsewhere has nothing but a name."""
    for section in ("volumes", "networks", "configs", "secrets"):
        found = mapping(tree, section)
        for name, node in found.items.items() if found is not None else ():
            record = part(node)
            external = scalar(record, "external")
            if record is None or external is None or not _true(external):
                continue
            _only_name(section, name, record, findings)


def _true_at(record: Mapping, key: str) -> bool:
    found = scalar(record, key)
    return found is not None and _true(found)


def _true(node: Scalar) -> bool:
    try:
        return values.boolean(node.value)
    except ValueError:
        return False


def _only_name(section: str, name: str, record: Mapping, findings: Findings) -> None:
    for key in record.items:
        if key in _BESIDE_EXTERNAL or key.startswith("x-"):
            continue
        tell = findings.error if section == "volumes" else findings.warning
        tell(
            "external-with-settings",
            f"{section}.{name} is external, so {key} has no effect",
            record.keys[key].place,
            help=f"remove {key}, or external",
        )
