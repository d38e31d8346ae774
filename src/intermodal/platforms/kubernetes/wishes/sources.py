"""Where wishes are written: labels, `x-intermodal`, options. Each becomes a statement on one field, weakest first.

Belongs here: spelling and places. Does not: what values mean (`values.py`) and which statement wins (`wishes.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import record
from intermodal.platforms.kubernetes.wishes import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.model.application import Service
    from intermodal.model.origin import Path
    from intermodal.model.volumes import Volume

EXTENSION = "x-intermodal"
OURS = "intermodal."
KOMPOSE = "kompose."
ANNOTATION = "expose.annotations."

KOMPOSE_SERVICE = {
    "service.type": "expose.kind",
    "service.expose": "expose.address",
    "service.expose.tls-secret": "expose.tls",
    "service.expose.ingress-class-name": "expose.class",
    "service.nodeport.port": "expose.node_port",
    "service.external-traffic-policy": "expose.traffic_policy",
    "service.name_override": "expose.dns_name",
    "controller.type": "controller",
    "controller.port.expose": "expose.host_ports",
    "image-pull-secret": "image_pull_secrets",
    "image-pull-policy": "image_pull_policy",
    "serviceaccount-name": "service_account",
    "security-context.fsgroup": "fs_group",
    "cronjob.schedule": "schedule",
    "cronjob.concurrency_policy": "cron_concurrency",
    "cronjob.backoff_limit": "cron_backoff_limit",
    "ephemeral-storage.request": "ephemeral_request",
    "ephemeral-storage.limit": "ephemeral_limit",
}
KOMPOSE_VOLUME = {"volume.type": "policy", "volume.size": "size", "volume.storage-class-name": "class"}
EXPOSE_FIELDS = tuple(name.removeprefix("expose.") for name in values.SERVICE if name.startswith("expose."))


@record
class Statement:
    """One wish as written: the field, the plain value, and its path; no path for an option."""

    field: str
    value: Any
    path: Path | None = None


def is_claimed(label: str) -> bool:
    """Whether a label speaks to this translation rather than to what reads labels at run time."""
    return label.startswith((OURS, KOMPOSE))


def asks(service: Service, options: Mapping[str, str]) -> bool:
    """Whether anything at all may be asked of a service: a quick answer, as most ask nothing."""
    return bool(options) or EXTENSION in service.extensions or next(_labels(service), None) is not None


def of_service(service: Service, options: Mapping[str, str]) -> Iterator[Statement]:
    """Every statement about a service, weakest first."""
    labels = list(_labels(service))
    yield from (_kompose(key, value, path, KOMPOSE_SERVICE) for key, value, path in labels if key.startswith(KOMPOSE))
    yield from (_ours(key, value, path) for key, value, path in labels if key.startswith(OURS))
    yield from _extension(service.extensions.get(EXTENSION), ("services", service.name, EXTENSION), "service")
    yield from _options(f"expose.{service.name}", "expose", options, EXPOSE_FIELDS)


def of_mount(service: Service, target: str, options: Mapping[str, str]) -> Iterator[Statement]:
    """Every statement about what a service mounts at `target`, weakest first."""
    for key, value, path in _labels(service):
        if key.startswith(KOMPOSE + "volume."):
            yield _kompose(key, value, path, KOMPOSE_VOLUME)
    asked = service.extensions.get(EXTENSION)
    volumes = _item(asked, "volumes")
    path = ("services", service.name, EXTENSION, "volumes", target)
    yield from _extension(_item(volumes, target), path, "volume")
    yield from _options(f"volume.{service.name}:{target}", "", options, values.VOLUME)


def of_volume(name: str, volume: Volume, options: Mapping[str, str]) -> Iterator[Statement]:
    """Every statement about a top-level volume, weakest first."""
    path: Path = ("volumes", name, "labels")
    for key, value in volume.labels.items():
        if key.startswith(KOMPOSE):
            yield _kompose(key, value, (*path, key), KOMPOSE_VOLUME)
    for key, value in volume.labels.items():
        if key.startswith(OURS):
            field = key.removeprefix(OURS).removeprefix("volume.")
            yield Statement(field=field.replace("-", "_"), value=value, path=(*path, key))
    yield from _extension(volume.extensions.get(EXTENSION), ("volumes", name, EXTENSION), "volume")
    yield from _options(f"volume.{name}", "", options, values.VOLUME)


def _labels(service: Service) -> Iterator[tuple[str, str, Path]]:
    """A service's labels that speak to us, those of `deploy` first, with their paths."""
    start = ("services", service.name)
    if service.deploy:
        for key, value in service.deploy.labels.items():
            if is_claimed(key):
                yield key, value, (*start, "deploy", "labels", key)
    for key, value in service.labels.items():
        if is_claimed(key):
            yield key, value, (*start, "labels", key)


def _kompose(key: str, value: str, path: Path, table: Mapping[str, str]) -> Statement:
    name = key.removeprefix(KOMPOSE)
    if name in KOMPOSE_VOLUME and table is KOMPOSE_SERVICE:
        return Statement(field="volumes", value=value, path=path)
    return Statement(field=table.get(name, key), value=value, path=path)


def _ours(key: str, value: str, path: Path) -> Statement:
    name = key.removeprefix(OURS)
    if name.startswith(ANNOTATION):
        return Statement(field=ANNOTATION[:-1], value={name.removeprefix(ANNOTATION): value}, path=path)
    field = name.replace("-", "_")
    return Statement(field="expose.kind" if field == "expose" else field, value=value, path=path)


def _item(asked: Any, key: str) -> Any:  # noqa: ANN401 - whatever the file says
    return asked.get(key) if hasattr(asked, "get") else None


def _extension(asked: Any, path: Path, of: str) -> Iterator[Statement]:  # noqa: ANN401 - whatever the file says
    """The statements of one `x-intermodal` mapping."""
    if asked is None:
        return
    if not hasattr(asked, "items"):
        yield Statement(field=of, value=asked, path=path)
        return
    for key, value in asked.items():
        name = str(key).replace("-", "_")
        if of == "service" and name == "expose":
            yield from _exposure(value, (*path, key))
        else:
            yield Statement(field=name, value=value, path=(*path, key))


def _exposure(asked: Any, path: Path) -> Iterator[Statement]:  # noqa: ANN401 - whatever the file says
    if not hasattr(asked, "items"):
        yield Statement(field="expose.kind", value=asked, path=path)
        return
    for key, value in asked.items():
        yield Statement(field=f"expose.{str(key).replace('-', '_')}", value=value, path=(*path, key))


def _options(stem: str, of: str, options: Mapping[str, str], fields: Iterable[str]) -> Iterator[Statement]:
    """The statements of options called `stem` or `stem.<field>`."""
    if not options:
        return
    if of and stem in options:
        yield Statement(field=f"{of}.kind", value=options[stem])
    for field in fields:
        value = options.get(f"{stem}.{field.replace('_', '-')}", options.get(f"{stem}.{field}"))
        if value is not None:
            yield Statement(field=f"{of}.{field}" if of else field, value=value)
