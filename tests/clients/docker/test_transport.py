"""The ways to an engine other than its socket: TLS with certificates on both sides, and ssh."""

from __future__ import annotations

import os
import random
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.address import Address, Tls, parsed
from intermodal.clients.docker.attach import execute
from intermodal.clients.docker.connect import connect
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import Unreachable
from intermodal.clients.docker.transport import ssh_command
from intermodal.kit.threads import gather
from intermodal.model.changes import NotDone
from intermodal.model.platform import Command, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SSH = """#!{python}
import os, socket, sys, threading
with open({noted!r}, "a") as file:
    file.write(repr(sys.argv[1:]) + "\\n")
print("Welcome to the box", file=sys.stderr)
there = socket.socket(socket.AF_UNIX)
there.connect({path!r})
def send():
    while data := os.read(0, 65536):
        there.sendall(data)
    there.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := there.recv(65536):
    os.write(1, data)
"""


class Typed:
    """A terminal on which one thing is typed."""

    def __init__(self, typed: bytes) -> None:
        self._typed = [typed]
        self.said = b""

    def read(self) -> bytes:
        return self._typed.pop() if self._typed else b""

    def write(self, stream: str, data: bytes) -> None:
        assert stream == "stdout"
        self.said += data

    def size(self) -> tuple[int, int] | None:
        return None


