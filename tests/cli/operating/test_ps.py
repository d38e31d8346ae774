from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from intermodal.cli import instances
from intermodal.model.running import Instance, Phase, Published, Running, ServiceState
from tests.cli.operating.conftest import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli
    from tests.fakes.engine import FakeEngine


def one(number: int, phase: Phase, identity: str = "", **said: object) -> Instance:
    fields = {"id": identity or f"i{number}{phase.value}", "name": f"web-{number}", "service": "web", "number": number}
    return Instance(**fields, phase=phase, **said)  # type: ignore[arg-type]


def running(*found: Instance, **said: object) -> Running:
    state = ServiceState(name="web", instances=found, **said)  # type: ignore[arg-type]
    return Running(application="shop", platform="p", services={"web": state})


def rows(of: Running, *, everything: bool = False) -> list[list[str]]:
    drawn = instances.drawn(instances.chosen(of, (), everything=everything), 1000.0)
    return [re.split(r"\s{2,}", line) for line in drawn.splitlines()]


def test_a_table_of_instances(cli: Cli, shop: Path, fake: FakeEngine) -> None:
    del shop
    cli("up")
    fake.clock.sleep(120)
    assert cli("ps").out == (
        "SERVICE  INSTANCE    NODE  STATE    HEALTH   AGE  PORTS\n"
        "db       shop-db-1   fake  running  healthy  2m\n"
        "web      shop-web-1  fake  running           2m\n"
    )
    assert cli("ps", "web").out.count("\n") == 2


def test_only_ids(cli: Cli, shop: Path) -> None:
    del shop
    cli("up")
    assert cli("ps", "-q").out == "i0001\ni0002\n"


def test_as_json(cli: Cli, shop: Path) -> None:
    written(shop.parent, healthcheck={"test": ["CMD", "false"], "interval": "1s", "retries": 1})
    cli("up", "--timeout", "5")
    said = json.loads(cli("ps", "--json").out)
    assert (said["schema"], said["application"]) == (1, "shop")
    web = said["services"][1]
    assert (web["name"], web["health"], web["ready"], web["wanted"]) == ("web", "coming", 0, 1)
    assert web["instances"][0]["phase"] == "unhealthy"
    assert web["why"] == ["shop-web-1: its health check fails"]


def test_nothing_runs(cli: Cli, shop: Path) -> None:
    del shop
    ran = cli("ps")
    assert ran.code == 0
    assert ran.err == "nothing of an application called shop runs on this engine\n"
    assert cli("ps", "-p", "other").err.count("called other") == 1


def test_a_service_that_is_not_there(cli: Cli, shop: Path) -> None:
    del shop
    cli("up")
    ran = cli("ps", "wbe")
    assert ran.code == 2
    assert "error[service-not-there]" in ran.err
    assert "did you mean `web`?" in ran.err


def test_no_file_and_no_name(cli: Cli, shop: Path) -> None:
    shop.unlink()
    ran = cli("ps")
    assert (ran.code, "error[no-compose-file]" in ran.err) == (2, True)


def test_states_and_their_reasons() -> None:
    found = rows(running(one(1, Phase.RESTARTING, exit_code=3, message="no such file", started=940.0)))
    assert found[1] == ["web", "web-1", "restarting (exit code 3): no such file", "1m"]


def test_ended_ones_only_where_they_say_why() -> None:
    gone = [one(1, Phase.RUNNING), one(1, Phase.FAILED, "old"), one(2, Phase.FAILED), one(2, Phase.FAILED, "older")]
    gone += [one(3, Phase.STOPPED), one(4, Phase.COMPLETE)]
    shown = instances.chosen(running(*gone), ())[0].instances
    assert [(each.number, each.phase) for each in shown] == [
        (1, Phase.RUNNING),
        (2, Phase.FAILED),
        (4, Phase.COMPLETE),
    ]
    assert len(instances.chosen(running(*gone), (), everything=True)[0].instances) == 6


def test_a_service_without_instances_has_a_line() -> None:
    assert rows(running(wanted=2))[1] == ["web", "0/2"]


@pytest.mark.parametrize(
    ("port", "shown"),
    [
        (Published(target=80, published=8080), "8080->80/tcp"),
        (Published(target=53, published=53, protocol="udp", address="::"), "53->53/udp"),
        (Published(target=80, published=80, address="127.0.0.1"), "127.0.0.1:80->80/tcp"),
        (Published(target=80, published=80, address="::1"), "[::1]:80->80/tcp"),
    ],
)
def test_ports(port: Published, shown: str) -> None:
    assert rows(running(one(1, Phase.RUNNING, ports=(port, port))))[1][-1] == shown
    assert rows(running(one(1, Phase.RUNNING), ports=(port,)))[1][-1] == shown
