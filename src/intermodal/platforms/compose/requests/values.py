"""What becomes of single values on one engine, where it hangs on the value and not on the field alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Application, Service
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes, Outcome

OUTRANKED = Missing(
    code="compose-outranked",
    why="the `deploy` section says the same and outranks it",
    consequence=Consequence.NONE,
)
UNUSED = Missing(code="compose-unused", why="no service uses it, so it is not made", consequence=Consequence.NONE)
PROVIDED = Missing(
    code="compose-provider",
    why="a provider is a program of docker compose's own, which Intermodal does not start; the service is left out",
    advice="create what it provides beforehand, and name it in `environment` or `secrets` of the others",
    consequence=Consequence.START,
)
ATTEMPTS = Missing(
    code="compose-restart-attempts",
    why="a Docker engine counts attempts only of what is restarted on failure",
    advice="write `condition: on-failure`, or leave the number out",
    consequence=Consequence.BEHAVIOUR,
)
CLUSTER_MOUNT = Missing(
    code="compose-cluster-mount",
    why="cluster volumes are Swarm's; an engine alone refuses them",
    advice="mount a volume of a volume plugin",
    consequence=Consequence.START,
)
RELABELLING = Missing(
    code="compose-relabelling",
    why="a bind mount with `create_host_path: false` or `recursive` cannot be relabelled for SELinux",
    advice="label the path on the host (`chcon`), or leave those options out",
    consequence=Consequence.BEHAVIOUR,
)
CREDENTIAL_CONFIG = Missing(
    code="compose-credential-config",
    why="an engine alone keeps no configs that an account could be read from",
    advice="name it by `file` or `registry`",
    consequence=Consequence.START,
)


def note_values(application: Application, notes: Notes) -> None:
    """Tell the ledger of every such value."""
    for service in application.services.values():
        for path, outcome in _of_service(service):
            notes(("services", service.name, *path), outcome)
    for section, used in _used(application).items():
        for key in getattr(application, section).keys() - used:
            notes((section, key), UNUSED)


def _of_service(service: Service) -> Iterator[tuple[Path, Outcome]]:
    if service.provider is not None:
        yield (), PROVIDED
        return
    yield from _mounts(service)
    deploy = service.deploy
    if deploy is not None and deploy.restart_policy is not None:
        yield ("restart",), OUTRANKED
        if deploy.restart_policy.condition != "on-failure":
            yield ("deploy", "restart_policy", "max_attempts"), ATTEMPTS
    if service.credential_spec is not None and service.credential_spec.config:
        yield ("credential_spec", "config"), CREDENTIAL_CONFIG


def _mounts(service: Service) -> Iterator[tuple[Path, Outcome]]:
    for index, mount in enumerate(service.volumes):
        if mount.type == "cluster":
            yield ("volumes", index), CLUSTER_MOUNT
        bind = mount.bind
        if bind is not None and bind.selinux and (bind.recursive or not bind.create_host_path):
            yield ("volumes", index, "bind", "selinux"), RELABELLING


def _used(application: Application) -> dict[str, set[str]]:
    """What services use of each section."""
    services = [service for service in application.services.values() if service.provider is None]
    return {
        "networks": {key for one in services if not one.network_mode for key in one.networks},
        "volumes": {mount.source for one in services for mount in one.volumes if mount.type == "volume"},
        "configs": {grant.source for one in services for grant in one.configs},
        "secrets": {grant.source for one in services for grant in one.secrets},
    }
