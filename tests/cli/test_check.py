from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli


def test_a_sound_application(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("name: shop\nservices: {web: {image: a}}\n")
    assert cli("check") == (0, "", "shop: 1 service, no errors\n")
    assert cli("check", "-q") == (0, "", "")


def test_warnings_do_not_fail(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'a:${GONE}'}}\n")
    ran = cli("check")
    assert ran.code == 0
    assert "warning[variable-not-set]" in ran.out


def test_errors_are_the_result_and_exit_code_2(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web: {imag: a}\n  db: {image: 5, ports: [x]}\n")
    ran = cli("check")
    assert ran.code == 2
    assert ran.out.count("error[") >= 2
    assert "errors" in ran.err


def test_what_a_platform_would_lose(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  web:\n    image: a\n    privileged: true\n")
    ran = cli("check", "--platform", "swarm")
    assert ran.code == 1
    assert "error[swarm-privileged]" in ran.out
    assert "1 lost (start)" in ran.err
    assert cli("check", "--platform", "swarm", "--allow-loss", "swarm-privileged").code == 0
