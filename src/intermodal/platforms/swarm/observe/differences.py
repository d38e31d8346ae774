"""A wanted spec beside the live one, field by field, in the words of a Compose file.

What the engine fills in by itself is no difference, and neither is what cannot be compared: an image's digest, ids of
networks, configs and secrets, our own notes in labels. Values of variables are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from intermodal.kit.records import NOTHING, replace
from intermodal.model.changes import Difference
from intermodal.model.labels import DEPENDS_ON, PREVIOUS, REPLICAS, REVISION
from intermodal.platforms.swarm.observe.wording import ENV, PORTS, text, word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Raw: TypeAlias = "Mapping[str, Any]"
Fields: TypeAlias = dict[str, str]
"""What is said, as text, by the field's name."""

KEEPS_INSTANCES = ("deploy.labels", "deploy.mode", "deploy.replicas", "deploy.update_config", "deploy.rollback_config")
"""Fields that change without a new instance, with what is below them."""
_NOTES = frozenset({REVISION, REPLICAS, PREVIOUS, DEPENDS_ON})
_STAMP = "com.docker.stack."
_HIDDEN = ("environment.",)
_FILLED_IN: Mapping[str, Any] = {
    "TaskTemplate.ContainerSpec.Isolation": "default",
    "TaskTemplate.Runtime": "container",
    "TaskTemplate.RestartPolicy.Condition": "any",
    "TaskTemplate.RestartPolicy.Delay": 5_000_000_000,
    "TaskTemplate.ContainerSpec.StopGracePeriod": 10_000_000_000,
    "EndpointSpec.Mode": "vip",
    "TaskTemplate.ContainerSpec.Mounts.*.BindOptions.Propagation": "rprivate",
    "TaskTemplate.ContainerSpec.Mounts.*.Consistency": None,
    "TaskTemplate.ContainerSpec.Configs.*.ConfigID": None,
    "TaskTemplate.ContainerSpec.Secrets.*.SecretID": None,
    "TaskTemplate.ContainerSpec.Configs.*.File.Name": None,
    "TaskTemplate.ContainerSpec.Secrets.*.File.Name": None,
    "TaskTemplate.ContainerSpec.Configs.*.File.UID": "0",
    "TaskTemplate.ContainerSpec.Secrets.*.File.UID": "0",
    "TaskTemplate.ContainerSpec.Configs.*.File.GID": "0",
    "TaskTemplate.ContainerSpec.Secrets.*.File.GID": "0",
    "TaskTemplate.ContainerSpec.Mounts.*.Target": None,
    "TaskTemplate.ContainerSpec.Ulimits.*.Name": None,
    "TaskTemplate.ContainerSpec.Privileges.CredentialSpec.Config": None,
    "TaskTemplate.Placement.Platforms": None,
    "TaskTemplate.ForceUpdate": None,
    "UpdateConfig.Order": "stop-first",
    "UpdateConfig.FailureAction": "pause",
    "UpdateConfig.Parallelism": 1,
    "UpdateConfig.Monitor": 5_000_000_000,
    "RollbackConfig.Order": "stop-first",
    "RollbackConfig.FailureAction": "pause",
    "RollbackConfig.Parallelism": 1,
    "RollbackConfig.Monitor": 5_000_000_000,
    "Driver": "overlay",
    "IPAM.Driver": "default",
}
"""Values that the engine fills in where nothing is said; None for fields that are not compared at all."""
_EVERY_NODE = frozenset({"host", "bridge", "none"})
_FALSE_COUNTS = frozenset({"TaskTemplate.ContainerSpec.Init"})
_ZERO_COUNTS = frozenset(
    {
        "UpdateConfig.Parallelism",
        "RollbackConfig.Parallelism",
        "Mode.Replicated.Replicas",
        "TaskTemplate.ContainerSpec.Ulimits.*.Soft",
        "TaskTemplate.ContainerSpec.Ulimits.*.Hard",
    }
)
_ITEM_KEYS: Mapping[str, tuple[str, ...]] = {
    "TaskTemplate.ContainerSpec.Mounts": ("Target",),
    "TaskTemplate.ContainerSpec.Ulimits": ("Name",),
    "TaskTemplate.ContainerSpec.Configs": ("File.Name",),
    "TaskTemplate.ContainerSpec.Secrets": ("File.Name",),
    "TaskTemplate.Networks": ("Target",),
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
    return tuple(_compared(_fields(_named(live, networks, _built_in(wanted))), _fields(wanted)))


def network_differences(wanted: Raw, live: Raw) -> tuple[Difference, ...]:
    """The fields in which a live network, as the API lists it, is not as the wanted body says.

    Of addresses and options only what is wanted is compared: the engine chooses what nobody says.
    """
    keys = ("Driver", "Internal", "Attachable", "EnableIPv6", "Labels")
    have = {key: live.get(key) for key in keys}
    have["Options"] = _chosen(live.get("Options"), wanted.get("Options"))
    have["IPAM"] = _addresses(live.get("IPAM") or NOTHING, wanted.get("IPAM") or NOTHING)
    found = _compared(_fields(have), _fields({key: wanted[key] for key in have if key in wanted}))
    # What a service has in its `deploy` section a network has itself.
    return tuple(replace(one, field=one.field.removeprefix("deploy.")) for one in found)


def _addresses(live: Raw, wanted: Raw) -> Raw:
    """The live address plan without what the wanted one leaves to the engine."""
    pools = {pool.get("Subnet"): pool for pool in wanted.get("Config") or ()}
    listed = (live.get("Config") or ()) if pools else ()
    return {
        "Driver": live.get("Driver"),
        "Options": _chosen(live.get("Options"), wanted.get("Options")),
        "Config": [_chosen(pool, pools.get(pool.get("Subnet"), pool)) for pool in listed],
    }


def _chosen(live: Raw | None, wanted: Raw | None) -> Raw:
    """What is live of the keys that are wanted."""
    return {key: value for key, value in (live or NOTHING).items() if key in (wanted or NOTHING)}


def _built_in(wanted: Raw) -> str:
    """The network of every node that the service wants to be in; lists of networks do not have its id in the Swarm."""
    joined = (wanted.get("TaskTemplate") or NOTHING).get("Networks") or ()
    return next((one["Target"] for one in joined if one["Target"] in _EVERY_NODE), "")


def _named(live: Raw, networks: Mapping[str, str], built_in: str) -> Raw:
    """The live spec with names in place of networks' ids; where older clients put networks, they are moved."""
    template = live.get("TaskTemplate") or NOTHING
    joined = template.get("Networks") or live.get("Networks") or ()
    named = [{**one, "Target": networks.get(one.get("Target")) or built_in or one.get("Target")} for one in joined]
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
        found[word(path, names)] = value
    return found


def _leaves(path: str, names: tuple[str, ...], value: Any) -> Iterator[tuple[str, tuple[str, ...], str]]:  # noqa: ANN401 - JSON
    """Every value with its path in the API, in which `*` stands for the names beside it."""
    if path in _FILLED_IN and _FILLED_IN[path] in (None, value):
        return
    if path in _ITEMS:
        yield from _ITEMS[path](value or ())
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
        yield path, names, text(path, value)


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
        yield f"{ENV}.*", (name,), f"={value}" if mark else ""


def _ports(said: Iterable[Raw]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for port in said:
        published = port.get("PublishedPort") or ""
        name = f"{published}:{port.get('TargetPort')}/{port.get('Protocol') or 'tcp'}".removeprefix(":")
        yield f"{PORTS}.*", (name,), port.get("PublishMode") or "ingress"


_ITEMS: Mapping[str, Callable[[Any], Iterator[tuple[str, tuple[str, ...], str]]]] = {ENV: _variables, PORTS: _ports}
"""Lists whose items are one value each."""


def _counts(path: str, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value says something: the API leaves out most zeros."""
    if value is False:
        return path in _FALSE_COUNTS
    if value == 0 and value is not None:
        return path in _ZERO_COUNTS
    return value not in (None, "")


def _item(item: Raw, keys: tuple[str, ...]) -> str:
    """What an item of a list is called."""
    said = (_at(item, key) for key in keys)
    return "/".join(str(one) for one in said if one not in (None, ""))


def _at(item: Any, key: str) -> Any:  # noqa: ANN401 - JSON
    for part in key.split("."):
        item = (item or NOTHING).get(part)
    return item
