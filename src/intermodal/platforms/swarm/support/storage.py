"""Rows for volumes, mounts, configs and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support.words import BEHAVIOUR, NONE, SAME, START, rows

if TYPE_CHECKING:
    from intermodal.model.support import Support

_MEMORY_MODE = Missing(
    code="swarm-tmpfs-options",
    why="of a memory mount's options a stack file has only the size, and drops the mode in silence; it is 1777",
    advice="let the program set it at its start",
    consequence=BEHAVIOUR,
)
_BIND_OPTION = Missing(
    code="swarm-bind-options",
    why="a stack file's bind mounts have no relabelling for SELinux and no choice about mounts below them",
    advice="label the path on the nodes (`chcon`)",
    consequence=BEHAVIOUR,
)
_MADE = Missing(
    code="swarm-bind-not-made",
    why="Swarm never makes a missing host path",
    advice="make it on the nodes beforehand",
    consequence=NONE,
)
_MOUNT_LABEL = Missing(
    code="swarm-volume-labels",
    why="a stack's anonymous volumes get no labels of their own",
    advice="declare the volume under `volumes`, with labels",
    consequence=NONE,
)
_IMAGE = Missing(code="swarm-image-mount", why="a stack cannot mount images", consequence=BEHAVIOUR)
_CLUSTER_VOLUME = Missing(
    code="swarm-cluster-volume",
    why="`docker stack deploy` reads `x-cluster-spec` and drops it in silence: it makes no cluster volume",
    advice="make it beforehand (`docker volume create --driver PLUGIN --type mount …`) and mark it external",
    consequence=START,
)

STORAGE: Support = {
    **rows(
        "services.*.volumes.*.",
        SAME,
        "type source target read_only consistency bind.propagation volume.nocopy volume.subpath tmpfs.size",
    ),
    **rows("services.*.volumes.*.bind.", _BIND_OPTION, "selinux recursive"),
    "services.*.volumes.*.bind.create_host_path": _MADE,
    "services.*.volumes.*.volume.labels.*": _MOUNT_LABEL,
    "services.*.volumes.*.tmpfs.mode": _MEMORY_MODE,
    "services.*.volumes.*.image.**": _IMAGE,
    "services.*.volumes_from.*": Exact(how="volumes"),
    "services.*.tmpfs.*": Exact(how="volumes of type tmpfs"),
    "services.*.shm_size": Exact(how="a volume of type tmpfs at /dev/shm"),
    **rows("services.*.configs.*.", SAME, "source target uid gid mode"),
    **rows("services.*.secrets.*.", SAME, "source target uid gid mode"),
    **rows("volumes.*", SAME, ".name .driver .driver_opts.* .external .labels.*"),
    "volumes.*": SAME,
    "volumes.*.x-cluster-spec.**": _CLUSTER_VOLUME,
    **rows("configs.*.", SAME, "name file external labels.* template_driver"),
    **rows("configs.*.", Exact(how="an attached file"), "content environment"),
    "secrets.*.environment": Exact(how="an external secret"),
    **rows("secrets.*.", SAME, "name file external labels.* driver driver_opts.* template_driver"),
}
