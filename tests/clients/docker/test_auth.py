from __future__ import annotations

import base64
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.auth import Credentials
from intermodal.model.changes import NotDone
from intermodal.model.platform import Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HELD, PLAIN = "held", "plain"
HELPER = """#!/bin/sh
echo "$@" >> "$0.argv"
read -r server || :
case "$server" in
ghcr.io) echo '{"ServerURL": "ghcr.io", "Username": "me", "Secret": "held"}' ;;
token.example.com) echo '{"Username": "<token>", "Secret": "a token"}' ;;
odd.example.com) echo nonsense ;;
locked.example.com) echo "the keychain is locked"; exit 1 ;;
*) echo "credentials not found in native keychain"; exit 1 ;;
esac
"""


@pytest.fixture
def said(tmp_path: Path) -> Callable[..., Any]:
    """What a registry is told about us, given a config.json."""

    def say(config: Any, image: str) -> Any:
        (tmp_path / ".docker").mkdir(exist_ok=True)
        (tmp_path / ".docker/config.json").write_text(json.dumps(config), "utf-8")
        headers = Credentials(Target(home=str(tmp_path))).headers(image)
        assert set(headers) <= {"X-Registry-Auth"}
        return json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"])) if headers else None

    return say


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A credential helper on the PATH; gives the file in which its command lines are noted."""
    program = tmp_path / "bin/docker-credential-test"
    program.parent.mkdir()
    program.write_text(HELPER, "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return program.with_suffix(".argv")


def written(user: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    ("key", "image"),
    [
        ("https://index.docker.io/v1/", "nginx"),
        ("https://index.docker.io/v1/", "me/app:2"),
        ("ghcr.io", "ghcr.io/me/app"),
        ("https://ghcr.io", "ghcr.io/me/app"),
        ("https://ghcr.io/v2/", "ghcr.io/me/app"),
        ("box:5000", "box:5000/app"),
    ],
)
def test_what_docker_login_wrote_is_used(said: Any, key: str, image: str) -> None:
    found = said({"auths": {key: written("me", "pass:word"), "other.example.com": written("x", "y")}}, image)
    assert (found["username"], found["password"]) == ("me", "pass:word")


@pytest.mark.parametrize("config", [{}, {"auths": {}}, {"auths": {"ghcr.io": {}}}, {"auths": []}, {"auths": {"x": 1}}])
def test_who_did_not_log_in_says_nothing(said: Any, config: Any) -> None:
    assert said(config, "ghcr.io/me/app") is None


def test_tokens_are_handed_on(said: Any) -> None:
    config = {"auths": {"ghcr.io": {**written("me", ""), "identitytoken": "t"}}}
    assert said(config, "ghcr.io/a/b") == {"identitytoken": "t", "serveraddress": "ghcr.io"}


def test_a_helper_is_asked_by_its_input_and_never_on_its_command_line(said: Any, helper: Path) -> None:
    config = {"credsStore": "test", "auths": {"ghcr.io": {}}}
    assert said(config, "ghcr.io/a/b")["password"] == HELD
    assert said(config, "token.example.com/a")["identitytoken"] == "a token"
    assert said(config, "unknown.example.com/a") is None
    assert helper.read_text("utf-8").splitlines() == ["get"] * 3


def test_a_registry_has_a_helper_of_its_own(said: Any, helper: Path) -> None:
    config = {"credHelpers": {"ghcr.io": "test"}, "auths": {"box:5000": written("me", PLAIN)}}
    assert said(config, "ghcr.io/a/b")["password"] == HELD
    assert said(config, "box:5000/a")["password"] == PLAIN
    assert helper.read_text("utf-8").splitlines() == ["get"]


def test_a_helper_is_asked_once_for_each_registry(helper: Path, tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text('{"credsStore": "test"}', "utf-8")
    credentials = Credentials(Target(home=str(tmp_path)))
    assert credentials.headers("ghcr.io/a") == credentials.headers("ghcr.io/b")
    assert helper.read_text("utf-8").splitlines() == ["get"]


@pytest.mark.parametrize(
    ("config", "registry", "word"),
    [
        ({"credsStore": "test"}, "odd.example.com", "something else"),
        ({"credsStore": "test"}, "locked.example.com", "the keychain is locked"),
        ({"credsStore": "absent"}, "ghcr.io", "docker-credential-absent"),
        ({"credsStore": "../evil; x"}, "ghcr.io", "no name"),
    ],
)
def test_a_helper_that_fails_is_told(said: Any, helper: Path, config: Any, registry: str, word: str) -> None:
    assert helper.parent.is_dir()
    with pytest.raises(NotDone) as refused:
        said(config, f"{registry}/a")
    assert refused.value.diagnostics[0].code == "credential-helper-failed"
    assert word in refused.value.diagnostics[0].message


@pytest.mark.parametrize("auth", ["not base64!", "/w==", 31415926])
def test_credentials_that_cannot_be_read_are_told_but_not_shown(said: Any, auth: Any) -> None:
    with pytest.raises(NotDone) as refused:
        said({"auths": {"ghcr.io": {"auth": auth}}}, "ghcr.io/a")
    assert refused.value.diagnostics[0].code == "docker-config-unreadable"
    assert str(auth) not in str(refused.value).replace("config.json", "")
