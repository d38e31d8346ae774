from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.cli import connection
from intermodal.cli.lab import up
from intermodal.kit.clock import FakeClock
from intermodal.lab.choosing import completed, laid_out
from intermodal.lab.lab import Lab
from intermodal.lab.layout import Wanted
from intermodal.lab.state import Labs

if TYPE_CHECKING:
    import pytest


def exported(**wanted: str | int) -> dict[str, str]:
    layout = laid_out(completed(Wanted(**wanted)), (), "")  # type: ignore[arg-type]
    lines = up._lines(Lab(Labs(), layout, FakeClock()), made=True)
    said = [line.removeprefix("export ").partition("=") for line in lines if not line.startswith("#")]
    return {name: value.strip("'") for name, _, value in said}


def test_what_is_exported_leads_to_every_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    said = exported(nodes=2)
    assert said["DOCKER_HOST"] == "unix:///var/lib/intermodal/lab/lab/nodes/1/docker.sock"
    assert said["INTERMODAL_PLATFORM"] == "swarm"
    assert said["REGISTRY"] == "10.77.0.2:5000"
    monkeypatch.setenv(connection.ENGINES, said["INTERMODAL_ENGINES"])
    assert connection._engines() == {
        "engine.lab-1": said["DOCKER_HOST"],
        "engine.lab-2": "unix:///var/lib/intermodal/lab/lab/nodes/2/docker.sock",
    }


def test_one_engine_needs_no_list_of_engines() -> None:
    assert "INTERMODAL_ENGINES" not in exported(platform="compose")


def test_a_word_that_is_no_pair_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(connection.ENGINES, "one two= =three a=b")
    assert connection._engines() == {"engine.a": "b"}
