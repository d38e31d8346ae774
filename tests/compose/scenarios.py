"""Small applications of several files, for comparing with the oracle; they are written down in scenarios.yaml."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import yaml

from intermodal.kit.records import NOTHING, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SERVICE = "services:\n  a:\n    image: x\n"
_OVERRIDE = "services:\n  a:\n"


@record
class Scenario:
    """Files by path, options of the command line, and variables of the environment. `named` gives -p test."""

    title: str
    files: Mapping[str, str]
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = NOTHING
    named: bool = True


def scenarios() -> Iterator[Scenario]:
    """Every scenario there is."""
    written: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    for pair in written["overrides"]:
        base, over = indent(pair["base"], "    "), indent(pair["over"], "    ")
        yield Scenario(
            title=f"{pair['base']} + {pair['over']}",
            files={"base.yaml": _SERVICE + base, "over.yaml": _OVERRIDE + over},
            options=("-f", "base.yaml", "-f", "over.yaml"),
            environment={"E": "env"},
        )
    for found in written["files"]:
        yield Scenario(**found | {"options": tuple(found.get("options", ()))})
