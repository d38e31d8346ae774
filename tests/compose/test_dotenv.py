from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.compose.dotenv import raw_variables, variables
from intermodal.kit.diagnostics import Findings, Severity
from intermodal.kit.places import Source

OUTER = {"INH": "inherited", "Q": "1"}

# What docker compose 2.40.3 reads, but for a last line `NAME` without an end of line, of which it makes {"": "NAME"}.
READ: dict[str, dict[str, str]] = {
    "": {}, "# c\n\n  # d\nA=1": {"A": "1"}, "A=1\nB=2\n": {"A": "1", "B": "2"},
    "A=1\r\nB=2\r\n": {"A": "1", "B": "2"}, 'A=\'x y\'\nB="x\\ny"\n': {"A": "x y", "B": "x\ny"},
    "export  \tA = 1 # c\nB=x#y\nC= # z\n": {"A": "1", "B": "x#y", "C": "# z"},
    'A="a\nb"\nC=d\n': {"A": "a\nb", "C": "d"}, "A='it\\'s'\n": {"A": "it's"}, 'A="q\\"q"\n': {"A": 'q"q'},
    "INH\nB=1\n": {"INH": "inherited", "B": "1"}, "B=1\nINH": {"INH": "inherited", "B": "1"}, "NOPE\n": {},
    "A: x\n": {"A": "x"}, "A=$B\nB=2\n": {"A": "", "B": "2"}, "B=2\nA=$B\n": {"A": "2", "B": "2"},
    "A='$B'\n": {"A": "$B"}, 'A="${B:-d}"\n': {"A": "d"}, 'A="\\$B"\n': {"A": "$B"}, "A=$$B\n": {"A": "$B"},
    "A=${Q}\n": {"A": "1"}, "A-B=1\nA.B=2\nA[0]=3\n": {"A-B": "1", "A.B": "2", "A[0]": "3"}, "A=\n": {"A": ""},
    "A=a#b #c\n": {"A": "a#b"}, 'A="x" # c\nB=1\n': {"A": "x", "B": "1"}, 'A="x"y=2\n': {"A": "x", "y": "2"},
    "A='a\\nb'\n": {"A": "a\\nb"}, 'A="\\061\\0101\\t|\\x41\\q"\n': {"A": "\\61A\t|\\x41\\q"},
    "exportA=1\n": {"exportA": "1"}, "export=1\n": {"export": "1"}, "A=x\\ny\n": {"A": "x\\ny"},
    'A="a\\\\\\"b"\n': {"A": 'a\\"b'}, "é=1\n": {"é": "1"}, "A=1;B=2\n": {"A": "1;B=2"},
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_env_files(text: str) -> None:
    findings = Findings()
    assert variables(Source(".env", text), OUTER.get, findings) == READ[text]
    assert all(found.severity is Severity.WARNING for found in findings.diagnostics)


WRONG = {
    "A@=1\n": (1, 2), "OK=1\nA B=1\n": (2, 1), "A='x\n": (1, 3), 'OK=1\n\nA="x\n\n': (3, 3), "A=${B\n": (1, 1),
    "OK=1\nA=${Z:?req}\n": (2, 1), "'A'=1\n": (1, 1),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_with_its_place(text: str) -> None:
    findings = Findings()
    variables(Source(".env", text), OUTER.get, findings)
    (found,) = findings.diagnostics
    assert found.place is not None
    assert (found.code, found.place.line, found.place.column) == ("invalid-env-file", *WRONG[text])
    assert found.help


def test_no_value_is_ever_shown() -> None:
    findings = Findings()
    variables(Source(".env", "TOKEN=hunter2-${A\n"), OUTER.get, findings)
    variables(Source(".env", "KEY='-----hunter2\nhunter2+/=\n"), OUTER.get, findings)
    variables(Source(".env", "hunter2+x\n"), OUTER.get, findings)
    raw_variables(Source(".env", "a hunter2=1\n=hunter2\n"), OUTER.get, findings)
    assert len(findings.diagnostics) == 5
    for found in findings.diagnostics:
        assert found.place is not None
        shown = f"{found.message} {found.help} {found.place.source.text}"
        assert "hunter2" not in shown.replace("a hunter2=", "")


def test_an_unset_variable_is_a_warning_with_its_line() -> None:
    findings = Findings()
    assert variables(Source(".env", "A=1\nB=x${NO}\n"), OUTER.get, findings) == {"A": "1", "B": "x"}
    assert [(found.code, str(found.place)) for found in findings.diagnostics] == [("variable-not-set", ".env:2:1")]


def test_expressions_see_the_environment_then_the_file_then_the_files_before() -> None:
    text = "A=file\nB=${A}${Q}${P}\n"
    read = variables(Source(".env", text), OUTER.get, Findings(), {"A": "before", "P": "before"})
    assert read == {"A": "file", "B": "file1before"}


def test_raw_values_stay_as_they_stand() -> None:
    text = "# c\n  A='x' # y\nB=$Q\n\nINH\nNOPE\nC= z \r\n"
    read = raw_variables(Source("a.env", text), OUTER.get, Findings())
    assert read == {"A": "'x' # y", "B": "$Q", "INH": "inherited", "C": " z "}


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (variables, raw_variables):
        findings = Findings()
        read(Source("x.env", text), OUTER.get, findings)
        assert all(found.place is not None for found in findings.diagnostics)


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_][A-Z0-9_]{0,5}", fullmatch=True), st.text(st.characters(exclude_characters="'\\"))
    )
)
def test_single_quotes_keep_everything(values: dict[str, str]) -> None:
    text = "".join(f"{name}='{value}'\n" for name, value in values.items())
    assert variables(Source(".env", text), OUTER.get, Findings()) == values
