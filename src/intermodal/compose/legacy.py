"""Compose files of old: version 1, whose services stand at the top, and the `version` key of versions 2 and 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.nodes import Mapping, Scalar

if TYPE_CHECKING:
    from intermodal.kit.diagnostics import Findings

_TOP = frozenset(
    ("configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes"),
)
_OF_A_SERVICE = frozenset(("build", "dockerfile", "extends", "image"))
_MAJORS = frozenset("123")


def modern(document: Mapping, findings: Findings) -> Mapping:
    """The document with its services under `services`; an unknown `version` is an error."""
    version = document.items.get("version")
    if isinstance(version, Scalar) and version.value is not None:
        _check(version, findings)
    if not _first_version(document):
        return document
    message = "this file has no `services:`; it is read as a file of version 1"
    findings.warning("version-1-file", message, document.place, help="indent everything and put `services:` on top")
    key = Scalar("services", document.source, document.line, document.column)
    return Mapping({"services": document}, {"services": key}, document.source, document.line, document.column)


def _check(version: Scalar, findings: Findings) -> None:
    written = str(version.value)
    if written.split(".", 1)[0] not in _MAJORS:
        message = f"there is no version {written!r} of Compose files"
        advice = "leave `version` out: the Compose Specification has none"
        findings.error("version-unsupported", message, version.place, help=advice)


def _first_version(document: Mapping) -> bool:
    names = [name for name in document.items if not name.startswith("x-")]
    if not names or any(name in _TOP for name in names):
        return False
    nodes = [document.items[name] for name in names]
    return all(isinstance(node, Mapping) and not _OF_A_SERVICE.isdisjoint(node.items) for node in nodes)
