from __future__ import annotations

import pytest

from intermodal.cli.veil import veil
from intermodal.kit.places import Source

TEXT = """\
services:
  web:
    image: registry.example.org/web
    environment:
      DB: hunter2
      # a comment
      EMPTY:
      NAMED: ${DB_PASSWORD}
      DEFAULT: ${DB_PASSWORD:-hunter2}
      NEEDED: "${DB_PASSWORD:?say it}"
      LONG: |
        hunter2
    build:
      args:
      - A=hunter2
      - B
    secrets:
      - db_password
    volumes:
      - ./secrets:/run/secrets
    command: --password=hunter2 --verbose
    healthcheck:
      test: curl http://user:hunter2@localhost/
    x-flow: {environment: 5}
  db:
    environment: {A: hunter2}
    environment: ["A=hunter2"]
    labels:
      auth_token: hunter2
    secrets: [db_password]
    db_secrets: hunter2
"""


def shown(line: int, text: str = TEXT, name: str = "compose.yaml") -> str:
    source = Source(name, text)
    return veil(source, line, source.line(line)).strip()


@pytest.mark.parametrize("line", range(1, len(TEXT.splitlines()) + 1))
def test_no_secret_is_ever_shown(line: int) -> None:
    assert "hunter2" not in shown(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (3, "image: registry.example.org/web"),
        (5, "DB: ***"),
        (7, "EMPTY:"),
        (8, "NAMED: ${DB_PASSWORD}"),
        (9, "DEFAULT: ***"),
        (10, 'NEEDED: "${DB_PASSWORD:?say it}"'),
        (11, "LONG: |"),
        (12, "***"),
        (15, "- A=***"),
        (16, "- B"),
        (18, "- db_password"),
        (20, "- ./secrets:/run/secrets"),
        (21, "command: --password=***"),
        (23, "test: curl http://user:***@localhost/"),
        (26, "environment: ***"),
        (29, "auth_token: ***"),
        (30, "secrets: [db_password]"),
        (31, "db_secrets: ***"),
    ],
)
def test_the_rest_stays_readable(line: int, expected: str) -> None:
    assert shown(line) == expected


@pytest.mark.parametrize("name", [".env", "prod.env", "conf/.env.local"])
def test_files_of_variables_show_names_only(name: str) -> None:
    assert shown(1, "export A=hunter2", name) == "export A=***"
    assert shown(1, "A = b", name) == "A = ***"
