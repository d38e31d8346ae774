from __future__ import annotations

from intermodal.cli.tables import table


def test_columns_are_aligned_and_lines_end_with_their_text() -> None:
    drawn = table(("NAME", "STATE"), [("web", "running"), ("a-long-name", "")])
    assert drawn == "NAME         STATE\nweb          running\na-long-name\n"


def test_wide_characters_take_two_cells() -> None:
    assert table(("N", "X"), [("港", "1"), ("ab", "2")]) == "N   X\n港  1\nab  2\n"


def test_cells_cannot_write_to_the_terminal() -> None:
    assert "\x1b" not in table(("N",), [("a\x1b[2J",)])


def test_a_table_without_rows_is_its_heads() -> None:
    assert table(("A", "B"), []) == "A  B\n"
