"""Every file of the shared corpus that docker compose accepts becomes objects that a Swarm's API takes.

They are what the real client sends for the stack file of the same application, up to what only the API can say.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.kit.diagnostics import Rejected
from intermodal.model.ledger import UNCLASSIFIED, ledger
from intermodal.model.platform import Settings
from intermodal.platforms.swarm.requests import requests
from intermodal.platforms.swarm.support import OPERATED
from tests.corpus.accepted import PARTS, loaded, part
from tests.platforms.swarm.requests.test_client import alike, sent_by_client
from tests.platforms.swarm.schema import FILE, NETWORK, SERVICE, mistakes
from tests.platforms.swarm.sending import NEWEST, ours, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from intermodal.compose.load import Loaded
    from intermodal.platforms.swarm.requests import Wanted

pytestmark = pytest.mark.corpus

ABSENT = "swarm-file-not-shipped"
"""Files that were too large for the corpus, or are the user's own."""


@pytest.mark.parametrize("number", range(PARTS))
def test_what_is_sent_fits_the_api_and_the_client(corpus: Path, number: int, tmp_path: Path) -> None:
    docker = shutil.which("docker")
    assert docker, "the docker client is missing"
    found: list[tuple[str, str]] = []
    compared = 0
    for path in part(corpus, number):
        application = loaded(corpus, path)
        if application is None:
            continue
        try:
            made = requests(application.application, application.files, Settings())
            newest = requests(application.application, application.files, Settings(), NEWEST)
        except Rejected as refused:
            found += [(path, one.code) for one in refused.diagnostics if one.code != ABSENT]
            continue
        found += [(path, mistake) for mistake in (*wrong(made), *wrong(newest), *unclassified(application, newest))]
        try:
            theirs = sent_by_client(application, docker, tmp_path)
        except RuntimeError:
            continue
        compared += 1
        found += [(path, one) for one in different(ours(newest), theirs["services"])]
    assert found == []
    assert compared > 0.8 * len(part(corpus, number))


def wrong(made: Wanted) -> Iterator[str]:
    """What the API would not understand."""
    for one in made.services:
        yield from mistakes(one.spec, SERVICE, one.name)
    for network in made.networks:
        yield from mistakes(network.body, NETWORK, network.name) if not network.external else ()
    for file in (*made.configs, *made.secrets):
        yield from mistakes(file.body, FILE, file.name) if not file.external else ()


def unclassified(found: Loaded, made: Wanted) -> list[str]:
    entries = ledger(found.application, OPERATED, made.notes)
    return [".".join(map(str, entry.leaf.path)) for entry in entries if entry.outcome is UNCLASSIFIED]


def different(services: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """Where a service is not what the client sends."""
    for name, service in theirs.items():
        if common(services[name]) != common(plain(service)):
            yield name


def common(spec: dict[str, Any]) -> dict[str, Any]:
    """What a stack file can say of a service."""
    made = alike(spec)
    inside = made["TaskTemplate"]["ContainerSpec"]
    left = {key: value for key, value in inside.items() if key not in {"Groups", "Privileges", "OomScoreAdj"}}
    left |= {"DNSConfig": {key: value for key, value in inside.get("DNSConfig", {}).items() if key != "Options"}}
    left |= {"Mounts": [_mount(one) for one in inside.get("Mounts", ())]}
    mode = {kind: {} if kind.endswith("Job") else number for kind, number in made["Mode"].items()}
    ports = sorted(made.get("EndpointSpec", {}).get("Ports", ()), key=str)
    endpoint = {"EndpointSpec": made.get("EndpointSpec", {}) | {"Ports": ports}}
    return made | {"Mode": mode, "TaskTemplate": made["TaskTemplate"] | {"ContainerSpec": left}} | endpoint


def _mount(said: dict[str, Any]) -> dict[str, Any]:
    size = {key: value for key, value in said.get("TmpfsOptions", {}).items() if key == "SizeBytes"}
    bind = {key: value for key, value in said.get("BindOptions", {}).items() if key == "Propagation"}
    volume = said.get("VolumeOptions", {}) if said.get("Source") else {}
    return said | {"TmpfsOptions": size, "BindOptions": bind, "VolumeOptions": volume}
