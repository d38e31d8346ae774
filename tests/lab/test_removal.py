from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intermodal.kit.clock import FakeClock
from intermodal.lab import removal
from intermodal.lab.state import JOURNAL, Labs
from intermodal.model.changes import NotDone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def labs(tmp_path: Path) -> Labs:
    made = Labs(tmp_path)
    made.folder("lab").mkdir()
    return made


def test_before_its_journal_is_written_a_lab_is_a_folder_with_a_draft(labs: Labs) -> None:
    (labs.folder("lab") / "lab.new").write_text("{")
    removal.clear(labs, "lab", FakeClock())
    assert list(labs.folder("lab").iterdir()) == []


def test_a_journal_that_cannot_be_read_is_kept_with_everything(labs: Labs) -> None:
    (labs.folder("lab") / JOURNAL).write_text("{")
    (labs.folder("lab") / "nodes").mkdir()
    with pytest.raises(NotDone) as caught:
        removal.clear(labs, "lab", FakeClock())
    assert [found.code for found in caught.value.diagnostics] == ["lab-journal-unreadable"]
    assert len(list(labs.folder("lab").iterdir())) == 2
