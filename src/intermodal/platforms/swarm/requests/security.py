"""Rights of a service's containers: `security_opt` and `credential_spec` -> the API's Privileges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.clients.docker.objects import filled
from intermodal.model.support import Consequence, Exact, Missing
from intermodal.platforms.swarm.defaults import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intermodal.model.application import Service
    from intermodal.model.support import Notes, Outcome
    from intermodal.platforms.swarm.plain import Object
    from intermodal.platforms.swarm.requests.names import Names

PROFILES = (1, 44)
"""The first version that takes seccomp and AppArmor options and `no-new-privileges` for services."""
TOO_OLD = Missing(
    code="swarm-engine-too-old",
    why="services of this engine have no such security option; those of Docker 25 (API 1.44) have",
    advice="update the engines, or make it the default of every node's engine (daemon.json)",
    consequence=Consequence.SECURITY,
)
TOO_OLD_LOOSER = Missing(
    code="swarm-engine-too-old",
    why="services of this engine have no such security option; Docker's defaults hold, which allow less",
    advice="update the engines to Docker 25 (API 1.44), or see whether the service works without it",
    consequence=Consequence.BEHAVIOUR,
)
UNKNOWN = Missing(
    code="swarm-security-option",
    why="Swarm's services have no such security option, by file or by API; Docker's defaults hold",
    advice="make it the default of every node's engine (daemon.json)",
    consequence=Consequence.SECURITY,
)
_CARRIED = Exact(how="the service's privileges")
_SELINUX = {"user": "User", "role": "Role", "type": "Type", "level": "Level"}


def privileges(service: Service, names: Names, notes: Notes, profiles: Mapping[str, bytes]) -> Object:
    """The privileges; `profiles` are contents of the seccomp profiles that `security_opt` names, by path."""
    made: Object = filled(CredentialSpec=_credentials(service, names))
    for index, option in enumerate(service.security_opt):
        key, value = _split(option)
        detail, outcome = _option(key, value, names.version >= PROFILES, profiles)
        notes(("services", service.name, "security_opt", index), outcome)
        context = made.get("SELinuxContext", {}) | detail.get("SELinuxContext", {})
        made |= detail | filled(SELinuxContext=context)
    return made


def _split(option: str) -> tuple[str, str]:
    """`seccomp:unconfined` and `seccomp=unconfined` are the same; `no-new-privileges` alone means true."""
    mark = "=" if "=" in option else ":"
    key, _, value = option.partition(mark)
    return key, value


def _option(key: str, value: str, recent: bool, profiles: Mapping[str, bytes]) -> tuple[Object, Outcome]:
    if key == "label":
        return _label(value)
    if key == "no-new-privileges":
        wished = value in {"", "true"}
        return ({"NoNewPrivileges": True} if wished and recent else {}), _outcome(wished, recent, DEFAULT)
    if key == "seccomp":
        return _seccomp(value, recent, profiles)
    if key == "apparmor":
        return _apparmor(value, recent)
    return {}, UNKNOWN


def _outcome(wished: bool, recent: bool, otherwise: Outcome) -> Outcome:
    return (_CARRIED if recent else TOO_OLD) if wished else otherwise


def _label(value: str) -> tuple[Object, Outcome]:
    if value == "disable":
        return {"SELinuxContext": {"Disable": True}}, _CARRIED
    key, _, text = value.partition(":")
    if key not in _SELINUX:
        return {}, UNKNOWN
    return {"SELinuxContext": {_SELINUX[key]: text}}, _CARRIED


def _seccomp(value: str, recent: bool, profiles: Mapping[str, bytes]) -> tuple[Object, Outcome]:
    if value == "unconfined":
        return ({"Seccomp": {"Mode": "unconfined"}}, _CARRIED) if recent else ({}, TOO_OLD_LOOSER)
    if value not in profiles:
        return {}, UNKNOWN
    if not recent:
        return {}, TOO_OLD
    from base64 import b64encode  # noqa: PLC0415 - few services have a profile of their own

    return {"Seccomp": {"Mode": "custom", "Profile": b64encode(profiles[value]).decode()}}, _CARRIED


def _apparmor(value: str, recent: bool) -> tuple[Object, Outcome]:
    if value == "unconfined":
        return ({"AppArmor": {"Mode": "disabled"}}, _CARRIED) if recent else ({}, TOO_OLD_LOOSER)
    return ({}, DEFAULT) if value in {"default", "docker-default"} else ({}, UNKNOWN)


def _credentials(service: Service, names: Names) -> Object | None:
    said = service.credential_spec
    if said is None:
        return None
    return filled(Config=names.configs.get(said.config), File=said.file, Registry=said.registry)
