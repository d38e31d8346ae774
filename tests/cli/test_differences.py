from __future__ import annotations

import pytest

from intermodal.cli.differences import line, lines
from intermodal.model.changes import Difference


@pytest.mark.parametrize(
    ("difference", "drawn"),
    [
        (Difference(field="image", before="nginx:1", after="nginx:2"), "image: nginx:1 → nginx:2"),
        (Difference(field="user", after="1000"), "user: not there → 1000"),
        (Difference(field="user", before="1000"), "user: 1000 → not there"),
        (Difference(field="environment.TOKEN", hidden=True), "environment.TOKEN: changed"),
        (Difference(field="environment.TOKEN", before="s3cret", hidden=True), "environment.TOKEN: removed"),
        (Difference(field="environment.TOKEN", after="s3cret", hidden=True), "environment.TOKEN: added"),
        (
            Difference(field="environment.TOKEN", before="old", after="s3cret", hidden=True),
            "environment.TOKEN: changed",
        ),
    ],
)
def test_a_difference_is_one_line(difference: Difference, drawn: str) -> None:
    assert line(difference) == drawn


def test_long_values_are_cut_and_cannot_write_to_the_terminal() -> None:
    drawn = lines([Difference(field="command", before="\x1b[2J" + "x" * 500, after="")])
    assert len(drawn) < 200
    assert "\x1b" not in drawn
    assert drawn.endswith('→ ""\n')
