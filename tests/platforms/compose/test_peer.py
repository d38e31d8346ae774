"""Containers made from our bodies are those that docker compose makes of the same file, but for what is explained."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.errors import EngineError
from intermodal.compose.load import Request, load
from intermodal.model.platform import Settings
from intermodal.platforms.compose.observe import differences, network_differences, volume_differences
from intermodal.platforms.compose.requests import Around, Neighbour, container, container_name, wanted
from tests.compose.oracle import binary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from intermodal.clients.docker.address import Address
    from intermodal.platforms.compose.requests import ContainerRequest, ServiceRequest, Wanted

pytestmark = pytest.mark.engines

SERVICES = Path(__file__).with_name("peer-services.yaml")
NEWER = Path(__file__).with_name("peer-newer.yaml")
NEW = (1, 48)
IMAGE = "imcp-image:1"
THEIRS, OURS = "imcp-theirs", "imcp-ours"
ENVIRONMENT = {"TOKEN": "very secret", "HOME": "/root", "PATH": "/usr/bin:/bin"}
EXPLAINED = {
    "expose.Config.ExposedPorts": "docker compose leaves out the protocol, and ranges as they are",
    "mounts.HostConfig.Binds": "a bind mount with nothing but a propagation is a short one, which makes a missing path",
    "mounts.HostConfig.Mounts": "as above",
    "mounts.Mounts.": "as above: its mode is spelt out",
    "new-mounts.HostConfig.Mounts": "a missing host path is made unless the file says otherwise",
    "volumes-from.HostConfig.VolumesFrom": "docker compose forgets that they are to be read only",
    "volumes-from.Mounts.": "as above",
}
"""Where ours may differ, by service and field, and why."""


class Made:
    """The application under both names, made but not started."""

    def __init__(self, engine: Engine, wanted_: Wanted) -> None:
        self.engine = engine
        self.wanted = wanted_
        self.requests: dict[str, ContainerRequest] = {}
        self.theirs: dict[str, Any] = {}
        self.ours: dict[str, Any] = {}
        self.image = engine.call("GET", f"/images/{IMAGE}/json")


@pytest.fixture(scope="module")
def made(one_engine: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("peer")
    with Engine(one_engine) as engine:
        clear(engine)
        try:
            prepare(engine, folder)
            yield both(engine, one_engine, folder)
        finally:
            clear(engine)
            remove(engine, f"/images/{IMAGE}")


def prepare(engine: Engine, folder: Path) -> None:
    """An image of no files, which says something of everything an image can; and the files of the application."""
    changes = (
        'CMD ["serve"]',
        "ENV FROM_IMAGE=1 OTHER_OF_IMAGE=2",
        "VOLUME /of-image",
        "EXPOSE 81",
        "LABEL of.image=1",
        "WORKDIR /image",
        "USER nobody",
        "HEALTHCHECK --interval=30s CMD true",
    )
    query = "&".join(f"changes={re.sub('[^A-Za-z]', lambda found: f'%{ord(found[0]):02X}', one)}" for one in changes)
    repository, _, tag = IMAGE.partition(":")
    engine.call("POST", f"/images/create?fromSrc=-&repo={repository}&tag={tag}&{query}", body=bytes(10240))
    engine.call("POST", "/networks/create", body={"Name": "imcp-joined"})
    engine.call("POST", "/volumes/create", body={"Name": "imcp-outside"})
    (folder / "some.env").write_text("FROM_FILE=1\nBOTH=file\n")
    (folder / "motd").write_text("hello\n")
    (folder / "profile.json").write_text('{\n  "defaultAction": "SCMP_ACT_ALLOW"\n}\n')


def both(engine: Engine, address: Address, folder: Path) -> Made:
    newer = NEWER.read_text() if engine.version >= NEW else ""
    compose_up(address, written(folder, THEIRS, newer))
    theirs = {
        row["Labels"]["com.docker.compose.service"]: engine.call("GET", f"/containers/{row['Id']}/json")
        for row in listed(engine, THEIRS)
    }
    clear_project(engine, THEIRS)
    found = Made(engine, application(written(folder, OURS, newer)))
    found.theirs = theirs
    make(found)
    return found


def written(folder: Path, project: str, newer: str) -> Path:
    text = SERVICES.read_text().replace("\nnetworks:\n", f"\n{newer}networks:\n")
    text = re.sub(r"(image|source): IMAGE", rf"\1: {IMAGE}", text).replace("FOLDER", str(folder))
    path = folder / f"{project}.yaml"
    path.write_text(f"name: {project}\n{text.replace('PROJECT', project)}")
    return path


def compose_up(address: Address, file: Path) -> None:
    done = subprocess.run(
        [str(binary()), "-f", str(file), "create", "--quiet-pull"],
        env={**ENVIRONMENT, "DOCKER_HOST": str(address), "DOCKER_CONFIG": str(file.parent)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def application(file: Path) -> Wanted:
    found = load(Request(files=(str(file),), environment=ENVIRONMENT, working_directory=str(file.parent)))
    return wanted(found.application, Settings(), found.files)


def make(found: Made) -> None:
    """Networks, volumes, and containers, those they refer to first."""
    engine = found.engine
    for kind, parts in (("networks", found.wanted.networks), ("volumes", found.wanted.volumes)):
        for part in parts.values():
            if not part.external:
                engine.call("POST", f"/{kind}/create", body=part.body)
    ids: dict[str, str] = {}
    waiting = dict(found.wanted.services)
    while waiting:
        ready = [name for name, one in waiting.items() if not {*one.refers, *one.depends_on} & waiting.keys()]
        for name in sorted(ready, key=lambda name: name != "container-name"):
            found.requests[name] = request = container(waiting[name], 1, around(found, waiting[name], ids))
            ids[name] = create(engine, request)
            del waiting[name]
    found.ours = {name: engine.call("GET", f"/containers/{made}/json") for name, made in ids.items()}


def around(found: Made, service: ServiceRequest, ids: dict[str, str]) -> Around:
    neighbours = {
        other: (Neighbour(id=ids[other], name=container_name(found.wanted.services[other], 1)),)
        for other in service.refers
    }
    return Around(version=min(found.engine.version, NEW), image_id=found.image["Id"], containers=neighbours)


def create(engine: Engine, request: ContainerRequest) -> str:
    try:
        answer = engine.call("POST", "/containers/create", query=request.query, body=request.body)
    except EngineError as refused:
        pytest.fail(f"{request.name}: {refused}")
    for connection in request.connections:
        body = {"Container": answer["Id"], **connection.body}
        engine.call("POST", f"/networks/{connection.network}/connect", body=body)
    return str(answer["Id"])


def listed(engine: Engine, project: str) -> list[Any]:
    filters = {"label": [f"com.docker.compose.project={project}"]}
    return list(engine.call("GET", "/containers/json", query={"all": True, "filters": filters}))


def clear(engine: Engine) -> None:
    for project in (THEIRS, OURS):
        clear_project(engine, project)
    remove(engine, "/networks/imcp-joined")
    remove(engine, "/volumes/imcp-outside")


def clear_project(engine: Engine, project: str) -> None:
    filters = {"label": [f"com.docker.compose.project={project}"]}
    for row in listed(engine, project):
        remove(engine, f"/containers/{row['Id']}?force=1&v=1")
    for row in engine.call("GET", "/networks", query={"filters": filters}):
        remove(engine, f"/networks/{row['Id']}")
    for row in engine.call("GET", "/volumes", query={"filters": filters})["Volumes"] or ():
        remove(engine, f"/volumes/{row['Name']}")


def remove(engine: Engine, path: str) -> None:
    try:
        engine.call("DELETE", path)
    except EngineError as refused:
        if refused.status != 404:
            raise


def test_the_same_containers(made: Made) -> None:
    assert sorted(made.ours) == sorted(made.theirs)
    used: set[str] = set()
    unexplained = []
    for name in sorted(made.ours):
        theirs = flat(normal(made.theirs[name], THEIRS, made.theirs))
        ours = flat(normal(made.ours[name], OURS, made.ours))
        for field in sorted(theirs.keys() | ours.keys()):
            if theirs.get(field) != ours.get(field):
                used.add(f"{name}.{field}")
                if f"{name}.{field}" not in EXPLAINED:
                    unexplained.append((name, field, theirs.get(field), ours.get(field)))
    assert not unexplained, lines(unexplained)
    assert {place for place in EXPLAINED if place.partition(".")[0] in made.ours} - used == set()


def normal(found: Any, project: str, everything: dict[str, Any]) -> Any:
    """What the engine says of a container, without what is each container's own."""
    ids = {str(one["Id"]): f"<{name}>" for name, one in everything.items()}
    config, host, attached = found["Config"], found["HostConfig"], found["NetworkSettings"]["Networks"]
    own = found["Id"][:12]
    config = {key: value for key, value in config.items() if key not in {"Labels", "Env", "Hostname", "Image"}}
    config["Hostname"] = "" if found["Config"]["Hostname"] == own else found["Config"]["Hostname"]
    config["ExposedPorts"] = sorted(config.get("ExposedPorts") or ())
    config["Env"] = sorted(found["Config"]["Env"])
    labels = found["Config"]["Labels"].items()
    config["Labels"] = {key: text for key, text in labels if not key.startswith(("com.docker.compose.", "intermodal."))}
    config["ours"] = {
        key.rpartition(".")[2]: ",".join(sorted(text.split(",")))
        for key, text in labels
        if key.endswith((".container-number", ".service", ".oneoff", ".depends_on", ".project"))
    }
    host = {key: sorted(value) if key == "Binds" and value else value for key, value in host.items()}
    host["CapAdd"] = [name.removeprefix("CAP_") for name in host["CapAdd"] or ()]
    host["RestartPolicy"] = {**host["RestartPolicy"], "Name": host["RestartPolicy"]["Name"] or "no"}
    host["ExtraHosts"] = sorted(host["ExtraHosts"] or ())
    host["Ulimits"] = sorted(host["Ulimits"] or (), key=lambda limit: str(limit["Name"]))
    if host.get("Mounts"):
        said = [{key: part for key, part in mount.items() if part != {}} for mount in host["Mounts"]]
        host["Mounts"] = sorted(said, key=lambda mount: str(mount["Target"]))
    networks = {
        name: {
            key: sorted(set(value) - {own}) if key == "Aliases" and value else value
            for key, value in one.items()
            if value and key in {"Aliases", "Links", "IPAMConfig", "DriverOpts", "MacAddress", "GwPriority"}
        }
        for name, one in attached.items()
    }
    mounts = sorted(map(mounted, found["Mounts"]), key=lambda mount: str(mount["Destination"]))
    whole = {"Config": config, "HostConfig": host, "Networks": networks, "Mounts": mounts, "Image": found["Image"]}
    return replaced(whole, {**ids, project: "PROJECT"})


