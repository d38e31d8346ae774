from __future__ import annotations

from time import process_time

import pytest

from intermodal.model.files import EnvFile
from intermodal.platforms.kubernetes.hosts import look_around, replace_hosts
from tests.applications import application, service

REPLACED = {"my_db": "my-db", "172.20.0.5": "db"}


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("DB_URL", "postgres://me:pw@my_db:5432/my_db", "postgres://me:pw@my-db:5432/my_db"),
        ("API", "http://my_db/path", "http://my-db/path"),
        ("SERVERS", "other,my_db:5432,my_db", "other,my-db:5432,my-db"),
        ("DB_HOST", "my_db", "my-db"),
        ("DB_HOST", "MY_DB", "my-db"),
        ("DB_HOST", "172.20.0.5", "db"),
        ("NODE_NAME", "emqx@my_db", "emqx@my-db"),
        ("", "--db=my_db:5432", "--db=my-db:5432"),
        ("POSTGRES_DB", "my_db", "my_db"),
        ("ADMIN_MAIL", "root@my_db", "root@my_db"),
        ("DB_IMAGE", "my_db:15", "my_db:15"),
        ("DB_HOST", "my_db_two", "my_db_two"),
        ("DB_HOST", "not.my_db", "not.my_db"),
        ("PATH", "/srv/my_db", "/srv/my_db"),
    ],
)
def test_hosts_are_replaced_where_they_stand_as_hosts(variable: str, text: str, expected: str) -> None:
    assert replace_hosts(text, variable, REPLACED) == expected


def seen(environment: dict[str, str | None], **fields: object) -> tuple[int, ...]:
    made = application(service("web", environment=environment, **fields), service("db"))
    return look_around(made, {"web": ("web",), "db": ("db",)}).ports.get("db", ())


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        ({"A": "db:1234"}, 1234),
        ({"A": "x=1 hosts=db:1234,other:5"}, 1234),
        ({"URL": "postgresql+asyncpg://me:pw@db/x"}, 5432),
        ({"URL": "http://db/x"}, 80),
        ({"DB_HOST": "db", "DB_PORT": "77"}, 77),
        ({"db_host": "db", "db_port": "77"}, 77),
        ({"MYSQL_HOSTNAME": "db", "MYSQL_PORT": "77"}, 77),
    ],
)
def test_ports_beside_names(environment: dict[str, str | None], port: int) -> None:
    assert seen(environment) == (port,)


@pytest.mark.parametrize(
    "environment",
    [{"A": "db"}, {"DB_IMAGE": "db:15"}, {"A": "db:99999"}, {"A": "mydb:80"}, {"DB_HOST": "db", "DB_PORT": "x"}],
)
def test_no_port_where_none_is_meant(environment: dict[str, str | None]) -> None:
    assert seen(environment) == ()


def test_names_in_env_files_and_arguments() -> None:
    assert seen({}, env_file=(EnvFile(path="/project/.env", values={"A": "db:21"}),)) == (21,)
    assert seen({}, command=("serve", "--db", "tcp://db:22")) == (22,)


def test_who_names_whom() -> None:
    made = application(
        service("web", environment={"NAME": "db", "CACHE_HOST": "cache"}, links=("queue",)),
        service("db"),
        service("cache"),
        service("queue"),
    )
    found = look_around(made, {name: (name,) for name in made.services})
    assert found.named_by == {name: frozenset({"web"}) for name in ("db", "cache", "queue")}
    assert found.called_by == {"cache": frozenset({"web"})}


def test_the_cost_grows_with_the_texts() -> None:
    def cost(count: int) -> float:
        services = [
            service(f"s{n}", environment={f"V{v}": f"http://s{n + 1}:80/" for v in range(20)}) for n in range(count)
        ]
        made = application(*services)
        answers = {name: (name,) for name in made.services}
        start = process_time()
        look_around(made, answers)
        return process_time() - start

    few = min(cost(200) for _ in range(3))
    assert cost(1600) < few * 8 * 4
