"""What Docker's client keeps in its folder: `config.json`, and the contexts that name engines. Read, never written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from intermodal.clients.docker.address import Address, InvalidAddress, Tls, parsed

if TYPE_CHECKING:
    from intermodal.model.platform import Target

CONFIG = "config.json"
_MOST = 4 * 1024 * 1024


class UnreadableFile(Exception):  # noqa: N818 - named for the file
    """A file of Docker's client that is there and cannot be used; `reason` in the system's or the reader's words."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class NoSuchContext(Exception):  # noqa: N818 - named for the context
    """No context of that name; `there` are those there are."""

    def __init__(self, name: str, there: tuple[str, ...]) -> None:
        self.name = name
        self.there = there
        super().__init__(name)


def folder(target: Target) -> Path:
    """Where Docker's client keeps its configuration: DOCKER_CONFIG, else `~/.docker`."""
    return Path(target.environment.get("DOCKER_CONFIG") or Path(target.home, ".docker"))


def config(target: Target) -> dict[str, Any]:
    """`config.json` as it is, empty where there is none. Raises `UnreadableFile`."""
    return _json(folder(target) / CONFIG) or {}


def context(target: Target, name: str) -> Address:
    """The engine a context names. Raises `NoSuchContext`, `UnreadableFile`, `InvalidAddress`."""
    from hashlib import sha256  # noqa: PLC0415 - few use contexts

    store, number = folder(target) / "contexts", sha256(name.encode()).hexdigest()
    endpoint = _endpoint(_json(store / "meta" / number / "meta.json"))
    if endpoint is None:
        raise NoSuchContext(name, names(target))
    tls = _tls(store / "tls" / number / "docker", verify=not endpoint.get("SkipTLSVerify"))
    host = endpoint.get("Host")
    if not isinstance(host, str) or not host:
        raise InvalidAddress(f"context {name} names no host", f"docker context inspect {name}")
    return parsed(host, tls=tls, named=f"context {name}")


def names(target: Target) -> tuple[str, ...]:
    """The contexts there are, by name; those that cannot be read are left out."""
    found = []
    for path in sorted((folder(target) / "contexts" / "meta").glob("*/meta.json")):
        try:
            kept = _json(path) or {}
        except UnreadableFile:
            continue
        if isinstance(kept.get("Name"), str):
            found.append(kept["Name"])
    return tuple(sorted(found))


def _endpoint(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    endpoints = (kept or {}).get("Endpoints")
    found = endpoints.get("docker") if isinstance(endpoints, dict) else None
    return found if isinstance(found, dict) else None


def _tls(kept: Path, *, verify: bool) -> Tls | None:
    files = {field: kept / f"{stem}.pem" for field, stem in _FILES.items()}
    there = {field: str(path) for field, path in files.items() if path.is_file()}
    return Tls(**there, verify=verify) if there or not verify else None


_FILES = {"ca": "ca", "certificate": "cert", "key": "key"}


def _json(path: Path) -> dict[str, Any] | None:
    from json import loads  # noqa: PLC0415 - not every start reads a configuration

    try:
        with path.open("rb") as file:
            content = file.read(_MOST)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from error
    try:
        found = loads(content) if content.strip() else {}
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(path, f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise UnreadableFile(path, "not a JSON object")
    return found
