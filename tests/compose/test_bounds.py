from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.compose.loading import codes, loaded, rejected

if TYPE_CHECKING:
    from pathlib import Path


def ports(*texts: str) -> dict[str, str | bytes]:
    listed = ", ".join(f"'{text}'" for text in texts)
    return {"compose.yaml": f"services:\n  a:\n    image: x\n    ports: [{listed}]\n"}


@pytest.mark.parametrize("text", ["1-65535", "1-65535/udp", "127.0.0.1::1-65535", "1-65535:1-65535"])
def test_ranges_cannot_stand_for_more_ports_than_a_host_has(text: str, tmp_path: Path) -> None:
    errors = rejected(tmp_path, ports(text, *[text] * 50))
    assert codes(errors) == [("too-many-ports", f"compose.yaml:4:{17 + len(text)}")]


def test_ranges_of_a_media_server_are_fine(tmp_path: Path) -> None:
    found = loaded(tmp_path, ports("10000-10099:10000-10099/udp", "80:80"))
    assert len(found.application.services["a"].ports) == 101


@pytest.mark.parametrize("text", ["1-x", "-", "5-1", "1-99999999999999999999999999"])
def test_ranges_that_are_none_are_left_to_the_check_of_the_shape(text: str, tmp_path: Path) -> None:
    assert "too-many-ports" not in {code for code, _ in codes(rejected(tmp_path, ports(text)))}
