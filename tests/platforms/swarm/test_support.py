"""Nothing is lost in silence: every field of the grammar has a verdict, and setting it shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intermodal.compose.grammar import leaves
from intermodal.compose.load import Request, load
from intermodal.kit.diagnostics import Rejected
from intermodal.model.origin import Standing
from intermodal.model.patterns import compiled
from intermodal.model.platform import Settings
from intermodal.model.support import Approximate, Exact
from intermodal.platforms import find, translated
from intermodal.platforms.swarm.support import SUPPORT
from tests.platforms.swarm.test_client import rows, stack_of

if TYPE_CHECKING:
    from intermodal.model.support import Entry


def test_every_field_of_the_grammar_has_a_verdict() -> None:
    root = compiled(SUPPORT)
    silent = []
    for leaf in leaves():
        position = root
        for key in leaf:
            position = position.step(key)
        if position.row is None and not list(position.below()):
            silent.append(".".join(leaf))
    assert silent == []


def test_every_row_is_of_a_field_that_exists() -> None:
    """A misspelt pattern would classify nothing."""
    fields = [tuple(leaf) for leaf in leaves()]
    stray = [pattern for pattern in SUPPORT if not any(_fits(tuple(pattern.split(".")), field) for field in fields)]
    assert [pattern for pattern in stray if not pattern.endswith(".x-*.**")] == ["volumes.*.x-cluster-spec.**"]


def _fits(pattern: tuple[str, ...], field: tuple[str, ...]) -> bool:
    if pattern[-1] == "**":
        pattern = pattern[:-1]
        field = field[: len(pattern)]
    return pattern == field


OTHERWISE = Path(__file__).with_name("compose-keys.yaml")


@cache
def files() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """For each field a compose file without it and one with it."""
    alike = {pattern: (stack_of(pattern, old), stack_of(pattern, new)) for pattern, (old, new) in rows().items()}
    return alike | {pattern: (old, new) for pattern, (old, new) in yaml.safe_load(OTHERWISE.read_text()).items()}


@pytest.mark.parametrize("pattern", sorted(files()))
def test_setting_a_field_shows_in_the_stack_or_in_the_ledger(pattern: str, tmp_path: Path) -> None:
    without, having = files()[pattern]
    plain, plain_ledger = _translate(without, tmp_path)
    made, ledger = _translate(having, tmp_path)
    new = [path for path in ledger if path not in plain_ledger]
    assert new or made != plain
    broken = [path for path in new if made == plain and _promises(ledger[path])]
    assert broken == []


def _promises(entry: Entry) -> bool:
    """Whether the ledger says that the value shows in the stack; the default needs no words there."""
    said = isinstance(entry.outcome, (Exact, Approximate)) and "default" not in entry.outcome.how
    return said and entry.leaf.standing is Standing.IN_FORCE


def _translate(file: dict[str, Any], folder: Path) -> tuple[Any, dict[tuple[str | int, ...], Entry]]:
    compose = folder / "compose.yaml"
    (folder / "some.env").write_text("FROM_FILE=1\n")
    compose.write_text(yaml.safe_dump(file).replace("ENV_FILE", "some.env"))
    try:
        loaded = load(Request(files=(str(compose),), environment={"X": "x"}, working_directory=str(folder)))
    except Rejected as refused:
        pytest.fail(f"{file}: {refused}")
    result = translated(find("swarm"), loaded.application, Settings(), loaded.files)
    return (result.documents, result.attached), {entry.leaf.path: entry for entry in result.ledger}


def test_saying_the_default_costs_nothing(tmp_path: Path) -> None:
    _, ledger = _translate(
        {
            "services": {
                "web": {
                    "image": "x",
                    "container_name": "web",
                    "privileged": False,
                    "oom_kill_disable": False,
                    "ipc": "private",
                    "runtime": "runc",
                    "security_opt": ["no-new-privileges:false"],
                    "ports": [{"target": 80, "published": 80, "host_ip": "0.0.0.0"}],  # noqa: S104 - the default
                    "volumes": [{"type": "volume", "source": "v", "target": "/v", "volume": {"nocopy": False}}],
                    "mem_limit": 0,
                    "deploy": {"placement": {"constraints": ["node.hostname == n1"]}},
                }
            },
            "networks": {"default": {"enable_ipv4": True, "enable_ipv6": False, "internal": False}},
            "volumes": {"v": {"driver": "local"}},
        },
        tmp_path,
    )
    assert [path for path, entry in ledger.items() if not isinstance(entry.outcome, Exact)] == []
