"""The grammar against the JSON schema inside the oracle's binary, and against the model."""

from __future__ import annotations

import json
import mmap
import re
from functools import cache
from typing import Any

import pytest

from intermodal.compose.build import CLASSES, LOADING
from intermodal.compose.grammar import APPLICATION, EXTERNAL, SERVICE, leaves
from intermodal.compose.kinds import Kind, Limit, ListOf, MapOf, OneOrMany, Record, Value, records
from intermodal.kit.records import fields
from intermodal.model.application import Application
from tests.compose.oracle import binary

TYPES: dict[str, set[type]] = {
    "string": {str},
    "integer": {int},
    "number": {int, float},
    "boolean": {bool},
    "null": {type(None)},
}

STRICTER = {
    "services.*.provider": "docker compose's own code needs a type",
    "services.*.ports.*": "docker compose's own code needs a target",
    "services.*.volumes.*": "docker compose's own code needs a target",
    "services.*.devices.*": "docker compose's own code needs a target",
}
"""Records of which docker compose's code asks more than its schema."""

OTHER_TYPES = {
    "services.*.expose.*": "its code takes no fractions",
    "services.*.group_add.*": "its code takes no fractions",
    "services.*.storage_opt.*": "the schema says nothing; its code takes text and whole numbers",
    "services.*.blkio_config.weight": "its code cannot read text",
    "services.*.blkio_config.weight_device.*.weight": "its code cannot read text",
    "services.*.volumes.*.tmpfs.mode": "its code cannot read text",
    "services.*.build.ulimits.*": "its code cannot read text",
    "services.*.build.ulimits.*.soft": "its code cannot read text",
    "services.*.build.ulimits.*.hard": "its code cannot read text",
}
"""Scalars for which docker compose's code takes other types than its schema."""


@cache
def schema() -> dict[str, Any]:
    """The Compose Specification's JSON schema, found in the binary by its beginning."""
    with binary().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for found in re.finditer(rb'\{\s*"\$schema": "https?://json-schema.org/draft', content):
            text = content[found.start() : found.start() + 200_000].decode("utf-8", "ignore")
            document, _ = json.JSONDecoder().raw_decode(text)
            if "service" in document.get("definitions", {}):
                return dict(document)
    pytest.fail("the binary holds no schema of Compose files")


def alternatives(part: dict[str, Any]) -> list[dict[str, Any]]:
    """What a part of the schema may be: references and choices followed."""
    if "$ref" in part:
        return alternatives(schema()["definitions"][part["$ref"].rpartition("/")[2]])
    choices = part.get("oneOf", part.get("anyOf"))
    return [one for choice in choices for one in alternatives(choice)] if choices else [part]


def named_types(part: dict[str, Any]) -> list[str]:
    """The JSON types a part of the schema names."""
    named = part.get("type", [])
    return list(named) if isinstance(named, list) else [named]


def of_type(part: dict[str, Any], name: str) -> dict[str, Any]:
    """The alternative of a type."""
    found = [one for one in alternatives(part) if name in named_types(one)]
    assert found, (name, part)
    return found[0]


def scalars(part: dict[str, Any]) -> set[type]:
    """The Python types of the scalars a part of the schema allows."""
    names = {name for one in alternatives(part) for name in named_types(one)}
    return {kind for name in names for kind in TYPES.get(name, ())}


