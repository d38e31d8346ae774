"""The inputs that are measured: applications of any size, and an alias bomb.

Written out piece by piece, so that the measuring process stays small: Linux counts it into its children's peak memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SERVICE = """\
  s{n}:
    image: registry.example.com/team/app:1.{n}
    restart: unless-stopped
    environment:
      A: "1"
      B: two
      C: three {n}
    ports:
      - "{port}:80"
    depends_on:
      - s{other}
    deploy:
      replicas: 2
      resources:
        limits:
          cpus: "0.5"
          memory: 128M
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost"]
      interval: 30s
      timeout: 5s
      retries: 3
    volumes:
      - data{n}:/data
    networks:
      - front
      - back
    labels:
      app: s{n}
      tier: web
"""
_ALONE = "    depends_on:\n      - s{other}\n"


def write_application(path: Path, services: int) -> None:
    """An application of so many services, 31 lines each, with a dependency, a port, a volume and a health check."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(_application(services))


def write_alias_bomb(path: Path) -> None:
    """Nine levels of nine aliases each: 9^9 values if somebody expands them."""
    with path.open("w", encoding="utf-8") as file:
        file.write("x-0: &x0 [lol]\n")
        file.writelines(f"x-{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 10))
        file.write("services:\n  web:\n    image: nginx\n    command: *x9\n")


def _application(services: int) -> Iterator[str]:
    yield "services:\n"
    yield _SERVICE.replace(_ALONE, "").format(n=0, port=10000)
    for n in range(1, services):
        yield _SERVICE.format(n=n, other=n // 2, port=10000 + n)
    yield "volumes:\n"
    yield from (f"  data{n}: {{}}\n" for n in range(services))
    yield "networks:\n  front:\n  back:\n"
