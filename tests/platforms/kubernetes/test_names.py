from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from intermodal.model.networks import Attachment
from intermodal.platforms.kubernetes.names import (
    Names,
    config_key,
    is_config_key,
    is_environment_name,
    label_value,
    port_name,
    slug,
)
from tests.applications import application, service

RFC_1123 = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
RFC_1035 = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
IANA = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
CONFIG_KEY = re.compile(r"[-._a-zA-Z0-9]+")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")

SERVICE_NAMES = st.lists(st.text(alphabet="abAB01-_.", min_size=1, max_size=70), unique=True, max_size=12)


@given(SERVICE_NAMES)
def test_names_are_valid_unique_and_lead_back(originals: list[str]) -> None:
    names = Names(application(*(service(name) for name in originals)))
    services = [names.service(name) for name in originals]
    workloads = [names.workload(name) for name in originals]
    assert all(RFC_1035.fullmatch(name) and len(name) <= 63 for name in services)
    assert all(RFC_1123.fullmatch(name) and len(name) <= 52 for name in workloads)
    assert len(set(services)) == len(set(workloads)) == len(originals)
    assert [names.original("Service", name) for name in services] == originals


@given(SERVICE_NAMES)
def test_names_are_the_same_every_time(originals: list[str]) -> None:
    one, two = (Names(application(*(service(name) for name in originals))) for _ in range(2))
    assert [one.service(name) for name in originals] == [two.service(name) for name in originals]
    assert [one.workload(name) for name in originals] == [two.workload(name) for name in originals]


@given(st.lists(st.tuples(st.text(max_size=80), st.sampled_from(["", "env", "0a1b2c3d"])), unique=True, max_size=15))
def test_objects_get_valid_unique_names(asked: list[tuple[str, str]]) -> None:
    names = Names(application())
    given_names = [names.object("ConfigMap", original, suffix) for original, suffix in asked]
    assert all(RFC_1123.fullmatch(name) and len(name) <= 63 for name in given_names)
    assert len(set(given_names)) == len(asked)
    assert given_names == [names.object("ConfigMap", original, suffix) for original, suffix in asked]
    assert all(name.endswith(suffix) for name, (_, suffix) in zip(given_names, asked, strict=True))


def test_a_valid_name_is_kept_whatever_stands_before_it() -> None:
    names = Names(application(service("web_app"), service("web-app")))
    assert names.service("web-app") == "web-app"
    assert names.service("web_app").startswith("web-app-")
    assert names.original("Service", names.service("web_app")) == "web_app"


def test_a_changed_name_makes_room_for_an_alias() -> None:
    other = service("other", networks={"default": Attachment(aliases=("my-db",))})
    names = Names(application(service("my_db"), other))
    assert names.service("my_db") != "my-db"
    assert names.alias("my-db") == "my-db"


def test_aliases_no_service_can_have() -> None:
    names = Names(application(service("db")))
    assert names.alias("db.example.org") is None
    assert names.alias("my_db") is None
    assert names.alias("3com") is None
    assert names.alias("a" * 64) is None
    assert names.alias("Cache") == "cache"


def test_short_names_stay_as_they_are() -> None:
    names = Names(application(service("web"), service("0mq")))
    assert (names.service("web"), names.workload("web")) == ("web", "web")
    assert (names.service("0mq"), names.workload("0mq")) == ("s-0mq", "0mq")


@given(
    st.lists(
        st.tuples(
            st.text(max_size=30) | st.text(alphabet="a1-", max_size=20),
            st.integers(1, 65535),
            st.sampled_from(["tcp", "udp", "sctp"]),
        ),
        max_size=20,
    )
)
def test_port_names(ports: list[tuple[str, int, str]]) -> None:
    taken: set[str] = set()
    made = [port_name(wanted, number, protocol, taken) for wanted, number, protocol in ports]
    assert len(set(made)) == len(made)
    assert all(IANA.fullmatch(name) and len(name) <= 15 for name in made)


@given(st.text(max_size=300))
def test_keys_values_and_slugs(text: str) -> None:
    assert is_config_key(config_key(text))
    assert CONFIG_KEY.fullmatch(config_key(text))
    assert LABEL_VALUE.fullmatch(label_value(text))
    assert len(label_value(text)) <= 63
    assert RFC_1123.fullmatch(slug(text))


def test_environment_names() -> None:
    assert all(is_environment_name(name) for name in ("A", "_a", "node.name", "x-y", ".a"))
    assert not any(is_environment_name(name) for name in ("", "1A", "A B", ".", "..a", "A/B", "ä"))
