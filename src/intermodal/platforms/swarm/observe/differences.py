"""A wanted spec beside the live one, field by field, in the words of a Compose file.

What the engine fills in by itself is no difference, and neither is what cannot be compared: an image's digest, ids of
networks, configs and secrets, our own notes in labels. Values of variables are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.records import NOTHING
from intermodal.model.changes import Difference
from intermodal.model.labels import DEPENDS_ON, PREVIOUS, REPLICAS, REVISION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Raw: TypeAlias = "Mapping[str, Any]"
Fields: TypeAlias = dict[str, str]
"""What is said, as text, by the field's name."""

KEEPS_INSTANCES = ("deploy.labels", "deploy.mode", "deploy.replicas", "deploy.update_config", "deploy.rollback_config")
"""Fields that change without a new instance, with what is below them."""
_NOTES = frozenset({REVISION, REPLICAS, PREVIOUS, DEPENDS_ON})
_STAMP = "com.docker.stack."
_HIDDEN = ("environment.",)
_ENV = "TaskTemplate.ContainerSpec.Env"
_WORDS: Mapping[str, str] = {
    "Labels": "deploy.labels",
    "Mode.Replicated.Replicas": "deploy.replicas",
    "Mode.ReplicatedJob.TotalCompletions": "deploy.replicas",
    "Mode": "deploy.mode",
    "UpdateConfig": "deploy.update_config",
    "RollbackConfig": "deploy.rollback_config",
    "EndpointSpec.Mode": "deploy.endpoint_mode",
    "EndpointSpec.Ports": "ports",
    "TaskTemplate.Resources": "deploy.resources",
    "TaskTemplate.RestartPolicy": "deploy.restart_policy",
    "TaskTemplate.Placement": "deploy.placement",
    "TaskTemplate.Networks": "networks",
    "TaskTemplate.LogDriver": "logging",
    _ENV: "environment",
    "TaskTemplate.ContainerSpec.Command": "entrypoint",
    "TaskTemplate.ContainerSpec.Args": "command",
    "TaskTemplate.ContainerSpec.Dir": "working_dir",
    "TaskTemplate.ContainerSpec.Groups": "group_add",
    "TaskTemplate.ContainerSpec.OpenStdin": "stdin_open",
    "TaskTemplate.ContainerSpec.Mounts": "volumes",
    "TaskTemplate.ContainerSpec.Hosts": "extra_hosts",
    "TaskTemplate.ContainerSpec.DNSConfig.Nameservers": "dns",
    "TaskTemplate.ContainerSpec.DNSConfig.Search": "dns_search",
    "TaskTemplate.ContainerSpec.DNSConfig.Options": "dns_opt",
    "TaskTemplate.ContainerSpec.CapabilityAdd": "cap_add",
    "TaskTemplate.ContainerSpec.CapabilityDrop": "cap_drop",
    "TaskTemplate.ContainerSpec.StopSignal": "stop_signal",
    "TaskTemplate.ContainerSpec.StopGracePeriod": "stop_grace_period",
    "TaskTemplate.ContainerSpec.ReadOnly": "read_only",
    "TaskTemplate.ContainerSpec.Privileges": "security_opt",
    "TaskTemplate.ContainerSpec.OomScoreAdj": "oom_score_adj",
    "TaskTemplate.ContainerSpec": "",
}
"""Names of the file for the API's; the longest that fits counts. Other fields keep the API's, in lower case."""
_FILLED_IN: Mapping[str, Any] = {
    "TaskTemplate.ContainerSpec.Isolation": "default",
    "TaskTemplate.Runtime": "container",
    "EndpointSpec.Mode": "vip",
    "EndpointSpec.Ports.*.Protocol": "tcp",
    "EndpointSpec.Ports.*.PublishMode": "ingress",
    "TaskTemplate.ContainerSpec.Mounts.*.BindOptions.Propagation": "rprivate",
    "TaskTemplate.ContainerSpec.Mounts.*.Consistency": None,
    "TaskTemplate.ContainerSpec.Configs.*.ConfigID": None,
    "TaskTemplate.ContainerSpec.Secrets.*.SecretID": None,
    "TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config": None,
    "TaskTemplate.Placement.Platforms": None,
    "TaskTemplate.ForceUpdate": None,
    "UpdateConfig.Order": "stop-first",
    "UpdateConfig.FailureAction": "pause",
    "UpdateConfig.Parallelism": 1,
    "RollbackConfig.Order": "stop-first",
    "RollbackConfig.FailureAction": "pause",
    "RollbackConfig.Parallelism": 1,
    "Driver": "overlay",
    "IPAM.Driver": "default",
}
"""Values that the engine fills in where nothing is said; None for fields that are not compared at all."""
_FALSE_COUNTS = frozenset({"TaskTemplate.ContainerSpec.Init"})
_ZERO_COUNTS = frozenset(
    {"UpdateConfig.Parallelism", "RollbackConfig.Parallelism", "Mode.Replicated.Replicas", "EndpointSpec.Ports"}
)
_ITEM_KEYS: Mapping[str, tuple[str, ...]] = {
    "TaskTemplate.ContainerSpec.Mounts": ("Target",),
    "TaskTemplate.ContainerSpec.Ulimits": ("Name",),
    "TaskTemplate.ContainerSpec.Configs": ("File.Name", "ConfigName"),
    "TaskTemplate.ContainerSpec.Secrets": ("File.Name", "SecretName"),
    "TaskTemplate.Networks": ("Target",),
    "EndpointSpec.Ports": ("TargetPort", "Protocol", "PublishedPort"),
    "IPAM.Config": ("Subnet",),
}
"""What tells the items of a list apart; items of other lists are compared as one text."""
_SETS = frozenset(
    {
        "TaskTemplate.ContainerSpec.Hosts",
        "TaskTemplate.ContainerSpec.CapabilityAdd",
        "TaskTemplate.ContainerSpec.CapabilityDrop",
        "TaskTemplate.Networks.*.Aliases",
        "TaskTemplate.Placement.Constraints",
    }
)