class Guarded:
    """An engine of the tests' own that listens with TLS, and lets in only whom the authority vouches for."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.socket = folder / "d.sock"
        places = {"data-root": "data", "exec-root": "exec", "pidfile": "pid"}
        said = [f"--host=unix://{self.socket}", *(f"--{word}={folder / name}" for word, name in places.items())]
        pems = {"tlscacert": "ca", "tlscert": "server", "tlskey": "server-key"}
        said += ["--tlsverify", *(f"--{word}={certificates / name}.pem" for word, name in pems.items())]
        # Never --bridge=none: that removes the bridge of the engine that is there.
        self._bridge = f"imcl{os.getpid() % 10**8}"
        for words in ("add {} type bridge", "set {} up"):
            subprocess.run(["ip", "link", *words.format(self._bridge).split()], check=True)
        subprocess.run(["ip", "address", "add", "169.254.249.1/30", "dev", self._bridge], check=True)
        alone = [f"--bridge={self._bridge}", "--iptables=false", "--ip-forward=false", "--ip-masq=false"]
        self._log = (folder / "log").open("wb")
        argv = ["dockerd", *said, f"--host=tcp://127.0.0.1:{self.port}", *alone]
        self._process = subprocess.Popen(argv, stdout=self._log, stderr=self._log)

    def wait(self) -> Engine:
        """The engine by its socket, once it answers."""
        engine = Engine(Address(scheme="unix", path=str(self.socket)))
        for _ in range(300):
            with suppress(Unreachable):
                if engine.version:
                    return engine
            time.sleep(0.1)
        pytest.fail(f"the engine does not start: {self._log.name}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._log.close()
        subprocess.run(["ip", "link", "delete", self._bridge], check=True)


@pytest.fixture(scope="module")
def guarded(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    made = Guarded(tmp_path_factory.mktemp("guarded"), certificates)
    try:
        made.wait().close()
        yield made
    finally:
        made.stop()


@pytest.fixture
def far_container(guarded: Guarded, engine: Engine, container: Callable[..., str]) -> Iterator[str]:
    """A running container of the guarded engine, of files of the other one."""
    files = b"".join(engine.stream("GET", f"/containers/{container('true', start=False)}/export"))
    with guarded.wait() as far:
        query = {"fromSrc": "-", "repo": "im-cl-far"}
        b"".join(far.stream("POST", "/images/create", query=query, body=files))
        body = {"Image": "im-cl-far", "Cmd": ["sleep", "600"], "HostConfig": {"Init": True, "NetworkMode": "none"}}
        made: str = far.call("POST", "/containers/create", body=body)["Id"]
        far.call("POST", f"/containers/{made}/start")
        yield made
        far.call("DELETE", f"/containers/{made}", query={"force": True})


@pytest.fixture
def ssh(one_engine: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `ssh` that leads to the engine; gives the file in which its command lines are noted."""
    noted = tmp_path / "noted"
    _program(tmp_path, monkeypatch, SSH.format(python=sys.executable, noted=str(noted), path=one_engine.path))
    return noted


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    program = folder / "bin/ssh"
    program.parent.mkdir()
    program.write_text(text, "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def _tls(certificates: Path, **other: Any) -> Tls:
    files = {"ca": "ca.pem", "certificate": "client.pem", "key": "client-key.pem"}
    said = {field: str(certificates / name) for field, name in files.items()}
    return Tls(**{**said, **other})


def _reached(guarded: Guarded, tls: Tls | None, host: str = "localhost") -> Engine:
    return Engine(Address(scheme="tcp", host=host, port=guarded.port, tls=tls), timeout=10)


@pytest.mark.engines
def test_an_engine_behind_tls(guarded: Guarded, certificates: Path, far_container: str) -> None:
    with _reached(guarded, _tls(certificates)) as engine:
        found = gather([lambda: engine.call("GET", f"/containers/{far_container}/json")["Id"]] * 20)
        assert found == [far_container] * 20
        log = engine.stream("GET", f"/containers/{far_container}/logs", query={"stdout": True, "follow": True})
        threading.Timer(0.2, log.close).start()
        assert list(log) == []


@pytest.mark.engines
@pytest.mark.parametrize("size", [0, 1, 20_000_000])
def test_bytes_both_ways_at_once_behind_tls(
    guarded: Guarded, certificates: Path, far_container: str, size: int
) -> None:
    typed = random.Random(size).randbytes(size)  # noqa: S311 - anything
    with _reached(guarded, _tls(certificates)) as engine:
        terminal = Typed(typed)
        assert execute(engine, far_container, Command(service="", argv=("sh", "-c", "cat; exit 4")), terminal) == 4
        assert terminal.said == typed, "also what comes after our side has ended"


@pytest.mark.engines
def test_the_way_from_the_environment(guarded: Guarded, certificates: Path, tmp_path: Path) -> None:
    for name, file in {"ca": "ca", "cert": "client", "key": "client-key"}.items():
        (tmp_path / f"{name}.pem").write_bytes((certificates / f"{file}.pem").read_bytes())
    place = {"DOCKER_HOST": f"tcp://localhost:{guarded.port}", "DOCKER_CERT_PATH": str(tmp_path)}
    with connect(Target(environment={**place, "DOCKER_TLS_VERIFY": "1"})) as engine:
        assert engine.call("GET", "/info")["ID"]


@pytest.mark.engines
@pytest.mark.parametrize(
    ("host", "files", "why"),
    [
        ("127.0.0.1", {}, "(?i)ip address mismatch"),
        ("localhost", {"ca": "stranger.pem"}, "not trusted"),
        ("localhost", {"ca": ""}, "issuer|self.signed"),
        ("localhost", {"certificate": "stranger.pem", "key": "stranger-key.pem"}, "unknown|bad certificate|reset"),
        ("localhost", {"certificate": "", "key": ""}, "certificate required|bad certificate|reset"),
        ("localhost", {"certificate": "absent.pem"}, "No such file.*absent.pem"),
        ("localhost", {"key": "stranger-key.pem"}, "(?i)mismatch"),
        ("localhost", None, "HTTPS"),
    ],
)
def test_a_way_that_is_not_trusted_is_not_gone(
    guarded: Guarded, certificates: Path, host: str, files: dict[str, str] | None, why: str
) -> None:
    chosen = {field: str(certificates / name) if name else "" for field, name in (files or {}).items()}
    tls = None if files is None else _tls(certificates, **chosen)
    with _reached(guarded, tls, host) as engine, pytest.raises(Unreachable, match=why):
        engine.call("GET", "/info")


@pytest.mark.engines
def test_who_trusts_any_server_reaches_it(guarded: Guarded, certificates: Path) -> None:
    with _reached(guarded, _tls(certificates, ca="", verify=False), "127.0.0.1") as engine:
        assert engine.call("GET", "/info")["ID"]


@pytest.mark.engines
def test_an_engine_by_ssh(ssh: Path, container: Callable[..., str]) -> None:
    made = container("sleep", "600")
    with connect(Target(host="ssh://me@box:2222")) as engine:
        assert engine.call("GET", f"/containers/{made}/json")["Id"] == made
        assert engine.call("GET", f"/containers/{made}/json")["Id"] == made
        assert ssh.read_text("utf-8").splitlines() == [repr(ssh_command(engine.address)[1:])], "one login for all calls"
        terminal = Typed(b"x" * 300_000)
        assert execute(engine, made, Command(service="", argv=("cat",)), terminal) == 0
        assert terminal.said == b"x" * 300_000
        found = gather([lambda: engine.call("GET", "/info")["ID"]] * 12)
        assert len(set(found)) == 1


def test_the_command_line_of_ssh() -> None:
    assert ssh_command(parsed("ssh://box")) == [
        *("ssh", "-o", "ConnectTimeout=30", "-T", "--", "box", "docker", "system", "dial-stdio")
    ]
    assert ssh_command(parsed("ssh://me@box:22/run/a b.sock")) == [
        *("ssh", "-o", "ConnectTimeout=30", "-T", "-l", "me", "-p", "22", "--", "box"),
        *("docker", "'--host=unix:///run/a b.sock'", "system", "dial-stdio"),
    ]


def test_what_ssh_says_of_its_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _program(tmp_path, monkeypatch, "#!/bin/sh\necho 'me@box: Permission denied (publickey).' >&2\nexit 255\n")
    with pytest.raises(NotDone) as refused:
        connect(Target(host="ssh://me@box"))
    assert refused.value.diagnostics[0].code == "engine-unreachable"
    assert "Permission denied (publickey)" in refused.value.diagnostics[0].message


def test_a_machine_without_ssh_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotDone, match="ssh: No such file"):
        connect(Target(host="ssh://me@box"))
