from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Cli


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_calls_us_back(cli: Cli, shell: str) -> None:
    ran = cli("completion", shell)
    assert ran.code == 0
    assert "_INTERMODAL_COMPLETE" in ran.out


def test_bash_accepts_the_script(cli: Cli) -> None:
    bash = shutil.which("bash")
    assert bash
    subprocess.run([bash, "-n"], input=cli("completion", "bash").out, text=True, check=True)
