"""Where an engine listens: unix:///PATH, tcp://HOST:PORT or ssh://USER@HOST. How it is found: `find.py`."""

from __future__ import annotations

from intermodal.kit.records import record


@record
class Tls:
    """The files of a TLS connection, "" where none; `verify` False trusts any server."""

    ca: str = ""
    certificate: str = ""
    key: str = ""
    verify: bool = True


@record
class Address:
    """An engine's address. `scheme` is unix, tcp, ssh; `path` is for unix; `named` is how the user calls the engine."""

    scheme: str
    path: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    tls: Tls | None = None
    named: str = ""

    def __str__(self) -> str:
        if self.scheme == "unix":
            return f"unix://{self.path}"
        who = f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{who}{self.host}{f':{self.port}' if self.port else ''}"
