"""Where shared things come from: a config or secret has one source, and what is external has nothing but a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.compose import values
from intermodal.compose.treewalk import mapping, part, scalar

if TYPE_CHECKING:
    from intermodal.kit.diagnostics import Findings
    from intermodal.kit.nodes import Mapping, Scalar

_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def check_shared_files(tree: Mapping, findings: Findings) -> None:
    """A config or secret has exactly one origin."""
    for section in _SOURCES:
        found = mapping(tree, section)
        for name, node in found.items.items() if found is not None else ():
            record = part(node)
            if record is not None:
                _one_source(section, name, record, findings)


def _one_source(section: str, name: str, record: Mapping, findings: Findings) -> None:
    where, keys = f"{section}.{name}", _SOURCES[section]
    given = [key for key in keys if key in record.items]
    if len(given) > 1:
        findings.error(
            "exclusive-keys",
            f"{where} has {' and '.join(given)}",
            record.keys[given[1]].place,
            help="keep one of them",
            secondary=((record.keys[given[0]].place, "the other one"),),
        )
    elif not given and not _true_at(record, "external") and (section == "secrets" or "external" not in record.items):
        findings.error("missing-key", f"{where} has no content", record.place, help=f"add {' or '.join(keys)}")


_BESIDE_EXTERNAL = frozenset({"name", "external"})


def check_externals(tree: Mapping, findings: Findings) -> None:
    """What is made elsewhere has nothing but a name."""
    for section in ("volumes", "networks", "configs", "secrets"):
        found = mapping(tree, section)
        for name, node in found.items.items() if found is not None else ():
            record = part(node)
            external = scalar(record, "external")
            if record is None or external is None or not _true(external):
                continue
            _only_name(section, name, record, findings)


def _true_at(record: Mapping, key: str) -> bool:
    found = scalar(record, key)
    return found is not None and _true(found)


def _true(node: Scalar) -> bool:
    try:
        return values.boolean(node.value)
    except ValueError:
        return False


def _only_name(section: str, name: str, record: Mapping, findings: Findings) -> None:
    for key in record.items:
        if key in _BESIDE_EXTERNAL or key.startswith("x-"):
            continue
        tell = findings.error if section == "volumes" else findings.warning
        tell(
            "external-with-settings",
            f"{section}.{name} is external, so {key} has no effect",
            record.keys[key].place,
            help=f"remove {key}, or external",
        )
