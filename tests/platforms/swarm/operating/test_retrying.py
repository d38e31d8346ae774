"""Trying again and telling why not: no engine needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.address import Address
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError, Unreachable
from intermodal.kit.clock import FakeClock
from intermodal.model.changes import NotDone
from intermodal.platforms.swarm.operating.retrying import ATTEMPTS, outrun, until_unused
from intermodal.platforms.swarm.operating.telling import told

if TYPE_CHECKING:
    from collections.abc import Callable

STALE = EngineError(500, "rpc error: code = Unknown desc = update out of sequence", "POST /services/x/update")
IN_USE = EngineError(403, "error while removing network: network shop_back has active endpoints", "DELETE /networks/x")
ODD = EngineError(500, "something broke", "DELETE /networks/x")
GONE = EngineError(404, "network x not found", "DELETE /networks/x")


def answers(*said: object) -> Callable[[], Any]:
    """A call that gives or raises these one after the other, the last for ever."""
    left = list(said)

    def call() -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, EngineError):
            raise answer
        return answer

    return call


def test_a_change_that_was_outrun_is_tried_again() -> None:
    clock = FakeClock()
    assert outrun(clock, "service web", answers(STALE, None, STALE, "done")) == "done"
    assert 0 < clock.monotonic() < 1


def test_others_that_are_always_faster_win_in_the_end() -> None:
    clock = FakeClock()
    with pytest.raises(NotDone) as caught:
        outrun(clock, "service web", answers(STALE))
    assert caught.value.code == 3
    assert caught.value.diagnostics[0].code == "changed-meanwhile"
    assert clock.monotonic() < ATTEMPTS


def test_other_refusals_are_not_tried_again() -> None:
    with pytest.raises(EngineError):
        outrun(FakeClock(), "service web", answers(ODD, "done"))


def test_removing_waits_for_users_and_takes_gone_for_done() -> None:
    assert until_unused(FakeClock(), 60, answers(IN_USE, IN_USE, None))
    assert until_unused(FakeClock(), 60, answers(GONE))
    assert until_unused(FakeClock(), 60, answers(ODD, GONE))
    clock = FakeClock()
    assert not until_unused(clock, 60, answers(IN_USE))
    assert 60 <= clock.monotonic() < 62
    with pytest.raises(EngineError):
        until_unused(FakeClock(), 60, answers(ODD, ODD))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EngineError(500, "rpc error: The swarm does not have a leader.", "GET /nodes"), "swarm-without-leader"),
        (EngineError(503, "This node is not a swarm manager.", "GET /nodes"), "not-a-manager"),
        (EngineError(409, "something else", "POST /x"), "engine-refused"),
        (Unreachable("unix:///x", "connection reset", begun=True), "engine-unreachable"),
    ],
)
def test_refusals_are_told_with_a_next_step(error: Exception, code: str) -> None:
    with pytest.raises(NotDone) as caught, told(Engine(Address(scheme="unix", path="/x"))):
        raise error
    (found,) = caught.value.diagnostics
    assert (found.code, bool(found.help)) == (code, True)
