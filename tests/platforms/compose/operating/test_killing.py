"""Killed at any call to the engine, the same command again ends as if nothing had happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.kit.clock import SystemClock
from intermodal.model.platform import Target
from intermodal.platforms.compose.operate import ComposeEngine

if TYPE_CHECKING:
    from intermodal.clients.docker.address import Address
    from tests.platforms.compose.operating.conftest import Stage

pytestmark = pytest.mark.engines


class Killed(BaseException):
    """The process is no more."""


class Mortal(Engine):
    """An engine that is spoken to by a process that dies before its so-and-so-many-th call that changes anything."""

    def __init__(self, address: Address, calls: int) -> None:
        super().__init__(address)
        self.left = calls

    def call(self, method: str, path: str, **said: Any) -> Any:
        if method != "GET":
            self.left -= 1
            if self.left < 0:
                raise Killed
        return super().call(method, path, **said)


def application(stage: Stage, version: int) -> dict[str, Any]:
    """Two services with all that takes several calls; the versions differ in one service and in a network."""
    db = stage.service(
        "test -e /anonymous/first || hostname > /anonymous/first; sleep 1000",
        environment={"VERSION": str(version)},
        volumes=["data:/data", "/anonymous"],
        networks=["default", "back"],
        configs=[{"source": "settings", "target": "/settings"}],
    )
    web = stage.service(depends_on={"db": {"condition": "service_started", "restart": True}})
    return {
        "services": {"db": db, "web": web},
        "volumes": {"data": {}},
        "networks": {"back": {"labels": {"version": str(version)}}},
        "configs": {"settings": {"content": f"version {version}"}},
    }


def check(stage: Stage, version: int, first: str | None) -> str:
    """That all is as the version says, and nothing else is there; gives what only the first container ever wrote."""
    assert not stage.plan(**application(stage, version)).work
    found = stage.containers()
    db, web = f"{stage.name}-db-1", f"{stage.name}-web-1"
    assert sorted(found) == [db, web]
    assert all(one["State"]["Running"] for one in found.values())
    assert f"VERSION={version}" in found[db]["Config"]["Env"]
    assert set(found[db]["NetworkSettings"]["Networks"]) == {f"{stage.name}_back", f"{stage.name}_default"}
    assert stage.run(db, "cat", "/settings") == f"version {version}"
    assert stage.left()["networks"] == [f"{stage.name}_back", f"{stage.name}_default"]
    wrote = stage.run(db, "cat", "/anonymous/first")
    assert first in (None, wrote), "the volume without a name was lost"
    return wrote


def killed(stage: Stage, version: int, calls: int) -> bool:
    """Bring a version up, and die on the way; whether there was a way to die on."""
    engine = ComposeEngine(Mortal(stage.address, calls), SystemClock(), Target(host=str(stage.address)))
    try:
        stage.carry_out(stage.plan(**application(stage, version), engine=engine), engine=engine)
    except Killed:
        return True
    return False


def test_killed_while_it_is_made(stage: Stage) -> None:
    calls = 0
    while killed(stage, 1, calls):
        stage.up(**application(stage, 1))
        check(stage, 1, None)
        stage.down()
        calls += 1
    check(stage, 1, None)
    assert calls >= 9
    stage.down()
    assert not any(stage.left().values())


def test_killed_while_it_is_replaced(stage: Stage) -> None:
    stage.up(**application(stage, 0))
    first = check(stage, 0, None)
    version, calls = 1, 0
    while killed(stage, version, calls):
        stage.up(**application(stage, version))
        check(stage, version, first)
        calls += 1
        version += 1
    check(stage, version, first)
    assert calls >= 14


def test_killed_while_it_goes(stage: Stage) -> None:
    calls = 0
    while True:
        stage.up(**application(stage, 1))
        engine = ComposeEngine(Mortal(stage.address, calls), SystemClock(), Target(host=str(stage.address)))
        plan = stage.engine.removal(stage.name, volumes=True)
        try:
            stage.carry_out(plan, engine=engine)
        except Killed:
            stage.down()
            assert not any(stage.left().values())
            calls += 1
        else:
            break
    assert not any(stage.left().values())
    assert calls >= 5
