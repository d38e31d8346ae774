"""Kubernetes' published schemas, asked quickly: one validator per kind, and every shape of object only once.

Nothing in these schemas looks at a text beyond its being one (`apiVersion` and `kind` apart), and nothing looks at
more than one item of a list at a time. So an object is valid if its shape is: the tree of keys with the types of
values, equal items of a list taken as one, and names of free maps left out.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema
from kubernetes_validate import utils
from referencing import Registry, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

FREE = frozenset(
    (
        "annotations",
        "binaryData",
        "capacity",
        "data",
        "limits",
        "matchLabels",
        "nodeSelector",
        "requests",
        "selector",
        "stringData",
        "volumeAttributes",
    )
)
"""Maps from any name to text or number, where they hold no more than that."""

_known: dict[tuple[str, Any], str] = {}


def problem(version: str, content: Mapping[str, Any]) -> str:
    """What the strict schema of a release says against an object; "" if nothing. Equal shapes are asked about once."""
    key = (version, shape(content))
    if key not in _known:
        error = jsonschema.exceptions.best_match(_validator(version, content).iter_errors(content))
        _known[key] = "" if error is None else f"{'.'.join(map(str, error.path))}: {error.message}"
    return _known[key]


def asked() -> int:
    """How many shapes were looked at."""
    return len(_known)


def shape(value: Any, key: str = "") -> Any:
    """What the schemas see of a value; hashable."""
    if isinstance(value, dict):
        if key in FREE and all(isinstance(item, (str, int)) for item in value.values()):
            return ("free", frozenset(type(item) for item in value.values()))
        return frozenset((name, _leaf(name, item)) for name, item in value.items())
    if isinstance(value, list):
        return ("list", frozenset(shape(item) for item in value))
    return type(value)


def _leaf(name: str, value: Any) -> Any:
    return value if name in {"apiVersion", "kind"} else shape(value, name)


def _validator(version: str, content: Mapping[str, Any]) -> jsonschema.protocols.Validator:
    return _validator_of(version, content["kind"], content["apiVersion"])


@cache
def _validator_of(version: str, kind: str, api_version: str) -> jsonschema.protocols.Validator:
    group, slash, number = api_version.rpartition("/")
    name = f"{group.partition('.')[0]}-{number}" if slash else number
    schema = utils.schema_contents(f"{_folder(version)}/{kind.lower()}-{name}.json", version)
    return jsonschema.Draft202012Validator(schema, registry=Resource.from_contents(schema) @ _definitions(version))


@cache
def _definitions(version: str) -> Registry[Any]:
    return Resource.from_contents(utils.schema_contents(f"{_folder(version)}/_definitions.json", version)) @ Registry()


@cache
def _folder(version: str) -> str:
    full = [known for known in utils.all_versions() if utils.major_minor(known) == version][-1]
    return f"kubernetes-json-schema/v{full}-local-strict"
