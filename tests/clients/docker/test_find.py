from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker import find as found_by
from intermodal.clients.docker.address import Address, Tls
from intermodal.clients.docker.find import find
from intermodal.model.changes import NotDone
from intermodal.model.platform import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intermodal.kit.diagnostics import Diagnostic


class Home:
    """A user's folder, with contexts in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def context(self, name: str, host: Any, *files: str, **endpoint: Any) -> None:
        number = hashlib.sha256(name.encode()).hexdigest()
        self.write(
            f"contexts/meta/{number}/meta.json",
            json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, **endpoint}}}),
        )
        for file in files:
            self.write(f"contexts/tls/{number}/docker/{file}", "x")

    def write(self, name: str, text: str) -> None:
        (self.path / ".docker" / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / ".docker" / name).write_text(text, "utf-8")

    def find(self, host: str = "", context: str = "", **environment: str) -> Address:
        return find(Target(host=host, context=context, environment=environment, home=str(self.path)))

    def refusal(self, host: str = "", context: str = "", **environment: str) -> Diagnostic:
        with pytest.raises(NotDone) as refused:
            self.find(host, context, **environment)
        assert refused.value.code == 1
        return refused.value.diagnostics[0]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the usual socket would be; not there yet."""
    monkeypatch.setattr(found_by, "SOCKET", str(tmp_path / "usual.sock"))
    return tmp_path / "usual.sock"


