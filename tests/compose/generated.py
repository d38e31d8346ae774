"""Compose files made by chance from the grammar: every key, short and long forms, and now and then something wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intermodal.compose.grammar import APPLICATION, SERVICE
from intermodal.compose.kinds import Kind, Limit, ListOf, MapOf, OneOrMany, Record, Test, Value, Words

if TYPE_CHECKING:
    from random import Random

SCALARS: dict[str, list[Any]] = {
    "text": ["a", "b c", "", "x$$y", "./p", "1", "é", "/abs", "~/h", "a:b", "a=b"],
    "boolean": [True, False, "yes", "no", "true", "off"],
    "integer": [0, 1, 5, "3", "0", -1, 100],
    "number": [0, 1, 0.5, "0.25", 2, "1e3", 0.1, 1.5],
    "duration": ["1s", "1m30s", "0s", "1.5h", "2ms", "1d", "100us"],
    "size": ["10m", "1.5g", 5, "1024", "2kb", "0"],
    "count": ["all", 1, 2, "3"],
    "mode": ["0444", "0", 292],
}
CHOICES = ["rebuild", "host", "service_started", "start-first", "bind", "volume", "tmpfs", "z", "enabled", "missing"]
WRONG: list[Any] = [None, [], {}, 5, "zz", True, 1.5, ["a"], {"a": "b"}]
SHORT: dict[str, list[Any]] = {
    "build": ["./folder"],
    "device": ["/a", "/a:/b", "/a:/b:rw"],
    "grant": ["one"],
    "mount": ["one:/a", "./x:/b:ro", "/c", "one:/d:nocopy", "~/x:/e:z,rshared"],
    "port": ["80", "8080:80", "127.0.0.1:80:80/udp", "1-2:3-4", 80, "[::1]:80:80"],
}
BY_KEY: dict[str, list[Any]] = {
    "container_name": ["abc", "a_b.c"],
    "cpu_percent": [0, 50, "100", 101],
    "external": [False, "no", False, {"name": "x"}],
    "gpus": ["all", [], [{"driver": "a", "count": 2}]],
    "host_ip": ["127.0.0.1", "::1", "here"],
    "links": [["one"], ["two:alias"], []],
    "network_mode": ["host", "none", "service:one"],
    "pull_policy": ["always", "missing", "every_12h", "if_not_present"],
    "volumes_from": [["one:ro"], ["container:x"]],
}
"""Values for keys whose kind says too little about what they may hold."""

UNTRIED = {"extends", "env_file", "label_file", "provider", "ssh"}
"""Keys left out: they need files, or docker compose cannot print them."""


class Maker:
    """Makes files; the same `random` makes the same files."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def application(self) -> dict[str, Any]:
        """A whole file: one service with chosen keys, two plain ones, and the parts it may refer to."""
        service = self.value(SERVICE)
        service = service if isinstance(service, dict) else {}
        service.setdefault("image", "x")
        for key in ("configs", "secrets"):
            if isinstance(service.get(key), list):
                service[key] = [one | {"source": "one"} if isinstance(one, dict) else one for one in service[key]]
        fields = APPLICATION.fields
        return {
            "services": {"w": service, "one": {"image": "y"}, "two": {"image": "z"}},
            "networks": {"one": self.value(of(fields["networks"]))},
            "volumes": {"one": self.value(of(fields["volumes"]))},
            "configs": {"one": {"file": "./f"}},
            "secrets": {"one": {"file": "./f"}},
            "models": {"one": {"model": "q"}},
        }

    def value(self, kind: Kind) -> Any:
        """Something of a kind; one in five hundred is wrong."""
        if self.random.random() < 0.002:
            return self.random.choice(WRONG)
        match kind:
            case Value():
                made = self.scalar(kind)
            case Words():
                made = self.random.choice([["a", "b"], "a b", None, [], 'sh -c "x y"', "a; b", [""]])
            case Test():
                made = self.random.choice([["CMD", "a"], "curl x", ["NONE"], ["CMD-SHELL", "x"], []])
            case Limit():
                made = self.random.choice([5, "6", self.value(kind.record)])
            case OneOrMany():
                made = self.random.choice([self.value(kind.item), [self.value(kind.item)]])
            case ListOf():
                made = self.listed(kind)
            case MapOf():
                made = self.mapped(kind)
            case Record():
                made = self.record(kind)
            case _:
                raise TypeError(kind)
        return made

    def scalar(self, kind: Value) -> Any:
        """A scalar in one of its types."""
        if kind.name == "choice":
            return self.random.choice([word for word in CHOICES if self.reads(kind, word)])
        known = SCALARS[kind.name]
        return self.random.choice([one for one in known if type(one) in kind.types] or known)

    def reads(self, kind: Value, word: str) -> bool:
        """Whether a word is one of the choices."""
        try:
            return kind.read is not None and kind.read(word) is not None
        except ValueError:
            return False

    def listed(self, kind: ListOf) -> list[Any]:
        """A list of up to two items, short or long."""
        return [self.item(kind.item) for _ in range(self.random.choice([0, 1, 1, 2]))]

    def item(self, kind: Kind) -> Any:
        """An item of a list."""
        if isinstance(kind, Record) and kind.name in SHORT and self.random.random() < 0.6:
            return self.random.choice(SHORT[kind.name])
        return self.value(kind)

    def mapped(self, kind: MapOf) -> Any:
        """A mapping, or the list that may stand for it."""
        names = ["one", "two"] if kind is SERVICE.fields["depends_on"] else ["one"] if kind.named else ["A", "b", "c.d"]
        chosen = self.random.sample(names, self.random.randint(0, len(names)))
        if kind.listed and self.random.random() < 0.4:
            ends = {"pairs": ["=1", "", "=a=b"], "full pairs": ["=./x"], "hosts": [":1.2.3.4"]}
            return [f"{name}{self.random.choice(ends.get(kind.listed, ['']))}" for name in chosen]
        return {name: self.value(kind.value) for name in chosen}

    def record(self, kind: Record) -> dict[str, Any]:
        """A record with some of its keys, and nearly always those it must have."""
        keys = sorted({*kind.fields} - UNTRIED)
        most = 6 if kind is SERVICE else 3
        made = {key: self.field(key, kind) for key in self.random.sample(keys, min(most, len(keys)))}
        for key in kind.required:
            if self.random.random() < 0.99:
                made.setdefault(key, self.field(key, kind))
        if kind.open and self.random.random() < 0.05:
            made["x-mine"] = {"a": [1, "$$b"]}
        if self.random.random() < 0.005:
            made["unknown"] = 1
        return made

    def field(self, key: str, kind: Record) -> Any:
        """A field of a record."""
        return self.random.choice(BY_KEY[key]) if key in BY_KEY else self.value(kind.fields[key])


def of(kind: Kind) -> Kind:
    """The kind of a mapping's values."""
    assert isinstance(kind, MapOf)
    return kind.value
