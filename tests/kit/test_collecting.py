from __future__ import annotations

import gc

import pytest

from intermodal.kit.collecting import paused


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_as_it_was_afterwards(on: bool) -> None:
    before = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with paused():
            assert not gc.isenabled()
        assert gc.isenabled() is on
        with pytest.raises(KeyError), paused():
            _fail()
        assert gc.isenabled() is on
    finally:
        (gc.enable if before else gc.disable)()


def _fail() -> None:
    raise KeyError
