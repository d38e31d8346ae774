"""What an application is: services and what they share, frozen, in the words of the Compose Specification.

Field names and nesting are those of the specification's long form, so a path such as
`services.web.deploy.resources.limits.memory` names the same thing in the file, in the model and in a ledger.
Sizes are bytes, durations seconds, CPUs cores, modes permission bits, host paths absolute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.building import Build, Develop, Hook
    from intermodal.model.files import EnvFile, Grant, SharedFile
    from intermodal.model.health import Healthcheck
    from intermodal.model.networks import Attachment, Network, Port
    from intermodal.model.origin import Origins
    from intermodal.model.placement import Deploy
    from intermodal.model.resources import BlkioConfig, CredentialSpec, DeviceRequest, HostDevice, Ulimit
    from intermodal.model.volumes import Mount, Volume


@record
class Dependency:
    """What must be true of another service before this one starts."""

    condition: str = "service_started"
    restart: bool = False
    required: bool = True
    extensions: Mapping[str, Any] = NOTHING


@record
class Logging:
    """Where an instance's output goes."""

    driver: str = ""
    options: Mapping[str, str] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class Provider:
    """A service that something other than a container engine provides."""

    type: str
    options: Mapping[str, tuple[str, ...]] = NOTHING
    extensions: Mapping[str, Any] = NOTHING


@record
class LanguageModel:
    """A top-level language model."""

    model: str
    name: str = ""
    context_size: int | None = None
    runtime_flags: tuple[str, ...] = ()
    extensions: Mapping[str, Any] = NOTHING


@record
class ModelBinding:
    """How a service learns of a language model."""

    endpoint_var: str = ""
    model_var: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class Service:
    """A part of the application that runs as one or more like instances.

    None or empty means: not said, so the image's or the engine's default holds. `environment` is what the service's
    own section says, resolved (a variable that nobody set is None); `env_file` holds what its files say, weaker.
    `labels` has the label files' labels merged in. `entrypoint` or `command` of () clears the image's own.
    """

    name: str
    image: str = ""
    build: Build | None = None
    annotations: Mapping[str, str] = NOTHING
    attach: bool | None = None
    blkio_config: BlkioConfig | None = None
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    cgroup: str = ""
    cgroup_parent: str = ""
    command: tuple[str, ...] | None = None
    configs: tuple[Grant, ...] = ()
    container_name: str = ""
    cpu_count: int | None = None
    cpu_percent: float | None = None
    cpu_shares: int | None = None
    cpu_quota: int | None = None
    cpu_period: int | None = None
    cpu_rt_period: int | None = None
    cpu_rt_runtime: int | None = None
    cpus: float | None = None
    cpuset: str = ""
    credential_spec: CredentialSpec | None = None
    depends_on: Mapping[str, Dependency] = NOTHING
    deploy: Deploy | None = None
    develop: Develop | None = None
    device_cgroup_rules: tuple[str, ...] = ()
    devices: tuple[HostDevice, ...] = ()
    dns: tuple[str, ...] = ()
    dns_opt: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    domainname: str = ""
    entrypoint: tuple[str, ...] | None = None
    env_file: tuple[EnvFile, ...] = ()
    environment: Mapping[str, str | None] = NOTHING
    expose: tuple[str, ...] = ()
    external_links: tuple[str, ...] = ()
    extra_hosts: Mapping[str, tuple[str, ...]] = NOTHING
    gpus: tuple[DeviceRequest, ...] = ()
    group_add: tuple[str, ...] = ()
    healthcheck: Healthcheck | None = None
    hostname: str = ""
    init: bool | None = None
    ipc: str = ""
    isolation: str = ""
    label_file: tuple[str, ...] = ()
    labels: Mapping[str, str] = NOTHING
    links: tuple[str, ...] = ()
    logging: Logging | None = None
    mac_address: str = ""
    mem_limit: int | None = None
    mem_reservation: int | None = None
    mem_swappiness: int | None = None
    memswap_limit: int | None = None
    models: Mapping[str, ModelBinding] = NOTHING
    network_mode: str = ""
    networks: Mapping[str, Attachment] = NOTHING
    oom_kill_disable: bool = False
    oom_score_adj: int | None = None
    pid: str = ""
    pids_limit: int | None = None
    platform: str = ""
    ports: tuple[Port, ...] = ()
    post_start: tuple[Hook, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
    privileged: bool = False
    profiles: tuple[str, ...] = ()
    provider: Provider | None = None
    pull_policy: str = ""
    pull_refresh_after: str = ""
    read_only: bool = False
    restart: str = ""
    runtime: str = ""
    scale: int | None = None
    secrets: tuple[Grant, ...] = ()
    security_opt: tuple[str, ...] = ()
    shm_size: int | None = None
    stdin_open: bool = False
    stop_grace_period: float | None = None
    stop_signal: str = ""
    storage_opt: Mapping[str, str] = NOTHING
    sysctls: Mapping[str, str] = NOTHING
    tmpfs: tuple[str, ...] = ()
    tty: bool = False
    ulimits: Mapping[str, Ulimit] = NOTHING
    use_api_socket: bool = False
    user: str = ""
    userns_mode: str = ""
    uts: str = ""
    volumes: tuple[Mount, ...] = ()
    volumes_from: tuple[str, ...] = ()
    working_dir: str = ""
    extensions: Mapping[str, Any] = NOTHING


@record
class Application:
    """One exact picture of a Compose application: the active services and everything they share.

    `working_dir` is the absolute folder that relative paths start from, `compose_files` the absolute paths it was
    read from, "-" for standard input. `inactive` names the services whose profiles are not active: they are the
    application's, and are not wanted now. `origins` knows where each field was written.
    """

    name: str
    working_dir: str
    origins: Origins
    services: Mapping[str, Service] = NOTHING
    networks: Mapping[str, Network] = NOTHING
    volumes: Mapping[str, Volume] = NOTHING
    configs: Mapping[str, SharedFile] = NOTHING
    secrets: Mapping[str, SharedFile] = NOTHING
    models: Mapping[str, LanguageModel] = NOTHING
    compose_files: tuple[str, ...] = ()
    inactive: tuple[str, ...] = ()
    extensions: Mapping[str, Any] = NOTHING
