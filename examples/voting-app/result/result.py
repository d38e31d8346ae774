"""The page with the result. GET / shows it and keeps it fresh, GET /json gives the counts.

result.py          serve on PORT (default 8080) until SIGTERM
result.py --check  ask a running one; exit 0 if it is well
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
from html import escape
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PORT = int(os.environ.get("PORT", "8080"))
DATABASE = os.environ.get("DB_HOST", "db")
USER = os.environ.get("DB_USER", "postgres")
PASSWORD_FILE = Path(os.environ.get("DB_PASSWORD_FILE", "/run/secrets/db-password"))
OPTIONS = {"a": os.environ.get("OPTION_A", "Cats"), "b": os.environ.get("OPTION_B", "Dogs")}
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{a} or {b}: the result</title>
<style>
  body {{ font: 1.1em system-ui, sans-serif; max-width: 30em; margin: 3em auto; text-align: center }}
  p {{ text-align: left; color: white; padding: .6em; border-radius: .3em; white-space: nowrap; transition: width .5s }}
  .a {{ background: #1565c0 }} .b {{ background: #00796b }}
</style>
<h1>{a} or {b}?</h1>
<p class="a">{a}: <b id="a">?</b></p>
<p class="b">{b}: <b id="b">?</b></p>
<script>
  async function look() {{
    try {{
      const counts = await (await fetch("json")).json()
      const all = counts.a + counts.b || 1
      for (const option of ["a", "b"]) {{
        const number = document.getElementById(option)
        number.textContent = counts[option]
        number.parentElement.style.width = 40 + 55 * counts[option] / all + "%"
      }}
    }} finally {{ setTimeout(look, 1000) }}
  }}
  look()
</script>
"""


def tally(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The counts of both options, of rows that leave out what nobody chose."""
    return dict.fromkeys(OPTIONS, 0) | {vote: count for vote, count in rows if vote in OPTIONS}


def page() -> str:
    """The page; its script asks for the counts."""
    return PAGE.format(**{option: escape(name) for option, name in OPTIONS.items()})


def counts() -> dict[str, int] | None:
    """What the database holds now; None if it cannot be asked."""
    import psycopg2  # noqa: PLC0415 - late: the check does without

    try:
        password = PASSWORD_FILE.read_text(encoding="utf-8").strip()
        database = psycopg2.connect(host=DATABASE, user=USER, password=password, connect_timeout=3)
        try:
            with database.cursor() as cursor:
                cursor.execute("SELECT vote, count(*) FROM votes GROUP BY vote")
                return tally(cursor.fetchall())
        finally:
            database.close()
    except psycopg2.errors.UndefinedTable:  # no worker was there yet
        return tally(())
    except (psycopg2.Error, OSError) as error:
        print(f"no counts: {error}".strip(), file=sys.stderr, flush=True)
        return None


class Server(ThreadingHTTPServer):
    """Stops when open requests are answered."""

    daemon_threads = False
    request_queue_size = 128


class Visit(BaseHTTPRequestHandler):
    """One request."""

    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, "ok\n", "text/plain")
        elif self.path == "/":
            self.answer(200, page(), "text/html")
        elif self.path == "/json":
            known = counts()
            self.answer(200 if known else 503, json.dumps(known or {"error": "the database does not answer"}) + "\n")
        else:
            self.answer(404, "not here\n", "text/plain")

    def answer(self, status: int, text: str, kind: str = "application/json") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of every look at the page."""


def serve() -> int:
    """Serve until SIGTERM."""
    server = Server(("", PORT), Visit)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{socket.gethostname()} listens on {server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


def check() -> int:
    """Whether the server in this container answers: 0 if so, else 1."""
    connection = HTTPConnection("localhost", PORT, timeout=2)
    try:
        connection.request("GET", "/health")
        return int(connection.getresponse().status != 200)
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv[1:] else serve())
