"""What every part of this translation works with: the context it reads, and the parts it hands to the pod."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import record

if TYPE_CHECKING:
    from intermodal.model.application import Application
    from intermodal.model.files import ProjectFiles
    from intermodal.model.platform import Settings
    from intermodal.model.support import Notes
    from intermodal.platforms.kubernetes.dns_names import DnsNames
    from intermodal.platforms.kubernetes.groups import Groups
    from intermodal.platforms.kubernetes.names import Names
    from intermodal.platforms.kubernetes.shared_files import SharedFiles
    from intermodal.platforms.kubernetes.target import Target
    from intermodal.platforms.kubernetes.terms import Object


@record
class Context:
    """What is translated, for what, and where findings go."""

    application: Application
    settings: Settings
    files: ProjectFiles
    notes: Notes
    names: Names
    dns: DnsNames
    shared: SharedFiles
    groups: Groups
    target: Target


@record
class PodParts:
    """What one concern (storage, files, environment) adds to one service's pod."""

    volumes: tuple[Object, ...] = ()
    mounts: tuple[Object, ...] = ()
    init_containers: tuple[Object, ...] = ()
    env: tuple[Object, ...] = ()
    env_from: tuple[Object, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    supplemental_groups: tuple[int, ...] = ()
    node_names: tuple[str, ...] = ()
    """Nodes the pod is bound to because its data is there."""
