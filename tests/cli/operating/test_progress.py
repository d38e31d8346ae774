from __future__ import annotations

import io
import re
import time

import pytest

from intermodal.cli import live
from intermodal.cli.live import Live
from intermodal.cli.output import Console, wants_cursor
from intermodal.cli.progress import Plain, Silent, progress
from intermodal.cli.wordings import seconds
from intermodal.kit.clock import FakeClock
from intermodal.model.changes import Action, Change, Kind, Plan, Stage, Step

CHANGES = (
    Change(action=Action.CREATE, kind=Kind.IMAGE, name="a:1"),
    Change(action=Action.CREATE, kind=Kind.SERVICE, name="web"),
    Change(action=Action.KEEP, kind=Kind.SERVICE, name="db"),
)
PLAN = Plan(application="shop", platform="p", changes=CHANGES, waits=("web", "db"))
WEB = "service/web"


class Terminal(io.StringIO):
    """A terminal; somebody watches it from `watch` on."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._patch = patch

    def isatty(self) -> bool:
        return True

    def watch(self) -> None:
        # In the test itself: pytest puts its own streams in place again between a fixture and its test.
        self._patch.setattr("sys.stderr", self)


def step(stage: Stage, text: str = "", key: str = WEB, done: int | None = None, total: int | None = None) -> Step:
    return Step(key=key, stage=stage, text=text, done=done, total=total)


def screen(written: str) -> list[str]:
    """What a terminal shows after this was written to it."""
    lines: list[str] = [""]
    at = 0
    for piece in re.split(r"(\x1b\[\d*[A-Za-z]|\n|\r)", re.sub(r"\x1b\[[\d;]*m", "", written)):
        if piece == "\n":
            at += 1
            lines += [""] * (at + 1 - len(lines))
        elif piece.endswith("A") and piece.startswith("\x1b"):
            at -= int(piece[2:-1])
        elif piece == "\x1b[K":
            lines[at] = ""
        elif piece == "\x1b[J":
            del lines[at + 1 :]
            lines[at] = ""
        elif piece not in ("\r", ""):
            lines[at] += piece
    return [line for line in lines if line]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setattr(live, "EVERY", 60.0)
    monkeypatch.setattr(live, "_terminal", lambda: (80, 24))
    monkeypatch.setenv("TERM", "xterm")
    return Terminal(monkeypatch)


def shown(terminal: Terminal, *steps: Step, plan: Plan = PLAN, notes: tuple[str, ...] = ()) -> list[str]:
    terminal.watch()
    display = Live(Console(), plan, FakeClock())
    for one in steps:
        display.report(one)
    for note in notes:
        display.note(note)
    display._draw()
    frame = screen(terminal.getvalue())
    display.close()
    assert len(screen(terminal.getvalue())) == len(frame)
    return frame


def test_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    clock = FakeClock()
    plain = Plain(Console(), clock)
    plain.report(step(Stage.BEGUN, "create", key="image/a:1"))
    clock.sleep(75)
    plain.report(step(Stage.MOVED, key="image/a:1", done=1, total=2))
    plain.report(step(Stage.DONE, "create", key="image/a:1"))
    plain.report(step(Stage.BEGUN, "replace"))
    plain.report(step(Stage.DONE, "replace"))
    for _ in range(2):
        plain.report(step(Stage.WAITING, "not yet", done=0, total=1))
    plain.report(step(Stage.HEALTHY, done=1, total=1))
    plain.report(step(Stage.DONE, "keep", key="service/db"))
    plain.report(step(Stage.HEALTHY, key="service/db", done=1, total=1))
    plain.report(step(Stage.FAILED, "told at the end"))
    plain.report(step(Stage.WAITING, "no \x1b[2J room", key="service/\x1b[2J"))
    plain.note("a note")
    assert capsys.readouterr().err.splitlines() == [
        "image a:1: pulling",
        "image a:1: pulled (1m15s)",
        "service web: replacing",
        "service web: replaced (0.0s)",
        "service web: waiting (0/1): not yet",
        "service web: healthy (1/1) (0.0s)",
        "service web: failed (0.0s)",
        "service \u241b[2J: waiting: no \u241b[2J room",
        "a note",
    ]


def test_a_line_for_each_change_in_the_plan_s_order(terminal: Terminal) -> None:
    moved = step(Stage.MOVED, "layer 1", key="image/a:1", done=1_500_000, total=3_000_000)
    frame = shown(terminal, step(Stage.BEGUN, "create", key="image/a:1"), moved)
    assert len(frame) == 2
    assert frame[0].endswith("image a:1      0.0s  pulling 1.5 MB of 3 MB layer 1")
    assert frame[1].rstrip() == " · service web"


@pytest.mark.parametrize(
    ("steps", "mark", "news"),
    [
        ([step(Stage.BEGUN, "create")], "⠋", "creating"),
        ([step(Stage.BEGUN, "create"), step(Stage.DONE, "create")], "⠋", "created"),
        ([step(Stage.WAITING, "why", done=0, total=2)], "⠋", "waiting (0/2): why"),
        ([step(Stage.HEALTHY, done=2, total=2)], "✔", "healthy (2/2)"),
        ([step(Stage.FAILED, "no room")], "✘", "failed: no room"),
    ],
)
def test_news_of_a_service(terminal: Terminal, steps: list[Step], mark: str, news: str) -> None:
    line = shown(terminal, *steps)[1]
    assert line.startswith(f" {mark} service web")
    assert line.endswith(news)


def test_what_is_kept_and_well_has_no_line_what_is_kept_and_ill_has(terminal: Terminal) -> None:
    assert len(shown(terminal, step(Stage.DONE, "keep", key="service/db"))) == 2
    assert "service db" in shown(terminal, step(Stage.WAITING, "ill", key="service/db", done=0, total=1))[-1]


def test_notes_stand_below(terminal: Terminal) -> None:
    assert shown(terminal, notes=("stopping",))[-1] == "stopping"


def test_nothing_is_wider_than_the_terminal_or_higher(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_terminal", lambda: (40, 10))
    changes = tuple(Change(action=Action.CREATE, kind=Kind.SERVICE, name=f"s{number}") for number in range(100))
    many = Plan(application="a", platform="p", changes=changes)
    failed = step(Stage.FAILED, "x" * 300, key="service/s99")
    frame = shown(terminal, step(Stage.BEGUN, "create", key="service/s50"), failed, plan=many)
    assert len(frame) < 10
    assert max(map(len, frame)) <= 40
    assert any("s50" in line for line in frame)
    assert any("s99" in line for line in frame)
    assert frame[-1] == "   … and 92 more"


def test_it_is_drawn_again_and_again(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "EVERY", 0.01)
    terminal.watch()
    display = Live(Console(), PLAN, FakeClock())
    time.sleep(0.1)
    display.close()
    assert terminal.getvalue().count("\x1b[2A") >= 2


@pytest.mark.parametrize(
    ("mode", "console", "expected"),
    [
        ("auto", Console(), Plain),
        ("plain", Console(), Plain),
        ("quiet", Console(), Silent),
        ("auto", Console(quiet=True), Silent),
        ("tty", Console(), Live),
    ],
)
def test_which(mode: str, console: Console, expected: type) -> None:
    made = progress(console, PLAN, FakeClock(), mode)
    assert isinstance(made, expected)
    made.close()


def test_where_somebody_watches_it_is_live(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal.watch()
    made = progress(Console(), PLAN, FakeClock(), "auto")
    assert isinstance(made, Live)
    made.close()
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_cursor(terminal)


@pytest.mark.parametrize(("duration", "said"), [(0.04, "0.0s"), (9.96, "10.0s"), (12.7, "12s"), (185.0, "3m05s")])
def test_durations(duration: float, said: str) -> None:
    assert seconds(duration) == said
