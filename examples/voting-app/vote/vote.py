"""The page to vote on. GET / shows it, POST / with vote=a or vote=b puts a vote into the queue in Redis.

vote.py          serve on PORT (default 8080) until SIGTERM
vote.py --check  ask a running one; exit 0 if it is well
"""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import socket
import sys
import threading
import time
from html import escape
from http.client import HTTPConnection, HTTPException
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

PORT = int(os.environ.get("PORT", "8080"))
REDIS = os.environ.get("REDIS_HOST", "redis")
OPTIONS = {"a": os.environ.get("OPTION_A", "Cats"), "b": os.environ.get("OPTION_B", "Dogs")}
LONGEST_BODY = 1000
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{a} or {b}?</title>
<style>
  body {{ font: 1.1em system-ui, sans-serif; max-width: 30em; margin: 3em auto; text-align: center }}
  button {{ font-size: 2em; width: 100%; padding: .6em; margin: .2em 0; border: 0; border-radius: .3em; color: white }}
  .a {{ background: #1565c0 }} .b {{ background: #00796b }} [aria-pressed=true] {{ outline: .2em solid #ffb300 }}
</style>
<h1>{a} or {b}?</h1>
<form method="post">
<button class="a" name="vote" value="a" aria-pressed="{a_chosen}">{a}</button>
<button class="b" name="vote" value="b" aria-pressed="{b_chosen}">{b}</button>
</form>
<p>You can change your mind: your last vote counts.</p>
<p><small>answered by {host}</small></p>
"""


def chosen(body: str) -> str:
    """The option a form names, or nothing."""
    (vote, *more) = parse_qs(body).get("vote", [""])
    return vote if vote in OPTIONS and not more else ""


def voter(cookies: str) -> str:
    """Who votes: the cookie says, else somebody new."""
    try:
        known = SimpleCookie(cookies).get("voter")
    except CookieError:
        known = None
    return known.value if known and known.value.isalnum() and len(known.value) <= 32 else secrets.token_hex(8)


def page(vote: str) -> str:
    """The page, with the option that was chosen marked."""
    marks = {f"{option}_chosen": str(option == vote).lower() for option in OPTIONS}
    names = {option: escape(name) for option, name in OPTIONS.items()}
    return PAGE.format(host=escape(socket.gethostname()), **names, **marks)


class Queue:
    """The votes that wait in Redis to be counted."""

    def __init__(self) -> None:
        import redis  # noqa: PLC0415 - late: the check does without

        self.redis = redis.Redis(host=REDIS, socket_timeout=5)
        self.trouble = redis.RedisError

    def put(self, name: str, vote: str) -> bool:
        """Whether a vote was taken."""
        entry = {"voter": name, "vote": vote, "at": time.time()}  # noqa: TID251 - of two votes the last counts
        try:
            self.redis.rpush("votes", json.dumps(entry))
        except self.trouble as error:
            print(f"vote not taken: {error}", file=sys.stderr, flush=True)
            return False
        return True


class Server(ThreadingHTTPServer):
    """Stops when open requests are answered."""

    daemon_threads = False
    request_queue_size = 128
    timeout = 0
    queue: Queue

    def finish(self) -> None:
        """Answer those who are connected already and wait, so that closing the door shuts out nobody."""
        while select.select([self], [], [], 0)[0]:
            self.handle_request()
        self.server_close()


class Visit(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/health":
            self.answer(200, "ok\n", "text/plain")
        elif self.path == "/":
            self.answer(200, page(""))
        else:
            self.answer(404, "not here\n", "text/plain")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(length), LONGEST_BODY)) if length.isdecimal() else b""
        vote = chosen(body.decode(errors="replace"))
        if not vote:
            self.answer(400, "vote=a or vote=b\n", "text/plain")
            return
        name = voter(self.headers.get("Cookie", ""))
        if not self.server.queue.put(name, vote):
            self.answer(503, "votes cannot be taken now, try again\n", "text/plain")
            return
        self.answer(200, page(vote), cookie=f"voter={name}; HttpOnly; SameSite=Lax; Max-Age=31536000")

    def answer(self, status: int, text: str, kind: str = "text/html", cookie: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say what was voted and what went wrong; not every look at the page."""
        if self.command == "POST":
            super().log_request(code, size)


def serve() -> int:
    """Serve until SIGTERM."""
    server = Server(("", PORT), Visit)
    server.queue = Queue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"{socket.gethostname()} listens on {server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.finish()
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
