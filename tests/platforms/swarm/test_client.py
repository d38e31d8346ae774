"""Asks the real client, field by field, whether `docker stack deploy` keeps, drops or refuses it, as the table says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from intermodal.compose.grammar import leaves
from intermodal.model.files import Grant, SharedFile
from intermodal.model.patterns import compiled
from intermodal.model.support import Exact, Missing
from intermodal.platforms.swarm.support import SUPPORT
from tests.applications import application, service
from tests.platforms.swarm.conftest import stack_config
from tests.platforms.swarm.recorder import deploy
from tests.platforms.swarm.swarming import translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from intermodal.model.platform import Translation
    from intermodal.model.support import Outcome
    from tests.platforms.swarm.recorder import Sent

KEYS = Path(__file__).with_name("stack-keys.yaml")
THINGS: dict[str, dict[str, Any]] = {
    "networks": {"networks": {"thing": None}},
    "volumes": {"volumes": [{"type": "volume", "source": "thing", "target": "/thing"}]},
    "configs": {"configs": [{"source": "thing", "target": "/thing"}]},
    "secrets": {"secrets": [{"source": "thing"}]},
}
DECLARED: dict[str, dict[str, Any]] = {
    "networks": {"thing": {}},
    "volumes": {"thing": {}},
    "configs": {"thing": {"file": "/etc/hostname"}},
    "secrets": {"thing": {"file": "/etc/hostname"}},
}


@cache
def rows() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """For each field the fragment without it and with it."""
    read = yaml.safe_load(KEYS.read_text())
    return {pattern: ((row[0], row[1]) if isinstance(row, list) else ({}, row)) for pattern, row in read.items()}


SETTLED = compiled(SUPPORT)


def verdict(pattern: str) -> Outcome:
    position = SETTLED
    for key in pattern.split("."):
        position = position.step(key)
    assert position.row is not None, pattern
    return position.row


def stack_of(pattern: str, fragment: dict[str, Any]) -> dict[str, Any]:
    """A stack file around a fragment."""
    plain: dict[str, Any] = {"image": "plain"}
    if pattern.startswith("services."):
        return DECLARED | {"services": {"plain": plain, "asked": {"image": "asked"} | fragment}}
    section = pattern.partition(".")[0]
    return {"services": {"asked": plain | THINGS[section]}, section: {"thing": {}}} | fragment


class Client:
    """The client, and a place for the files it reads."""

    def __init__(self, docker: str, folder: Path) -> None:
        self._docker = docker
        self._folder = folder
        (folder / "some.env").write_text("A=b\n")

    def accepts(self, stack: dict[str, Any]) -> bool:
        return stack_config(self._docker, self._write(stack)).returncode == 0

    def sends(self, stack: dict[str, Any]) -> Sent:
        return deploy(self._write(stack), self._docker, self._folder)[0]

    def _write(self, stack: dict[str, Any]) -> Path:
        file = self._folder / "stack.yaml"
        file.write_text(yaml.safe_dump(stack).replace("ENV_FILE", str(self._folder / "some.env")))
        return file


@pytest.fixture
def client(docker: str, tmp_path: Path) -> Client:
    return Client(docker, tmp_path)


def fate(client: Client, pattern: str) -> str:
    """What the client does with a field: sent, dropped or refused."""
    without, having = rows()[pattern]
    if not client.accepts(stack_of(pattern, having)):
        return "refused"
    try:
        sent = client.sends(stack_of(pattern, having))
    except RuntimeError:
        return "refused"
    return "sent" if sent != client.sends(stack_of(pattern, without)) else "dropped"


KEPT = sorted(pattern for pattern in rows() if verdict(pattern) == Exact())
LOST = sorted(pattern for pattern in rows() if isinstance(verdict(pattern), Missing))


def test_what_the_table_calls_the_same_is_sent(client: Client) -> None:
    of_services = [pattern for pattern in KEPT if pattern.startswith("services.")]
    stack: dict[str, Any] = DECLARED | {"services": {}}
    for number, pattern in enumerate(of_services):
        without, having = rows()[pattern]
        stack["services"] |= {f"w{number}": {"image": "asked"} | without, f"h{number}": {"image": "asked"} | having}
    sent = client.sends(stack)["services"]
    same = [
        pattern
        for number, pattern in enumerate(of_services)
        if anonymous(sent[f"app_w{number}"]) == anonymous(sent[f"app_h{number}"])
    ]
    assert same == []
    assert len(of_services) > 70


@pytest.mark.parametrize("pattern", [pattern for pattern in KEPT if not pattern.startswith("services.")])
def test_what_the_table_calls_the_same_is_sent_of_shared_things(client: Client, pattern: str) -> None:
    if pattern.endswith("*") and pattern.count(".") == 1:
        assert client.accepts(stack_of(pattern, rows()[pattern][1]))
    else:
        assert fate(client, pattern) == "sent"


@pytest.mark.parametrize("pattern", LOST)
def test_what_the_table_calls_missing_is_dropped_or_refused(client: Client, pattern: str) -> None:
    assert fate(client, pattern) in {"dropped", "refused"}


def test_every_field_is_asked_about() -> None:
    """Fields that a table row settles together with all their siblings need one question."""
    settled_whole = {pattern.removesuffix(".**") for pattern in SUPPORT if pattern.endswith(".**")}
    asked = set(rows())
    unasked = [
        pattern
        for pattern in map(".".join, leaves())
        if pattern.startswith((*DECLARED, "services."))
        and not pattern.endswith("x-*")
        and pattern not in asked
        and not any(pattern == whole or pattern.startswith(f"{whole}.") for whole in settled_whole)
    ]
    assert unasked == ["services.*.deploy"]


def anonymous(spec: dict[str, Any]) -> dict[str, Any]:
    """A service's specification without its own name."""
    for network in spec["TaskTemplate"].get("Networks", []):
        network["Aliases"] = network["Aliases"][:-1]
    return spec | {"Name": ""}


def test_an_application_with_side_files_can_be_deployed(
    docker: str, tmp_path: Path, write: Callable[[Translation], Path]
) -> None:

    made = application(
        service(configs=(Grant(source="motd"),)), configs={"motd": SharedFile(name="shop_motd", content="hello")}
    )
    sent, _ = deploy(write(translation(made)), docker, tmp_path)
    (config,) = sent["configs"].values()
    assert config["Data"] == "aGVsbG8="
    assert config["Name"].startswith("shop_motd-")


def test_empty_variables_are_filled_from_the_shell_as_the_ledger_says(client: Client) -> None:
    stack = {"services": {"web": {"image": "web", "environment": {"HOME": "", "OTHER": ""}}}}
    env = client.sends(stack)["services"]["app_web"]["TaskTemplate"]["ContainerSpec"]["Env"]
    assert "OTHER=" in env
    assert "HOME=" not in env