def mounted(mount: Any) -> dict[str, Any]:
    anonymous = re.fullmatch("[0-9a-f]{64}", mount.get("Name", ""))
    hidden = {"Name": "<any>", "Source": "<any>"} if anonymous else {}
    return {**mount, **hidden, **({"Source": ""} if mount["Type"] == "image" else {})}


def replaced(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in words.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, dict):
        return {replaced(key, words): replaced(part, words) for key, part in value.items()}
    return [replaced(part, words) for part in value] if isinstance(value, list) else value


def lines(found: Iterable[Any]) -> str:
    return "\n".join(map(repr, found))


def flat(value: Any) -> dict[str, Any]:
    """Two levels of fields; what is empty is absent."""
    return {
        f"{section}.{key}": part
        for section, parts in value.items()
        for key, part in (parts.items() if isinstance(parts, dict) else [("", parts)])
        if part not in (None, "", [], {}, 0, False)
    }


def test_what_docker_compose_made_is_not_drift(made: Made) -> None:
    found = {}
    for name, request in made.requests.items():
        theirs = replaced(made.theirs[name], {THEIRS: OURS, **renamed(made)})
        found[name] = differences(request, theirs, made.image)
    expected = found.pop("volumes-from")
    assert [one.field for one in expected] == ["volumes_from"]
    assert not any(found.values()), lines(found.items())


