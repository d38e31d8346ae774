from __future__ import annotations

from typing import Any

import pytest

from intermodal.model.building import Build
from intermodal.model.support import Consequence, Exact
from intermodal.model.volumes import Mount
from intermodal.platforms.kubernetes.terms import DEFAULT
from tests.applications import service
from tests.platforms.kubernetes.workloads import one, several


@pytest.mark.parametrize(
    ("fields", "command", "args"),
    [
        ({}, None, None),
        ({"command": ("a", "b")}, None, ["a", "b"]),
        ({"entrypoint": ("/e",)}, ["/e"], None),
        ({"entrypoint": ("/e",), "command": ("a",)}, ["/e"], ["a"]),
        ({"entrypoint": (), "command": ("a", "b")}, ["a", "b"], None),
        ({"command": ("sh", "-c", "echo $(date) $$ $X")}, None, ["sh", "-c", "echo $$(date) $$$$ $X"]),
    ],
)
def test_entrypoint_and_command(fields: dict[str, Any], command: list[str] | None, args: list[str] | None) -> None:
    made = one(**fields).container()
    assert (made.get("command"), made.get("args")) == (command, args)


def test_a_cleared_entrypoint_without_a_command_cannot_start() -> None:
    made = one(entrypoint=())
    assert made.code("entrypoint") == "entrypoint-cleared"
    assert made.note("entrypoint").consequence is Consequence.START  # type: ignore[union-attr]


def test_an_empty_command_is_the_images_own_as_dockers_engine_has_it() -> None:
    assert one(command=()).note("command") == Exact(how=DEFAULT)


def test_hosts_that_had_to_be_renamed_are_renamed_in_arguments() -> None:
    made = several(service("web", command=("--db=my_db:5432",)), service("my_db", expose=("5432",)))
    assert made.container()["args"] == ["--db=my-db:5432"]
    assert made.code("command", 0) == "host-name-replaced"


def test_what_is_only_built_gets_docker_composes_name() -> None:
    made = one(image="", build=Build(context="/project/web"))
    assert made.container()["image"] == "shop-web"
    assert made.container()["imagePullPolicy"] == "IfNotPresent"
    assert made.code("build", "context") == "image-not-built"


@pytest.mark.parametrize(
    ("asked", "policy"),
    [("always", "Always"), ("missing", "IfNotPresent"), ("if_not_present", "IfNotPresent"), ("never", "Never")],
)
def test_pull_policies(asked: str, policy: str) -> None:
    assert one(pull_policy=asked).container()["imagePullPolicy"] == policy


@pytest.mark.parametrize("asked", ["daily", "weekly", "every_12h"])
def test_intervals_of_pulling_become_always(asked: str) -> None:
    made = one(pull_policy=asked)
    assert made.container()["imagePullPolicy"] == "Always"
    assert made.code("pull_policy") == "pulled-at-every-start"


def test_init_containers_of_the_same_image_are_pulled_alike() -> None:
    made = one(pull_policy="never", volumes=(Mount(type="volume", target="/data"),))
    own = [found for found in made.pod()["initContainers"] if found["image"] == "example.org/web:1"]
    assert [found["imagePullPolicy"] for found in own] == ["Never"]


def test_terminals_and_folders() -> None:
    made = one(tty=True, stdin_open=True, working_dir="/srv").container()
    assert (made["tty"], made["stdin"], made["workingDir"]) == (True, True, "/srv")
