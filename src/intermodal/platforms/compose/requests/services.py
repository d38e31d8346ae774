"""A service as the engine is to hold it: what its containers hang on, and the revision that says when they change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from intermodal.kit.records import replace
from intermodal.model.labels import revision
from intermodal.platforms.compose.requests.containers import container, seconds
from intermodal.platforms.compose.requests.endpoints import in_order
from intermodal.platforms.compose.requests.labels import CHANGING
from intermodal.platforms.compose.requests.records import Around, ServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.model.application import Application, Service
    from intermodal.platforms.compose.requests.given_files import Given
    from intermodal.platforms.compose.requests.records import Upload

_ANY_ENGINE = Around(version=(1, 99))
"""A revision is the same on every engine."""
_NAMESPACES = ("network_mode", "ipc", "pid")


def service_request(
    application: Application, service: Service, given: Given, profiles: Mapping[str, str]
) -> ServiceRequest:
    """What is to be held of a service."""
    made = ServiceRequest(
        name=service.name,
        project=application.name,
        image=service.image or f"{application.name}-{service.name}",
        platform=service.platform,
        pull=service.pull_policy,
        builds=service.build is not None,
        replicas=replicas(service),
        container_name=service.container_name,
        networks=() if service.network_mode else in_order(service.networks),
        volumes=_volumes(application, service),
        depends_on=service.depends_on,
        refers=tuple(dict.fromkeys(_refers(service))),
        image_mounts=tuple(mount.source for mount in service.volumes if mount.type == "image"),
        post_start=service.post_start,
        pre_stop=service.pre_stop,
        stop_timeout=seconds(service.stop_grace_period),
        service=service,
        application=application,
        uploads=given.uploads,
        host_files=given.mounted,
        profiles=profiles,
    )
    return replace(made, revision=_revision(made))


def replicas(service: Service) -> int:
    """How many instances the file asks for."""
    deployed = service.deploy.replicas if service.deploy is not None else None
    return next((count for count in (service.scale, deployed) if count is not None), 1)


def _volumes(application: Application, service: Service) -> tuple[str, ...]:
    sources = (mount.source for mount in service.volumes if mount.type == "volume")
    return tuple(dict.fromkeys(source for source in sources if source in application.volumes))


def _refers(service: Service) -> Iterator[str]:
    """Services whose containers a container of this one names."""
    for field in _NAMESPACES:
        said = getattr(service, field)
        if said.startswith("service:"):
            yield said.removeprefix("service:")
    yield from (link.partition(":")[0] for link in service.links)
    yield from (said.partition(":")[0] for said in service.volumes_from if not said.startswith("container:"))


def _revision(request: ServiceRequest) -> str:
    """The hash of all that makes a container; what another container of the service changes is left out."""
    made = container(request, 1, _ANY_ENGINE)
    labels = {name: text for name, text in made.body["Labels"].items() if name not in CHANGING}
    return revision(
        {
            "body": {**made.body, "Labels": labels},
            "query": made.query,
            "files": [_file(upload) for upload in made.uploads],
            "hooks": [_plain(hook) for hook in (*request.post_start, None, *request.pre_stop)],
        }
    )


def _file(upload: Upload) -> list[Any]:
    fingerprint = _slow_fingerprint(upload.content) if upload.secret else revision(upload.content)
    return [upload.path, fingerprint, upload.uid, upload.gid, upload.mode]


@cache
def _slow_fingerprint(content: bytes) -> str:
    """A fingerprint that takes long to guess a short secret from: revisions are labels, which anybody may read."""
    from hashlib import scrypt  # noqa: PLC0415 - few applications have secrets that are put in

    return scrypt(content, salt=b"intermodal", n=1 << 12, r=8, p=1, dklen=16).hex()


def _plain(value: object) -> Any:  # noqa: ANN401 - plain data
    from intermodal.kit.records import as_dict  # noqa: PLC0415 - hooks are rare

    return None if value is None else as_dict(value)
