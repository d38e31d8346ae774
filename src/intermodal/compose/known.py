"""The names an application has, and what to say of a reference to something that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose.treewalk import at, items, mapping
from intermodal.compose.wording import ENOUGH, quoted
from intermodal.kit.nodes import Scalar
from intermodal.kit.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping, Node


class Known:
    """The names an application has, by section; which services have a build; and which are in no active profile."""

    __slots__ = ("built", "inactive", "names")

    def __init__(self, tree: Mapping, inactive: Collection[str] = ()) -> None:
        self.names = {section: _names(tree, section) for section in _WORDS}
        services = self.names["services"]
        self.built = frozenset(name for name in services if at(tree, "services", name, "build") is not None)
        self.inactive = inactive


_WORDS = {
    "services": "service",
    "networks": "network",
    "volumes": "volume",
    "configs": "config",
    "secrets": "secret",
    "models": "model",
}


def _names(tree: Mapping, section: str) -> frozenset[str]:
    found = mapping(tree, section)
    return frozenset(found.items) if found is not None else frozenset()


def refer(code: str, section: str, found: Scalar, name: str, known: Known, findings: Findings) -> None:
    """Record a reference to something that is not there, with what may be meant; nothing if it is there."""
    target = str(found.value)
    if target in known.names[section]:
        return
    if section == "services" and target in known.inactive:
        _not_active(target, found, name, known, findings)
        return
    nearby = known.names[section] if len(findings.diagnostics) < ENOUGH else frozenset()
    findings.error(
        code,
        f"service {name!r} refers to the {_WORDS[section]} {quoted(target)}, which is not defined",
        found.place,
        help=did_you_mean(target, nearby, f"add it below `{section}:`"),
    )


def _not_active(target: str, found: Scalar, name: str, known: Known, findings: Findings) -> None:
    profiles: list[Node] = []
    if isinstance(known.inactive, dict):
        profiles = items(known.inactive[target], "profiles")
    named = [str(profile.value) for profile in profiles if type(profile) is Scalar]
    ask = f"start with `--profile {named[0]}`, or" if named else "activate its profile, or"
    findings.error(
        "service-not-active",
        f"service {name!r} needs {target!r}, which belongs to a profile that is not active",
        found.place,
        help=f"{ask} write `required: false` below depends_on",
    )
