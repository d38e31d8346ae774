"""Which platforms can be operated, and what is said of those that cannot."""

from __future__ import annotations

import pytest

from intermodal.kit.clock import FakeClock
from intermodal.kit.diagnostics import Rejected
from intermodal.model.platform import Target
from intermodal.platforms import find


def test_a_platform_that_only_translates_says_so() -> None:
    platform = find("kubernetes")
    assert not platform.operates
    with pytest.raises(Rejected) as caught:
        platform.connect(Target(), FakeClock())
    assert [found.code for found in caught.value.diagnostics] == ["platform-not-operated"]


def test_swarm_is_operated() -> None:
    assert find("swarm").operates
