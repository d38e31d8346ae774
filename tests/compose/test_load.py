from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from intermodal.kit.diagnostics import Severity
from intermodal.model.origin import Standing
from tests.compose.loading import codes, loaded

if TYPE_CHECKING:
    from pathlib import Path

    from intermodal.compose.load import Loaded

A = "services:\n  a:\n    image: x\n"


def leaves(found: Loaded) -> dict[str, tuple[str, str, str]]:
    """Every leaf by path: its place, its standing, and the place of what overrode it."""
    every = [*found.application.origins.leaves()]
    named = {f"{'.'.join(map(str, leaf.path))}@{leaf.place}": leaf for leaf in every}
    assert len(named) == len(every)
    return {name: (str(leaf.place), leaf.standing.name, str(leaf.other or "")) for name, leaf in named.items()}


def standing(found: Loaded, which: Standing) -> list[str]:
    return [key for key, (_, name, _) in leaves(found).items() if name == which.name]


def test_an_overridden_value_is_a_leaf_of_its_own(tmp_path: Path) -> None:
    files = {"compose.yaml": A + "    tty: true\n", "compose.override.yaml": "services: {a: {image: y}}\n"}
    found = loaded(tmp_path, files)
    assert found.application.services["a"].image == "y"
    assert leaves(found)["services.a.image@compose.yaml:3:12"] == (
        "compose.yaml:3:12",
        "OVERRIDDEN",
        "compose.override.yaml:1:23",
    )


def test_every_written_value_has_a_leaf(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "name: p\nversion: '3'\ninclude: [i.yaml]\n"
        + A
        + "    extends: b\n    ports: ['80:81', '90:91']\n"
        "  b: {image: v, tty: true, labels: [k=v]}\n  c: {image: z, profiles: [q], mem_limit: 1g}\n",
        "compose.override.yaml": "services: {a: {ports: !override ['70:71'], tty: !reset null}}\n",
        "i.yaml": "services: {d: {image: w}}\nx-mine: 1\n",
    }
    found = loaded(tmp_path, files)
    assert standing(found, Standing.LOADING) == [
        "name@compose.yaml:1:7",
        "version@compose.yaml:2:10",
        "services.a.extends@compose.yaml:7:14",
        "include.0@compose.yaml:3:11",
        "x-mine@i.yaml:2:9",
        "services.a.tty@compose.override.yaml:1:49",
    ]
    assert standing(found, Standing.OVERRIDDEN) == [
        "services.a.image@compose.yaml:9:14",
        "services.a.ports.0.target@compose.yaml:8:17",
        "services.a.ports.0.published@compose.yaml:8:14",
        "services.a.ports.1.target@compose.yaml:8:26",
        "services.a.ports.1.published@compose.yaml:8:23",
        "services.a.tty@compose.yaml:9:22",
    ]
    assert found.application.inactive == ("c",)
    inactive = standing(found, Standing.INACTIVE)
    assert inactive == [
        "services.c.image@compose.yaml:10:14",
        "services.c.profiles.0@compose.yaml:10:28",
        "services.c.mem_limit@compose.yaml:10:43",
    ]
    assert "services.a.labels.k@compose.yaml:9:39" in standing(found, Standing.IN_FORCE)


def test_a_value_put_out_of_force_behind_a_merge_key_is_overridden(tmp_path: Path) -> None:
    text = "x-c: &c {restart: always, tty: true}\nservices:\n  a:\n    <<: *c\n    image: x\n    restart: 'no'\n"
    found = loaded(tmp_path, {"compose.yaml": text})
    assert leaves(found)["services.a.restart@compose.yaml:1:19"][1:] == ("OVERRIDDEN", "compose.yaml:6:14")
    assert leaves(found)["services.a.tty@compose.yaml:1:32"][1] == "IN_FORCE"


def test_values_left_to_the_environment_are_found_there(tmp_path: Path) -> None:
    text = A + "    environment: [SET, UNSET, EMPTY=]\n    env_file: a.env\n"
    files = {"compose.yaml": text, "a.env": "FROM=${SET}\nUNSET=file\n", ".env": "SET=dotenv\n"}
    service = loaded(tmp_path, files).application.services["a"]
    assert service.environment == {"SET": "dotenv", "UNSET": None, "EMPTY": ""}
    assert service.env_file[0].values == {"FROM": "dotenv", "UNSET": "file"}
    assert service.env_file[0].path == str(tmp_path / "a.env")


