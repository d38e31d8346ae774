"""Configs and secrets of a service: files of this machine to mount, or content to put into each container.

Content that stands in the file or in a variable is always put in. A file is mounted where the engine runs on this
machine, unless it is to be copied; elsewhere it is put in.
"""

from __future__ import annotations

from json import dumps, loads
from typing import TYPE_CHECKING

from intermodal.clients.docker import objects
from intermodal.kit.diagnostics import Findings
from intermodal.kit.records import record
from intermodal.model.files import FileKind
from intermodal.model.support import Consequence, Missing
from intermodal.platforms.compose.requests.records import HostFile, Upload
from intermodal.platforms.compose.requests.security import profiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intermodal.kit.places import Place
    from intermodal.model.application import Application, Service
    from intermodal.model.files import Grant, ProjectFiles, SharedFile
    from intermodal.model.origin import Path
    from intermodal.model.support import Notes

FOLDERS = {"configs": "/", "secrets": "/run/secrets/"}
"""Where a file with no folder of its own goes, by section."""
EXTERNAL = Missing(
    code="compose-external-file",
    why="a Docker engine alone keeps no configs or secrets, so there is no external one to hand over",
    advice="say where its content is: `file`, `environment` or, for a config, `content`",
    consequence=Consequence.START,
)
DRIVEN = Missing(
    code="compose-external-file",
    why="drivers provide or fill in the content of configs and secrets on Swarm only",
    advice="say where its content is: `file`, `environment` or, for a config, `content`",
    consequence=Consequence.START,
)
MOUNTED_AS_IT_IS = Missing(
    code="compose-file-owner",
    why="the file is mounted as it is on this machine, with its own owner and mode",
    advice="change the file's, or have it copied into each instance: --set files=copy",
    consequence=Consequence.BEHAVIOUR,
)
OWNER_BY_NAME = Missing(
    code="compose-file-owner",
    why="a copied file's owner is a number, and a name means nothing before the container runs; root owns it",
    advice='write the number: `uid: "1000"`',
    consequence=Consequence.BEHAVIOUR,
)


@record
class Given:
    """The files of one service."""

    mounted: tuple[HostFile, ...]
    uploads: tuple[Upload, ...]


class FileGiving:
    """Finds the files of services; what cannot be had is collected, and notes are told."""

    def __init__(self, application: Application, files: ProjectFiles, notes: Notes, *, mounting: bool) -> None:
        self.findings = Findings()
        self._application = application
        self._files = files
        self._notes = notes
        self._mounting = mounting

    def given(self, service: Service) -> Given:
        """What a service's containers mount, and what is put into them."""
        mounted: list[HostFile] = []
        uploads: list[Upload] = []
        for section, index, grant in _grants(service):
            declared = self._declared(section).get(grant.source)
            if declared is None or self._elsewhere((section, grant.source), declared):
                continue
            target = objects.file_target(grant, FOLDERS[section])
            path = ("services", service.name, section, index)
            if declared.file and self._mounting:
                self._note_owner(path, grant)
                if self._is_there((section, grant.source), declared):
                    mounted.append(HostFile(source=declared.file, target=target))
            else:
                self._note_names(path, grant)
                uploads += self._uploads((section, grant.source), declared, grant, target)
        return Given(mounted=tuple(mounted), uploads=tuple(uploads))

    def profiles(self, service: Service) -> dict[str, str]:
        """The seccomp profiles that a service's security options name, as text without spaces."""
        found: dict[str, str] = {}
        for name in profiles(service.security_opt):
            file = name if name.startswith("/") else f"{self._application.working_dir}/{name}"
            try:
                found[name] = dumps(loads(self._files.read(file)), separators=(",", ":"))
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", "") or "it is not JSON, or not in a folder of the application"
                path = ("services", service.name, "security_opt")
                self._absent(path, f"the seccomp profile {name} cannot be read: {reason}")
        return found

    def _declared(self, section: str) -> Mapping[str, SharedFile]:
        return self._application.configs if section == "configs" else self._application.secrets

    def _elsewhere(self, path: Path, declared: SharedFile) -> bool:
        """Whether only a cluster could provide it."""
        if declared.external:
            self._notes(path, EXTERNAL)
        elif declared.driver:
            self._notes(path, DRIVEN)
        elif declared.template_driver:
            self._notes((*path, "template_driver"), DRIVEN)
        return declared.external or bool(declared.driver)

    def _note_owner(self, path: Path, grant: Grant) -> None:
        for field in ("uid", "gid", "mode"):
            if getattr(grant, field) not in ("", None):
                self._notes((*path, field), MOUNTED_AS_IT_IS)

    def _note_names(self, path: Path, grant: Grant) -> None:
        for field, said in (("uid", grant.uid), ("gid", grant.gid)):
            if said and not said.isdecimal():
                self._notes((*path, field), OWNER_BY_NAME)

    def _is_there(self, path: Path, declared: SharedFile) -> bool:
        """A file that ships must be there; of others only the engine knows."""
        absent = self._files.ships(declared.file) and self._files.kind(declared.file) is FileKind.ABSENT
        if absent:
            self._absent(path, f"the file {declared.file} does not exist")
        return not absent

    def _uploads(self, path: Path, declared: SharedFile, grant: Grant, target: str) -> list[Upload]:
        try:
            found = self._contents(declared)
        except OSError as error:
            reason = error.strerror or "it is not in a folder of the application"
            self._absent(path, f"the file {declared.file} cannot be read: {reason}")
            return []
        if not found:
            self._unset(path, declared)
        secret = path[0] == "secrets" or bool(declared.environment)
        return [_upload(grant, target + below, content, secret=secret) for below, content in found.items()]

    def _contents(self, declared: SharedFile) -> dict[str, bytes]:
        """The bytes by path below the target: one file, or those of a folder."""
        if declared.file and self._files.kind(declared.file) is FileKind.FOLDER:
            entries = self._files.entries(declared.file)
            return {f"/{entry.path}": self._files.read(f"{declared.file}/{entry.path}") for entry in entries}
        if declared.file:
            return {"": self._files.read(declared.file)}
        text = declared.content if declared.content is not None else declared.value
        return {} if text is None else {"": text.encode(errors="surrogateescape")}

    def _absent(self, path: Path, message: str) -> None:
        advice = "put it there, or say in the application where it is"
        self.findings.error("shared-file-absent", f"{path[0]}.{path[1]}: {message}", self._place(path), help=advice)

    def _unset(self, path: Path, declared: SharedFile) -> None:
        named = f"the variable {declared.environment} is not set" if declared.environment else "it has no content"
        advice = "set the variable where you run this command, or in .env"
        self.findings.error("shared-file-not-set", f"{path[0]}.{path[1]}: {named}", self._place(path), help=advice)

    def _place(self, path: Path) -> Place | None:
        return self._application.origins.place(path)


def _grants(service: Service) -> Iterator[tuple[str, int, Grant]]:
    yield from (("configs", index, grant) for index, grant in enumerate(service.configs))
    yield from (("secrets", index, grant) for index, grant in enumerate(service.secrets))


def _upload(grant: Grant, path: str, content: bytes, *, secret: bool) -> Upload:
    uid, gid, mode = objects.permissions(grant)
    return Upload(path=path, content=content, uid=_number(uid), gid=_number(gid), mode=mode, secret=secret)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
