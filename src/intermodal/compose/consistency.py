"""The rules each service must keep with respect to the rest of the application and to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import values
from intermodal.compose.known import refer
from intermodal.compose.ports import valid_address
from intermodal.compose.treewalk import at, items, mapping, scalar, text
from intermodal.compose.wording import quoted
from intermodal.kit.nodes import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.compose.known import Known
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping, Node


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
        _granted("unknown-secret", "secrets", grant, name, known, findings)


def _context(name: str, context: Node, known: Known, findings: Findings) -> None:
    """A build context that is another service's image, which must be built here too."""
    target = text(context).removeprefix("service:")
    if not isinstance(context, Scalar) or target == text(context):
        return
    if target not in known.names["services"]:
        meant = Scalar(target, context.source, context.line, context.column)
        refer("unknown-service", "services", meant, name, known, findings)
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
        return
    for key in networks.items:
        refer("unknown-network", "networks", networks.keys[key], name, known, findings)


def _dependencies(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Services that exist, or need not."""
    depends = mapping(service, "depends_on")
    for key, node in depends.items.items() if depends is not None else ():
        if not (key in known.inactive and _optional(node)):
            refer("unknown-service", "services", _where(depends, key, node), name, known, findings)


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
        if kind == "volume" and source is not None and source.value:
            refer("unknown-volume", "volumes", source, name, known, findings)
        elif kind == "bind" and (source is None or not source.value):
            findings.error(
                "missing-key",
                f"service {name!r} has a bind mount without a source",
                mount.place,
                help="add `source: <path>`",
            )


def _mount_points(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """A folder of `tmpfs` at the target of a mount; docker compose says nothing and the container does not start."""
    del known
    targets = {text(mount, "target"): mount for mount in items(service, "volumes")}
    for folder in items(service, "tmpfs"):
        path = str(folder.value).partition(":")[0].rstrip("/") if type(folder) is Scalar else ""
        if path in targets:
            findings.warning(
                "mount-point-twice",
                f"service {name!r} mounts two things at {quoted(path)}",
                folder.place,
                help="remove one of them, or mount it elsewhere",
                secondary=((targets[path].place, "the other one"),),
            )


def _grants(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Configs and secrets that exist."""
    for grant in items(service, "configs"):
        _granted("unknown-config", "configs", grant, name, known, findings)
    for grant in items(service, "secrets"):
        _granted("unknown-secret", "secrets", grant, name, known, findings)


def _granted(code: str, section: str, grant: Node, name: str, known: Known, findings: Findings) -> None:
    source = scalar(grant, "source")
    if source is not None:
        refer(code, section, source, name, known, findings)
        return
    findings.error(
        "missing-key",
        f"service {name!r} has a grant below {section} without a source",
        grant.place,
        help="add `source: <name>`",
    )


def _models(name: str, service: Mapping, known: Known, findings: Findings) -> None:
    """Models that exist."""
    models = mapping(service, "models")
    for key in models.keys.values() if models is not None else ():
        refer("unknown-model", "models", key, name, known, findings)


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
            findings.error(
                "missing-value", f"service {name!r} watches an empty path", path.place, help="write `path: .`"
            )
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
                help="write an address of the host, such as `127.0.0.1`",
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
    _mount_points,
    _grants,
    _models,
    _twins,
    _one_name,
    _watches,
    _addresses,
    _device_requests,
)