def differences(wanted: Raw, live: Raw, networks: Mapping[str, str] = NOTHING) -> tuple[Difference, ...]:
    """The fields in which a live service's spec is not the wanted one; `networks` are names by id."""
    return tuple(_compared(_fields(_named(live, networks)), _fields(wanted)))


def network_differences(wanted: Raw, live: Raw) -> tuple[Difference, ...]:
    """The fields in which a live network, as the API lists it, is not as the wanted body says.

    Of addresses only what is wanted is compared: the engine chooses what nobody says.
    """
    keys = ("Driver", "Internal", "Attachable", "EnableIPv6", "Options", "Labels", "IPAM")
    have = {key: live[key] for key in keys if key in live}
    have["Options"] = {
        key: value for key, value in (live.get("Options") or {}).items() if key in (wanted.get("Options") or {})
    }
    if not (wanted.get("IPAM") or NOTHING).get("Config"):
        have["IPAM"] = {key: value for key, value in (live.get("IPAM") or {}).items() if key != "Config"}
    else:
        have["IPAM"] = _chosen(live.get("IPAM") or {}, wanted["IPAM"])
    return tuple(_compared(_fields(have), _fields({key: wanted[key] for key in keys if key in wanted})))


def _chosen(live: Raw, wanted: Raw) -> Raw:
    """The live address plan without fields that the wanted one leaves to the engine."""
    said = {pool.get("Subnet"): set(pool) for pool in wanted["Config"]}
    pools = ({k: v for k, v in pool.items() if k in said.get(pool.get("Subnet"), pool)} for pool in live["Config"])
    return {**live, "Config": list(pools)}


def _named(live: Raw, networks: Mapping[str, str]) -> Raw:
    """The live spec with names in place of networks' ids; where older clients put networks, they are moved."""
    template = live.get("TaskTemplate") or NOTHING
    joined = template.get("Networks") or live.get("Networks") or ()
    named = [{**one, "Target": networks.get(one.get("Target"), one.get("Target"))} for one in joined]
    rest = {key: value for key, value in live.items() if key != "Networks"}
    return {**rest, "TaskTemplate": {**template, "Networks": named}}


