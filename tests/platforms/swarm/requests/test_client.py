"""The real client as the judge: what it sends for our stack file is what `up` sends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.compose.load import Request, load
from intermodal.kit.emitter import emit
from intermodal.model.platform import Settings
from intermodal.platforms.swarm.requests import requests
from intermodal.platforms.swarm.requests.preparing import prepared
from intermodal.platforms.swarm.translate import translate
from tests.platforms.swarm.recorder import deploy
from tests.platforms.swarm.sending import NEWEST, ours, plain

if TYPE_CHECKING:
    from intermodal.compose.load import Loaded
    from tests.platforms.swarm.recorder import Sent

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = sorted(ROOT.glob("examples/*/*compose.y*ml"))
EVERYTHING = Path(__file__).with_name("everything.yaml")


def loaded(file: Path) -> Loaded:
    environment = {"HOME": "/root", "PATH": "/usr/bin", "TOKEN": "t"}
    return load(Request(files=(str(file),), environment=environment, working_directory=str(file.parent)))


def sent_by_client(found: Loaded, docker: str, folder: Path) -> Sent:
    """What the client sends for the translation of the application as it is operated."""
    made = translate(prepared(found.application), Settings(), found.files)
    for attached in made.attached:
        (folder / attached.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / attached.path).write_bytes(attached.content)
    (document,) = made.documents
    stack = folder / "stack.yaml"
    stack.write_text(emit(document.content), encoding="utf-8")
    return deploy(stack, docker, folder, found.application.name)[0]


@pytest.mark.parametrize("file", [*EXAMPLES, EVERYTHING], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_services_are_what_the_client_sends(file: Path, docker: str, tmp_path: Path) -> None:
    found = loaded(file)
    theirs = sent_by_client(found, docker, tmp_path)
    made = requests(found.application, found.files, Settings(), NEWEST)
    services = ours(made)
    assert set(services) == set(theirs["services"])
    for name, service in theirs["services"].items():
        assert alike(services[name]) == alike(plain(service)), name


@pytest.mark.parametrize("file", [*EXAMPLES, EVERYTHING], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_networks_are_what_the_client_sends(file: Path, docker: str, tmp_path: Path) -> None:
    found = loaded(file)
    theirs = sent_by_client(found, docker, tmp_path)["networks"]
    made = requests(found.application, found.files, Settings(), NEWEST).networks
    assert {one.name: plain(one.body) for one in made if not one.external} == {
        name: plain(body) for name, body in theirs.items()
    }


def test_configs_and_secrets_are_what_the_client_sends(docker: str, tmp_path: Path) -> None:
    found = loaded(EVERYTHING)
    theirs = sent_by_client(found, docker, tmp_path)
    made = requests(found.application, found.files, Settings(), NEWEST)
    for section, files in (("configs", made.configs), ("secrets", made.secrets)):
        bodies = {plain(one.name, "Name"): plain(one.body) for one in files if not one.external}
        sent = {plain(name, "Name"): plain(body) for name, body in theirs[section].items()}
        assert {name: bodies[name] for name in sent} == sent


def alike(spec: dict[str, Any]) -> dict[str, Any]:
    """A spec with the order out of what is a set; a number that neither says is the engine's own, one."""
    template = spec["TaskTemplate"]
    inside = template["ContainerSpec"]
    replicated = spec["Mode"].get("Replicated")
    if replicated is not None:
        spec = spec | {"Mode": {"Replicated": {"Replicas": 1} | replicated}}
    for field in ("Hosts", "Env", "Configs", "Secrets"):
        if field in inside:
            inside = inside | {field: sorted(inside[field], key=str)}
    return spec | {"TaskTemplate": template | {"ContainerSpec": inside}}
