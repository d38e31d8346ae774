"""What the init container's script does, run by a real shell."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from intermodal.model.volumes import Volume
from intermodal.platforms.kubernetes.storage.first_use import _COPY, _FILL
from tests.applications import service
from tests.platforms.kubernetes.stored import Planned, bind, copying, volume

if TYPE_CHECKING:
    from pathlib import Path


def run(functions: str, *words: str) -> None:
    subprocess.run(["sh", "-ec", f'{functions}"$@"', "sh", *words], check=True, capture_output=True, timeout=20)


def image(tmp_path: Path) -> Path:
    folder = tmp_path / "image content"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / ".hidden").write_text("h")
    (folder / "sub" / "link").symlink_to("../a.txt")
    folder.chmod(0o750)
    return folder


def test_an_empty_volume_takes_over_content_and_mode(tmp_path: Path) -> None:
    source, goal = image(tmp_path), tmp_path / "volume"
    goal.mkdir()
    run(_FILL, "fill", str(source), str(goal))
    assert sorted(path.name for path in goal.iterdir()) == [".hidden", "a.txt", "sub"]
    assert (goal / "sub" / "link").is_symlink()
    assert goal.stat().st_mode & 0o777 == 0o750


def test_lost_and_found_counts_as_empty(tmp_path: Path) -> None:
    source, goal = image(tmp_path), tmp_path / "volume"
    (goal / "lost+found").mkdir(parents=True)
    run(_FILL, "fill", str(source), str(goal))
    assert (goal / "a.txt").exists()


def test_a_volume_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    source = image(tmp_path)
    for number, name in enumerate(("data", ".hidden-too", "-f")):
        goal = tmp_path / str(number)
        goal.mkdir()
        (goal / name).write_text("mine")
        run(_FILL, "fill", str(source), str(goal))
        assert [path.name for path in goal.iterdir()] == [name]
    dangling = tmp_path / "dangling"
    dangling.mkdir()
    (dangling / "link").symlink_to("nowhere")
    run(_FILL, "fill", str(source), str(dangling))
    assert [path.name for path in dangling.iterdir()] == ["link"]


def test_a_path_the_image_does_not_have_is_no_error(tmp_path: Path) -> None:
    goal = tmp_path / "volume"
    goal.mkdir()
    run(_FILL, "fill", str(tmp_path / "nothing"), str(goal))
    assert list(goal.iterdir()) == []


def test_the_links_of_a_config_map_are_copied_as_files(tmp_path: Path) -> None:
    source, goal = tmp_path / "map", tmp_path / "copy"
    (source / "..2024_01").mkdir(parents=True)
    goal.mkdir()
    (source / "..2024_01" / "a.conf").write_text("a")
    (source / "..data").symlink_to("..2024_01")
    (source / "a.conf").symlink_to("..data/a.conf")
    run(_COPY, "copy", str(source), str(goal))
    assert [path.name for path in goal.iterdir()] == ["a.conf"]
    assert not (goal / "a.conf").is_symlink()
    assert (goal / "a.conf").read_text() == "a"


def test_odd_paths_are_one_word_and_nothing_runs_from_them(tmp_path: Path) -> None:
    target = f"/it's; touch {tmp_path}/run $(touch {tmp_path}/run)"
    planned = Planned(service("web", volumes=(volume("data", target),)), volumes={"data": Volume()})
    script = planned.script()
    subprocess.run(["sh", "-ec", script], check=True, capture_output=True, timeout=20)
    assert not (tmp_path / "run").exists()


def test_one_init_container_does_everything_for_a_service() -> None:
    planned = Planned(
        service(
            "web",
            image="app",
            volumes=(
                volume("data", "/data"),
                volume("data", "/sub", volume=copying(subpath="x")),
                bind("/project/c", "/c"),
            ),
            tmpfs=("/run:mode=700",),
        ),
        files={"/project/c/a": b"1"},
        options={"writable-binds": "copy"},
        volumes={"data": Volume()},
    )
    (prepared,) = planned.storage.parts("web").init_containers
    assert prepared["name"] == "volumes-web"
    assert prepared["image"] == "app"
    assert prepared["securityContext"]["runAsUser"] == 0
    lines = planned.script().splitlines()
    assert lines[-3:] == [
        "fill /data /intermodal/data",
        "copy /intermodal/c /intermodal/c-copy",
        "chmod 0700 /intermodal/web-run",
    ]
    assert planned.broken_rules() == []


def test_what_needs_no_content_of_the_image_uses_the_small_image() -> None:
    planned = Planned(service("web", tmpfs=("/run:mode=700",)), options={"wait-image": "example.org/small:1"})
    (prepared,) = planned.storage.parts("web").init_containers
    assert prepared["image"] == "example.org/small:1"
