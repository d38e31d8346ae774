from __future__ import annotations

import pytest

from intermodal.lab import checks
from intermodal.model.changes import NotDone


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root of a machine without programs."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setenv("PATH", "/nonexistent")


def codes(engine: str = "dockerd") -> list[tuple[str, str]]:
    with pytest.raises(NotDone) as caught:
        checks.fit(engine=engine)
    assert caught.value.code == 1
    return [(found.code, found.help.rpartition(" ")[2]) for found in caught.value.diagnostics]


def test_every_missing_program_is_told_with_its_package() -> None:
    assert codes() == [
        ("lab-program-missing", package)
        for package in ("iproute2", "iptables", "util-linux", "util-linux", "util-linux", "mount", "docker.io")
    ]


def test_an_engine_that_is_not_there() -> None:
    assert codes("/nonexistent/dockerd")[-1] == ("lab-program-missing", "docker.io")


def test_only_root_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert codes()[0][0] == "lab-needs-root"


def test_only_linux_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert codes()[0][0] == "lab-needs-linux"


def test_no_registry_is_a_warning() -> None:
    assert [found.code for found in checks.registry_warnings()] == ["lab-without-registry"]
