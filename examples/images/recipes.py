"""What the images are made of: layers of Debian packages and files, one upon another, and how each image starts.

Layers are shared: `on` names the layer below. A layer holds the packages it names and all they depend on, minus what
the layers below hold already. `without` are packages that a dependency names and that nothing here needs at run time.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
VOTING_APP = HERE.parent / "voting-app"


class File(NamedTuple):
    """A file, a folder (`source` None) or a link (`link` set) in a layer."""

    path: str
    source: Path | None = None
    mode: int = 0o644
    owner: int = 0
    link: str = ""


class Layer(NamedTuple):
    """One layer; `modules` are Python modules compiled ahead with all they import, so that programs start fast."""

    on: str = ""
    packages: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    modules: tuple[str, ...] = ()


class Image(NamedTuple):
    """An image: its topmost layer, and its configuration in the words of the Docker Engine API."""

    layer: str
    config: dict[str, object]


def _folder(path: str, mode: int = 0o755, owner: int = 0) -> File:
    return File(path, None, mode, owner)


def _program(path: str, source: Path) -> File:
    return File(path, source, 0o755)


REDIS, POSTGRES, NGINX = 999, 998, 101  # as files/passwd says

_NOT_FOR_CONTAINERS = (
    "adduser",
    "debconf",
    "dpkg",
    "init-system-helpers",
    "iproute2",
    "libpam-runtime",
    "locales",
    "lsb-base",
    "media-types",
    "perl",
    "perl-base",
    "sysvinit-utils",
    "ucf",
)

LAYERS = {
    # A shell and its commands in one static file, users, names of services.
    "shell": Layer(
        packages=("busybox-static",),
        files=(
            *(
                File(path, HERE / "files" / Path(path).name)
                for path in ("etc/passwd", "etc/group", "etc/nsswitch.conf")
            ),
            *(File(name, link=f"usr/{name}") for name in ("bin", "sbin", "lib", "lib64")),
            *(_folder(name) for name in ("dev", "home", "mnt", "proc", "run", "srv", "sys", "usr/local", "var/log")),
            _folder("root", 0o700),
            _folder("tmp", 0o1777),
            _folder("var/tmp", 0o1777),
            File("var/run", link="/run"),
        ),
    ),
    # What programs in C share.
    "c": Layer(
        on="shell",
        packages=("libc6", "libc-bin", "libssl3", "libstdc++6", "libzstd1", "zlib1g", "liblz4-1"),
        without=_NOT_FOR_CONTAINERS,
    ),
    # The interpreter with the modules no program does without.
    "python-minimal": Layer(
        on="c",
        packages=("python3-minimal", "libexpat1"),
        without=_NOT_FOR_CONTAINERS,
        modules=("encodings.idna", "selectors", "signal", "site", "socket", "threading"),
    ),
    "web": Layer(
        on="python-minimal",
        files=(_program("usr/local/bin/web", HERE / "files" / "web.py"),),
    ),
    "python": Layer(
        on="python-minimal",
        packages=("python3", "python3-redis", "python3-psycopg2"),
        without=_NOT_FOR_CONTAINERS,
        modules=(
            "asyncio",
            "http.client",
            "http.cookies",
            "http.server",
            "json",
            "psycopg2",
            "redis",
            "secrets",
            "urllib.request",
        ),
    ),
    **{
        name: Layer(on="python", files=(_program(f"app/{name}.py", VOTING_APP / name / f"{name}.py"),))
        for name in ("front", "vote", "worker", "result")
    },
    "redis": Layer(
        on="c",
        packages=("redis-server", "redis-tools"),
        without=_NOT_FOR_CONTAINERS,
        files=(
            _folder("data", 0o755, REDIS),
            _program("usr/local/bin/docker-entrypoint.sh", HERE / "files" / "redis.sh"),
        ),
    ),
    "postgres": Layer(
        on="c",
        packages=("postgresql-15", "postgresql-client-15", "tzdata"),
        without=(*_NOT_FOR_CONTAINERS, "libllvm14", "postgresql-client-common", "postgresql-common", "ssl-cert"),
        files=(
            _folder("docker-entrypoint-initdb.d"),
            _folder("var/lib/postgresql", 0o755, POSTGRES),
            _folder("var/lib/postgresql/data", 0o700, POSTGRES),
            _folder("run/postgresql", 0o2775, POSTGRES),
            _program("usr/local/bin/docker-entrypoint.sh", HERE / "files" / "postgres.sh"),
        ),
    ),
    "nginx": Layer(
        on="c",
        packages=("nginx", "nginx-common"),
        without=_NOT_FOR_CONTAINERS,
        files=(
            File("etc/nginx/nginx.conf", HERE / "files" / "nginx.conf"),
            File("etc/nginx/conf.d/default.conf", HERE / "files" / "default.conf"),
            _folder("var/cache/nginx", 0o755, NGINX),
            File("var/log/nginx/access.log", link="/dev/stdout"),
            File("var/log/nginx/error.log", link="/dev/stderr"),
        ),
    ),
}

_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SECOND = 1_000_000_000


def _environment(*more: str) -> list[str]:
    return [_PATH, "LANG=C.UTF-8", *more]


def _web(version: str, **config: object) -> Image:
    environment = _environment(f"VERSION={version}", *_strings(config.pop("Env", ())))
    return Image(
        "web",
        {
            "Cmd": ["python3", "-ISu", "/usr/local/bin/web"],
            "Env": environment,
            "ExposedPorts": {"80/tcp": {}},
            **config,
        },
    )


def _strings(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, (tuple, list)) else ()


def _voting(name: str, **config: object) -> Image:
    command = ["python3", f"/app/{name}.py"]
    environment = _environment("PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1")
    return Image(name, {"Cmd": command, "Env": environment, "User": "1000:1000", "WorkingDir": "/app", **config})


_WEB_CHECK = {
    "Test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/health"],
    "Interval": 1 * _SECOND,
    "Timeout": 2 * _SECOND,
    "StartPeriod": 2 * _SECOND,
    "Retries": 2,
}

IMAGES = {
    "busybox:1": Image("shell", {"Cmd": ["sh"], "Env": _environment()}),
    "web:1": _web("1"),
    "web:2": _web("2"),
    "web:3": _web("3"),
    "web:checked": _web("checked", Healthcheck=_WEB_CHECK),
    "web:broken": _web("broken", Env=("FAIL=this version does not start",)),
    "python:3": Image("python", {"Cmd": ["python3"], "Env": _environment()}),
    "voting-app/front:1.0": _voting("front", ExposedPorts={"8080/tcp": {}}),
    "voting-app/vote:1.0": _voting("vote", ExposedPorts={"8080/tcp": {}}),
    "voting-app/worker:1.0": _voting("worker"),
    "voting-app/result:1.0": _voting("result", ExposedPorts={"8080/tcp": {}}),
    "redis:7": Image(
        "redis",
        {
            "Entrypoint": ["docker-entrypoint.sh"],
            "Cmd": ["redis-server"],
            "Env": _environment(),
            "ExposedPorts": {"6379/tcp": {}},
            "Volumes": {"/data": {}},
            "WorkingDir": "/data",
        },
    ),
    "postgres:15": Image(
        "postgres",
        {
            "Entrypoint": ["docker-entrypoint.sh"],
            "Cmd": ["postgres"],
            "Env": [
                f"{_PATH}:/usr/lib/postgresql/15/bin",
                "LANG=C.UTF-8",
                "PGDATA=/var/lib/postgresql/data",
            ],
            "ExposedPorts": {"5432/tcp": {}},
            "StopSignal": "SIGINT",
            "Volumes": {"/var/lib/postgresql/data": {}},
        },
    ),
    "nginx:1": Image(
        "nginx",
        {
            "Cmd": ["nginx", "-g", "daemon off;"],
            "Env": _environment(),
            "ExposedPorts": {"80/tcp": {}},
            "StopSignal": "SIGQUIT",
        },
    ),
}
