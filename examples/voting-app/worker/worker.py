"""Counts: takes votes out of the queue in Redis and writes each voter's last one into PostgreSQL, until SIGTERM.

A vote lies in a second list while it is being written, so that none is lost when a worker is killed at it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import FrameType

REDIS = os.environ.get("REDIS_HOST", "redis")
DATABASE = os.environ.get("DB_HOST", "db")
USER = os.environ.get("DB_USER", "postgres")
PASSWORD_FILE = Path(os.environ.get("DB_PASSWORD_FILE", "/run/secrets/db-password"))
WAITING, TAKEN = "votes", "votes-taken"
PATIENCE = 1
"""Seconds between looks at an empty queue, and before another try."""
TABLE = "CREATE TABLE IF NOT EXISTS votes (voter text PRIMARY KEY, vote text NOT NULL, at double precision NOT NULL)"
COUNT = """
INSERT INTO votes (voter, vote, at) VALUES (%s, %s, %s)
ON CONFLICT (voter) DO UPDATE SET vote = excluded.vote, at = excluded.at WHERE votes.at <= excluded.at
"""


class Vote(NamedTuple):
    """Who voted for what, and when (seconds since 1970)."""

    voter: str
    vote: str
    at: float


def understood(text: bytes | str) -> Vote | None:
    """The vote a queue's entry holds; None if it holds none."""
    try:
        entry = json.loads(text)
        return Vote(str(entry["voter"]), {"a": "a", "b": "b"}[entry["vote"]], float(entry["at"]))
    except (ValueError, KeyError, TypeError):
        return None


class Worker:
    """Moves votes from the queue to the database. Writing one again does no harm: a voter has one row."""

    def __init__(self, queue: Any, database: Any) -> None:  # noqa: ANN401 - clients of two libraries
        self.queue = queue
        self.database = database

    def prepare(self) -> None:
        """Make the table; put votes back that were taken and perhaps not written."""
        self.execute(TABLE)
        while self.queue.rpoplpush(TAKEN, WAITING):
            pass

    def step(self) -> None:
        """Count one vote, or wait a moment for one."""
        entry = self.queue.brpoplpush(WAITING, TAKEN, timeout=PATIENCE)
        if entry is None:
            return
        vote = understood(entry)
        if vote:
            self.execute(COUNT, vote)
        else:
            print("left out an entry that is no vote", file=sys.stderr, flush=True)
        self.queue.lrem(TAKEN, 1, entry)

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> None:
        """Execute and commit one statement."""
        with self.database, self.database.cursor() as cursor:
            cursor.execute(statement, values)


def work() -> None:
    """Connect and count, until something fails or SIGTERM."""
    import psycopg2  # noqa: PLC0415 - late: what is above can be read and tested without
    import redis  # noqa: PLC0415 - as above

    try:
        queue = redis.Redis(host=REDIS, socket_timeout=10)
        password = PASSWORD_FILE.read_text(encoding="utf-8").strip()
        database = psycopg2.connect(host=DATABASE, user=USER, password=password, connect_timeout=5)
        try:
            worker = Worker(queue, database)
            worker.prepare()
            print("counting votes", flush=True)
            while True:
                worker.step()
        finally:
            database.close()
    except (redis.RedisError, psycopg2.Error, OSError) as error:
        print(f"trying again: {error}".strip(), file=sys.stderr, flush=True)
        time.sleep(PATIENCE)  # noqa: TID251 - a program of its own


def stop(_number: int, _frame: FrameType | None) -> None:
    """End where we are: what was taken and not written is counted by the next worker."""
    sys.exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        work()
