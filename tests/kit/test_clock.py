from __future__ import annotations

from intermodal.kit.clock import FakeClock, SystemClock


def test_a_fake_clock_goes_on_only_when_somebody_sleeps() -> None:
    clock = FakeClock(start=100.0)
    assert (clock.now(), clock.monotonic()) == (100.0, 0.0)
    clock.sleep(2.5)
    clock.sleep(-1.0)
    assert (clock.now(), clock.monotonic()) == (102.5, 2.5)


def test_the_machines_clock_goes_on() -> None:
    clock = SystemClock()
    before, since = clock.monotonic(), clock.now()
    clock.sleep(0.02)
    assert clock.monotonic() - before >= 0.02
    assert clock.now() > since > 1_700_000_000


def test_a_negative_sleep_is_none() -> None:
    SystemClock().sleep(-5.0)
