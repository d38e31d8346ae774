"""What paths say about themselves."""

from __future__ import annotations

import pytest

from intermodal.platforms.kubernetes.storage.host_paths import (
    host_path_type,
    is_docker_path,
    is_node_path,
    keeps_data,
    looks_like_file,
    looks_secret,
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/run/docker.sock", "Socket"),
        ("/etc/localtime", "File"),
        ("/proc", "Directory"),
        ("/", "Directory"),
        ("/dev/ttyUSB0", ""),
        ("/sys/fs/cgroup", ""),
        ("/run/containerd/containerd.sock", "Socket"),
        ("/var/lib/docker/containers", ""),
    ],
)
def test_paths_of_the_node(path: str, kind: str) -> None:
    assert is_node_path(path)
    assert host_path_type(path) == kind


@pytest.mark.parametrize(
    "path", ["/srv/media", "/var/lib/mysql", "/etc/traefik", "/home/me/data", "/mnt/cache", "/data"]
)
def test_paths_that_may_hold_data(path: str) -> None:
    assert not is_node_path(path)


def test_names_that_only_begin_alike_are_not_meant() -> None:
    assert not is_node_path("/procedures")
    assert not is_docker_path("/var/lib/docker-data")


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("/p/data", "/var/lib/postgresql/data", True),
        ("/p/pg", "/var/lib/postgresql/data", True),
        ("/p/uploads", "/app/files", True),
        ("/p/wp-data", "/app/files", True),
        ("/p/conf", "/etc/nginx", False),
        ("/p/grafana", "/var/lib/grafana/dashboards", False),
    ],
)
def test_folders_that_services_fill(source: str, target: str, expected: bool) -> None:
    assert keeps_data(source, target) is expected


@pytest.mark.parametrize("path", ["/p/nginx.conf", "/p/.env", "/p/Caddyfile", "/root/.ssh/id_rsa", "/p/a.b.yml"])
def test_absent_paths_meant_as_files(path: str) -> None:
    assert looks_like_file(path)


@pytest.mark.parametrize("path", ["/p/data", "/p/conf.d", "/root/.flowise", "/p/v1.2", "/p/node_modules"])
def test_absent_paths_meant_as_folders(path: str) -> None:
    assert not looks_like_file(path)


@pytest.mark.parametrize("path", ["tls.key", "certs/site.pem", "id_rsa", "db_password.txt", ".htpasswd", "acme.json"])
def test_credentials_by_name(path: str) -> None:
    assert looks_secret(path)


def test_credentials_by_content_and_what_only_sounds_like_one() -> None:
    assert looks_secret("site.conf", b"-----BEGIN RSA PRIVATE KEY-----\n")
    assert not looks_secret("ca.crt", b"-----BEGIN CERTIFICATE-----\n")
    assert not looks_secret("password_reset.html")
