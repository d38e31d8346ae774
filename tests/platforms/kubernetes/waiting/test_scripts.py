"""The scripts are run, with stand-ins for nc and curl that answer from a list."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from intermodal.platforms.kubernetes.escape import escaped
from intermodal.platforms.kubernetes.kinds import COMPLETED, Kind
from intermodal.platforms.kubernetes.waiting import scripts
from intermodal.platforms.kubernetes.waiting.scripts import Ask, Question, Reach, Resolve, script

if TYPE_CHECKING:
    from pathlib import Path

RUNNING = '{"status": {"active": 1, "startTime": "now", "ready": 0}}'
READY = '{"status": {"active": 1, "startTime": "now", "ready": 1}}'
DONE = '{"status":{"conditions":[{"type":"Complete","status":"True"}],"succeeded":1}}'
PRETTY = '{\n "conditions": [\n  {\n   "type": "Complete",\n   "status": "True"\n  }\n ]\n}'
FAILED = '{"status":{"conditions":[{"type":"Failed","status":"True"}]}}'
MIGRATE = Ask(kind=Kind.JOB, name="migrate", condition=COMPLETED)

STAND_IN = """#!/bin/sh
echo "$0 $*" >> calls
case "$*" in *"-H @-"*) cat > header ;; esac
printf . >> asked; n=$(wc -c < asked)
[ -e answers/$n ] || n=last
cat answers/$n
exit $(cat codes/$n 2>/dev/null || echo 0)
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scripts, "PAUSE", 0.01)
    monkeypatch.setattr(scripts, "ACCOUNT", str(tmp_path))
    (tmp_path / "token").write_text("t0ken")


def run(
    folder: Path, question: Question, answers: list[tuple[str, int]], seconds: int | None = None
) -> tuple[int, int]:
    """The exit code of the script, and how often it asked; the last answer is repeated."""
    for name in ("answers", "codes", "bin"):
        (folder / name).mkdir()
    for number, (answer, code) in enumerate(answers, 1):
        for label in (str(number), *(["last"] if number == len(answers) else [])):
            (folder / "answers" / label).write_text(answer)
            (folder / "codes" / label).write_text(str(code))
    for name in ("nc", "curl"):
        (folder / "bin" / name).write_text(STAND_IN)
        (folder / "bin" / name).chmod(0o755)
    environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "NAMESPACE": "shop"}
    text = script(question, seconds=seconds)
    done = subprocess.run(["sh", "-c", text], cwd=folder, env=environment, check=False, timeout=20, capture_output=True)
    return done.returncode, (folder / "asked").stat().st_size


@pytest.mark.usefixtures("quick")
def test_a_port_is_tried_until_it_answers(tmp_path: Path) -> None:
    assert run(tmp_path, Reach(host="db", ports=(5432,)), [("", 1), ("", 1), ("", 0)]) == (0, 3)
    assert (tmp_path / "calls").read_text().splitlines()[0].endswith("nc -z -w 0.01 db 5432")


@pytest.mark.usefixtures("quick")
def test_any_of_several_ports_will_do(tmp_path: Path) -> None:
    assert run(tmp_path, Reach(host="db", ports=(1, 2)), [("", 1), ("", 0)]) == (0, 2)


@pytest.mark.usefixtures("quick")
def test_a_name_is_looked_up_until_it_is_there(tmp_path: Path) -> None:
    answers = [("nc: bad address 'db'", 1), ("nc: bad address 'db'", 1), ("nc: db (10.0.0.1:1): Connection refused", 1)]
    assert run(tmp_path, Resolve(host="db"), answers) == (0, 3)


@pytest.mark.usefixtures("quick")
def test_waiting_for_what_need_only_have_started_ends(tmp_path: Path) -> None:
    code, asked = run(tmp_path, Reach(host="db", ports=(1,)), [("", 1)], seconds=1)
    assert code == 0
    assert asked > 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("done", [DONE, PRETTY])
def test_a_task_is_awaited_to_its_end(tmp_path: Path, done: str) -> None:
    assert run(tmp_path, MIGRATE, [("", 22), (RUNNING, 0), (done, 0)]) == (0, 4)
    call = (tmp_path / "calls").read_text()
    assert "https://kubernetes.default.svc/apis/batch/v1/namespaces/shop/jobs/migrate" in call
    assert (tmp_path / "header").read_text() == "Authorization: Bearer t0ken"
    assert "t0ken" not in call


@pytest.mark.usefixtures("quick")
def test_a_task_that_failed_fails_who_waits(tmp_path: Path) -> None:
    assert run(tmp_path, MIGRATE, [(RUNNING, 0), (FAILED, 0)])[0] == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("answer", [RUNNING, FAILED])
def test_a_task_that_is_not_required_holds_nobody_up_for_ever(tmp_path: Path, answer: str) -> None:
    assert run(tmp_path, MIGRATE, [(answer, 0)], seconds=1)[0] == 0


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("kind", "condition", "no", "yes"),
    [
        (Kind.JOB, "service_started", "{}", RUNNING),
        (Kind.JOB, "service_healthy", RUNNING, READY),
        (Kind.DEPLOYMENT, "service_healthy", '{"status":{"replicas":1}}', '{"status":{"readyReplicas":1}}'),
        (Kind.STATEFUL_SET, "service_healthy", '{"readyReplicas":0}', '{"readyReplicas":12}'),
        (Kind.DAEMON_SET, "service_healthy", '{"numberReady":0}', '{"numberReady":2}'),
    ],
)
def test_how_far_a_workload_is(tmp_path: Path, kind: Kind, condition: str, no: str, yes: str) -> None:
    assert run(tmp_path, Ask(kind=kind, name="a", condition=condition), [(no, 0), (no, 0), (yes, 0)]) == (0, 3)


@pytest.mark.parametrize("question", [Reach(host="a", ports=(1,)), Resolve(host="a"), MIGRATE])
@pytest.mark.parametrize("seconds", [None, 60])
def test_nothing_in_a_script_looks_like_a_variable_of_kubernetes(question: Question, seconds: int | None) -> None:
    text = script(question, seconds=seconds)
    assert escaped(text) == text
