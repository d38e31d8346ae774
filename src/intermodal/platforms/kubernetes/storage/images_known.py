"""What is known of public images' volumes: who needs no content copied into them, who has no shell to copy with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.platforms.kubernetes.storage.host_paths import is_below

if TYPE_CHECKING:
    from collections.abc import Mapping

_READY: Mapping[str, tuple[str, ...]] = {
    "mariadb": ("/var/lib/mysql",),
    "mongo": ("/data/configdb", "/data/db"),
    "mysql": ("/var/lib/mysql",),
    "postgres": ("/var/lib/postgresql",),
    "redis": ("/data",),
    "valkey/valkey": ("/data",),
}
"""Docker Official Images whose entrypoint, run as root, fills and takes over an empty folder by itself."""

_NO_SHELL = frozenset(
    (
        "amir20/dozzle",
        "cloudflare/cloudflared",
        "containrrr/watchtower",
        "coredns/coredns",
        "grafana/loki",
        "grafana/mimir",
        "grafana/tempo",
        "hello-world",
        "portainer/agent",
        "portainer/portainer-ce",
        "portainer/portainer-ee",
        "quay.io/coreos/etcd",
        "traefik/whoami",
    )
)
_NO_SHELL_REGISTRIES = ("cgr.dev/chainguard/", "gcr.io/distroless/", "registry.k8s.io/", "k8s.gcr.io/")


def repository(image: str) -> str:
    """The repository of an image reference, without tag, digest and Docker Hub's own prefixes."""
    name = image.partition("@")[0]
    folder, slash, last = name.rpartition("/")
    name = f"{folder}{slash}{last.partition(':')[0]}"
    for prefix in ("index.docker.io/", "docker.io/", "library/"):
        name = name.removeprefix(prefix)
    return name


def prepares_itself(image: str, target: str) -> bool:
    """Whether the image's entrypoint makes an empty volume at `target` its own when it runs as root."""
    return is_below(target, _READY.get(repository(image), ()))


def has_no_shell(image: str) -> bool:
    """Whether the image is known to hold nothing but its program."""
    name = repository(image)
    return name in _NO_SHELL or name.startswith(_NO_SHELL_REGISTRIES)
