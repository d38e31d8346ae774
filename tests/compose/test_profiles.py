from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.compose.loading import loaded

if TYPE_CHECKING:
    from pathlib import Path

ALL_IN_PROFILES = """\
services:
  web: {image: nginx, profiles: [dev]}
  db: {image: postgres, profiles: [dev, test]}
"""


def test_an_application_of_which_nothing_is_active_is_warned_of(tmp_path: Path) -> None:
    [found] = loaded(tmp_path, {"compose.yaml": ALL_IN_PROFILES}).diagnostics
    assert (found.code, str(found.place).rpartition("/")[2]) == ("no-active-service", "compose.yaml:2:3")
    assert "dev, test" in found.help


@pytest.mark.parametrize("profile", ["dev", "test", "*"])
def test_one_active_service_is_enough(tmp_path: Path, profile: str) -> None:
    found = loaded(tmp_path, {"compose.yaml": ALL_IN_PROFILES}, profiles=(profile,))
    assert found.diagnostics == ()
    assert "db" in found.application.services