def compare(kind: Kind, part: dict[str, Any], path: str, wrong: list[str]) -> None:
    """Walk the grammar and the schema side by side and note every difference."""
    match kind:
        case Record():
            compare_record(kind, part, path, wrong)
        case ListOf():
            listed = of_type(part, "array")
            compare(kind.item, listed.get("items", {}), f"{path}.*", wrong)
            if kind.single != (str in scalars(part)):
                wrong.append(f"{path}: one text in place of a list: {kind.single}")
        case MapOf():
            chosen = of_type(part, "object")
            [value] = chosen.get("patternProperties", {"": {}}).values()
            compare(kind.value, value, f"{path}.*", wrong)
            lists = any(one.get("type") == "array" for one in alternatives(part))
            if lists != bool(kind.listed):
                wrong.append(f"{path}: a list in place of a mapping: {kind.listed!r}")
        case Limit():
            compare(kind.number, {"oneOf": [one for one in alternatives(part) if "properties" not in one]}, path, wrong)
            compare_record(kind.record, part, path, wrong)
        case OneOrMany():
            compare(
                kind.item, {"oneOf": [one for one in alternatives(part) if one.get("type") != "array"]}, path, wrong
            )
        case Value():
            if scalars(part) != set(kind.types) and path not in OTHER_TYPES:
                wrong.append(
                    f"{path}: schema {sorted(map(str, scalars(part)))}, grammar {sorted(map(str, kind.types))}"
                )
        case _:
            assert "array" in str(part) or "$ref" in part, part


def compare_record(kind: Record, part: dict[str, Any], path: str, wrong: list[str]) -> None:
    """Compare a record's keys, its required keys, and whether other keys are welcome."""
    named = of_type(part, "object")
    known = named.get("properties", {})
    if set(known) != set(kind.fields):
        wrong.append(f"{path}: {sorted(set(known) ^ set(kind.fields))} only on one side")
    required = set(named.get("required", []))
    if required != set(kind.required) and path not in STRICTER:
        wrong.append(f"{path}: required {sorted(required)}, grammar {sorted(kind.required)}")
    if kind is not EXTERNAL and kind.open != ("^x-" in named.get("patternProperties", {})) and kind.strict:
        wrong.append(f"{path}: x- keys: {kind.open}")
    if kind is not EXTERNAL and kind.strict != (named.get("additionalProperties") is False):
        wrong.append(f"{path}: unknown keys are errors: {kind.strict}")
    for key in set(known) & set(kind.fields):
        compare(kind.fields[key], known[key], f"{path}.{key}".lstrip("."), wrong)


def test_the_grammar_is_the_schema() -> None:
    wrong: list[str] = []
    compare_record(APPLICATION, schema(), "", wrong)
    assert not wrong, "\n".join(wrong)


def test_a_service_has_all_the_keys_of_the_specification() -> None:
    assert len(SERVICE.fields) == len(schema()["definitions"]["service"]["properties"]) == 92


MADE_BY_LOADING = {
    "service": {"name"},
    "env_file": {"values"},
    "secret": {"value", "content"},
    "config": {"value", "driver", "driver_opts"},
}
"""Fields of the model that are no keys: found out while loading, or shared with another record."""


@pytest.mark.parametrize(
    "record",
    [kind for kind in records(APPLICATION) if kind.name not in {"application", "include", "extends", "external"}],
    ids=lambda kind: kind.name,
)
def test_every_key_has_a_field_and_every_field_a_key(record: Record) -> None:
    known = set(fields(CLASSES[record.name]))
    keys = set(record.fields) - LOADING
    assert keys - known == set()
    extra = known - keys - {"extensions"}
    assert extra == MADE_BY_LOADING.get(record.name, set())
    assert not record.open or "extensions" in known


def test_every_record_of_the_model_is_built_from_the_grammar() -> None:
    named = {kind.name for kind in records(APPLICATION)}
    assert set(CLASSES) == named - {"application", "include", "extends", "external"}
    assert set(APPLICATION.fields) - {"version", "include"} <= set(fields(Application))


def test_leaves_are_listed_for_platforms() -> None:
    found = set(leaves())
    assert ("services", "*", "ports", "*", "published") in found
    assert ("services", "*", "environment", "*") in found
    assert ("services", "*", "command", "*") in found
    assert ("services", "*", "ulimits", "*") in found
    assert ("services", "*", "ulimits", "*", "soft") in found
    assert ("services", "*", "networks", "*") in found
    assert ("services", "*", "deploy", "x-*") in found
    assert ("volumes", "*", "external") in found
    assert ("volumes", "*", "external", "name") not in found
    assert len(found) > 300
