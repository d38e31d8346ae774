from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from intermodal.model.building import Hook
from intermodal.model.support import Exact
from intermodal.platforms.kubernetes.terms import DEFAULT
from tests.platforms.kubernetes.workloads import one

if TYPE_CHECKING:
    from pathlib import Path

HOOK = Hook(command=("touch", "a file"))


def test_one_hook_is_its_command() -> None:
    made = one(post_start=(HOOK,), pre_stop=(Hook(command=("echo", "$(date)")),)).container()
    assert made["lifecycle"]["postStart"] == {"exec": {"command": ["touch", "a file"]}}
    assert made["lifecycle"]["preStop"] == {"exec": {"command": ["echo", "$(date)"]}}, "hooks are not expanded"


def test_several_hooks_run_one_after_the_other(tmp_path: Path) -> None:
    folder = str(tmp_path)
    hooks = (
        Hook(
            command=("sh", "-c", "echo \"$A\" > 'the file'"), working_dir=folder, environment={"A": "it's", "B": None}
        ),
        Hook(command=("cp", f"{folder}/the file", f"{folder}/copy")),
    )
    command = one(post_start=hooks).container()["lifecycle"]["postStart"]["exec"]["command"]
    assert command[:2] == ["/bin/sh", "-c"]
    subprocess.run(command, check=True, timeout=10)
    assert (tmp_path / "copy").read_text() == "it's\n"


def test_hooks_have_the_containers_rights() -> None:
    made = one(
        user="7", post_start=(Hook(command=("a",), user="root", privileged=True), Hook(command=("b",), user="7"))
    )
    assert made.code("post_start", 0, "user") == made.code("post_start", 0, "privileged") == "hook-user"
    assert made.note("post_start", 1, "user") == Exact(how=DEFAULT)


@pytest.mark.parametrize("signal", ["SIGTERM", "TERM", "15", "sigterm"])
def test_the_ordinary_signal_needs_nothing(signal: str) -> None:
    made = one(stop_signal=signal)
    assert "lifecycle" not in made.container()
    assert made.note("stop_signal") == Exact(how=DEFAULT)


@pytest.mark.parametrize(
    ("signal", "name"), [("SIGQUIT", "QUIT"), ("int", "INT"), ("3", "QUIT"), ("SIGRTMIN+3", "RTMIN+3")]
)
def test_another_signal_is_sent_by_a_hook(signal: str, name: str) -> None:
    made = one(stop_signal=signal, pre_stop=(HOOK,))
    text = made.container()["lifecycle"]["preStop"]["exec"]["command"][2]
    assert text.startswith(f"touch 'a file' && kill -s {name} 1 && while kill -0 1 ")


def test_the_hook_ends_when_the_process_has(tmp_path: Path) -> None:
    text = one(stop_signal="INT").container()["lifecycle"]["preStop"]["exec"]["command"][2]
    script = f"(trap 'exit 0' TERM; echo > {tmp_path}/up; while :; do sleep 0.05; done) & P=$!; "
    script += f"while [ ! -e {tmp_path}/up ]; do sleep 0.05; done; "
    script += text.replace("INT 1", "TERM $P").replace("kill -0 1", "kill -0 $P").replace("sleep 1", "sleep 0.05; wait")
    assert subprocess.run(["sh", "-c", script], check=False, timeout=10).returncode == 0


def test_killing_at_once_is_the_shortest_grace() -> None:
    assert one(stop_signal="SIGKILL", stop_grace_period=30.0).pod()["terminationGracePeriodSeconds"] == 1
    assert one(stop_grace_period=0.0).pod()["terminationGracePeriodSeconds"] == 1


def test_with_init_a_hook_would_signal_the_wrong_process() -> None:
    made = one(stop_signal="SIGQUIT", init=True)
    assert made.code("stop_signal") == "stop-signal-with-init"
    assert "lifecycle" not in made.container()


def test_grace_is_rounded_up() -> None:
    assert one(stop_grace_period=1.5).pod()["terminationGracePeriodSeconds"] == 2
    assert "terminationGracePeriodSeconds" not in one().pod()
