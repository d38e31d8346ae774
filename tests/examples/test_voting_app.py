"""The programs of the voting app: what they make of votes, forms and rows. What they do together, engines show."""

from __future__ import annotations

import importlib.util
import json
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pytest

APP = Path(__file__).parents[2] / "examples" / "voting-app"


def program(name: str) -> Any:
    """One of the programs, as a module."""
    spec = importlib.util.spec_from_file_location(f"voting_{name}", APP / name / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VOTE, WORKER, RESULT = program("vote"), program("worker"), program("result")


@pytest.mark.parametrize(
    ("form", "option"),
    [("vote=a", "a"), ("vote=b&more=1", "b"), ("vote=c", ""), ("vote=a&vote=b", ""), ("", ""), ("vote=<b>", "")],
)
def test_a_form_names_one_option(form: str, option: str) -> None:
    assert VOTE.chosen(form) == option


def test_a_voter_is_known_again_and_a_stranger_is_new() -> None:
    assert VOTE.voter("voter=0123456789abcdef") == "0123456789abcdef"
    strangers = {VOTE.voter(cookies) for cookies in ("", "other=1", 'voter="; DROP"', f"voter={'a' * 33}")}
    assert len(strangers) == 4
    assert all(len(stranger) == 16 for stranger in strangers)


def test_the_page_marks_what_was_chosen_and_escapes_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VOTE.OPTIONS, "a", "<Cats>")
    page = VOTE.page("a")
    assert 'value="a" aria-pressed="true">&lt;Cats&gt;</button>' in page
    assert 'value="b" aria-pressed="false"' in page


class Queue:
    """Redis' lists, as far as the worker uses them."""

    def __init__(self, **lists: list[str]) -> None:
        self.lists = {"votes": [], "votes-taken": [], **{name.replace("_", "-"): kept for name, kept in lists.items()}}

    def rpoplpush(self, source: str, target: str) -> str | None:
        if not self.lists[source]:
            return None
        self.lists[target].insert(0, self.lists[source].pop())
        return self.lists[target][0]

    def brpoplpush(self, source: str, target: str, timeout: int) -> str | None:
        assert timeout
        return self.rpoplpush(source, target)

    def lrem(self, name: str, count: int, value: str) -> None:
        assert count == 1
        self.lists[name].remove(value)


class Database:
    """Keeps what is executed and committed; fails where it is told."""

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.done: list[tuple[object, ...]] = []

    def cursor(self) -> Database:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def execute(self, _statement: str, values: tuple[object, ...] = ()) -> None:
        if self.fails:
            raise ConnectionError
        if values:
            self.done.append(tuple(values))


def entry(vote: str) -> str:
    return json.dumps({"voter": "me", "vote": vote, "at": 1.5})


def test_the_worker_counts_what_waits_and_leaves_out_what_is_no_vote() -> None:
    database, queue = Database(), Queue(votes=[entry("a"), "junk", entry("x"), "[]", entry("b")])
    worker = WORKER.Worker(queue, database)
    for _ in range(6):
        worker.step()
    assert database.done == [("me", "b", 1.5), ("me", "a", 1.5)]
    assert queue.lists == {"votes": [], "votes-taken": []}


def test_a_vote_that_could_not_be_written_is_counted_later() -> None:
    queue = Queue(votes=[entry("a")])
    with pytest.raises(ConnectionError):
        WORKER.Worker(queue, Database(fails=True)).step()
    assert queue.lists["votes-taken"] == [entry("a")]
    database = Database()
    worker = WORKER.Worker(queue, database)
    worker.prepare()
    worker.step()
    assert database.done == [("me", "a", 1.5)]
    assert queue.lists == {"votes": [], "votes-taken": []}


def test_the_result_has_both_options_and_no_other() -> None:
    assert RESULT.tally([]) == {"a": 0, "b": 0}
    assert RESULT.tally([("b", 2), ("c", 9)]) == {"a": 0, "b": 2}


class _Instance(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"here\n")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def test_the_front_passes_on_checks_itself_and_stops() -> None:
    with ThreadingHTTPServer(("localhost", 0), _Instance) as instance, socket.socket() as free:
        threading.Thread(target=instance.serve_forever).start()
        free.bind(("", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {"PORT": str(port), "TARGET": f"localhost:{instance.server_port}"}
        command = [sys.executable, str(APP / "front" / "front.py")]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as front:
            assert front.stdout
            front.stdout.readline()
            for _ in range(3):
                connection = HTTPConnection("localhost", port, timeout=10)
                connection.request("GET", "/")
                assert connection.getresponse().read() == b"here\n"
            check = [*command, "--check"]
            assert subprocess.run(check, env=environment, check=False).returncode == 0
            front.terminate()
            assert front.wait(10) == 0
        assert subprocess.run(check, env=environment, check=False).returncode == 1
        instance.shutdown()


def test_the_lab_needs_nothing_from_elsewhere() -> None:
    """What `compose.lab.yaml` leaves of public images would be asked of Docker Hub."""
    from intermodal.cli.main import run  # noqa: PLC0415 - only this test runs it

    files = [str(APP / name) for name in ("compose.yaml", "compose.lab.yaml")]
    assert run(["check", *(word for file in files for word in ("-f", file)), "--platform", "swarm"]) == 0
    text = (APP / "compose.lab.yaml").read_text("utf-8")
    assert text.count("image: ${REGISTRY:-localhost:5000}/") == 2
    assert text.count("build: !reset null") == 4
