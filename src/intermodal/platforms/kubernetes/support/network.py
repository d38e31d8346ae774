"""What becomes of every field of networks, ports, names, variables, configs and secrets.

Where it hangs on the value, the translator's notes say so and outrank these rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.kubernetes.network.network_notes import NOT_ISOLATED, NOT_SHARED
from intermodal.platforms.kubernetes.terms import DEFAULT

if TYPE_CHECKING:
    from intermodal.model.support import Support

EMPTY = Exact(how="empty")
WRITTEN_BY_THE_ENGINE = Missing(
    code="network-option",
    why="it speaks to Docker's own networks; a cluster has one network, set up by its administrator",
    consequence=Consequence.NONE,
)
ADDRESSES = Missing(
    code="network-address",
    why="pods have addresses that the cluster gives them, new ones each time",
    advice="use names; variables that hold a service's fixed address are changed to its name",
)
TEMPLATED = Missing(
    code="template-not-filled",
    why="the content is handed over as written, its placeholders are not filled in",
    advice="fill them in before translating",
    consequence=Consequence.START,
)
OWN_DRIVER = Missing(
    code="secret-driver",
    why="the content is known to a driver of the engine only",
    advice="create the object in the cluster, for example with External Secrets, and declare it external",
    consequence=Consequence.START,
)
NETWORKS: Support = {
    "networks.*": Missing(
        code="network-without-object",
        why="a cluster's network has no parts to declare; with `--set isolate=yes` policies draw its borders",
        consequence=Consequence.NONE,
    ),
    "networks.*.name": WRITTEN_BY_THE_ENGINE,
    "networks.*.driver": Missing(
        code="network-driver-special",
        why="the cluster's network connects all pods; this driver's ways of reaching the outside are not its own",
        advice="look whether the cluster has Multus or hostNetwork to offer",
    ),
    "networks.*.driver_opts": EMPTY,
    "networks.*.driver_opts.*": WRITTEN_BY_THE_ENGINE,
    "networks.*.ipam": EMPTY,
    "networks.*.ipam.**": ADDRESSES,
    "networks.*.ipam.driver": WRITTEN_BY_THE_ENGINE,
    "networks.*.external": NOT_SHARED,
    "networks.*.internal": Exact(how=DEFAULT),
    "networks.*.attachable": WRITTEN_BY_THE_ENGINE,
    "networks.*.enable_ipv4": ADDRESSES,
    "networks.*.enable_ipv6": ADDRESSES,
    "networks.*.labels": EMPTY,
    "networks.*.labels.*": WRITTEN_BY_THE_ENGINE,
}
ATTACHMENTS: Support = {
    "services.*.networks": EMPTY,
    "services.*.networks.*": NOT_ISOLATED,
    "services.*.networks.*.aliases": EMPTY,
    "services.*.networks.*.aliases.*": Exact(how="Service"),
    "services.*.networks.*.interface_name": Missing(
        code="interface-name", why="a pod has one interface, called eth0", advice="look for the name in the application"
    ),
    "services.*.networks.*.ipv4_address": ADDRESSES,
    "services.*.networks.*.ipv6_address": ADDRESSES,
    "services.*.networks.*.link_local_ips": EMPTY,
    "services.*.networks.*.link_local_ips.*": ADDRESSES,
    "services.*.networks.*.mac_address": ADDRESSES,
    "services.*.networks.*.driver_opts": EMPTY,
    "services.*.networks.*.driver_opts.*": WRITTEN_BY_THE_ENGINE,
    "services.*.networks.*.priority": WRITTEN_BY_THE_ENGINE,
    "services.*.networks.*.gw_priority": WRITTEN_BY_THE_ENGINE,
}
REACH: Support = {
    "services.*.container_name": Exact(how="Service"),
    "services.*.deploy.endpoint_mode": Exact(how="clusterIP: None"),
    "services.*.expose": EMPTY,
    "services.*.expose.*": Exact(how="port of the Service"),
    "services.*.external_links": EMPTY,
    "services.*.external_links.*": Missing(
        code="external-link",
        why="it names a container outside this application",
        advice="make a Service of that name, of type ExternalName for a host outside the cluster",
    ),
    "services.*.links": EMPTY,
    "services.*.links.*": Exact(how="Service"),
    "services.*.ports": EMPTY,
    "services.*.ports.*.target": Exact(how="port of the Service"),
    "services.*.ports.*.published": Exact(how="port of the Service for outside"),
    "services.*.ports.*.protocol": Exact(how="protocol"),
    "services.*.ports.*.mode": Exact(how="hostPort"),
    "services.*.ports.*.host_ip": Exact(how="kept inside the cluster, or hostIP"),
    "services.*.ports.*.name": Exact(how="name of the port"),
    "services.*.ports.*.app_protocol": Exact(how="appProtocol"),
}
VARIABLES: Support = {
    "services.*.environment": EMPTY,
    "services.*.environment.*": Exact(how="env"),
    "services.*.env_file": EMPTY,
    "services.*.env_file.*.path": Exact(how="ConfigMap"),
    "services.*.env_file.*.required": Missing(
        code="only-while-loading",
        why="it says what to do about an absent file while loading",
        consequence=Consequence.NONE,
    ),
    "services.*.env_file.*.format": Exact(how="the variables' values"),
}
_FILES: Support = {
    "@.*": Missing(code="not-used", why="no service uses it", consequence=Consequence.NONE),
    "@.*.file": Exact(how="the object's content"),
    "@.*.content": Exact(how="the object's content"),
    "@.*.environment": Exact(how="the object's content"),
    "@.*.external": Exact(how=DEFAULT),
    "@.*.name": Missing(
        code="object-name",
        why="the object is named after the entry and its content",
        consequence=Consequence.NONE,
    ),
    "@.*.labels": EMPTY,
    "@.*.labels.*": Exact(how="the object's label"),
    "@.*.driver": OWN_DRIVER,
    "@.*.driver_opts": EMPTY,
    "@.*.driver_opts.*": OWN_DRIVER,
    "@.*.template_driver": TEMPLATED,
    "services.*.@": EMPTY,
    "services.*.@.*.source": Exact(how="the pod's volume"),
    "services.*.@.*.target": Exact(how="mountPath"),
    "services.*.@.*.uid": Exact(how=DEFAULT),
    "services.*.@.*.gid": Exact(how=DEFAULT),
    "services.*.@.*.mode": Exact(how="defaultMode"),
}
FILES: Support = {
    pattern.replace("@", section): row for section in ("configs", "secrets") for pattern, row in _FILES.items()
}
NETWORK: Support = {
    **NETWORKS,
    **ATTACHMENTS,
    **REACH,
    **VARIABLES,
    **FILES,
}
