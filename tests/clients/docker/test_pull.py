from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from intermodal.clients.docker.auth import Credentials
from intermodal.clients.docker.engine import Engine
from intermodal.clients.docker.held import local
from intermodal.clients.docker.pull import _Progress, pull
from intermodal.model.changes import NotDone, Stage, Step
from intermodal.model.platform import Target
from tests.clients.docker.scripted import PING, Scripted, answer

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = Credentials(Target(home="/nonexistent"))
LAYERS: list[dict[str, Any]] = [
    {"status": "Pulling from library/x", "id": "1"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "aa"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "bb"},
    {"status": "Already exists", "progressDetail": {}, "id": "cc"},
    {"status": "Downloading", "progressDetail": {"current": 10, "total": 100}, "id": "aa"},
    {"status": "Downloading", "progressDetail": {"current": 5, "total": 50}, "id": "bb"},
    {"status": "Downloading", "progressDetail": {"current": 60, "total": 100}, "id": "aa"},
    {"status": "Verifying Checksum", "progressDetail": {}, "id": "aa"},
    {"status": "Download complete", "progressDetail": {}, "id": "aa"},
    {"status": "Download complete", "progressDetail": {}, "id": "bb"},
    {"status": "Extracting", "progressDetail": {"current": 1, "total": 100}, "id": "aa"},
    {"status": "Pull complete", "progressDetail": {}, "id": "aa"},
    {"status": "Extracting", "progressDetail": {"current": 1, "total": 50}, "id": "bb"},
    {"status": "Pull complete", "progressDetail": {}, "id": "bb"},
    {"status": f"Digest: sha256:{'0' * 64}"},
]


def told(news: list[dict[str, Any]]) -> list[Step]:
    steps: list[Step] = []
    progress = _Progress("image/x", steps.append)
    for each in news:
        progress.take(each)
    return steps


def test_progress_is_in_bytes_of_all_layers_and_only_goes_up() -> None:
    steps = told(LAYERS)
    assert {(step.key, step.stage) for step in steps} == {("image/x", Stage.MOVED)}
    assert [(step.done, step.total) for step in steps] == [
        (0, None),
        (10, 100),
        (15, 150),
        (65, 150),
        (105, 150),
        (150, 150),
        (150, 150),
    ]
    assert [step.text for step in steps] == ["fetching"] * 6 + ["unpacking"]
    assert all(one != other for one, other in pairwise(steps))


def test_a_registry_that_tells_no_sizes_gives_no_total() -> None:
    steps = told(
        [{"status": "Downloading", "progressDetail": {"current": 7}, "id": "aa"}, {"status": "Waiting", "id": "bb"}]
    )
    assert [(step.done, step.total) for step in steps] == [(7, 7)]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("manifest for nginx:nope not found: manifest unknown: manifest unknown", "image-not-found"),
        (
            (
                "pull access denied for nope, repository does not exist or may require 'docker login': denied: "
                "requested access to the resource is denied"
            ),
            "image-not-found",
        ),
        ("reading manifest nope in docker.io/library/x: manifest unknown", "image-not-found"),
        ('Head "https://r/v2/x/manifests/1": no basic auth credentials', "registry-login"),
        ("unauthorized: incorrect username or password", "registry-login"),
        ("errors:\ndenied: requested access\nunauthorized: authentication required\n", "registry-login"),
        ("toomanyrequests: You have reached your pull rate limit.", "registry-limit"),
        ('Get "https://r/v2/": dial tcp: lookup r: no such host', "registry-unreachable"),
        ('Get "https://r/v2/": net/http: TLS handshake timeout', "registry-unreachable"),
        ('Get "https://r/v2/": http: server gave HTTP response to HTTPS client', "registry-unreachable"),
        ("x509: certificate signed by unknown authority", "registry-unreachable"),
        ("no matching manifest for linux/arm64/v8 in the manifest list entries", "image-not-for-platform"),
        ("failed to register layer: write /x: no space left on device", "disk-full"),
        ("something else", "engine-refused"),
    ],
)
@pytest.mark.parametrize("inside", [False, True], ids=["refused", "in the stream"])
def test_failures_are_told_apart(tmp_path: Path, message: str, code: str, *, inside: bool) -> None:
    body = json.dumps({"errorDetail": {"message": message}, "error": message} if inside else {"message": message})
    said = answer(body.encode(), "200 OK" if inside else "404 Not Found")
    with Scripted(tmp_path, [[PING], [said]]) as server, Engine(server.address) as engine:
        with pytest.raises(NotDone) as refused:
            pull(engine, "nginx:1", NOBODY, print)
        found = refused.value.diagnostics[0]
        assert (found.code, refused.value.code) == (code, 1)
        assert message.strip().splitlines()[0] in found.message
        assert found.help
        assert server.requests[1] == b"POST /v1.41/images/create?fromImage=docker.io%2Flibrary%2Fnginx&tag=1 HTTP/1.1"


def test_what_is_no_image_is_not_asked_for() -> None:
    with pytest.raises(NotDone) as refused:
        pull(None, "No Image", NOBODY, print)  # type: ignore[arg-type]
    assert refused.value.diagnostics[0].code == "image-name-invalid"


@pytest.mark.engines
def test_a_real_pull(engine: Engine, published: str) -> None:
    steps: list[Step] = []
    assert local(engine).find(published) is None
    pull(engine, published, NOBODY, steps.append)
    assert local(engine).find(published)
    assert steps[-1].text == "unpacking"
    assert steps[-1].done == steps[-1].total
    assert (steps[-1].done or 0) >= 500_000
    steps.clear()
    pull(engine, published, NOBODY, steps.append)
    assert steps == [], "nothing is to be fetched the second time"
    with pytest.raises(NotDone) as refused:
        pull(engine, f"{published}-absent", NOBODY, print)
    assert refused.value.diagnostics[0].code == "image-not-found"
