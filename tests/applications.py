"""Applications built by hand, for tests of what comes after loading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.kit.places import Place, Source
from intermodal.kit.records import NOTHING, fields
from intermodal.model.application import Application, Service
from intermodal.model.files import Entry, FileKind
from intermodal.model.origin import Leaf, Path
from intermodal.model.platform import Settings
from intermodal.model.support import Notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from intermodal.platforms.kubernetes.context import Context

SOURCE = Source("compose.yaml", "")
UNWRITTEN = {("Service", "name"), ("EnvFile", "values"), ("SharedFile", "value")}
SECTIONS = ("services", "networks", "volumes", "configs", "secrets", "models")


class ModelOrigins:
    """Origins that take every field with a non-default value for written, all on line 1."""

    def __init__(self) -> None:
        self.application: Application | None = None

    def place(self, path: Path) -> Place | None:
        return Place(SOURCE, 1, len(path))

    def leaves(self) -> Iterator[Leaf]:
        assert self.application is not None
        for section in SECTIONS:
            for path in written(getattr(self.application, section), (section,)):
                yield Leaf(path=path, place=Place(SOURCE, 1, 1))


def written(value: Any, path: Path) -> Iterator[Path]:
    """The paths of the leaves of a piece of the model; defaults are not written."""
    if hasattr(value, "__fields__"):
        yield from _of_record(value, path)
    elif hasattr(value, "items"):
        for key, item in value.items():
            yield from written(item, (*path, key))
    elif isinstance(value, tuple) and value:
        for index, item in enumerate(value):
            yield from written(item, (*path, index))
    else:
        yield path


def _of_record(value: Any, path: Path) -> Iterator[Path]:
    empty = True
    for name in fields(value):
        field = getattr(value, name)
        if (type(value).__name__, name) in UNWRITTEN or field == getattr(_Defaults(type(value)), name):
            continue
        empty = False
        if name == "extensions":
            yield from written(field, path)
        else:
            yield from written(field, (*path, name))
    if empty:
        yield path


class _Defaults:
    """The defaults of a record's fields; a required field equals nothing."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __getattr__(self, name: str) -> Any:
        needed: dict[str, Any] = {}
        while True:
            try:
                made = self.kind(**needed)
            except TypeError as error:
                needed[str(error).rsplit(" ", 1)[-1]] = object()
            else:
                return getattr(made, name)


class FilesInMemory:
    """Project files as a mapping of absolute path to bytes; folders are what has files below it."""

    def __init__(self, contents: Mapping[str, bytes] = NOTHING, modes: Mapping[str, int] = NOTHING) -> None:
        self.contents = dict(contents)
        self.modes = dict(modes)

    def ships(self, path: str) -> bool:
        return self.kind(path) is not FileKind.ABSENT

    def kind(self, path: str) -> FileKind:
        if path in self.contents:
            return FileKind.FILE
        return (
            FileKind.FOLDER
            if any(name.startswith(path.rstrip("/") + "/") for name in self.contents)
            else FileKind.ABSENT
        )

    def entries(self, path: str) -> Iterator[Entry]:
        start = path.rstrip("/") + "/"
        for name in sorted(self.contents):
            if name.startswith(start):
                yield Entry(path=name.removeprefix(start), size=len(self.contents[name]), mode=self.mode(name))

    def read(self, path: str) -> bytes:
        if path not in self.contents:
            raise PermissionError(path)
        return self.contents[path]

    def mode(self, path: str) -> int:
        return self.modes.get(path, 0o644)


def application(*services: Service, name: str = "shop", working_dir: str = "/project", **rest: Any) -> Application:
    """An application of these services; `rest` is volumes, networks, configs …"""
    origins = ModelOrigins()
    made = Application(
        name=name,
        working_dir=working_dir,
        origins=origins,
        services={service.name: service for service in services},
        **rest,
    )
    origins.application = made
    return made


def service(name: str = "web", **fields_: Any) -> Service:
    """A service with an image unless another is named."""
    return Service(**{"name": name, "image": "example.org/web:1", **fields_})


def settings(version: str = "", namespace: str = "", options: Mapping[str, str] = NOTHING) -> Settings:
    return Settings(version=version, namespace=namespace, options=options)


def kubernetes_context(made: Application, asked: Settings | None = None, files: FilesInMemory | None = None) -> Context:
    """What the parts of the Kubernetes translation get."""
    from intermodal.platforms.kubernetes.translate import make_context  # noqa: PLC0415 - other platforms' tests need not

    return make_context(made, asked or settings(), files or FilesInMemory(), Notes())


def by_kind(documents: Iterable[Any], kind: str) -> list[dict[str, Any]]:
    """The contents of the documents of one kind."""
    return [document.content for document in documents if document.content["kind"] == kind]
