"""A small web server whose life can be arranged: for tests of starting, updating, failing and stopping.

GET /                answers "HOSTNAME VERSION"
GET /health          answers "ok", or 503 when unhealthy
GET /sleep/SECONDS   answers after a while

Environment (times in seconds):
VERSION          what it answers with                         PORT             where it listens, default 80
START_DELAY      waits before it listens                      FAIL             says this and exits with 1 at once
CRASH_AFTER      exits with CRASH_CODE (1) after a while      UNHEALTHY_AFTER  /health fails from then on; 0: always
GRACE            serves on after SIGTERM, before it stops     PATIENCE         waits for open requests then, default 10

Only modules of Debian's smallest Python are used: it starts in 20 ms.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import threading
import time

HOSTNAME = socket.gethostname()
VERSION = os.environ.get("VERSION", "")
LONGEST_REQUEST = 65536
IDLE = 75.0


def seconds(name: str, default: float) -> float:
    """A time the environment sets."""
    return float(os.environ.get(name) or default)


class Server:
    """Listens, answers each connection in a thread of its own, and stops gently."""

    def __init__(self, port: int) -> None:
        self.started = time.monotonic()
        self.sick_after = seconds("UNHEALTHY_AFTER", float("inf"))
        self.stopping = False
        self.busy = 0
        self.changed = threading.Condition()
        self.socket = (
            socket.create_server(("", port), family=socket.AF_INET6, backlog=1024, dualstack_ipv6=True)
            if socket.has_dualstack_ipv6()
            else socket.create_server(("", port), backlog=1024)
        )
        self.socket.settimeout(0)

    def serve(self, wakened: socket.socket) -> None:
        """Serve until a signal writes to `wakened`, then for the grace."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(wakened, selectors.EVENT_READ)
            end = float("inf")
            while (left := end - time.monotonic()) > 0:
                for key, _ in selector.select(None if end == float("inf") else left):
                    if key.fileobj is self.socket:
                        self.accept()
                    elif not self.stopping:
                        wakened.recv(16)
                        selector.unregister(wakened)
                        self.stopping = True
                        end = time.monotonic() + seconds("GRACE", 0)
        self.accept()
        self.socket.close()
        self.wait()

    def accept(self) -> None:
        """Take every connection that waits, so that closing the socket refuses nobody who was let in."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            connection.settimeout(IDLE)
            with self.changed:
                self.busy += 1  # until its first request is answered
            threading.Thread(target=self.converse, args=(connection,), daemon=True).start()

    def wait(self) -> None:
        """Wait for open requests."""
        with self.changed:
            self.changed.wait_for(lambda: not self.busy, seconds("PATIENCE", 10))

    def converse(self, connection: socket.socket) -> None:
        """Answer the requests of one connection."""
        waiting, buffer = True, b""
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                while b"\r\n\r\n" not in buffer and len(buffer) < LONGEST_REQUEST:
                    if self.stopping and not waiting and not buffer:
                        return
                    received = connection.recv(LONGEST_REQUEST)
                    if not received:
                        return
                    buffer += received
                if not waiting:
                    with self.changed:
                        self.busy += 1
                    waiting = True
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                closing = self.answer(connection, head)
                with self.changed:
                    self.busy -= 1
                    self.changed.notify()
                waiting = False
                if closing:
                    return
        except OSError:
            return
        finally:
            connection.close()
            if waiting:
                with self.changed:
                    self.busy -= 1
                    self.changed.notify()

    def answer(self, connection: socket.socket, head: bytes) -> bool:
        """Answer one request; gives whether the connection ends with it."""
        first, _, headers = head.partition(b"\r\n")
        words = first.split()
        path = words[1].decode(errors="replace").partition("?")[0] if len(words) == 3 else ""
        status, text = self.page(path)
        body = b"" if words[:1] == [b"HEAD"] else f"{text}\n".encode()
        headers = headers.lower()
        closing = self.stopping or words[2:] != [b"HTTP/1.1"] or b"connection: close" in headers
        connection.sendall(
            f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(text.encode()) + 1}\r\n"
            f"Connection: {'close' if closing else 'keep-alive'}\r\n\r\n".encode()
            + body
        )
        return closing

    def page(self, path: str) -> tuple[str, str]:
        """Status and text for a path."""
        if path == "/health":
            well = time.monotonic() - self.started < self.sick_after
            return ("200 OK", "ok") if well else ("503 Service Unavailable", "unwell, as UNHEALTHY_AFTER says")
        if path.startswith("/sleep/"):
            time.sleep(float(path.removeprefix("/sleep/")))  # noqa: TID251 - what was asked for
        elif path != "/":
            return "404 Not Found", "not here"
        return "200 OK", f"{HOSTNAME} {VERSION}"


def main() -> int:
    if failure := os.environ.get("FAIL"):
        print(failure, file=sys.stderr)
        return 1
    receiver, sender = socket.socketpair()
    sender.settimeout(0)
    signal.set_wakeup_fd(sender.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    if "CRASH_AFTER" in os.environ:
        code = int(os.environ.get("CRASH_CODE", "1"))
        crash = threading.Timer(
            seconds("CRASH_AFTER", 0), lambda: (print("crashing, as CRASH_AFTER says"), os._exit(code))
        )
        crash.daemon = True
        crash.start()
    receiver.settimeout(seconds("START_DELAY", 0) or 0.001)
    try:
        receiver.recv(1)
    except TimeoutError:
        pass
    else:
        return 0
    receiver.settimeout(0)
    port = int(os.environ.get("PORT", "80"))
    server = Server(port)
    print(f"{HOSTNAME} serves version {VERSION} at port {port}", flush=True)
    server.serve(receiver)
    print(f"{HOSTNAME} stopped", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