def test_label_files_are_weaker_than_labels(tmp_path: Path) -> None:
    files = {"compose.yaml": A + "    label_file: l\n    labels: {b: 3}\n", "l": "a=1\nb=2\n"}
    found = loaded(tmp_path, files)
    assert found.application.services["a"].labels == {"a": "1", "b": "3"}
    assert str(found.application.origins.place(("services", "a", "labels", "a"))) == "l:1:1"


def test_the_folders_of_included_projects_ship_too(tmp_path: Path) -> None:
    files = {
        "main/compose.yaml": "include: [../other/compose.yaml]\n",
        "other/compose.yaml": A + "    volumes: ['./data:/data']\n",
        "other/data/x": "1",
        "third/y": "2",
    }
    found = loaded(tmp_path, files, files=("main/compose.yaml",))
    (mount,) = found.application.services["a"].volumes
    assert mount.source == str(tmp_path / "other" / "data")
    assert found.files.read(f"{mount.source}/x") == b"1"
    assert not found.files.ships(str(tmp_path / "third" / "y"))


def test_env_files_outside_the_project_are_read_with_a_warning(tmp_path: Path) -> None:
    files = {"main/compose.yaml": A + "    env_file: ../a.env\n", "a.env": "A=1\n"}
    found = loaded(tmp_path, files, files=("main/compose.yaml",))
    assert found.application.services["a"].env_file[0].values == {"A": "1"}
    assert codes(found.diagnostics) == [("file-outside-project", "main/compose.yaml:4:15")]


def test_standard_input_is_a_compose_file(tmp_path: Path) -> None:
    found = loaded(tmp_path, {}, files=("-",), stdin=A, project_name="p")
    assert found.application.working_dir == str(tmp_path)
    assert str(found.application.origins.place(("services", "a", "image"))) == "stdin:3:12"


def test_files_of_version_1_are_read(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"compose.yaml": "web:\n  image: x\n  links: [db]\ndb:\n  build: .\n"})
    assert list(found.application.services) == ["web", "db"]
    assert codes(found.diagnostics) == [("version-1-file", "compose.yaml:1:1")]


def test_several_files_to_choose_from_are_a_warning(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"compose.yaml": A, "docker-compose.yml": A})
    assert [(one.code, one.severity) for one in found.diagnostics] == [("several-compose-files", Severity.WARNING)]


def test_variables_are_left_alone_on_request(tmp_path: Path) -> None:
    found = loaded(tmp_path, {"compose.yaml": A + "    command: ['${X}', $$y]\n"}, interpolate=False)
    assert found.application.services["a"].command == ("${X}", "$$y")


@pytest.mark.parametrize("name", ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"])
def test_the_folders_above_are_searched(name: str, tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    found = loaded(tmp_path, {name: A}, working_directory=str(tmp_path / "x" / "y"))
    assert found.application.working_dir == str(tmp_path)


def big(services: int) -> str:
    lines = ["services:"]
    for number in range(services):
        lines += [
            f"  s{number}:",
            f"    image: nginx:1.{number}",
            "    environment: {A: '1', B: two}",
            f"    ports: ['{10000 + number}:80']",
            "    deploy: {replicas: 2, resources: {limits: {cpus: '0.5', memory: 128M}}}",
            f"    volumes: ['data{number}:/data']",
            "    networks: [front]",
        ]
    volumes = (f"  data{number}:" for number in range(services))
    return "\n".join([*lines, "networks: {front: }", "volumes:", *volumes, ""])


def test_loading_takes_time_in_proportion_to_the_file(tmp_path: Path) -> None:
    seconds = []
    for services in (500, 4000):
        begin = time.process_time()
        loaded(tmp_path / str(services), {"compose.yaml": big(services)})
        seconds.append(time.process_time() - begin)
    assert seconds[1] < seconds[0] * 8 * 3


def test_loading_imports_no_platform_and_no_slow_library() -> None:
    code = "import sys, intermodal.compose.load; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.split())
    assert "intermodal.compose.load" in modules
    assert not {name for name in modules if name.startswith("intermodal.platforms")}
    assert not modules & {"dataclasses", "pathlib", "tempfile", "subprocess", "json", "click", "inspect"}
