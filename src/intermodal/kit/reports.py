"""Diagnostics for machines: plain data for JSON, SARIF 2.1.0, and annotations of GitHub Actions.

Drawings for people are in `drawing.py`. Nothing here writes; whoever does decides where to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.diagnostics import Severity
from intermodal.kit.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intermodal.kit.diagnostics import Diagnostic
    from intermodal.kit.places import Place

_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_GITHUB_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def plain(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as data for JSON; lines and columns count from 1, `file` is null where there is no place."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.word,
        "message": diagnostic.message,
        **position(diagnostic.place),
        "help": diagnostic.help,
        "secondary": [{**position(place), "message": label} for place, label in diagnostic.secondary],
    }


def position(place: Place | None) -> dict[str, Any]:
    """A place as data for JSON."""
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": place.source.name, "line": place.line or None, "column": place.column or None}


def sarif(diagnostics: Iterable[Diagnostic], tool: str, version: str) -> dict[str, Any]:
    """A SARIF log of one run. Source: OASIS, Static Analysis Results Interchange Format 2.1.0."""
    found = tuple(diagnostics)
    codes = {code: number for number, code in enumerate(dict.fromkeys(diagnostic.code for diagnostic in found))}
    rules = [{"id": code, "name": code.title().replace("-", "")} for code in codes]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": tool, "version": version, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(diagnostic, codes[diagnostic.code]) for diagnostic in found],
            }
        ],
    }


def github(diagnostic: Diagnostic) -> str:
    """A workflow command that GitHub Actions shows beside the line."""
    place = diagnostic.place
    properties = {"title": diagnostic.code}
    if place is not None:
        properties = {"file": place.source.name} | _numbers(place) | properties
    text = diagnostic.message + (f"\n{diagnostic.help}" if diagnostic.help else "")
    said = ",".join(f"{key}={_escaped(value, ':,')}" for key, value in properties.items())
    return f"::{_GITHUB_COMMANDS[diagnostic.severity]} {said}::{_escaped(text)}"


def _numbers(place: Place) -> dict[str, str]:
    return {"line": str(place.line), "col": str(place.column)} if place.line > 0 else {}


def _escaped(text: str, also: str = "") -> str:
    safe = "\n".join(map(visible, text.split("\n"))).replace("%", "%25").replace("\n", "%0A")
    for character in also:
        safe = safe.replace(character, f"%{ord(character):02X}")
    return safe


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    advice = f"\n\n{diagnostic.help}" if diagnostic.help else ""
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message + advice},
    }
    if diagnostic.place is not None:
        result["locations"] = [_location(diagnostic.place)]
    if diagnostic.secondary:
        result["relatedLocations"] = [
            _location(place) | {"id": number, "message": {"text": label}}
            for number, (place, label) in enumerate(diagnostic.secondary, 1)
        ]
    return result


def _location(place: Place) -> dict[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415 - only SARIF needs it

    found: dict[str, Any] = {"artifactLocation": {"uri": quote(place.source.name)}}
    if place.line > 0:
        found["region"] = {"startLine": place.line, "startColumn": max(place.column, 1)}
    return {"physicalLocation": found}
