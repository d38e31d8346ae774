"""What a path says about itself: the node's own, a place for data, a credential, a file. Nothing is read here."""

from __future__ import annotations

NODE_FILES = frozenset(
    f"/etc/{name}"
    for name in (
        "adjtime",
        "fstab",
        "group",
        "hostname",
        "hosts",
        "localtime",
        "lsb-release",
        "machine-id",
        "mtab",
        "nsswitch.conf",
        "os-release",
        "passwd",
        "resolv.conf",
        "shadow",
        "timezone",
    )
) | {"/var/lib/dbus/machine-id", "/usr/lib/os-release"}

NODE_FOLDERS = frozenset(("/", "/etc", "/usr", "/var", "/var/lib", "/tmp", "/home", "/opt", "/mnt", "/media"))  # noqa: S108 - a name, not a file of ours
"""Folders that are the node's as a whole, while what lies in them may be data."""

NODE_TREES = (
    "/bin",
    "/boot",
    "/cgroup",
    "/dev",
    "/etc/apparmor.d",
    "/etc/ca-certificates",
    "/etc/docker",
    "/etc/kubernetes",
    "/etc/pki",
    "/etc/ssl",
    "/etc/sysconfig",
    "/etc/systemd",
    "/lib",
    "/lib64",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/tmp/.X11-unix",  # noqa: S108 - a name, not a file of ours
    "/usr/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/libexec",
    "/usr/local/bin",
    "/usr/local/share/ca-certificates",
    "/usr/sbin",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
    "/usr/src",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/kubelet",
    "/var/log",
    "/var/run",
)
"""Folders that are the node's with all that lies in them."""

DOCKER_PATHS = ("/var/run/docker.sock", "/run/docker.sock", "/var/lib/docker", "/etc/docker", "/usr/bin/docker")

_SOCKET_ENDS = (".sock", ".socket")
_DATA_TREES = ("/bitnami", "/data", "/database", "/db", "/dbdata", "/media", "/srv", "/storage", "/var/lib", "/var/opt")
_DATA_NAMES = frozenset(
    (
        "backup",
        "backups",
        "cache",
        "data",
        "database",
        "datalog",
        "db",
        "dbdata",
        "downloads",
        "dump",
        "log",
        "logs",
        "media",
        "pgdata",
        "storage",
        "upload",
        "uploads",
        "volumes",
    )
)
_CONTENT_NAMES = frozenset(
    ("conf", "conf.d", "config", "configs", "dashboards", "plugins", "provisioning", "templates")
)
_SECRET_ENDS: tuple[str, ...] = (
    ".jks",
    ".kdbx",
    ".key",
    ".keystore",
    ".kubeconfig",
    ".p12",
    ".p8",
    ".pem",
    ".pfx",
    ".pkcs12",
)
_SECRET_NAMES = frozenset(
    (
        ".dockerconfigjson",
        ".env",
        ".git-credentials",
        ".htpasswd",
        ".netrc",
        ".npmrc",
        ".pgpass",
        ".pypirc",
        "acme.json",
        "htpasswd",
        "kubeconfig",
    )
)
_SECRET_WORDS = ("credential", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa", "passwd", "password", "secret", "token")
_PUBLIC_ENDS = (".crt", ".pub", ".md", ".sh", ".py", ".js", ".ts", ".php", ".rb", ".go", ".java", ".html", ".css")
_FILE_ENDS = (
    frozenset(("cf", "cfg", "cnf", "conf", "config", "env", "hcl", "ini", "json", "json5", "list", "lock", "map"))
    | {"rules", "tmpl", "toml", "tpl", "vcl", "xml", "xsd", "yaml", "yml"}
    | {"cer", "cert", "crt", "jks", "jwk", "key", "p12", "pass", "pem", "pfx", "pub"}
    | {"bash", "bin", "c", "go", "h", "jar", "java", "js", "lua", "php", "py", "rb", "rs", "ruby", "sh", "so", "sql"}
    | {"css", "csv", "err", "html", "log", "md", "svg", "tar", "tgz", "ts", "tsv", "txt", "war", "zip"}
)


def is_node_path(path: str) -> bool:
    """Whether a bind of this absolute host path means the machine that the container runs on."""
    return path in NODE_FILES or path in NODE_FOLDERS or path.endswith(_SOCKET_ENDS) or is_below(path, NODE_TREES)


def is_docker_path(path: str) -> bool:
    """Whether it is there only where the Docker engine is."""
    return is_below(path, DOCKER_PATHS)


def host_path_type(path: str) -> str:
    """The `type` of a hostPath volume of the node's own path; "" where the path does not tell (nothing is checked)."""
    if path in NODE_FILES:
        return "File"
    if path.endswith(_SOCKET_ENDS):
        return "Socket"
    return "Directory" if path in NODE_FOLDERS or path in NODE_TREES else ""


def is_below(path: str, folders: tuple[str, ...]) -> bool:
    """Whether the path is one of the folders or lies in one."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def keeps_data(source: str, target: str) -> bool:
    """Whether a writable folder mounted there looks like one that the application fills (a database, uploads)."""
    if _last(target) in _CONTENT_NAMES:
        return False
    name = _last(source).lower()
    return is_below(target, _DATA_TREES) or name in _DATA_NAMES or name.endswith(("-data", "_data", "-db", "_db"))


def looks_like_file(path: str) -> bool:
    """Whether an absent path was meant to be a file: by its suffix, since Docker would make a folder of it."""
    name = _last(path)
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        return name in {"Caddyfile", "Dockerfile", "Makefile", "Procfile", "known_hosts"} or looks_secret(name)
    if not stem:
        return name in _SECRET_NAMES
    return suffix.lower() in _FILE_ENDS


def looks_secret(path: str, content: bytes = b"") -> bool:
    """Whether a file looks like a key or a credential, by name or because a private key is in it."""
    name = _last(path).lower()
    if b"PRIVATE KEY-----" in content or name in _SECRET_NAMES or name.endswith(_SECRET_ENDS):
        return True
    return not name.endswith(_PUBLIC_ENDS) and any(word in name for word in _SECRET_WORDS)


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
