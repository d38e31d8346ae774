"""From the wanted spec to the one that is sent: ids in place of names, and what is live and not ours kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.labels import PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.platforms.swarm.plain import Object

_OURS = frozenset({"Name", "Labels", "TaskTemplate", "Mode", "UpdateConfig", "RollbackConfig", "EndpointSpec"})
_OURS_OF_TEMPLATE = frozenset(
    {"ContainerSpec", "Resources", "RestartPolicy", "Placement", "Networks", "LogDriver", "Runtime"}
)


def identified(spec: Object, configs: Mapping[str, str], secrets: Mapping[str, str]) -> Object:
    """The spec with the ids of the configs and secrets it names; raises `KeyError` for a name that has none."""
    template = spec["TaskTemplate"]
    inside = dict(template["ContainerSpec"])
    for field, kind, ids in (("Configs", "Config", configs), ("Secrets", "Secret", secrets)):
        if inside.get(field):
            inside[field] = [one | {f"{kind}ID": ids[one[f"{kind}Name"]]} for one in inside[field]]
    credentials = (inside.get("Privileges") or {}).get("CredentialSpec") or {}
    if credentials.get("Config"):
        found = {**credentials, "Config": ids_of(configs, credentials["Config"])}
        inside["Privileges"] = {**inside["Privileges"], "CredentialSpec": found}
    return {**spec, "TaskTemplate": {**template, "ContainerSpec": inside}}


def ids_of(configs: Mapping[str, str], name: str) -> str:
    """The id of a config by name; an id is its own."""
    return name if name in configs.values() else configs[name]


def updated(raw: Mapping[str, object], wanted: Object, replicas: int | None) -> Object:
    """The live spec made into the wanted one: fields we do not know and ForceUpdate stay, `replicas` are as given.

    `replicas` of None takes the wanted spec's. A mode cannot be changed by an update; the engine refuses it.
    """
    live: Object = dict(raw)
    template: Object = dict(live.get("TaskTemplate") or {})
    kept_template = {key: value for key, value in template.items() if key not in _OURS_OF_TEMPLATE}
    kept = {key: value for key, value in live.items() if key not in _OURS}
    labels = dict(wanted.get("Labels", {}))
    previous = (live.get("Labels") or {}).get(PREVIOUS)
    if previous is not None:
        labels.setdefault(PREVIOUS, previous)
    return {
        **kept,
        **wanted,
        "Labels": labels,
        "TaskTemplate": {**kept_template, **wanted["TaskTemplate"]},
        "Mode": _mode(wanted["Mode"], replicas),
    }


def _mode(wanted: Object, replicas: int | None) -> Object:
    if replicas is None or "Replicated" not in wanted:
        return wanted
    return {"Replicated": {"Replicas": replicas}}
