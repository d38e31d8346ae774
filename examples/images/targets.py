"""Where images go: into a Docker engine, into a registry, into a file that `docker load` takes."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import socket
import tarfile
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers import Built
    from recipes import Image

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
_BLOCK = 1 << 20
_BEGINNING = "1970-01-01T00:00:00Z"


class Made(NamedTuple):
    """An image: its full name, its place in a registry, its configuration, its layers. Engines know it by its `id`."""

    name: str
    place: str
    configuration: bytes
    layers: tuple[Built, ...]

    @property
    def id(self) -> str:
        """SHA-256 of the configuration."""
        return hashlib.sha256(self.configuration).hexdigest()


def configuration(image: Image, layers: Iterable[tuple[str, Built]], architecture: str) -> bytes:
    """An image's configuration as engines read it: the same bytes for the same image."""
    layers = tuple(layers)
    document = {
        "architecture": architecture,
        "os": "linux",
        "created": _BEGINNING,
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{layer.digest}" for _, layer in layers]},
        "history": [{"created": _BEGINNING, "created_by": f"intermodal: {name}"} for name, _ in layers],
    }
    return json.dumps(document, sort_keys=True).encode()


def write(images: Iterable[Made], target: IO[bytes]) -> None:
    """The images as one tar, each layer once."""
    images = list(images)
    manifest = [
        {
            "Config": f"{image.id}.json",
            "RepoTags": [image.name],
            "Layers": [f"{each.digest}.tar" for each in image.layers],
        }
        for image in images
    ]
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.GNU_FORMAT, bufsize=_BLOCK) as archive:
        for name, content in {f"{image.id}.json": image.configuration for image in images}.items():
            _add(archive, name, content)
        for layer in dict.fromkeys(layer for image in images for layer in image.layers):
            entry = tarfile.TarInfo(f"{layer.digest}.tar")
            entry.size = layer.size
            with layer.path.open("rb") as stream:
                archive.addfile(entry, stream)
        _add(archive, "manifest.json", json.dumps(manifest).encode())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


class _Socket(http.client.HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


class _Upload:
    """What is written to it goes to an HTTP server, piece by piece."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection

    def write(self, piece: bytes) -> int:
        if piece:
            self.connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        return len(piece)


def load(images: Iterable[Made], engine: str) -> list[str]:
    """Load images that an engine (unix://PATH or tcp://HOST:PORT) does not have; gives their names."""
    address = urlsplit(engine)
    if address.scheme not in ("unix", "tcp"):
        raise SystemExit(
            f"{engine}: engines are reached by unix:// or tcp:// here; elsewhere use --output and `docker load`"
        )
    connection = _Socket(address.path) if address.scheme == "unix" else http.client.HTTPConnection(address.netloc)
    try:
        missing = [image for image in images if not _has(connection, image)]
        if missing:
            _send(connection, missing)
    except OSError as error:
        raise SystemExit(f"{engine}: {error.strerror or error}") from error
    return [image.name for image in missing]


def _has(connection: http.client.HTTPConnection, image: Made) -> bool:
    status, body = _ask(connection, "GET", f"/images/{quote(image.name)}/json")
    return status == 200 and json.loads(body)["Id"] == f"sha256:{image.id}"


def _send(connection: http.client.HTTPConnection, images: list[Made]) -> None:
    connection.putrequest("POST", "/images/load?quiet=1")
    connection.putheader("Content-Type", "application/x-tar")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    write(images, _Upload(connection))  # type: ignore[arg-type] # all that a tar stream needs
    connection.send(b"0\r\n\r\n")
    answer = connection.getresponse()
    said = answer.read().decode()
    if answer.status != 200 or "errorDetail" in said:
        raise SystemExit(f"the engine did not load the images: {said.strip()}")


def push(images: Iterable[Made], registry: str) -> list[str]:
    """Put images into a registry without a login, by plain HTTP; gives the names of those it did not have."""
    connection = http.client.HTTPConnection(registry)
    try:
        return [image.name for image in images if _pushed(connection, image)]
    except OSError as error:
        raise SystemExit(f"{registry}: {error.strerror or error}") from error


def _pushed(connection: http.client.HTTPConnection, image: Made) -> bool:
    repository, _, tag = image.place.rpartition(":")
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": {"mediaType": _CONFIG, "size": len(image.configuration), "digest": f"sha256:{image.id}"},
            "layers": [
                {"mediaType": _LAYER, "size": layer.size, "digest": f"sha256:{layer.digest}"} for layer in image.layers
            ],
        }
    ).encode()
    place = f"/v2/{repository}/manifests/{tag}"
    status, body = _ask(connection, "GET", place, headers={"Accept": _MANIFEST})
    if status == 200 and body == manifest:
        return False
    for layer in image.layers:
        with layer.path.open("rb") as content:
            _put(connection, repository, layer.digest, content, layer.size)
    _put(connection, repository, image.id, io.BytesIO(image.configuration), len(image.configuration))
    status, body = _ask(connection, "PUT", place, manifest, {"Content-Type": _MANIFEST})
    _expect(status, body, 201)
    return True


def _put(connection: http.client.HTTPConnection, repository: str, digest: str, content: IO[bytes], size: int) -> None:
    status, _ = _ask(connection, "HEAD", f"/v2/{repository}/blobs/sha256:{digest}")
    if status == 200:
        return
    connection.request("POST", f"/v2/{repository}/blobs/uploads/", headers={"Content-Length": "0"})
    answer = connection.getresponse()
    _expect(answer.status, answer.read(), 202)
    place = urlsplit(answer.headers["Location"])
    target = f"{place.path}?{place.query}{'&' if place.query else ''}digest=sha256:{digest}"
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    connection.request("PUT", target, content, headers)
    answer = connection.getresponse()
    _expect(answer.status, answer.read(), 201)


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def _expect(status: int, body: bytes, wanted: int) -> None:
    if status != wanted:
        raise SystemExit(f"the registry answered {status}: {body.decode(errors='replace').strip()}")
