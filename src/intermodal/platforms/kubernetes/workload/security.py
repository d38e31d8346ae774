"""Who a container runs as and what it may do: its securityContext, and the Pod's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.model.support import Approximate, Consequence, Exact, Missing
from intermodal.platforms.kubernetes.terms import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.model.application import Service
    from intermodal.model.support import Outcome
    from intermodal.platforms.kubernetes.context import Context
    from intermodal.platforms.kubernetes.terms import Object

LARGEST_ID = 2**31 - 1
_KNOWN_USERS = {"root": 0, "nobody": 65534}
_KNOWN_GROUPS = {"root": 0, "nogroup": 65534}

_USER_NAME = Missing(
    code="user-by-name",
    why="Kubernetes takes users as numbers only; without one the image's own user runs, which may be root",
    advice='look the number up (`docker run --rm IMAGE id NAME`) and write `user: "1000:1000"`',
    consequence=Consequence.SECURITY,
)
_GROUP_NAME = Missing(
    code="group-by-name",
    why="Kubernetes takes groups as numbers only",
    advice="look the number up (`docker run --rm IMAGE getent group NAME`) and write that",
)
_OPTION_UNKNOWN = Missing(
    code="security-option-unknown",
    why="there is no field of a Pod for this option",
    advice="see whether the node's container engine can be set up for it",
    consequence=Consequence.SECURITY,
)
_SECCOMP_PROFILE = Missing(
    code="seccomp-profile-on-nodes",
    why="a seccomp profile is read from the node's disk, not from the application; the engine's default one is used",
    advice="install the profile under /var/lib/kubelet/seccomp on every node and set securityContext.seccompProfile",
    consequence=Consequence.SECURITY,
)
_PRIVILEGES_CLASH = Missing(
    code="no-new-privileges-refused",
    why="Kubernetes refuses it for a container that is privileged or has CAP_SYS_ADMIN",
    advice="drop `privileged` or SYS_ADMIN",
    consequence=Consequence.SECURITY,
)
_APPARMOR_PROFILE = Approximate(
    code="apparmor-profile-on-nodes",
    why="the profile must be loaded on every node, or the Pod does not start",
    advice="load it with a DaemonSet or the nodes' image",
    consequence=Consequence.BEHAVIOUR,
    how="securityContext.appArmorProfile",
)
_LABEL_DISABLED = Approximate(
    code="selinux-label-disabled",
    why="there is no switch; the unconfined type spc_t has the same effect where SELinux is on",
    how="securityContext.seLinuxOptions",
)


def container_security(service: Service, context: Context) -> Object:
    """A container's securityContext; empty when nothing is asked."""
    fields: Object = {}
    if service.privileged:
        fields["privileged"] = True
    fields |= _user(service, context)
    if service.read_only:
        fields["readOnlyRootFilesystem"] = True
    capabilities = {
        key: [_capability(name) for name in names]
        for key, names in (("add", service.cap_add), ("drop", service.cap_drop))
        if names
    }
    if capabilities:
        fields["capabilities"] = capabilities
    for index, option in enumerate(service.security_opt):
        made, outcome = _option(option, service, context)
        fields |= _merged(fields, made)
        context.notes(("services", service.name, "security_opt", index), outcome)
    return fields


def supplemental_groups(service: Service, context: Context) -> Iterator[int]:
    """`group_add`, as far as it is told in numbers."""
    for index, name in enumerate(service.group_add):
        number = _number(name, _KNOWN_GROUPS)
        if number is None:
            context.notes(("services", service.name, "group_add", index), _GROUP_NAME)
        else:
            yield number


def app_armor(service: Service) -> str:
    """The AppArmor profile asked for, in the form of the annotation that older Kubernetes reads; "" for none."""
    asked = [option for option in map(_split, service.security_opt) if option[0] == "apparmor"]
    if not asked:
        return ""
    profile = asked[-1][1]
    return {"unconfined": "unconfined", "docker-default": "runtime/default"}.get(profile, f"localhost/{profile}")


def _user(service: Service, context: Context) -> Object:
    if not service.user:
        return {}
    user, _, group = service.user.partition(":")
    number, group_number = _number(user, _KNOWN_USERS), _number(group, _KNOWN_GROUPS)
    if (user and number is None) or (group and group_number is None):
        context.notes(("services", service.name, "user"), _USER_NAME)
    fields: Object = {"runAsUser": number} if number is not None else {}
    return fields if group_number is None else {**fields, "runAsGroup": group_number}


def _number(name: str, known: dict[str, int]) -> int | None:
    if name.isascii() and name.isdigit():
        return int(name) if len(name) <= 10 and int(name) <= LARGEST_ID else None
    return known.get(name)


def _capability(name: str) -> str:
    return name.upper().removeprefix("CAP_")


def _split(option: str) -> tuple[str, str]:
    """Docker takes `name=value` and, of old, `name:value`."""
    separator = "=" if "=" in option else ":"
    name, _, value = option.partition(separator)
    return name.strip(), value.strip()


def _option(option: str, service: Service, context: Context) -> tuple[Object, Outcome]:
    name, value = _split(option)
    match name:
        case "no-new-privileges":
            return _no_new_privileges(value, service)
        case "seccomp":
            return _seccomp(value)
        case "apparmor":
            return _app_armor_field(value, context)
        case "label":
            return _selinux(value)
        case _:
            return {}, _OPTION_UNKNOWN


def _no_new_privileges(value: str, service: Service) -> tuple[Object, Outcome]:
    if value.lower() == "false":
        return {}, UNCHANGED
    if service.privileged or "SYS_ADMIN" in map(_capability, service.cap_add):
        return {}, _PRIVILEGES_CLASH
    return {"allowPrivilegeEscalation": False}, Exact(how="securityContext.allowPrivilegeEscalation")


def _seccomp(value: str) -> tuple[Object, Outcome]:
    if value == "unconfined":
        return {"seccompProfile": {"type": "Unconfined"}}, Exact(how="securityContext.seccompProfile")
    return {}, UNCHANGED if value in {"builtin", ""} else _SECCOMP_PROFILE


def _app_armor_field(value: str, context: Context) -> tuple[Object, Outcome]:
    known = {"unconfined": "Unconfined", "docker-default": "RuntimeDefault"}
    made = {"type": known[value]} if value in known else {"type": "Localhost", "localhostProfile": value}
    outcome = Exact(how="securityContext.appArmorProfile") if value in known else _APPARMOR_PROFILE
    return {"appArmorProfile": made} if context.target.has("apparmor-field") else {}, outcome


def _selinux(value: str) -> tuple[Object, Outcome]:
    if value == "disable":
        return {"seLinuxOptions": {"type": "spc_t"}}, _LABEL_DISABLED
    kind, _, setting = value.partition(":")
    if kind in {"user", "role", "type", "level"} and setting:
        return {"seLinuxOptions": {kind: setting}}, Exact(how="securityContext.seLinuxOptions")
    return {}, _OPTION_UNKNOWN


def _merged(fields: Object, made: Object) -> Object:
    """Several label options fill one field together."""
    if "seLinuxOptions" in made and "seLinuxOptions" in fields:
        return {"seLinuxOptions": {**fields["seLinuxOptions"], **made["seLinuxOptions"]}}
    return made
