from __future__ import annotations

import re
import subprocess
import sys

import pytest

from intermodal.kit.postponed import patterns_postponed


def test_a_postponed_pattern_does_what_a_pattern_does() -> None:
    with patterns_postponed():
        pattern = re.compile(r"(?P<word>[a-z]+)", re.IGNORECASE)
    found = pattern.search("12 Abc")
    assert found is not None
    assert found["word"] == "Abc"
    assert pattern.groupindex == {"word": 1}


def test_a_bad_pattern_fails_when_it_is_used() -> None:
    with patterns_postponed():
        pattern = re.compile("(")
    with pytest.raises(re.error):
        pattern.match("")


def test_patterns_are_compiled_at_once_again_afterwards() -> None:
    with pytest.raises(ZeroDivisionError), patterns_postponed():
        raise ZeroDivisionError
    assert isinstance(re.compile("a"), re.Pattern)


PYYAML = """
import intermodal.kit.yamlfiles
import datetime, re, yaml
assert not isinstance(yaml.reader.Reader.NON_PRINTABLE, re.Pattern), "PyYAML's patterns are compiled at import again"
text = "[2024-01-31, 1.5, 0x10, 'a\\tb', on]"
assert yaml.load(text, Loader=yaml.SafeLoader) == [datetime.date(2024, 1, 31), 1.5, 16, "a\\tb", True]
try:
    yaml.load(chr(1), Loader=yaml.SafeLoader)
except yaml.reader.ReaderError:
    print("done")
"""


def test_pyyaml_still_knows_its_scalars() -> None:
    done = subprocess.run([sys.executable, "-c", PYYAML], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