def renamed(made: Made) -> dict[str, str]:
    return {str(made.theirs[name]["Id"]): str(made.ours[name]["Id"]) for name in made.ours}


def test_what_we_made_is_not_drift(made: Made) -> None:
    found = {name: differences(request, made.ours[name], made.image) for name, request in made.requests.items()}
    assert not any(found.values()), lines(found.items())
    rows = made.engine.call("GET", "/networks")
    networks = {row["Name"]: row for row in rows}
    for network in made.wanted.networks.values():
        assert network.external or network_differences(network, networks[network.name]) == ()
    volumes = {row["Name"]: row for row in made.engine.call("GET", "/volumes")["Volumes"]}
    for volume in made.wanted.volumes.values():
        assert volume.external or volume_differences(volume, volumes[volume.name]) == ()


OWN_DEFAULT = "unasked, the engine has a value of its own, which may be that one"
UNSEEN = {
    "cgroup": OWN_DEFAULT,
    "command-empty": "it is what the image says",
    "ipc": OWN_DEFAULT,
    "ipc-service": OWN_DEFAULT,
    "logging": OWN_DEFAULT,
    "logging-options": OWN_DEFAULT,
    "mac": OWN_DEFAULT,
    "runtime": OWN_DEFAULT,
    "shm": OWN_DEFAULT,
    "annotations": "this engine drops them",
    "cpu-count": "Windows only: this engine drops it",
    "config-content": "it is put in before the start",
    "container-name": "",
    "deploy-none": "it is the default",
    "deploy-unsaid": "it is the default",
    "depends": "it makes nothing of a container",
    "init-off": "it is the default",
    "platform": "the image has it",
    "plain": "it is what is compared with",
    "blkio": "this kernel has no weights: the engine drops it",
}
"""Services that are like the plain one as far as anybody can see."""