def _compared(before: Fields, after: Fields) -> Iterator[Difference]:
    for field in sorted({*before, *after}):
        was, will = before.get(field), after.get(field)
        if was == will:
            continue
        if field.startswith(_HIDDEN):
            # Which of the two is there is told by "" in place of the value.
            yield Difference(field=field, before=_shown(was), after=_shown(will), hidden=True)
        else:
            yield Difference(field=field, before=was, after=will)


def _shown(value: str | None) -> str | None:
    return None if value is None else ""


def _fields(spec: Raw) -> Fields:
    found: Fields = {}
    for path, names, value in _leaves("", (), spec):
        found[_word(path, names)] = value
    return found


def _leaves(path: str, names: tuple[str, ...], value: Any) -> Iterator[tuple[str, tuple[str, ...], str]]:  # noqa: ANN401 - JSON
    """Every value with its path in the API, in which `*` stands for the names beside it."""
    if path in _FILLED_IN and _FILLED_IN[path] in (None, value):
        return
    if path == _ENV:
        yield from _variables(value or ())
    elif isinstance(value, dict) or hasattr(value, "keys"):
        for key, item in value.items():
            yield from _below(path, names, key, item)
    elif path in _ITEM_KEYS:
        for item in value or ():
            yield from _leaves(f"{path}.*", (*names, _item(item, _ITEM_KEYS[path])), item)
    elif isinstance(value, (list, tuple)):
        texts = [str(item) for item in value]
        if texts:
            yield path, names, " ".join(sorted(texts) if path in _SETS else texts)
    elif _counts(path, value):
        yield path, names, _text(path, value)


_FREE = (
    "Labels",
    "TaskTemplate.ContainerSpec.Labels",
    "TaskTemplate.ContainerSpec.Sysctls",
    "TaskTemplate.LogDriver.Options",
    "Options",
    "IPAM.Options",
)
"""Mappings whose keys are the user's, and whose values count whatever they are."""


def _below(path: str, names: tuple[str, ...], key: str, item: Any) -> Iterator[tuple[str, tuple[str, ...], str]]:  # noqa: ANN401 - JSON
    if path not in _FREE:
        yield from _leaves(f"{path}.{key}" if path else key, names, item)
    elif key not in _NOTES and not key.startswith(_STAMP):
        yield f"{path}.*", (*names, key), str(item)


def _variables(said: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for variable in said:
        name, mark, value = variable.partition("=")
        yield f"{_ENV}.*", (name,), f"={value}" if mark else ""


def _counts(path: str, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value says something: the API leaves out most zeros."""
    if value is False:
        return path in _FALSE_COUNTS
    if value == 0 and value is not None:
        return path in _ZERO_COUNTS
    return value not in (None, "")


def _text(path: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if path == "TaskTemplate.ContainerSpec.Image":
        return str(value).partition("@")[0]
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(item: Raw, keys: tuple[str, ...]) -> str:
    """What an item of a list is called."""
    said = (_at(item, key) for key in keys)
    return "/".join(str(one) for one in said if one not in (None, ""))


def _at(item: Any, key: str) -> Any:  # noqa: ANN401 - JSON
    for part in key.split("."):
        item = (item or NOTHING).get(part)
    return item


def _word(path: str, names: tuple[str, ...]) -> str:
    """The field's name for people, with the names of items in their places."""
    for start in _starts(path):
        if start in _WORDS:
            rest = path[len(start) :].lstrip(".").lower()
            word = ".".join(part for part in (_WORDS[start], rest) if part)
            break
    else:
        word = path.lower()
    for name in names:
        word = word.replace("*", name.replace("*", ""), 1)
    return word


def _starts(path: str) -> Iterator[str]:
    """The path, and all its beginnings, the longest first."""
    while path:
        yield path
        path = path.rpartition(".")[0]
