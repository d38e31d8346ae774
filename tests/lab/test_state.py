from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from intermodal.kit.clock import FakeClock, SystemClock
from intermodal.lab.choosing import completed, laid_out
from intermodal.lab.layout import Wanted
from intermodal.lab.state import JOURNAL, Journal, Labs
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from pathlib import Path

JOURNALED = Journal(layout=laid_out(completed(Wanted()), (), "token"), complete=True, seconds=1.5)


@pytest.fixture
def labs(tmp_path: Path) -> Labs:
    return Labs(tmp_path / "intermodal" / "lab")


def test_a_journal_is_read_as_it_was_written(labs: Labs) -> None:
    labs.folder("lab").mkdir(parents=True)
    labs.write(JOURNALED)
    assert labs.journal("lab") == JOURNALED
    assert labs.names() == ["lab"]


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"schema": 1}'])
def test_what_is_no_journal_is_none(labs: Labs, content: str | None) -> None:
    labs.folder("lab").mkdir(parents=True)
    if content is not None:
        (labs.folder("lab") / JOURNAL).write_text(content)
    assert labs.journal("lab") is None


def test_a_lab_that_is_forgotten_leaves_no_folder(labs: Labs, tmp_path: Path) -> None:
    with labs.locked("lab", SystemClock()):
        labs.forget("lab")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_another_lab_stays(labs: Labs) -> None:
    labs.folder("other").mkdir(parents=True)
    with labs.locked("lab", SystemClock()):
        labs.forget("lab")
    assert labs.names() == ["other"]


def test_only_root_enters_the_folder_of_a_lab(labs: Labs) -> None:
    with labs.locked("lab", SystemClock()):
        assert labs.folder("lab").stat().st_mode & 0o777 == 0o700


def test_a_lab_is_one_command_s_at_a_time(labs: Labs) -> None:
    with labs.locked("lab", SystemClock()), pytest.raises(NotDone) as caught, labs.locked("lab", FakeClock()):
        pass
    assert [found.code for found in caught.value.diagnostics] == ["lab-busy"]
    with labs.locked("lab", FakeClock()):
        pass


def test_who_waits_for_a_lab_that_is_removed_gets_a_new_one(labs: Labs) -> None:
    entered: list[bool] = []

    def enter() -> None:
        with labs.locked("lab", SystemClock()):
            entered.append(labs.folder("lab").is_dir())

    waiting = threading.Thread(target=enter)
    with labs.locked("lab", SystemClock()):
        waiting.start()
        labs.forget("lab")
    waiting.join(10)
    assert entered == [True]


def test_two_labs_do_not_wait_for_each_other(labs: Labs) -> None:
    with labs.locked("one", FakeClock()), labs.locked("two", FakeClock()), labs.choosing(FakeClock()):
        assert labs.names() == ["one", "two"]
