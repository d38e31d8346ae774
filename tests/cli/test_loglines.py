from __future__ import annotations

from intermodal.cli.loglines import LogLines, LogStyle
from intermodal.model.running import LogLine


def line(instance: str = "web-1", text: str = "hello", node: str = "") -> LogLine:
    return LogLine(service="web", instance=instance, node=node, stream="stdout", time=1_700_000_000.5, text=text)


def test_names_stand_in_front_and_are_aligned() -> None:
    lines = LogLines(LogStyle())
    assert lines.draw(line("db-1", "one")) == "db-1 | one\n"
    assert lines.draw(line("worker-12", "two")) == "worker-12 | two\n"
    assert lines.draw(line("db-1", "three")) == "db-1      | three\n"


def test_an_instance_keeps_its_colour() -> None:
    lines = LogLines(LogStyle(colour=True))
    first, second, again = lines.draw(line("a")), lines.draw(line("b")), lines.draw(line("a"))
    assert first == again
    assert first.partition("a")[0] != second.partition("b")[0]
    assert first.endswith("\x1b[0mhello\n")


def test_nodes_and_times_where_asked() -> None:
    drawn = LogLines(LogStyle(times=True, nodes=True)).draw(line(node="n2"))
    assert drawn == "web-1@n2 | 2023-11-14T22:13:20.500Z hello\n"


def test_text_alone_is_as_it_was_written() -> None:
    assert LogLines(LogStyle(names=False)).draw(line(text="\x1b[31mred\x1b[0m\t!")) == "\x1b[31mred\x1b[0m\t!\n"


def test_a_name_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in LogLines(LogStyle()).draw(line("a\x1b[2Jb"))