def test_whatever_somebody_changes_is_seen(made: Made) -> None:
    """Every service held against the request of the plain one, and the plain one against every request."""
    plain = made.requests["plain"]
    unseen = {name for name, found in made.ours.items() if not told(differences(plain, found, made.image))}
    unmissed = {
        name for name, one in made.requests.items() if not told(differences(one, made.ours["plain"], made.image))
    }
    assert not unseen - UNSEEN.keys(), lines(sorted(unseen - UNSEEN.keys()))
    assert not unmissed - UNSEEN.keys(), lines(sorted(unmissed - UNSEEN.keys()))


def told(found: tuple[Any, ...]) -> list[str]:
    """Fields besides those that differ because services have different names."""
    fields = [one.field for one in found]
    return [field for field in fields if not field.endswith(".aliases") and "com.docker.compose.service" not in field]


def test_secrets_are_never_shown(made: Made) -> None:
    """The environment of one held against another's."""
    found = differences(made.requests["environment"], made.ours["plain"], made.image)
    hidden = [one for one in found if one.field.startswith("environment.")]
    assert len(hidden) >= 4
    assert all(one.hidden and one.before is None and one.after is None for one in hidden)
    assert os.environ.get("TOKEN") is None
    assert "very secret" not in repr([differences(one, made.ours["plain"], None) for one in made.requests.values()])
