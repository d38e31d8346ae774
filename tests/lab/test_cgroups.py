from __future__ import annotations

from typing import TYPE_CHECKING

from intermodal.kit.clock import FakeClock
from intermodal.lab import cgroups

if TYPE_CHECKING:
    from pathlib import Path


def test_cgroups_of_that_name_go_from_every_hierarchy_and_others_stay(tmp_path: Path) -> None:
    for folder in ("cpu/im-x-1/a/b", "memory/im-x-1", "cpu/im-x-10/a", "im-x-1/c"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "cpu,cpuacct").symlink_to("cpu")
    assert cgroups.remove("im-x-1", FakeClock(), tmp_path)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("im-*")) == ["cpu/im-x-10"]


def test_one_in_use_is_told_after_a_while(tmp_path: Path) -> None:
    (tmp_path / "cpu" / "im-x-1").mkdir(parents=True)
    (tmp_path / "cpu" / "im-x-1" / "file").touch()
    clock = FakeClock()
    assert not cgroups.remove("im-x-1", clock, tmp_path)
    assert clock.monotonic() > 1


def test_where_there_is_none_nothing_is_done(tmp_path: Path) -> None:
    assert cgroups.remove("im-x-1", FakeClock(), tmp_path)
