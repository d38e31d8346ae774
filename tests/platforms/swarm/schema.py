"""What the engine's API takes, as a table: every field that we send with its type. A field not in it is a mistake.

Go's decoder drops a field it does not know in silence and refuses a value of another type, so a slip would be seen
late, if ever. Written from the API's description, versions 1.41 to 1.48.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Keys:
    """A mapping whose keys are the user's."""

    def __init__(self, value: Any) -> None:
        self.value = value


TEXTS = [str]
WORDS = Keys(str)
GRANTED = {"Name": str, "UID": str, "GID": str, "Mode": int}
UPDATE = {
    "Parallelism": int,
    "Delay": int,
    "FailureAction": str,
    "Monitor": int,
    "MaxFailureRatio": float,
    "Order": str,
}
AMOUNTS = {"NanoCPUs": int, "MemoryBytes": int}
CONTAINER: dict[str, Any] = {
    "Image": str,
    "Labels": WORDS,
    "Command": TEXTS,
    "Args": TEXTS,
    "Hostname": str,
    "Env": TEXTS,
    "Dir": str,
    "User": str,
    "Groups": TEXTS,
    "Privileges": {
        "CredentialSpec": {"Config": str, "File": str, "Registry": str},
        "SELinuxContext": {"Disable": bool, "User": str, "Role": str, "Type": str, "Level": str},
        "Seccomp": {"Mode": str, "Profile": str},
        "AppArmor": {"Mode": str},
        "NoNewPrivileges": bool,
    },
    "Init": bool,
    "StopSignal": str,
    "TTY": bool,
    "OpenStdin": bool,
    "ReadOnly": bool,
    "Mounts": [
        {
            "Type": str,
            "Source": str,
            "Target": str,
            "ReadOnly": bool,
            "Consistency": str,
            "BindOptions": {"Propagation": str, "NonRecursive": bool},
            "VolumeOptions": {
                "NoCopy": bool,
                "Labels": WORDS,
                "Subpath": str,
                "DriverConfig": {"Name": str, "Options": WORDS},
            },
            "TmpfsOptions": {"SizeBytes": int, "Mode": int, "Options": [TEXTS]},
            "ClusterOptions": {},
        }
    ],
    "StopGracePeriod": int,
    "Healthcheck": {
        "Test": TEXTS,
        "Interval": int,
        "Timeout": int,
        "Retries": int,
        "StartPeriod": int,
        "StartInterval": int,
    },
    "Hosts": TEXTS,
    "DNSConfig": {"Nameservers": TEXTS, "Search": TEXTS, "Options": TEXTS},
    "Secrets": [{"File": GRANTED, "SecretID": str, "SecretName": str}],
    "Configs": [{"File": GRANTED, "Runtime": {}, "ConfigID": str, "ConfigName": str}],
    "Isolation": str,
    "Sysctls": WORDS,
    "CapabilityAdd": TEXTS,
    "CapabilityDrop": TEXTS,
    "Ulimits": [{"Name": str, "Soft": int, "Hard": int}],
    "OomScoreAdj": int,
}
SERVICE: dict[str, Any] = {
    "Name": str,
    "Labels": WORDS,
    "TaskTemplate": {
        "ContainerSpec": CONTAINER,
        "Resources": {
            "Limits": AMOUNTS | {"Pids": int},
            "Reservations": AMOUNTS | {"GenericResources": [{"DiscreteResourceSpec": {"Kind": str, "Value": int}}]},
        },
        "RestartPolicy": {"Condition": str, "Delay": int, "MaxAttempts": int, "Window": int},
        "Placement": {
            "Constraints": TEXTS,
            "Preferences": [{"Spread": {"SpreadDescriptor": str}}],
            "MaxReplicas": int,
        },
        "Networks": [{"Target": str, "Aliases": TEXTS, "DriverOpts": WORDS}],
        "LogDriver": {"Name": str, "Options": WORDS},
    },
    "Mode": {
        "Replicated": {"Replicas": int},
        "Global": {},
        "ReplicatedJob": {"MaxConcurrent": int, "TotalCompletions": int},
        "GlobalJob": {},
    },
    "UpdateConfig": UPDATE,
    "RollbackConfig": UPDATE,
    "EndpointSpec": {
        "Mode": str,
        "Ports": [{"Protocol": str, "TargetPort": int, "PublishedPort": int, "PublishMode": str}],
    },
}
NETWORK: dict[str, Any] = {
    "Name": str,
    "Driver": str,
    "Internal": bool,
    "Attachable": bool,
    "EnableIPv6": bool,
    "Options": WORDS,
    "Labels": WORDS,
    "IPAM": {
        "Driver": str,
        "Options": WORDS,
        "Config": [{"Subnet": str, "IPRange": str, "Gateway": str}],
    },
}
FILE: dict[str, Any] = {
    "Name": str,
    "Labels": WORDS,
    "Data": str,
    "Driver": {"Name": str, "Options": WORDS},
    "Templating": {"Name": str},
}


def mistakes(value: Any, schema: Any, path: str = "") -> Iterator[str]:
    """Where plain data is not as the schema says."""
    if isinstance(schema, Keys):
        schema = dict.fromkeys(value, schema.value) if isinstance(value, dict) else {}
    if isinstance(schema, dict):
        if not isinstance(value, dict):
            yield f"{path} is no mapping"
            return
        for key, item in value.items():
            yield from mistakes(item, schema[key], f"{path}.{key}") if key in schema else [f"{path}.{key} is unknown"]
    elif isinstance(schema, list):
        if not isinstance(value, list):
            yield f"{path} is no list"
            return
        for index, item in enumerate(value):
            yield from mistakes(item, schema[0], f"{path}.{index}")
    elif not _is(value, schema):
        yield f"{path} is {value!r}, not of {schema.__name__}"


def _is(value: Any, kind: type) -> bool:
    """JSON's types: true is no number, and a whole number is a fraction too."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float)) if kind is float else isinstance(value, kind)
