from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from intermodal.clients.docker.address import Address, Tls, parsed
from intermodal.clients.docker.connect import connect
from intermodal.clients.docker.diagnosis import TakenPort, cautions, not_done, taken_port, told
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.model.changes import NotDone
from intermodal.model.platform import Target
from tests.clients.docker.scripted import Scripted, answer

if TYPE_CHECKING:
    from pathlib import Path

UNIX = Address(scheme="unix", path="/run/d.sock")


@pytest.mark.parametrize(
    ("message", "port"),
    [
        (
            (
                "driver failed programming external connectivity on endpoint web (1ab): Bind for 0.0.0.0:8080 failed: "
                "port is already allocated"
            ),
            TakenPort(port=8080),
        ),
        (
            (
                "driver failed programming external connectivity on endpoint web (1ab): Error starting userland proxy: "
                "listen tcp4 127.0.0.1:8080: bind: address already in use"
            ),
            TakenPort(port=8080, address="127.0.0.1"),
        ),
        (
            "Error starting userland proxy: listen udp4 0.0.0.0:53: bind: address already in use",
            TakenPort(port=53, protocol="udp"),
        ),
        (
            (
                "failed to set up container networking: driver failed programming external connectivity on endpoint "
                "web (1ab): failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use"
            ),
            TakenPort(port=8080),
        ),
        (
            "failed to bind host port 127.0.0.1:8053/udp: address already in use",
            TakenPort(port=8053, address="127.0.0.1", protocol="udp"),
        ),
        ("Bind for :::8080 failed: port is already allocated", TakenPort(port=8080)),
        ("Bind for [::1]:8080 failed: port is already allocated", TakenPort(port=8080, address="::1")),
        (
            (
                "rpc error: code = InvalidArgument desc = port '8080' is already in use by service 'shop_web' (abc) "
                "as an ingress port"
            ),
            TakenPort(port=8080, service="shop_web"),
        ),
        (
            "rootlessport listen tcp 0.0.0.0:8080: bind: address already in use",
            TakenPort(port=8080),
        ),
        ("cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use", TakenPort(port=8080)),
        ("listen tcp 0.0.0.0:80: bind: permission denied", None),
        ("the network address is already in use", None),
        ("", None),
    ],
)
def test_taken_ports_in_the_words_of_engines(message: str, port: TakenPort | None) -> None:
    assert taken_port(message) == port


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('This node is not a swarm manager. Use "docker swarm init"', "not-a-manager"),
        ("write /var/lib/docker/x: no space left on device", "disk-full"),
        ("Bind for 0.0.0.0:80 failed: port is already allocated", "port-taken"),
        ("client version 1.48 is too old. Minimum supported API version is 1.60", "engine-too-new"),
        ("something else {}", "engine-refused"),
        ("", "engine-refused"),
    ],
)
def test_refusals_have_a_code_a_reason_and_a_next_step(message: str, code: str) -> None:
    found = not_done(EngineError(500, message, "POST /x"), UNIX, 3)
    assert found.code == 3
    assert found.diagnostics[0].code == code
    assert found.diagnostics[0].message
    assert found.diagnostics[0].help


def test_an_engine_that_knows_no_swarms_is_no_manager() -> None:
    podman = EngineError(404, "Not Found", "GET /services")
    assert not_done(podman, UNIX).diagnostics[0].code == "not-a-manager"
    absent = EngineError(404, "service web not found", "GET /services/web")
    assert not_done(absent, UNIX).diagnostics[0].code == "engine-refused"


@pytest.mark.parametrize(
    ("error", "address", "code", "word"),
    [
        (Unreachable("", "No such file", errno.ENOENT), UNIX, "engine-not-found", "systemctl"),
        (Unreachable("", "refused", errno.ECONNREFUSED), UNIX, "engine-not-found", "DOCKER_HOST"),
        (Unreachable("", "Permission denied", errno.EACCES), UNIX, "engine-permission", "usermod"),
        (Unreachable("", "odd"), UNIX, "engine-unreachable", "log"),
        (Unreachable("", "reset", errno.ECONNRESET, begun=True), UNIX, "engine-unreachable", "same command again"),
        (Unreachable("", "refused", errno.ECONNREFUSED), parsed("tcp://b"), "engine-unreachable", "DOCKER_TLS_VERIFY"),
        (Unreachable("", "bad certificate"), parsed("tcp://b", tls=Tls()), "engine-unreachable", "ca.pem"),
        (Unreachable("", "denied"), parsed("ssh://me@b:22"), "engine-unreachable", "`ssh -p 22 me@b docker version`"),
    ],
)
def test_silence_has_a_code_a_reason_and_a_next_step(
    error: Unreachable, address: Address, code: str, word: str
) -> None:
    with pytest.raises(NotDone) as raised, told(address):
        raise error
    found = raised.value.diagnostics[0]
    assert (found.code, raised.value.code) == (code, 1)
    assert error.reason in found.message
    assert word in found.help


def test_another_engine_that_is_there_is_suggested() -> None:
    address = Address(scheme="unix", path="/var/run/docker.sock", others=("/run/user/1000/docker.sock",))
    found = not_done(Unreachable("", "Permission denied", errno.EACCES), address).diagnostics[0]
    assert "DOCKER_HOST=unix:///run/user/1000/docker.sock" in found.help


def test_only_a_distant_engine_without_tls_is_warned_of() -> None:
    assert [found.code for found in cautions(parsed("tcp://box:2375"))] == ["engine-unencrypted"]
    for text in ("tcp://localhost", "tcp://127.0.0.1", "tcp://[::1]:1", "unix:///x", "ssh://box"):
        assert cautions(parsed(text)) == ()
    assert cautions(parsed("tcp://box", tls=Tls())) == ()


def test_an_old_engine_is_refused_before_anything_is_asked_of_it(tmp_path: Path) -> None:
    said = answer(b"OK", "200 OK", "Api-Version: 1.40")
    with Scripted(tmp_path, [[said]]) as server, pytest.raises(NotDone) as refused:
        connect(Target(host=str(server.address)))
    assert refused.value.diagnostics[0].code == "engine-too-old"
    assert "1.40" in refused.value.diagnostics[0].message
    assert server.requests == [b"GET /_ping HTTP/1.1"]


def test_no_engine(tmp_path: Path) -> None:
    with pytest.raises(NotDone) as refused:
        connect(Target(host=f"unix://{tmp_path}/absent"))
    assert refused.value.diagnostics[0].code == "engine-not-found"


@pytest.mark.engines
def test_a_real_engine_is_new_enough(one_engine: Address) -> None:
    with connect(Target(host=str(one_engine))) as engine:
        assert engine.call("GET", "/info")["ID"]


@pytest.mark.engines
def test_a_single_engine_is_no_manager(one_engine: Address) -> None:
    with connect(Target(host=str(one_engine))) as engine, pytest.raises(NotDone) as refused, told(engine.address):
        engine.call("GET", "/services")
    assert refused.value.diagnostics[0].code == "not-a-manager"
