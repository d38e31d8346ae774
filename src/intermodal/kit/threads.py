"""Calls on threads, few at a time; each ends with a result or an error that is handed over, never lost."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from intermodal.kit.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Key = TypeVar("Key")
Result = TypeVar("Result")


@record
class Ended(Generic[Key]):
    """A call that ended: its key, and what it raised, if it did."""

    key: Key
    error: BaseException | None = None


class Crew(Generic[Key]):
    """At most `size` calls at a time, each on a thread that does not keep the process alive."""

    def __init__(self, size: int = 16) -> None:
        self._size = size
        self._waiting: list[tuple[Key, Callable[[], object]]] = []
        self._ended: SimpleQueue[Ended[Key]] = SimpleQueue()
        self._running = 0

    @property
    def busy(self) -> bool:
        """Whether any call has not been handed back by `next`."""
        return bool(self._running or self._waiting)

    def start(self, key: Key, call: Callable[[], object]) -> None:
        """Make the call as soon as a thread is free."""
        self._waiting.append((key, call))
        self._begin()

    def next(self, timeout: float | None = None) -> Ended[Key] | None:
        """The next call to end; None when none did in `timeout` seconds."""
        try:
            ended = self._ended.get(timeout=timeout)
        except Empty:
            return None
        self._running -= 1
        self._begin()
        return ended

    def forget_waiting(self) -> None:
        """Drop the calls that no thread has begun."""
        self._waiting.clear()

    def _begin(self) -> None:
        while self._waiting and self._running < self._size:
            key, call = self._waiting.pop(0)
            self._running += 1
            Thread(target=self._make, args=(key, call), daemon=True).start()

    def _make(self, key: Key, call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            self._ended.put(Ended(key=key, error=error))
        else:
            self._ended.put(Ended(key=key))


def gather(calls: Iterable[Callable[[], Result]], size: int = 16) -> list[Result]:
    """Make calls at the same time; gives their results in order, or raises the first error once all have ended."""
    wanted = list(calls)
    results: list[Result | None] = [None] * len(wanted)
    crew: Crew[int] = Crew(size)

    def keep(number: int) -> None:
        results[number] = wanted[number]()

    for number in range(len(wanted)):
        crew.start(number, lambda number=number: keep(number))  # type: ignore[misc]
    errors = [ended.error for ended in iter(lambda: crew.next() if crew.busy else None, None) if ended.error]
    if errors:
        raise errors[0]
    return results  # type: ignore[return-value]