@pytest.fixture
def listening() -> Iterator[Any]:
    made = []

    def listen(path: Path) -> str:
        path.parent.mkdir(parents=True, exist_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        made.append(listener)
        return str(path)

    yield listen
    for listener in made:
        listener.close()


def test_the_order_is_that_of_dockers_client(home: Home, usual: Path) -> None:
    for name in ("flag", "variable", "current"):
        home.context(name, f"tcp://{name}:1")
    home.write("config.json", '{"currentContext": "current"}')
    both = {"DOCKER_HOST": "tcp://host:1", "DOCKER_CONTEXT": "variable"}
    assert home.find("tcp://given:1", **both).named == "--host"
    assert home.find("", "flag", **both).host == "flag"
    assert home.find(**both).named == "DOCKER_HOST"
    assert home.find(DOCKER_CONTEXT="variable").host == "variable"
    assert home.find().named == "context current"
    assert home.find(DOCKER_CONTEXT="default").path == str(usual)
    assert home.find("", "default", DOCKER_HOST="tcp://host:1").host == "host"


def test_a_host_and_a_context_at_once_are_refused(home: Home) -> None:
    assert home.refusal("tcp://a:1", "b").code == "engine-address-invalid"


def test_docker_config_says_where_its_folder_is(home: Home, usual: Path) -> None:
    home.context("work", "ssh://me@box")
    moved = home.path / "elsewhere"
    (home.path / ".docker").rename(moved)
    (moved / "config.json").write_text('{"currentContext": "work"}', "utf-8")
    assert str(home.find(DOCKER_CONFIG=str(moved))) == "ssh://me@box"
    assert home.find().path == str(usual)


def test_contexts_carry_tls(home: Home) -> None:
    home.context("safe", "tcp://box:2376", "ca.pem", "cert.pem", "key.pem")
    home.context("blind", "tcp://box", SkipTLSVerify=True)
    home.context("plain", "tcp://box")
    safe = home.find(context="safe").tls
    assert safe
    assert [Path(file).read_text("utf-8") for file in (safe.ca, safe.certificate, safe.key)] == ["x"] * 3
    assert safe.verify
    assert home.find(context="blind") == Address(
        scheme="tcp", host="box", port=2376, tls=Tls(verify=False), named="context blind"
    )
    assert home.find(context="plain").tls is None


def test_tls_of_the_environment(home: Home) -> None:
    for file in ("ca", "cert", "key"):
        home.write(f"{file}.pem", "x")
    kept = str(home.path / ".docker")
    verified = Tls(ca=f"{kept}/ca.pem", certificate=f"{kept}/cert.pem", key=f"{kept}/key.pem")
    assert home.find("tcp://box", DOCKER_TLS_VERIFY="1") == Address(
        scheme="tcp", host="box", port=2376, tls=verified, named="--host"
    )
    empty = home.path / "empty"
    assert home.find("tcp://box", DOCKER_TLS="1", DOCKER_CERT_PATH=str(empty)).tls == Tls(verify=False)
    assert home.find("tcp://box", DOCKER_CERT_PATH=kept, DOCKER_TLS_VERIFY="").tls is None


def test_a_context_that_is_not_there_is_never_replaced_by_another_engine(home: Home) -> None:
    home.context("work", "tcp://box:1")
    home.write("config.json", '{"currentContext": "gone"}')
    refusal = home.refusal()
    assert refusal.code == "context-not-found"
    assert "gone" in refusal.message
    assert "default, work" in refusal.help


@pytest.mark.parametrize("content", ["{", "[]", "[" * 100_000, '"x"', "\x00"])
def test_a_configuration_that_cannot_be_read_is_named(home: Home, content: str) -> None:
    home.write("config.json", content)
    refusal = home.refusal()
    assert refusal.code == "docker-config-unreadable"
    assert str(home.path / ".docker/config.json") in refusal.message
    assert home.find("tcp://a:1").host == "a", "who names the engine needs no configuration"


@pytest.mark.parametrize("content", ["", "{}", '{"currentContext": 3}', '{"currentContext": "default"}'])
def test_a_configuration_that_names_no_context_is_no_matter(home: Home, usual: Path, content: str) -> None:
    home.write("config.json", content)
    assert home.find().path == str(usual)


@pytest.mark.parametrize("host", [None, "", 3, "npipe:////./pipe/x", "ssh://-oX"])
def test_a_context_without_a_usable_host(home: Home, host: Any) -> None:
    home.context("odd", host)
    assert home.refusal(context="odd").code == "engine-address-invalid"


def test_where_the_refused_address_was_written_is_said(home: Home) -> None:
    assert "DOCKER_HOST" in home.refusal(DOCKER_HOST="npipe:////./pipe/x").message


def test_the_usual_socket_comes_first_and_others_are_known(home: Home, usual: Path, listening: Any) -> None:
    own = home.path / "run"
    rootless, podman = listening(own / "docker.sock"), listening(own / "podman/podman.sock")
    environment = {"XDG_RUNTIME_DIR": str(own)}
    assert home.find(**environment) == Address(scheme="unix", path=rootless, others=(podman,))
    listening(usual)
    assert home.find(**environment) == Address(scheme="unix", path=str(usual), others=(rootless, podman))
    usual.unlink()
    Path(rootless).unlink()
    assert home.find(**environment).path == podman


@pytest.mark.skipif(not shutil.which("docker"), reason="Docker's client is not here")
def test_contexts_made_by_dockers_client_are_read(home: Home, certificates: Path) -> None:
    pem = {"ca": "ca.pem", "cert": "client.pem", "key": "client-key.pem"}
    key = (certificates / pem["key"]).read_text("utf-8")
    kept = f"{home.path}/.docker"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home.path), "DOCKER_CONFIG": kept}
    tls = ",".join(f"{name}={certificates / file}" for name, file in pem.items())
    for argv in (
        ["create", "far", "--docker", "host=ssh://me@box:2222"],
        ["create", "safe", "--docker", f"host=tcp://box:2376,{tls}"],
        ["use", "far"],
    ):
        subprocess.run(["docker", "context", *argv], env=environment, capture_output=True, check=True)
    assert str(home.find()) == "ssh://me@box:2222"
    safe = home.find(context="safe")
    assert safe.tls
    assert Path(safe.tls.key).read_text("utf-8") == key
