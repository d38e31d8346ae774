from __future__ import annotations

from typing import Any

from intermodal.model.networks import Attachment
from intermodal.platforms.kubernetes.dns_names import DnsNames, Fate
from intermodal.platforms.kubernetes.names import Names
from tests.applications import application, service


def dns(*services: Any, name: str = "shop") -> DnsNames:
    made = application(*services, name=name)
    return DnsNames(made, Names(made))


def test_every_name_docker_knows() -> None:
    names = dns(
        service("web", links=("db:database",)),
        service(
            "db", container_name="shop-db", hostname="dbhost", networks={"default": Attachment(aliases=("storage",))}
        ),
    )
    assert names.aliases_of("db") == ("shop-db", "dbhost", "storage", "database")
    assert names.answers["database"] == ("db",)
    assert names.fates["services", "web", "links", 0] is Fate.ALIAS


def test_a_name_equal_to_the_services_own_needs_nothing() -> None:
    names = dns(service("db", container_name="db"))
    assert names.aliases == {}
    assert names.fates["services", "db", "container_name"] is Fate.OWN


def user(*names: str) -> Any:
    """A service that uses these host names."""
    return service("user", image="own", command=tuple(f"--peer={name}:1" for name in names))


def test_names_in_use_that_no_service_can_have_are_replaced() -> None:
    used = ("my_db", "the.db", "0mq", "shop-0mq-1", "shop_0mq_1")
    names = dns(service("my_db", container_name="the.db"), service("0mq"), service("my_other"), user(*used))
    assert names.replaced.keys() == set(used)
    assert set(names.replaced.values()) == {"my-db", "s-0mq"}
    assert names.fates["services", "my_db", "container_name"] is Fate.IMPOSSIBLE


def test_fixed_addresses_are_replaced() -> None:
    names = dns(service("db", networks={"back": Attachment(ipv4_address="10.0.0.5")}), user("10.0.0.5"))
    assert names.replaced == {"10.0.0.5": "db"}


def test_a_service_may_take_the_name_it_asks_for_itself() -> None:
    names = dns(service("mysql_master", container_name="mysql-master"), user("mysql_master"))
    assert names.aliases == {}
    assert names.fates["services", "mysql_master", "container_name"] is Fate.OWN
    assert names.replaced["mysql_master"] == "mysql-master"


def test_an_alias_of_two_services_in_one_network_leads_to_both() -> None:
    shared = {"default": Attachment(aliases=("node",))}
    assert dns(service("a", networks=shared), service("b", networks=shared)).aliases == {"node": ("a", "b")}


def test_an_alias_that_means_different_things_in_two_networks() -> None:
    names = dns(
        service("a", networks={"front": Attachment(aliases=("node",))}),
        service("b", networks={"back": Attachment(aliases=("node",))}),
    )
    assert names.aliases == {"node": ("a",)}
    assert names.fates["services", "b", "networks", "back", "aliases", 0] is Fate.TAKEN


def test_a_services_own_name_beats_an_alias() -> None:
    names = dns(service("a", networks={"default": Attachment(aliases=("b",))}), service("b"))
    assert names.answers["b"] == ("b",)
    assert names.fates["services", "a", "networks", "default", "aliases", 0] is Fate.TAKEN


def test_services_without_a_network_have_no_further_names() -> None:
    names = dns(service("a", network_mode="host", container_name="agent"), service("b", network_mode="service:a"))
    assert names.aliases == {}
