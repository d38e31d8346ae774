from __future__ import annotations

import sys

import pytest

from intermodal.kit.process import CommandFailed, output, run


def test_output_is_given_stripped() -> None:
    assert output([sys.executable, "-c", "print('  hello ')"]) == "hello"


def test_input_and_environment_are_handed_over() -> None:
    program = "import os, sys; print(sys.stdin.read() + os.environ['WORD'] + str('PATH' in os.environ))"
    done = run([sys.executable, "-c", program], stdin=b"in ", environment={"WORD": "out "})
    assert done.stdout.decode().strip() == "in out True"


def test_a_program_that_is_not_given_input_finds_none() -> None:
    assert output([sys.executable, "-c", "import sys; print(len(sys.stdin.read()))"]) == "0"


def test_failure_carries_the_end_of_what_was_said() -> None:
    with pytest.raises(CommandFailed, match="ended with 3: the reason") as caught:
        run([sys.executable, "-c", "import sys; sys.stderr.write('noise\\nthe reason\\n'); sys.exit(3)"])
    assert (caught.value.code, caught.value.stderr) == (3, "noise\nthe reason")


def test_failure_is_looked_at_only_where_wanted() -> None:
    assert run([sys.executable, "-c", "raise SystemExit(4)"], check=False).returncode == 4


def test_a_program_that_takes_too_long_is_ended() -> None:
    with pytest.raises(CommandFailed, match="did not end in time") as caught:
        run([sys.executable, "-c", "import time; time.sleep(30)"], timeout=0.2)
    assert caught.value.code is None


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandFailed, match="no-such-program: No such file"):
        run(["no-such-program"])
