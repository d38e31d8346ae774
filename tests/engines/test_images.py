"""The images that examples and tests use start, answer, and stop gently."""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.clients.docker.address import Address
    from tests.engines.images import Images

pytestmark = pytest.mark.engines

SECONDS = 20.0


class Running(NamedTuple):
    """A container of ours, reached by the docker client."""

    engine: Engine
    name: str

    def inspect(self) -> Any:
        """What the engine says of its state."""
        return self.engine.call("GET", f"/containers/{self.name}/json")["State"]

    def run(self, *command: str) -> str:
        """What a command in it prints; nothing where it fails."""
        return docker(self.engine, "exec", self.name, *command).stdout

    def said(self, *command: str, wanted: str) -> str:
        """As `run`, once what it prints holds what is wanted."""
        end = time.monotonic() + SECONDS
        while wanted not in (printed := self.run(*command)) and self.inspect()["Running"] and time.monotonic() < end:
            time.sleep(0.1)
        assert wanted in printed, docker(self.engine, "logs", self.name)
        return printed

    def stop(self) -> tuple[object, float]:
        """Its exit code and the seconds it took to stop."""
        begun = time.monotonic()
        self.engine.call("POST", f"/containers/{self.name}/stop", query={"t": int(SECONDS)})
        return self.inspect()["ExitCode"], time.monotonic() - begun

    def ended(self) -> object:
        """The code it exits with, of itself."""
        return self.engine.call("POST", f"/containers/{self.name}/wait")["StatusCode"]


def docker(engine: Engine, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["docker", "--host", str(engine.address), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def running(address: Address, image: str, *command: str, **environment: str) -> Iterator[Running]:
    environ = [f"{name}={value}" for name, value in environment.items()]
    body = {"Image": image, "Env": environ, "HostConfig": {"NetworkMode": "none"}}  # loopback is enough
    with Engine(address) as engine:
        made = engine.call("POST", "/containers/create", body=body | ({"Cmd": list(command)} if command else {}))["Id"]
        try:
            engine.call("POST", f"/containers/{made}/start")
            yield Running(engine, made)
        finally:
            engine.call("DELETE", f"/containers/{made}", query={"force": True, "v": True})


def get(path: str, port: int = 80) -> tuple[str, ...]:
    return ("wget", "-q", "-O", "-", f"http://127.0.0.1:{port}{path}")


def test_busybox_has_the_commands_of_a_small_system(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("busybox"), "httpd", "-f", "-h", "/etc") as container:
        assert "root:x:0:0" in container.said(*get("/passwd"), wanted="root")
        assert container.run("sh", "-c", "nc -h 2>&1; nslookup 2>&1; id -u").strip().endswith("0")


def test_the_web_server_answers_with_its_version_and_stops_at_once(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("web:2")) as container:
        hostname, version = container.said(*get("/"), wanted="2").split()
        assert container.name.startswith(hostname)
        assert version == "2"
        code, seconds = container.stop()
        assert (code, seconds < 3) == (0, True)


def test_the_web_server_serves_on_for_its_grace(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("web"), GRACE="3") as container:
        container.said(*get("/"), wanted="1")
        container.engine.call("POST", f"/containers/{container.name}/kill", query={"signal": "SIGTERM"})
        assert "1" in container.run(*get("/"))
        assert container.ended() == 0


def test_the_web_server_fails_as_it_is_told(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("web:broken")) as container:
        assert container.ended() == 1
    with running(one_engine, images("web"), CRASH_AFTER="0.2", CRASH_CODE="7") as container:
        assert container.ended() == 7
    with running(one_engine, images("web"), UNHEALTHY_AFTER="0") as container:
        container.said(*get("/"), wanted="1")
        assert not container.run(*get("/health"))
    with running(one_engine, images("web"), START_DELAY="60") as container:
        assert not container.run(*get("/"))
        assert container.stop()[0] == 0


def test_an_image_can_bring_its_health_check(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("web:checked")) as container:
        end = time.monotonic() + SECONDS
        while (health := container.inspect()["Health"]["Status"]) == "starting" and time.monotonic() < end:
            time.sleep(0.1)
        assert health == "healthy"


def test_redis_keeps_what_it_is_given(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("redis"), "redis-server", "--save", "", "--appendonly", "no") as container:
        container.said("redis-cli", "ping", wanted="PONG")
        container.run("redis-cli", "rpush", "votes", "a")
        assert container.run("redis-cli", "llen", "votes").strip() == "1"
        assert container.run("stat", "-c", "%U", "/proc/1") == "redis\n"
        assert container.stop()[0] == 0


def test_postgres_makes_the_database_it_is_asked_for(one_engine: Address, images: Images) -> None:
    environment = {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": "it's a secret", "POSTGRES_DB": "orders"}
    with running(one_engine, images("postgres"), **environment) as container:
        container.said("pg_isready", "-h", "127.0.0.1", wanted="accepting")
        ask = "psql -tA -h 127.0.0.1 -U shop orders -c 'SELECT current_user'"
        assert container.run("sh", "-c", f'PGPASSWORD="it\'s a secret" {ask}') == "shop\n"
        assert not container.run("sh", "-c", f"PGPASSWORD=wrong {ask}")
        assert container.run("stat", "-c", "%U", "/proc/1") == "postgres\n"
        code, seconds = container.stop()
        assert (code, seconds < 10) == (0, True)


def test_postgres_without_a_password_says_what_to_set(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("postgres")) as container:
        assert container.ended() == 1
        assert "POSTGRES_PASSWORD_FILE" in docker(container.engine, "logs", container.name).stderr


def test_nginx_serves_its_page(one_engine: Address, images: Images) -> None:
    with running(one_engine, images("nginx")) as container:
        assert "nginx" in container.said(*get("/"), wanted="Welcome")
        assert container.stop()[0] == 0


def test_python_has_the_clients_of_redis_and_postgres(one_engine: Address, images: Images) -> None:
    program = "import asyncio, json, psycopg2, redis; print(psycopg2.apilevel)"
    with running(one_engine, images("python"), "python3", "-c", program) as container:
        assert container.ended() == 0


def test_no_image_has_programs_that_run_as_somebody_else(one_engine: Address, images: Images) -> None:
    for name in ("postgres", "python", "nginx"):
        find = ("find", "/usr", "-perm", "/6000", "-type", "f")
        with running(one_engine, images(name), *find) as container:
            assert container.ended() == 0
            assert not docker(container.engine, "logs", container.name).stdout


def test_bringing_images_again_changes_nothing(one_engine: Address, images: Images) -> None:
    name = images("web")
    with Engine(one_engine) as engine:
        before = engine.call("GET", f"/images/{name}/json")["Id"]
        with pytest.raises(EngineError):
            engine.call("GET", f"/images/{name}-not-there/json")
        assert images("web:1") == name
        assert engine.call("GET", f"/images/{name}/json")["Id"] == before
