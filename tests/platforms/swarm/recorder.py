"""A stand-in for a Swarm manager: says yes to `docker stack deploy` and keeps what the real client sends.

It shows which keys of a stack file reach the engine's API, and which the client drops on the way, without an engine.
"""

from __future__ import annotations

import json
import subprocess
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

Sent: TypeAlias = dict[str, dict[str, Any]]
"""What was sent, by kind of object (services, networks, configs, secrets), then by name."""

_EXISTING = "thing"
"""The name of the config and of the secret that exist before the deployment."""
_ANSWERS: dict[str, Any] = {
    "info": {"ID": "recorder", "Swarm": {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": "n1"}},
    "version": {"ApiVersion": "1.48", "MinAPIVersion": "1.24", "Version": "28.2.2", "Os": "linux", "Arch": "amd64"},
}


class _Engine(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def __init__(self, socket: str) -> None:
        self.sent: Sent = {"services": {}, "networks": {}, "configs": {}, "secrets": {}}
        super().__init__(socket, _Request)


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Engine

    def address_string(self) -> str:
        return "client"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer(None)

    def do_GET(self) -> None:
        parts = self.path.partition("?")[0].strip("/").split("/")
        parts = parts[1:] if parts[0].startswith("v1.") else parts
        if len(parts) == 2 and parts[0] == "networks":
            self._answer({"Name": parts[1], "Id": parts[1], "Scope": "swarm"})
        elif parts[0] in {"configs", "secrets"}:
            kind = parts[0]
            known = self.server.sent[kind] | {_EXISTING: {"Name": _EXISTING}}
            listed = [{"ID": name, "Spec": spec} for name, spec in known.items()]
            wanted = [one for one in listed if len(parts) == 1 or one["ID"] == parts[1]]
            if len(parts) == 2 and not wanted:
                self._answer({"message": "no such object"}, 404)
            else:
                self._answer(wanted if len(parts) == 1 else wanted[0])
        else:
            self._answer(_ANSWERS.get(parts[0], []))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        kind = self.path.split("/")[-2]
        self.server.sent[kind][body["Name"]] = body
        self._answer({"ID": body["Name"], "Id": body["Name"]}, 201)

    def _answer(self, value: object, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Api-Version", "1.48")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def deploy(stack: Path, docker: str, home: Path, name: str = "app") -> tuple[Sent, str]:
    """Let the real client deploy a stack file to the recorder; what it sent, and what it said. Raises if it refuses."""
    socket = home / "engine.sock"
    socket.unlink(missing_ok=True)
    with _Engine(str(socket)) as engine:
        threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        command = [docker, "-H", f"unix://{socket}", "stack", "deploy", "--detach=true", "--resolve-image=never"]
        done = subprocess.run(
            [*command, "-c", str(stack), name],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        )
        engine.shutdown()
    if done.returncode:
        raise RuntimeError(done.stderr)
    return engine.sent, done.stdout + done.stderr
