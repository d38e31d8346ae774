"""What the user asked of this platform beyond Compose: `x-intermodal`, `intermodal.*` and `kompose.*` labels, options.

Every other part asks here, so that one wish has one meaning however it was said. Strength, strongest first:
command-line option, `x-intermodal`, `intermodal.*` label, `kompose.*` label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Mapping


@record
class ExposureWish:
    """How a service is to be reached from outside.

    `kind` is none, cluster, headless, nodeport, loadbalancer, ingress or gateway; "" where nothing was asked.
    """

    kind: str = ""
    host: str = ""
    path: str = ""
    port: int | None = None
    node_port: int | None = None
    class_name: str = ""
    tls_secret: str = ""
    annotations: Mapping[str, str] = NOTHING


@record
class ServiceWishes:
    """What was asked of one service; "" where nothing was."""

    controller: str = ""
    schedule: str = ""
    exposure: ExposureWish = ExposureWish()
    service_account: str = ""
    image_pull_secrets: tuple[str, ...] = ()
    image_pull_policy: str = ""


@record
class VolumeWishes:
    """What was asked of one volume.

    `policy` is claim, local, hostpath, ephemeral, memory, nfs, configmap or secret; "" where nothing was asked.
    """

    policy: str = ""
    storage_class: str = ""
    size: str = ""
    access: str = ""
    node: str = ""
    path: str = ""
    server: str = ""
